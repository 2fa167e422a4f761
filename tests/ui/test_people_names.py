"""Names of people: who is meant, and how they are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.people import AllOf, Person, names_of
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import PersonCard
from heimdex_desktop.domain.query import parse
from heimdex_desktop.ui.people_names import matching, named, query_for, query_for_one, taken


def card(name: str, *aliases: str) -> PersonCard:
    return PersonCard(PersonId(name), name, aliases, None, 0, 0, 0)


ANNA, BEN, MINJI = card("Anna"), card("Ben", "Anna B."), card("김민지", "Minji Kim", "할머니")
PEOPLE = (ANNA, BEN, MINJI)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("anna", ANNA), (" ANNA ", ANNA), ("anna  b.", BEN), ("할머니", MINJI), ("An", None), ("", None)],
)
def test_who_is_called_so(typed: str, meant: PersonCard | None) -> None:
    assert named(typed, PEOPLE) == meant


def test_the_first_name_that_somebody_has_is_told() -> None:
    assert taken(["Cleo", "minji  KIM", "Ben"], PEOPLE) == ("minji  KIM", MINJI)
    assert taken(["Cleo", "An"], PEOPLE) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("o’brien", "O'Brien"),
        ("Ａｎｎａ", "Anna"),
        ("işil", "IŞIL"),
        ('Ann "Q"', "Ann Q"),
        ("A\u200bnn", "Ann"),
    ],
)
def test_a_name_is_known_in_every_spelling(typed: str, name: str) -> None:
    assert named(typed, [card(name)]) == card(name)


def test_a_name_goes_before_an_alias() -> None:
    other = card("Cleo", "Anna")
    assert named("anna", [other, ANNA]) == ANNA


@pytest.mark.parametrize(
    ("typed", "found"),
    [("", PEOPLE), ("an", (ANNA, BEN)), ("kim mi", (MINJI,)), ("민지", ()), ("김", (MINJI,)), ("anna c", ())],
)
def test_words_are_found_by_their_beginnings(typed: str, found: tuple[PersonCard, ...]) -> None:
    assert tuple(matching(typed, PEOPLE)) == found


def test_what_a_hyphen_joins_begins_a_word_too() -> None:
    picard = card("Jean-Luc Picard")
    assert matching("luc pic", [picard]) == matching("jean-l", [picard]) == [picard]


@pytest.mark.parametrize(
    "name", ['Anna "Q" Kim', "쿼라 “Q”", "O'Brien", "Anna, Kim", "-minus", "Anna >> Bob", "A 😀"]
)
def test_the_query_for_somebody_finds_them(name: str) -> None:
    for query in (query_for(name), query_for_one(name), query_for(name, "Bob")):
        asked = next(names_of(parse(query).people))
        assert named(asked, [card(name)]) == card(name)


def test_a_query_finds_those_it_was_made_for() -> None:
    assert query_for("Anna", "Minji Kim") == '@Anna @"Minji Kim"'
    assert query_for_one("Anna") == 'person:"Anna" '
    assert query_for() == ""


@given(st.lists(st.sampled_from(["Anna", "Minji Kim", "김민지", "O'Neil", "OR"]), min_size=1, unique=True))
def test_a_query_is_understood_as_it_was_meant(names: list[str]) -> None:
    people = parse(query_for(*names)).people
    expected = Person(names[0]) if len(names) == 1 else AllOf(tuple(map(Person, names)))
    assert people == expected
