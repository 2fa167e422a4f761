"""Writes a query as it can be typed, every query in one way."""

from collections.abc import Iterator

from heimdex_desktop.domain.filters import (
    Before,
    Condition,
    During,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    Not,
    OfVideo,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
)
from heimdex_desktop.domain.people import Absent, AllOf, AnyOf, Person, Who
from heimdex_desktop.domain.query_line import typeable
from heimdex_desktop.domain.query_values import written_duration, written_number
from heimdex_desktop.domain.search import Query

_BARE = "-_./~\\"


def render(query: Query) -> str:
    """Write a query so that parsing it gives the same query: people, free words, filters, what is not wanted.

    A video that was pointed at cannot be typed, and is left out.

    Dates are written out. What is longer than the longest query is cut when it is parsed.
    """
    if query.sequence is None:
        return " ".join(_parts(query))
    parts = " >> ".join(render(part) for part in query.sequence.parts)
    return f"{parts} within {written_duration(query.sequence.within_ms)}"


def quoted(value: str, *, always: bool = False) -> str:
    """Write a value as it stands behind an operator: in quotes unless it is plainly one word."""
    value = typeable(value)
    is_bare = value[:1].isalnum() and value[-1:].isalnum() and all(c.isalnum() or c in _BARE for c in value)
    return value if is_bare and not always else f'"{value}"'


def written_filter(asked: Condition | Not) -> str:
    return f"-{_condition(asked.condition)}" if isinstance(asked, Not) else _condition(asked)


def written_people(who: Who) -> str:
    """Write a tree of people with as few brackets as can be."""
    match who:
        case Person(name):
            return f"@{quoted(name)}"
        case AnyOf(parts):
            return " OR ".join(written_people(part) for part in parts)
        case AllOf(parts):
            return " ".join(
                _bracketed(part) if isinstance(part, AnyOf) else written_people(part) for part in parts
            )
        case Absent(part):
            return f"-{written_people(part) if isinstance(part, Person) else _bracketed(part)}"


def _bracketed(who: Who) -> str:
    return f"({written_people(who)})"


def _parts(query: Query) -> Iterator[str]:
    if query.people:
        yield written_people(query.people)
    # A query that was made by hand has only its text.
    free = query.free or query.text
    if free:
        yield free
    yield from (written_filter(asked) for asked in query.filters if not isinstance(asked, OfVideo))
    yield from (f"-{quoted(unwanted)}" for unwanted in query.without)


def _condition(asked: Condition) -> str:
    match asked:
        case InFolder(folder):
            return f"in:{quoted(folder)}"
        case HasTag(tag):
            return f"tag:{quoted(tag)}"
        case Since(day):
            return f"after:{day}"
        case Before(day):
            return f"before:{day}"
        case During(period):
            return f"on:{period}"
        case LongerThan() | ShorterThan() | Resolution() | SpokenIn() | PersonCount() | Has():
            return _about_the_scene(asked)


def _about_the_scene(asked: LongerThan | ShorterThan | Resolution | SpokenIn | PersonCount | Has) -> str:
    match asked:
        case LongerThan(length_ms):
            return f"longer:{written_duration(length_ms)}"
        case ShorterThan(length_ms):
            return f"shorter:{written_duration(length_ms)}"
        case Resolution(comparison, side_px):
            return f"res:{written_number(comparison, side_px)}"
        case SpokenIn(language):
            return f"lang:{language}"
        case PersonCount(comparison, count):
            return f"people:{written_number(comparison, count)}"
        case Has(content):
            return f"has:{content}"
