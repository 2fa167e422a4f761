"""Cuts a typed text into terms: words, quoted phrases, people, operators with their values, and signs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from heimdex_desktop.domain.filters import Condition
from heimdex_desktop.domain.query_line import Line, clean_words, one_spelling, pairs, without_edges

PERSON = "person"
_ARROW = r"(?<!>)>>(?!>)"
_FOLLOWS = re.compile(_ARROW)
_CHUNK = re.compile(rf'(?:(?!{_ARROW})[^\s"])+')
_NAME = re.compile(rf'(?:(?!{_ARROW})[^\s"()|])*')
_REST = re.compile(rf'(?:(?!{_ARROW})[^"])*')
_JOINT = re.compile(r'(or|and)(?=[\s"()|]|>>|$)')
_OPERATOR = re.compile(r"(-?)(?:(@)|([a-z]+):)")


class Kind(StrEnum):
    """What a term is. Joints ("or", "and", "|") and brackets only mean something between people."""

    WORD = "word"
    PHRASE = "phrase"
    PERSON = "person"
    FILTER = "filter"
    JOINT = "joint"
    OPEN = "open"
    CLOSE = "close"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class Term:
    """A piece `[start, end)` of a line.

    `operator` is the name before the colon, and `value` what was given to it, or the word or phrase itself;
    `is_open` where that has a quote which is not closed. A word has an operator where it looks like one and
    was not understood.
    """

    kind: Kind
    start: int
    end: int
    value: str = ""
    operator: str = ""
    is_negated: bool = False
    is_open: bool = False
    condition: Condition | None = None

    @property
    def is_sign(self) -> bool:
        """Whether this is a bracket or a bar, which are punctuation where they mean nothing."""
        return self.kind in {Kind.OPEN, Kind.CLOSE} or (self.kind is Kind.JOINT and self.value == "|")


ReadFilter = Callable[[str, str], Condition | None]
"""Makes a condition of an operator's name and value; None where it cannot be understood."""


def terms(line: Line, read_filter: ReadFilter | None) -> tuple[Term, ...]:
    """Cut a line into terms, in order; only spaces and lone quotation marks are in none.

    Without `read_filter` everything of the form of an operator is one, also without a value at the end.
    """
    return tuple(_Cutter(line, read_filter).terms())


def end_in(line: Line, begun: Term) -> int:
    """Return where the last term of a line ends in a longer line that begins like it.

    A quote that is open there and closed here goes on to its end, unless that is the beginning of another.
    """
    if begun.is_open:
        closing = pairs(line.text).get(line.shape.index('"', begun.start))
        is_closed = closing is not None and line.shape[closing - 1] != " "
        return closing + 1 if closing and is_closed else _end(_NAME, line.shape, begun.end)
    if line.shape[begun.end - 1] == '"':
        return begun.end
    return _end(_NAME if begun.kind is Kind.PERSON else _CHUNK, line.shape, begun.end)


class _Cutter:
    def __init__(self, line: Line, read_filter: ReadFilter | None) -> None:
        self._text = line.text
        self._shape = line.shape
        self._pairs = pairs(line.text)
        self._read_filter = read_filter

    def terms(self) -> Iterator[Term]:
        place = 0
        while place < len(self._shape):
            term = self._term_at(place)
            if term:
                yield term
            place = term.end if term else place + 1

    def _term_at(self, place: int) -> Term | None:
        letter = self._shape[place]
        if letter == " ":
            return None
        if letter == '"':
            return self._phrase(place, place, is_negated=False)
        if letter in "()|" or self._shape.startswith("-(", place):
            return _sign(letter, place)
        if _FOLLOWS.match(self._shape, place):
            return Term(Kind.ARROW, place, place + 2)
        return self._operator(place) or self._negated_phrase(place) or self._word(place)

    def _phrase(self, start: int, opening: int, *, is_negated: bool) -> Term | None:
        closing = self._pairs.get(opening)
        if closing is None:
            return None
        value = self._text[opening + 1 : closing]
        return Term(Kind.PHRASE, start, closing + 1, value, is_negated=is_negated)

    def _negated_phrase(self, start: int) -> Term | None:
        if not self._shape.startswith('-"', start):
            return None
        phrase = self._phrase(start, start + 1, is_negated=True)
        # A quote that is open after "not" runs to the end: else what is not wanted would be looked for.
        end = _end(_REST, self._shape, start + 2)
        phrase = phrase or Term(Kind.PHRASE, start, end, self._text[start + 2 : end], is_negated=True)
        return phrase if clean_words(phrase.value) else None

    def _operator(self, start: int) -> Term | None:
        match = _OPERATOR.match(self._shape, start)
        if match is None:
            return None
        name = match[3] or PERSON
        value, end, is_open = self._value(match.end(), name)
        condition = self._read_filter(name, value) if self._read_filter and name != PERSON else None
        if not (condition or self._is_enough(name, value, end)):
            return None
        kind = Kind.PERSON if name == PERSON else Kind.FILTER
        return Term(kind, start, end, value, name, bool(match[1]), is_open, condition)

    def _is_enough(self, name: str, value: str, end: int) -> bool:
        """Say whether an operator that gives no condition is one all the same."""
        is_name = bool(clean_words(value))
        if self._read_filter:
            return is_name and name == PERSON
        return is_name or end == len(self._shape)

    def _value(self, start: int, name: str) -> tuple[str, int, bool]:
        """Return the value that begins here, where it ends, and whether it is in an open quote."""
        if self._shape.startswith('"', start):
            is_open = start not in self._pairs
            inner = _end(_REST, self._shape, start + 1) if is_open else self._pairs[start]
            return one_spelling(self._text[start + 1 : inner]), inner + (not is_open), is_open
        if name == PERSON:
            end = _end(_NAME, self._shape, start)
            return without_edges(one_spelling(self._text[start:end])), end, False
        end = _end(_CHUNK, self._shape, start)
        return one_spelling(self._text[start : _without_tail(self._shape, start, end)]), end, False

    def _word(self, start: int) -> Term:
        joint = _JOINT.match(self._shape, start)
        if joint:
            return Term(Kind.JOINT, start, joint.end(), joint[1])
        end = max(start + 1, _end(_CHUNK, self._shape, start))
        shape, value = self._shape[start:end], self._text[start:end]
        looks_like = _OPERATOR.match(shape)
        operator = looks_like[3] or "" if looks_like else ""
        is_negated = shape[0] == "-" and shape[1:2] != "-" and bool(clean_words(value))
        value = value[1:] if is_negated else value
        return Term(Kind.WORD, start, end, value, operator, is_negated)


def _sign(letter: str, place: int) -> Term:
    if letter == "-":
        return Term(Kind.OPEN, place, place + 2, is_negated=True)
    if letter == "|":
        return Term(Kind.JOINT, place, place + 1, "|")
    return Term(Kind.OPEN if letter == "(" else Kind.CLOSE, place, place + 1)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _without_tail(shape: str, start: int, end: int) -> int:
    """Leave out a comma that ends a value, and brackets that were opened before it."""
    while end > start and (
        shape[end - 1] in ",;"
        or (shape[end - 1] == ")" and shape.count(")", start, end) > shape.count("(", start, end))
    ):
        end -= 1
    return end
