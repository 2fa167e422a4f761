"""Which scenes show a word on screen, or one that passes for it: no scene is missed.

The distinct words of all screens are kept in memory with the screens that show them, in order and by the
pairs of signs that they hold. So few are compared letter by letter: those that hold a piece of the query's
word at about its place. Measured with 20,000 scenes that show 160,000 words, 30,000 of them distinct, on two
cores: 1 ms for one word, 7 ms for eight, right or misspelt, and 0.1 s to take all of them apart.
A scan for the pieces in the same pass as for the transcripts would leave
3,600 scenes for a word of four letters, far more than can be read whole, and so miss the right ones.
`tests/benchmarks/screen_text.py` repeats the measurement.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.postings import Places, Postings
from heimdex_desktop.index.said_words import AFTER_ALL, in_order, place_in
from heimdex_desktop.index.schema import ArrowArray, birth_of
from heimdex_desktop.index.sign_pairs import SignPairs
from heimdex_desktop.index.spelling import ScreenMatcher, Spelling, shape

# pyarrow makes these functions when it is imported, so that no type checker knows them.
_arrow: Any = pyarrow.compute
_COLUMN = "screen"
_MOST_ROWS = 120


@dataclass(frozen=True, slots=True)
class ScreenScan:
    """The scenes that show a word of the query.

    `rows` (n) are row numbers, `credits` (n, words) tells how well the best word of each screen passes for
    each word of the query, in 0..1.
    """

    rows: RowNumbers
    credits: NDArray[np.float32]

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(int(count) for count in (self.credits > 0).sum(axis=0))

    def among(self, rows: RowNumbers) -> "ScreenScan":
        kept = np.isin(self.rows, rows)
        return ScreenScan(self.rows[kept], self.credits[kept])

    def best(self, weights: Sequence[float]) -> RowNumbers:
        """Return the rows that hold most of the query's weight."""
        scores = self.credits @ np.asarray(weights, np.float64)
        return self.rows[np.argsort(-scores, kind="stable")[:_MOST_ROWS]]


@dataclass(frozen=True, slots=True, eq=False)
class ScreenVocabulary:
    """The distinct words of `row_count` screens in order, as they are and by their shapes (v each)."""

    row_count: int
    words: ArrowArray
    shapes: ArrowArray
    pairs: SignPairs
    shape_pairs: SignPairs
    by_word: Postings

    @classmethod
    def of(cls, texts: ArrowArray) -> "ScreenVocabulary":
        """Take texts apart that are spelt for searching, shape (n,)."""
        shown = np.flatnonzero(_mask(_arrow.not_equal(texts, "")))
        split = _arrow.split_pattern(_arrow.utf8_trim_whitespace(texts.take(pa.array(shown))), " ")
        words, numbers = in_order(_arrow.list_flatten(split))
        rows = shown[_arrow.list_parent_indices(split).to_numpy()]
        shapes = pa.array([shape(word) for word in words.to_pylist()], pa.string())
        by_word = Postings.of(numbers, rows, len(words))
        return cls(len(texts), words, shapes, SignPairs.of(words), SignPairs.of(shapes), by_word)

    @property
    def size_bytes(self) -> int:
        parts = self.pairs.size_bytes + self.shape_pairs.size_bytes + self.by_word.size_bytes
        return parts + self.words.nbytes + self.shapes.nbytes

    def scan(self, matcher: ScreenMatcher) -> tuple[Places, NDArray[np.float32]]:
        """Return the screens that show a word of the query, in order (n), and their credits (n, terms).

        The matcher learns which words these are.
        """
        passing: dict[int, dict[int, float]] = {}
        for number, spelling in enumerate(matcher.spellings):
            places = np.unique(np.concatenate([np.zeros(0, np.int64), *self._places(spelling)]))
            words = self.words.take(pa.array(places)).to_pylist()
            for place, word in zip(places.tolist(), words, strict=True):
                if credit := matcher.learn(number, word):
                    passing.setdefault(place, {})[number] = credit
        held = {place: self.by_word.between(place, place + 1) for place in passing}
        rows = np.unique(np.concatenate([np.zeros(0, np.int32), *held.values()]))
        best = np.zeros((len(rows), len(matcher.terms)), np.float32)
        for place, found in passing.items():
            mine = np.searchsorted(rows, held[place])
            for number, credit in found.items():
                best[mine, number] = np.maximum(best[mine, number], credit)
        return rows, best

    def _places(self, spelling: Spelling) -> Iterator[NDArray[np.integer]]:
        """Yield places of words that together hold every one that matches or passes."""
        probe = spelling.term.probe
        if probe.startswith(" "):
            begin = probe.strip()
            yield np.arange(place_in(self.words, begin), place_in(self.words, begin + AFTER_ALL))
        else:
            yield self._with_piece(probe)
        yield from self._equal_to(spelling.parts)
        if spelling.is_loose:
            pieces = {piece for _, piece in spelling.pieces}
            near = np.unique(np.concatenate([self.shape_pairs.holding(piece) for piece in pieces]))
            fits = _arrow.match_substring_regex(self.shapes.take(pa.array(near)), pattern=_pattern(spelling))
            yield near[_mask(fits)]
        if spelling.may_stand_inside:
            yield self._with_piece(spelling.plain)

    def _with_piece(self, piece: str) -> NDArray[np.integer]:
        places = self.pairs.holding(piece)
        return places[_mask(_arrow.match_substring(self.words.take(pa.array(places)), pattern=piece))]

    def _equal_to(self, words: Iterable[str]) -> Iterator[NDArray[np.integer]]:
        for word in words:
            place = place_in(self.words, word)
            if place < len(self.words) and self.words[place].as_py() == word:
                yield np.array([place])


class ScreenWords:
    """Finds words on the screens of a table; keeps them in memory between searches.

    A million words on screens, as of some 100,000 scenes, take about 20 MB.
    """

    def __init__(self) -> None:
        self._version = (b"", 0)
        self._rows: RowNumbers = np.zeros(0, np.uint64)
        self._kept = ScreenVocabulary.of(pa.array([], pa.string()))

    def find(self, table: Table, matcher: ScreenMatcher) -> ScreenScan:
        """Return every scene that shows a word of the query. May raise FOREIGN_ERRORS."""
        version = birth_of(table.schema), int(table.version)
        if self._version != version:
            search = table.search().where(f"{_COLUMN} != ''").select([_COLUMN]).with_row_id(with_row_id=True)
            read: Any = search.limit(max(1, table.count_rows())).to_arrow()
            self._rows, self._version = read[ROW].to_numpy(), version
            self._kept = ScreenVocabulary.of(read[_COLUMN].combine_chunks())
        places, found = self._kept.scan(matcher)
        return ScreenScan(self._rows[places], found)


def _pattern(spelling: Spelling) -> str:
    """Write a regular expression for the shapes of words that hold a piece at about its place."""
    if spelling.term.is_glued:
        return "|".join(re.escape(piece) for _, piece in spelling.pieces)
    return "|".join(
        f"^.{{{max(0, start - spelling.most)},{start + spelling.most}}}{re.escape(piece)}"
        for start, piece in spelling.pieces
    )


def _mask(found: ArrowArray) -> NDArray[np.bool_]:
    return found.to_numpy(zero_copy_only=False)
