"""How well the words of a query stand in a transcript: which of them, how rare they are, in what order."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from heimdex_desktop.domain.search import Query
from heimdex_desktop.index.folding import folded_words, is_unspaced, searchable, stem, written_words
from heimdex_desktop.index.stop_words import STOP_WORDS

_stem = lru_cache(maxsize=20_000)(stem)
MOST_TERMS = 32
_UNFINISHED_CREDIT = 0.6
_ORDER_SHARE = 0.15
_SHARE_EXPONENT = 1.5
_REACH_WORDS = 3
_STOP_WEIGHT = 0.1

# Particles that Korean glues to a noun, longest first: a person types any of them, or none.
_PARTICLE = (
    "(?:에서는|으로는|에게서|으로써|에서|에게|께서|한테|까지|부터|처럼|보다|으로|이나|이란|라는|라고|이다"
    "|[을를이가은는의에로와과도만나])$"
)
_AFTER_TWO_SYLLABLES = re.compile(f"(?<=..){_PARTICLE}")
_AFTER_ANY_SYLLABLE = re.compile(f"(?<=.){_PARTICLE}")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query, folded. `is_open` marks the last word typed, which may not be finished yet.

    `core` is what must stand in a text: the stem, or in scripts that glue endings on (`is_glued`) the word
    without Korean particles.
    """

    folded: str
    core: str
    is_glued: bool
    is_open: bool = False

    @classmethod
    def of(cls, folded: str, *, is_open: bool = False) -> "Term":
        is_glued = is_unspaced(folded)
        core = _AFTER_TWO_SYLLABLES.sub("", folded) if is_glued else _stem(folded)
        return cls(folded, core, is_glued, is_open)

    @property
    def noun(self) -> str:
        """The core, without a particle even after one syllable: too bold for a text, right for a name."""
        return _AFTER_ANY_SYLLABLE.sub("", self.folded) if self.is_glued else self.core

    @property
    def is_stop(self) -> bool:
        return self.folded in STOP_WORDS

    @property
    def probe(self) -> str:
        """A substring that every searchable text holding this word contains (and some others do too)."""
        if self.is_glued:
            return self.core
        if len(self.folded) < 3:
            return f" {self.folded} "
        return " " + (self.core.rstrip("iy") or self.core)

    def loose_credit(self, word: str) -> float:
        """Say how well a folded word of a text matches without having the same stem, in 0..1."""
        if self.is_glued:
            return float(word.startswith(self.core) if len(self.core) == 1 else self.core in word)
        unfinished = self.is_open and len(self.folded) >= 3 and word.startswith(self.folded)
        return _UNFINISHED_CREDIT if unfinished else 0.0


