"""Who is asked for: names, joined by "and", "or" and "not"."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from heimdex_desktop.domain.query_line import typeable, without_edges

# Signs that a keyboard has in one way and a text in another, and the i of Turkish with and without its dot.
_SAME_SIGNS = str.maketrans("\u2018\u2019\u02bc\u2010\u2212\u0130\u0131", "'''--ii")
_BETWEEN_PARTS = re.compile("[-\u2012-\u2015]+")


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
    """Spell a name for comparing, in the one way in which names are compared everywhere.

    It is in NFKC, without regard to case, to how many blanks there are, and to quotation marks, signs that
    cannot be seen and outer punctuation. A name of nothing but signs keeps them.
    """
    seen = unicodedata.normalize("NFKC", typeable(name)).translate(_SAME_SIGNS).casefold()
    line = " ".join(unicodedata.normalize("NFKC", seen).split())
    return without_edges(line) or line


def name_parts(name: str) -> frozenset[str]:
    """Return what a name consists of, spelled as `folded_name` does: its words, and what hyphens join."""
    words = folded_name(name).split()
    pieces = (piece for word in words for piece in (word, *_BETWEEN_PARTS.split(word)))
    return frozenset(part for part in map(without_edges, pieces) if part)
