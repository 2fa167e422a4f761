"""Who is asked for: names, joined by "and", "or" and "not"."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from heimdex_desktop.domain.query_line import one_spelling, without_edges


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by name, spelled as it was typed."""

    name: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of two or more."""

    parts: tuple["Who", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more."""

    parts: tuple["Who", ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Not this."""

    part: "Who"


Who = Person | AllOf | AnyOf | Absent
"""A small boolean tree. Made by `all_of`, `any_of` and `absent`, two spellings of the same are one tree."""


def all_of(parts: Iterable[Who]) -> Who | None:
    """Join what has to hold together; groups of the same kind are opened, repeats left out, none is None."""
    found = dict.fromkeys(
        inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else [part])
    )
    return AllOf(tuple(found)) if len(found) > 1 else next(iter(found), None)


def any_of(parts: Iterable[Who]) -> Who | None:
    """Join what is a choice; groups of the same kind are opened, repeats left out, none is None."""
    found = dict.fromkeys(
        inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else [part])
    )
    return AnyOf(tuple(found)) if len(found) > 1 else next(iter(found), None)


def absent(part: Who) -> Who:
    return part.part if isinstance(part, Absent) else Absent(part)


def holds(who: Who, is_there: Callable[[str], bool]) -> bool:
    """Say whether a scene meets this, by asking for each name whether that person is there."""
    match who:
        case Person(name):
            return is_there(name)
        case AllOf(parts):
            return all(holds(part, is_there) for part in parts)
        case AnyOf(parts):
            return any(holds(part, is_there) for part in parts)
        case Absent(part):
            return not holds(part, is_there)


def asks_for_somebody(who: Who | None) -> bool:
    """Say whether this cannot be met without anybody being there."""
    match who:
        case Person():
            return True
        case AllOf(parts):
            return any(asks_for_somebody(part) for part in parts)
        case AnyOf(parts):
            return all(asks_for_somebody(part) for part in parts)
        case _:
            return False


def names_of(who: Who | None) -> Iterator[str]:
    """Yield every name, in order."""
    match who:
        case Person(name):
            yield name
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from names_of(part)
        case Absent(part):
            yield from names_of(part)
        case None:
            return


def names_asked_for(who: Who | None) -> Iterator[str]:
    """Yield the names of those who are to be there, in order; not of those who are not to be."""
    match who:
        case Person(name):
            yield name
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from names_asked_for(part)
        case _:
            return


def folded_name(name: str) -> str:
    """Spell a name for comparing: without regard to case, spaces and outer punctuation, in NFC."""
    return without_edges(one_spelling(name.casefold()))
