"""What is remembered of the work: tries without an end, and results that stay in the library."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import Failure, StageRecord
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.database import Database
from heimdex_desktop.library.json_fields import fields_of
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.stage_records import stage_as_json, stage_from

FAILED = StageRecord("f", 1.5, Failure("NoVideoStream", "There is only sound “here”.", "", retry_helps=False))
NO_VIDEO = VideoId("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def catalogue(places: Places) -> Iterator[Catalogue]:
    opened = Catalogue(places.catalogue_file)
    yield opened
    opened.close()


@pytest.fixture
def film(catalogue: Catalogue, films: Path, make_video: Callable[..., Video]) -> VideoId:
    return catalogue.identify(make_video(films / "film.mp4").home).id


def test_attempts_count_until_an_end(catalogue: Catalogue, film: VideoId) -> None:
    assert [catalogue.begin(film, "speech") for _ in range(3)] == [1, 2, 3]
    assert catalogue.begin(film, "shots") == 1
    assert catalogue.attempts(film) == {"speech": 3, "shots": 1}
    catalogue.end(film, "speech")
    assert catalogue.attempts(film) == {"shots": 1}
    assert catalogue.begin(film, "speech") == 1


def test_attempts_can_be_cleared_for_a_retry(catalogue: Catalogue, film: VideoId) -> None:
    catalogue.begin(film, "speech")
    catalogue.begin(film, "shots")
    catalogue.clear_attempts(film)
    assert catalogue.attempts(film) == {}


def test_a_task_that_ends_after_its_video_was_removed_leaves_no_trace(
    catalogue: Catalogue, film: VideoId
) -> None:
    catalogue.remove_video(film)
    assert catalogue.begin(film, "speech") == 1
    catalogue.end(film, "speech")
    catalogue.save_local(film, "stills", FAILED)
    assert catalogue.attempts(film) == {}
    assert catalogue.local_records(film) == {}


def test_a_video_nobody_knows_is_passed_over(catalogue: Catalogue) -> None:
    assert catalogue.begin(NO_VIDEO, "speech") == 1
    catalogue.save_local(NO_VIDEO, "stills", FAILED)
    assert catalogue.local_records(NO_VIDEO) == {}


def test_local_records_are_kept_and_replaced(catalogue: Catalogue, film: VideoId) -> None:
    catalogue.save_local(film, "stills", StageRecord("old", 0.1))
    catalogue.save_local(film, "stills", FAILED)
    catalogue.save_local(film, "faces", StageRecord("f", 2.0))
    assert catalogue.local_records(film) == {"stills": FAILED, "faces": StageRecord("f", 2.0)}


def test_a_local_record_can_be_forgotten_for_one_video(
    catalogue: Catalogue, film: VideoId, films: Path, make_video: Callable[..., Video]
) -> None:
    other = catalogue.identify(make_video(films / "other.mp4", seed=1).home).id
    for video_id in (film, other):
        for stage in ("stills", "faces"):
            catalogue.save_local(video_id, stage, FAILED)
    catalogue.forget_local(film, "stills")
    assert set(catalogue.local_records(film)) == {"faces"}
    assert set(catalogue.local_records(other)) == {"stills", "faces"}


def test_an_unreadable_record_is_left_out(places: Places, catalogue: Catalogue, film: VideoId) -> None:
    catalogue.save_local(film, "stills", FAILED)
    catalogue.save_local(film, "faces", FAILED)
    database = Database(places.catalogue_file)
    database.rows("UPDATE local_records SET record = '{' WHERE stage = 'faces'")
    database.close()
    assert catalogue.local_records(film) == {"stills": FAILED}


@given(
    st.builds(
        StageRecord,
        st.text(),
        st.floats(0, 1e9),
        st.none() | st.builds(Failure, st.text(), st.text(), st.text(), st.booleans()),
    )
)
def test_a_stage_record_survives_the_round_trip(record: StageRecord) -> None:
    assert stage_from(fields_of(stage_as_json(record))) == record
