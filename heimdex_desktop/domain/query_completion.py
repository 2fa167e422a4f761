"""What could complete the word under the cursor: people, tags, folders, languages, operators."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from heimdex_desktop.domain.query import LONGEST_QUERY_CHARACTERS
from heimdex_desktop.domain.query_filters import OPERATORS, read_filter
from heimdex_desktop.domain.query_line import (
    Line,
    clean_words,
    has_quotes,
    lone_opening_marks,
    read_line,
    typeable,
)
from heimdex_desktop.domain.query_terms import PERSON, Kind, Term, end_in, terms
from heimdex_desktop.domain.query_text import quoted
from heimdex_desktop.domain.query_values import plain

MOST_CANDIDATES = 20
_SHORTEST_START = 2
_NAMES = (*OPERATORS, PERSON)


@dataclass(frozen=True, slots=True)
class Offer:
    """A value to choose, with its folded names, each as it reads from each of its words on."""

    value: str
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, value: str, *aliases: str) -> "Offer":
        return cls(value, tuple(piece for name in (value, *aliases) for piece in _beginnings(_folded(name))))


@dataclass(frozen=True, slots=True)
class Offers:
    """What a library has to choose from, in the order in which it is offered."""

    people: tuple[Offer, ...] = ()
    tags: tuple[Offer, ...] = ()
    folders: tuple[Offer, ...] = ()
    languages: tuple[Offer, ...] = ()

    def of(self, operator: str) -> Sequence[Offer]:
        """Return the offers for the value of an operator, by its name."""
        known = {PERSON: self.people, "tag": self.tags, "in": self.folders, "lang": self.languages}
        fixed = OPERATORS[operator].values if operator in OPERATORS else ()
        return known.get(operator) or tuple(Offer(value, (value,)) for value in fixed)


@dataclass(frozen=True, slots=True)
class Completion:
    """Texts that could stand in place of the letters `[start, end)` of what was typed, best first."""

    start: int
    end: int
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Slot:
    """The term before the cursor, and the whole line, in which it goes on to `end`."""

    begun: Term
    line: Line
    end: int

    @property
    def start(self) -> int:
        """Where the replacement begins: a minus stays."""
        return self.begun.start + self.begun.is_negated

    @property
    def is_glued(self) -> bool:
        """Whether something follows that would be read as a part of a bare word."""
        follows = self.line.shape[self.end : self.end + 1]
        return follows not in (set(' "()|') if self.begun.kind is Kind.PERSON else set(' "')) | {""}


def complete(typed: str, cursor: int, offers: Offers) -> Completion:
    """Return what could complete the word that ends at the cursor, or that the cursor is in.

    Values are found by the beginning of any of their words, without regard to case and accents; at most
    `MOST_CANDIDATES` of them. Operators are offered from the second letter of a word on. Nothing is offered
    inside a quoted phrase.
    """
    cursor = max(0, min(cursor, len(typed)))
    slot = _slot(typed, cursor)
    if slot is None:
        return Completion(cursor, cursor)
    start, end = slot.line.typed_span(slot.start, slot.end)
    found = dict.fromkeys(islice(_candidates(slot, offers), MOST_CANDIDATES))
    fitting = tuple(text for text in found if start + len(text) <= LONGEST_QUERY_CHARACTERS)
    return Completion(start, max(end, cursor), fitting)


def _slot(typed: str, cursor: int) -> _Slot | None:
    before, line = read_line(typed[:cursor]), read_line(typed[:LONGEST_QUERY_CHARACTERS])
    begun = next(reversed(terms(before, None)), None) if cursor <= LONGEST_QUERY_CHARACTERS else None
    if begun is None or begun.end < len(before.text):
        return None
    is_in_phrase = any(place < begun.start for place in lone_opening_marks(before))
    return None if is_in_phrase else _Slot(begun, line, end_in(line, begun))


def _candidates(slot: _Slot, offers: Offers) -> Iterator[str]:
    begun = slot.begun
    if begun.kind is Kind.WORD:
        start = plain(begun.value)
        if slot.end == begun.end and len(start) >= _SHORTEST_START:
            yield from (f"{name}:" for name in _NAMES if name.startswith(start))
    elif begun.operator in _NAMES:
        opener = "@" if slot.line.shape[slot.start] == "@" else f"{begun.operator}:"
        for value in _found(begun.value, offers.of(begun.operator)):
            if _is_typeable(begun.operator, value):
                yield f"{opener}{quoted(value, always=slot.is_glued)}"


def _found(begun: str, offers: Iterable[Offer]) -> Iterator[str]:
    """Find the values of which a word begins so; those that begin so themselves come first."""
    start = _folded(begun)
    found = [offer for offer in offers if any(piece.startswith(start) for piece in offer.beginnings)]
    found.sort(key=lambda offer: not offer.beginnings[0].startswith(start))
    return (offer.value for offer in found)


def _is_typeable(operator: str, value: str) -> bool:
    """Tell whether a value can be typed: one with a quotation mark in it cannot, unless it is a name."""
    if operator == PERSON:
        return bool(clean_words(typeable(value)))
    is_fixed = value in OPERATORS[operator].values
    return is_fixed or (read_filter(operator, typeable(value), None) is not None and not has_quotes(value))


def _folded(text: str) -> str:
    """Fold case and accents; Hangul comes apart, so that a syllable half typed begins the whole one."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in letters if unicodedata.category(c) not in {"Mn", "Cf"}).split())


def _beginnings(folded: str) -> Iterator[str]:
    for place, letter in enumerate(folded):
        if place == 0 or (letter.isalnum() and not folded[place - 1].isalnum()):
            yield folded[place:]
