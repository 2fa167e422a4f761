"""The operators of the query language: what each is called, how its value becomes a filter, what it wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from heimdex_desktop.domain.filters import (
    Before,
    Condition,
    Content,
    During,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
)
from heimdex_desktop.domain.query_line import clean_words
from heimdex_desktop.domain.query_terms import PERSON
from heimdex_desktop.domain.query_values import (
    SIDES_PX,
    plain,
    read_count,
    read_duration_ms,
    read_language,
    read_period,
    read_side,
)

_LONGEST_MISSPELLING = 12
_UNKNOWN = "“{name}:” is not known. This is looked for as a word."
_DAYS_BACK = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class Operator:
    """How a value becomes a condition, or None; what kind it is, with an example and fixed choices."""

    read: Callable[[str], Condition | None]
    kind: str
    example: str
    values: tuple[str, ...] = ()


def read_filter(name: str, value: str, today: date | None) -> Condition | None:
    """Make a condition of an operator's name and value; None where either cannot be understood.

    "today" and "yesterday" are dates only where today's is known.
    """
    operator = OPERATORS.get(name)
    if operator is None:
        return None
    days_back = _DAYS_BACK.get(plain(value)) if operator.values == tuple(_DAYS_BACK) else None
    if today and days_back is not None:
        value = date.fromordinal(max(1, today.toordinal() - days_back)).isoformat()
    return operator.read(value)


def complaint(name: str, value: str) -> str | None:
    """Say what an operator that was not understood wants; None where it may be none."""
    operator = OPERATORS.get(name)
    if name == PERSON:
        return "“person:” wants a name right behind it, such as person:Minji."
    if operator and value:
        return f"“{name}:{value}” is no {operator.kind}. Write for example {operator.example}."
    if operator:
        return f"“{name}:” wants a {operator.kind} right behind it, such as {operator.example}."
    if not value or value[0] in "/\\":  # a colon that ends a word, an address, a drive
        return None
    similar = get_close_matches(name, (*OPERATORS, PERSON), 1) if len(name) <= _LONGEST_MISSPELLING else []
    return f"“{name}:” is not known. Did you mean “{similar[0]}:”?" if similar else _UNKNOWN.format(name=name)


def _folder(value: str) -> Condition | None:
    return InFolder(value) if value else None


def _tag(value: str) -> Condition | None:
    return HasTag(value) if clean_words(value) else None


def _after(value: str) -> Condition | None:
    period = read_period(value)
    return Since(period.first) if period else None


def _before(value: str) -> Condition | None:
    period = read_period(value)
    return Before(period.first) if period else None


def _on(value: str) -> Condition | None:
    period = read_period(value)
    return During(period) if period else None


def _longer(value: str) -> Condition | None:
    length_ms = read_duration_ms(value)
    return LongerThan(length_ms) if length_ms else None


def _shorter(value: str) -> Condition | None:
    length_ms = read_duration_ms(value)
    return ShorterThan(length_ms) if length_ms else None


def _resolution(value: str) -> Condition | None:
    side = read_side(value)
    return Resolution(*side) if side else None


def _language(value: str) -> Condition | None:
    language = read_language(value)
    return SpokenIn(language) if language else None


def _people(value: str) -> Condition | None:
    count = read_count(value)
    return PersonCount(*count) if count else None


def _has(value: str) -> Condition | None:
    content = plain(value)
    return Has(Content(content)) if content in set(Content) else None


OPERATORS: Mapping[str, Operator] = {
    "in": Operator(_folder, "folder", "in:Films"),
    "tag": Operator(_tag, "tag", "tag:night"),
    "after": Operator(_after, "date", "after:2024-01-15", tuple(_DAYS_BACK)),
    "before": Operator(_before, "date", "before:2024", tuple(_DAYS_BACK)),
    "on": Operator(_on, "date", "on:2024-05-03", tuple(_DAYS_BACK)),
    "longer": Operator(_longer, "length", "longer:10s or longer:1m30s"),
    "shorter": Operator(_shorter, "length", "shorter:10s or shorter:1m30s"),
    "res": Operator(_resolution, "resolution", "res:4k or res:>=1080", tuple(SIDES_PX)),
    "lang": Operator(_language, "language code", "lang:ko"),
    "people": Operator(_people, "number of people", "people:2 or people:>=3"),
    "has": Operator(_has, "thing that a scene can have", "has:speech, has:text or has:faces", tuple(Content)),
}
"""All operators with a value but `person`, by the name before the colon."""
