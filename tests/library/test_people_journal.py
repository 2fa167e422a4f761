"""The journal of people is only added to, survives being cut off, and is nobody else's business."""

import errno
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from heimdex_desktop.domain.errors import DiskFull
from heimdex_desktop.domain.people_events import Entry, Made, Redo, Undo
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.places import Places
from tests.people.steps import PEOPLE, entries

ANN: Entry = (Made(PEOPLE[0], "Ann 🙂 <b>"),)
BOB: Entry = (Made(PEOPLE[1], "민지"),)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "library")
    made.create()
    return made


@given(entries)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_what_is_added_is_read_again(places: Places, lines: list[Entry]) -> None:
    journal = PeopleJournal(places)
    journal.replace([])
    for entry in lines[:5]:
        journal.add(entry)
    assert PeopleJournal(places).read() == lines[:5]
    journal.replace(lines)
    assert PeopleJournal(places).read() == lines
    assert journal.lost == 0


def test_there_is_none_at_first(places: Places) -> None:
    assert PeopleJournal(places).read() == []


def test_a_line_that_was_cut_off_is_dropped_and_the_next_one_stands_whole(places: Places) -> None:
    journal = PeopleJournal(places)
    journal.add(ANN)
    whole = places.people_journal.read_bytes()
    places.people_journal.write_bytes(whole + whole[:-5])
    assert journal.read() == [ANN]
    journal.add(BOB)
    assert journal.read() == [ANN, BOB]
    assert journal.lost == 0


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense\n",
        b'{"do": [{"what": "flown"}]}\n',
        b'{"do": [{"what": "made", "person": "x"}]}\n',
        b"[]\n",
    ],
)
def test_a_line_that_makes_no_sense_is_left_out_and_counted(places: Places, line: bytes) -> None:
    journal = PeopleJournal(places)
    journal.add(ANN)
    places.people_journal.write_bytes(line + places.people_journal.read_bytes())
    assert journal.read() == [ANN]
    assert journal.lost == 1
    journal.add(Undo())
    journal.add(Redo())
    assert journal.read() == [ANN, Undo(), Redo()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_reads_it(places: Places) -> None:
    journal = PeopleJournal(places)
    journal.add(ANN)
    assert stat.S_IMODE(places.people_journal.stat().st_mode) == 0o600
    journal.replace([BOB])
    assert stat.S_IMODE(places.people_journal.stat().st_mode) == 0o600
    assert b"Ann" not in places.people_journal.read_bytes()


def test_a_line_that_is_not_safe_on_the_disk_is_taken_back(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = PeopleJournal(places)
    journal.add(ANN)
    before = places.people_journal.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFull):
        journal.add(BOB)
    assert places.people_journal.read_bytes() == before
