"""A video is as old as its file says, and never as old as a clock that was not set."""

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.media.dates import made_at
from heimdex_desktop.media.probe import probe

_CHANGED = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "film.mp4"
    made.write_bytes(b"")
    os.utime(made, (_CHANGED.timestamp(), _CHANGED.timestamp()))
    return made


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ({"creation_time": "2013-10-20T05:38:05.000000Z"}, datetime(2013, 10, 20, 5, 38, 5, tzinfo=UTC)),
        ({"date": "2015-02-03"}, datetime(2015, 2, 3, tzinfo=UTC)),
        (
            {
                "creation_time": "2020-01-01T00:00:00Z",
                "com.apple.quicktime.creationdate": "2019-12-31T23:00:00+0900",
            },
            datetime(2019, 12, 31, 23, tzinfo=timezone(timedelta(hours=9))),
        ),
    ],
)
def test_what_the_file_says_counts(file: Path, told: dict[str, str], moment: datetime) -> None:
    assert made_at(file, told) == moment


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"creation_time": "1904-01-01T00:00:00Z"},
        {"creation_time": "1970-01-01T00:00:00.000000Z"},
        {"creation_time": "yesterday", "date": ""},
        {"date": "2013"},
        {"creation_time": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_file_that_says_nothing_of_use_is_as_old_as_its_last_change(
    file: Path, told: dict[str, str]
) -> None:
    assert made_at(file, told) == _CHANGED


def test_nothing_is_known_of_a_file_that_is_away(tmp_path: Path) -> None:
    assert made_at(tmp_path / "gone.mp4", {}) is None


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    made_at(Path("gone.mp4"), {"creation_time": text})


def test_a_real_clip_knows_its_day(real_media: Path) -> None:
    made = probe(real_media / "shots" / "nature_fades.mp4").made_at
    assert made == datetime(2013, 10, 20, 5, 38, 5, tzinfo=UTC)
