"""Finds people by what a person types: whole names, or the beginnings of their words."""

from collections.abc import Iterable, Sequence

from heimdex_desktop.domain.people import Person, all_of, folded_name, name_parts
from heimdex_desktop.domain.people_facts import PersonCard
from heimdex_desktop.domain.query_text import quoted, written_people


def named(name: str, people: Iterable[PersonCard]) -> PersonCard | None:
    """Return who is called so, by their name before another one's alias, spelled as it may be."""
    wanted = folded_name(name)
    people = tuple(people)
    by_name = (card for card in people if folded_name(card.name) == wanted)
    by_alias = (card for card in people if wanted in map(folded_name, card.aliases))
    return next(by_name, None) or next(by_alias, None)


def taken(names: Iterable[str], people: Sequence[PersonCard]) -> tuple[str, PersonCard] | None:
    """Return the first of these names that one of these people has already, and who that is."""
    found = ((name, card) for name in names if (card := named(name, people)))
    return next(found, None)


def matching(typed: str, people: Sequence[PersonCard]) -> list[PersonCard]:
    """Return those of whose names a word begins with each typed word; all of them where nothing is typed."""
    wanted = folded_name(typed).split()
    if not wanted:
        return list(people)
    return [card for card in people if _meets(wanted, card)]


def query_for(*names: str) -> str:
    """Write the query that finds scenes in which all of these are seen: `@Anna @"Minji Kim"`."""
    who = all_of(Person(name) for name in names)
    return written_people(who) if who else ""


def query_for_one(name: str) -> str:
    """Write the query that finds somebody by their full name, with a blank after it to type on."""
    return f"person:{quoted(name, always=True)} "


def _meets(wanted: Sequence[str], card: PersonCard) -> bool:
    words = [word for name in (card.name, *card.aliases) for word in name_parts(name)]
    return all(any(word.startswith(begun) for word in words) for begun in wanted)