class Matcher:
    """Compares the words of a query with the words of many texts, each different word once."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._probes = tuple(dict.fromkeys(term.probe for term in terms))
        self._by_core: dict[str, dict[int, float]] = {}
        for number, term in enumerate(terms):
            self._by_core.setdefault(term.core, {})[number] = 1.0
        self._loose = [(number, term) for number, term in enumerate(terms) if term.is_glued or term.is_open]
        self._seen: dict[str, Mapping[int, float]] = {}

    def match(self, word: str) -> Mapping[int, float]:
        """Return the terms that a folded word matches, by number, each with its credit (0..1)."""
        found = self._seen.get(word)
        if found is None:
            found = self._seen[word] = self._compared(word)
        return found

    def places(self, text: str) -> list[dict[int, float]]:
        """Return for each term where in a text, spelt for searching, it matches, with the credit.

        Only words that hold the probe of a term are compared: hardly any do, and all that match.
        """
        places: list[dict[int, float]] = [{} for _ in self.terms]
        held = [probe for probe in self._probes if probe in text]
        for start in {start for probe in held for start in _starts(text, probe)}:
            for number, credit in self.match(text[start : text.index(" ", start)]).items():
                places[number][text.count(" ", 0, start) - 1] = credit
        return places

    def _compared(self, word: str) -> Mapping[int, float]:
        found = self._by_core.get(_stem(word), {})
        for number, term in self._loose:
            credit = 0.0 if number in found else term.loose_credit(word)
            found = found | {number: credit} if credit else found
        return found


@dataclass(frozen=True, slots=True)
class WordQuery:
    """The words of a query in order, without repeats, and the quoted phrases as searchable texts."""

    terms: tuple[Term, ...]
    phrases: tuple[str, ...]


def word_query(query: Query) -> WordQuery:
    """Fold the words of a query; quoted words count as words too, beside being a filter."""
    loose = [word for typed in query.words for word in folded_words(typed)]
    quoted = [word for phrase in query.phrases for word in folded_words(phrase)]
    ends_loose = bool(loose) and query.text.endswith(query.words[-1])
    folded = list(dict.fromkeys((*quoted, *loose)))[:MOST_TERMS]
    last = loose[-1] if ends_loose else None
    terms = tuple(Term.of(word, is_open=word == last) for word in folded)
    return WordQuery(terms, tuple(_phrase(phrase) for phrase in query.phrases if searchable(phrase)))


def weights(terms: Sequence[Term], counts: Sequence[int], total: int) -> tuple[float, ...]:
    """Weigh each word by its rarity: log(1 + N / n), as in inverse document frequency.

    `counts` are the scenes that may hold the word, out of `total`. A word that stands nowhere weighs most.
    Function words weigh a tenth, unless the query holds nothing else. (Spärck Jones, A statistical
    interpretation of term specificity, 1972.)
    """
    only_stops = all(term.is_stop for term in terms)
    return tuple(
        math.log1p((total + 1) / (count + 0.5)) * (_STOP_WEIGHT if term.is_stop and not only_stops else 1.0)
        for term, count in zip(terms, counts, strict=True)
    )


def exactness(matcher: Matcher, term_weights: Sequence[float], text: str) -> float:
    """Score a transcript, spelt for searching, in 0..1: the share of the query's weight in it, ** 1.5.

    The exponent keeps one chance word of a long query from looking like an answer. Up to 15 % is lost where
    neighbouring words of the query stand apart or in another order.
    """
    return exactness_and_coverage(matcher, term_weights, text)[0]


def exactness_and_coverage(matcher: Matcher, term_weights: Sequence[float], text: str) -> tuple[float, float]:
    """Return the exactness, and the plain share of the query's weight that stands in a text, in 0..1."""
    places = matcher.places(text)
    share = _share(term_weights, places)
    if not share:
        return 0.0, 0.0
    order = _order(matcher.terms, places)
    return share**_SHARE_EXPONENT * (1 - _ORDER_SHARE + _ORDER_SHARE * order), share


def coverage(matcher: Matcher, term_weights: Sequence[float], text: str) -> float:
    """Return the share of the query's weight that stands in a text, in 0..1."""
    return _share(term_weights, matcher.places(text))


def _share(term_weights: Sequence[float], places: Sequence[Mapping[int, float]]) -> float:
    if not any(places):
        return 0.0
    whole = sum(term_weights)
    best = (max(found.values(), default=0.0) for found in places)
    matched = sum(weight * credit for weight, credit in zip(term_weights, best, strict=True))
    return min(1.0, matched / whole) if whole else 0.0


def _starts(text: str, probe: str) -> Iterator[int]:
    """Yield where the words begin that hold a probe, in a text that is spelt for searching."""
    found = text.find(probe)
    while found >= 0:
        # A space at the end of a probe begins the next one.
        start = text.rfind(" ", 0, found + 1) + 1
        yield start
        found = text.find(probe, text.index(" ", start))


def marked_words(matcher: Matcher, transcript: str) -> tuple[str, ...]:
    """Return the words of a transcript that match, as they are written there, without repeats.

    Function words are left out, unless the query holds nothing else.
    """
    telling = {number for number, term in enumerate(matcher.terms) if not term.is_stop}
    telling = telling or set(range(len(matcher.terms)))
    found = {
        word.surface: None
        for word in written_words(transcript)
        if not telling.isdisjoint(matcher.match(word.folded))
    }
    return tuple(found)


def _order(terms: Sequence[Term], places: Sequence[Mapping[int, float]]) -> float:
    """Return the share of neighbouring words of the query that follow each other closely in the text.

    The words between the function words count as neighbours too, for half of it.
    """
    telling = [found for term, found in zip(terms, places, strict=True) if not term.is_stop]
    return (_neighbours(telling) + _neighbours(places)) / 2


def _neighbours(places: Sequence[Mapping[int, float]]) -> float:
    pairs = list(pairwise(places))
    return sum(_follow(first, second) for first, second in pairs) / len(pairs) if pairs else 1.0


def _follow(first: Mapping[int, float], second: Mapping[int, float]) -> bool:
    # Scripts without spaces may hold both in one word, hence the step of nought.
    return any(place + step in second for place in first for step in range(_REACH_WORDS + 1))


def _phrase(phrase: str) -> str:
    """Spell a quoted phrase so that containment means "these words in this order".

    Where an end is in a script that glues endings on, that end stays open: "학습" is found in "학습의".
    """
    text = searchable(phrase)
    words = text.split()
    text = text[1:] if is_unspaced(words[0]) else text
    return text[:-1] if is_unspaced(words[-1]) else text
