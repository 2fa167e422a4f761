"""Who is asked for: names, joined by "and", "or" and "not"."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


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
