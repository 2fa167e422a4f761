"""The names of people are those of the journal, also while another program writes in it."""

from pathlib import Path

import pytest
from hypothesis import given

from heimdex_desktop.domain.people_events import (
    Deleted,
    Entry,
    Made,
    Merged,
    Renamed,
    Shown,
    Undo,
    standing_of,
)
from heimdex_desktop.index.known_people import KnownPeople
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.places import Places
from heimdex_desktop.people.gallery import gallery_after
from heimdex_desktop.pipeline.known_names import KnownNames, names_of
from tests.people.steps import PEOPLE, entries

ANN, BOB, CEM, DORA = PEOPLE


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "library")
    made.create()
    return made


def test_nobody_is_known_at_first(places: Places) -> None:
    assert KnownNames(places)() == {}
    assert KnownNames(Places(places.root / "elsewhere"))() == {}


def test_names_follow_whoever_writes_in_the_journal(places: Places) -> None:
    names, journal = KnownNames(places), PeopleJournal(places)
    journal.add((Made(ANN, "Ann"), Renamed(ANN, "Anna", ("할머니",))))
    assert names() == {"Anna": (ANN,), "할머니": (ANN,)}
    journal.add((Made(BOB, "Bob"),))
    assert names() == {"Anna": (ANN,), "Bob": (BOB,), "할머니": (ANN,)}
    journal.add((Deleted(ANN),))
    assert names() == {"Bob": (BOB,)}
    journal.add(Undo())
    assert names().keys() == {"Anna", "Bob", "할머니"}
    journal.add((Merged(BOB, (ANN,)),))
    assert names() == {"Bob": (BOB,), "Anna": (BOB,), "할머니": (BOB,)}
    journal.replace([])
    assert names() == {}


def test_the_journal_is_read_again_only_when_it_changed(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    PeopleJournal(places).add((Made(ANN, "Ann"),))
    names = KnownNames(places)
    assert names()
    monkeypatch.setattr(PeopleJournal, "read", None)
    assert names() == {"Ann": (ANN,)}


def test_a_line_that_is_being_written_is_not_there_yet(places: Places) -> None:
    PeopleJournal(places).add((Made(ANN, "Ann"),))
    names = KnownNames(places)
    with places.people_journal.open("ab") as file:
        file.write(b'{"at": "now", "do": [{"what": "made", "per')
    assert names() == {"Ann": (ANN,)}


def test_who_is_called_so_comes_before_who_has_it_as_another_name(places: Places) -> None:
    lines: list[Entry] = [
        (Made(ANN, "Anna"), Renamed(ANN, "Anna", ("Ann",))),
        (Made(BOB, "Ann"),),
        (Made(CEM, "Zoe"), Renamed(CEM, "Zoe", ("Anna",))),
        (Made(DORA, "Dora"), Shown(DORA, hidden=True)),
    ]
    PeopleJournal(places).replace(lines)
    names = KnownNames(places)
    assert names() == {"Anna": (ANN, CEM), "Ann": (BOB, ANN), "Zoe": (CEM,), "Dora": (DORA,)}
    known = KnownPeople(names())
    assert [known.name_of(one) for one in PEOPLE] == ["Anna", "Ann", "Zoe", "Dora"]
    assert names.shown() == ("Anna", "Ann", "Zoe")


@given(entries)
def test_everybody_is_found_by_each_name_and_shown_by_one_of_theirs(lines: list[Entry]) -> None:
    gallery = gallery_after(standing_of(lines).done)
    names = names_of(gallery)
    known = KnownPeople(names)
    for person, mine in gallery.people.items():
        assert all(person in names[name] for name in mine.names)
        assert known.name_of(person) in mine.names
    assert {one for people in names.values() for one in people} == gallery.people.keys()
