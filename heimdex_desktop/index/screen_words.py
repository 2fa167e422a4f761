"""Which scenes show a word on screen, or one that passes for it: no scene is missed.

The distinct words of all screens are kept in memory with the rows that hold them, and read again when the
table has changed. Few words are compared letter by letter: those that hold a piece of the query's word at
about its place, which Arrow finds by a regular expression. Measured with 20,000 scenes that show 160,000
words, 30,000 of them distinct, on two cores: 3 ms for one word, 26 ms for eight, right or misspelt, and
35 ms to read a changed table. A scan for the pieces in the same pass as for the transcripts would leave
3,600 scenes for a word of four letters, far more than can be read whole, and so miss the right ones.
`tests/benchmarks/screen_text.py` repeats the measurement.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.schema import ArrowArray, birth_of
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
    """The distinct words of many screens, as they are and by their shapes (v each).

    `rows` and `places` (m each) tell for every word on a screen its row and its place among the distinct.
    """

    words: ArrowArray
    shapes: ArrowArray
    rows: RowNumbers
    places: NDArray[np.int32]

    @classmethod
    def empty(cls) -> "ScreenVocabulary":
        nothing: ArrowArray = pa.array([], pa.string())
        return cls(nothing, nothing, np.zeros(0, np.uint64), np.zeros(0, np.int32))

    def with_more(self, texts: ArrowArray, rows: RowNumbers) -> "ScreenVocabulary":
        """Add the texts of other rows, spelt for searching."""
        shown = _mask(_arrow.not_equal(texts, ""))
        split = _arrow.split_pattern(_arrow.utf8_trim_whitespace(texts.filter(pa.array(shown))), " ")
        encoded = _arrow.list_flatten(split).dictionary_encode()
        known = _arrow.index_in(encoded.dictionary, value_set=self.words)
        is_new = _mask(known.is_null())
        new = encoded.dictionary.filter(pa.array(is_new))
        place_of = known.fill_null(0).to_numpy().copy()
        place_of[is_new] = np.arange(len(self.words), len(self.words) + len(new))
        shapes = pa.array([shape(word) for word in new.to_pylist()], pa.string())
        more_rows = rows[shown][_arrow.list_parent_indices(split).to_numpy()]
        return ScreenVocabulary(
            pa.concat_arrays([self.words, new]),
            pa.concat_arrays([self.shapes, shapes]),
            np.concatenate([self.rows, more_rows]),
            np.concatenate([self.places, place_of[encoded.indices.to_numpy()]]),
        )

    def without(self, rows: RowNumbers) -> "ScreenVocabulary":
        """Leave rows out; their words stay, held by none."""
        return self._only(~np.isin(self.rows, rows))

    def among(self, rows: RowNumbers) -> "ScreenVocabulary":
        """Leave all other rows out."""
        return self._only(np.isin(self.rows, rows))

    def _only(self, kept: NDArray[np.bool_]) -> "ScreenVocabulary":
        if kept.all():
            return self
        return replace(self, rows=self.rows[kept], places=self.places[kept])

    @property
    def size_bytes(self) -> int:
        return sum(one.nbytes for one in (self.words, self.shapes, self.rows, self.places))

    def scan(self, matcher: ScreenMatcher) -> ScreenScan:
        passing = {place: matcher.match(self.words[place].as_py()) for place in self._worth_a_look(matcher)}
        passing = {place: found for place, found in passing.items() if found}
        number_of = np.full(len(self.words), -1, np.int32)
        table = np.zeros((len(passing), len(matcher.terms)), np.float32)
        for number, (place, found) in enumerate(passing.items()):
            number_of[place] = number
            table[number, list(found)] = list(found.values())
        numbers = number_of[self.places]
        rows, scene = np.unique(self.rows[numbers >= 0], return_inverse=True)
        best = np.zeros((len(rows), len(matcher.terms)), np.float32)
        np.maximum.at(best, scene, table[numbers[numbers >= 0]])
        return ScreenScan(rows, best)

    def _worth_a_look(self, matcher: ScreenMatcher) -> list[int]:
        masks = [mask for spelling in matcher.spellings for mask in self._masks(spelling)]
        return np.flatnonzero(np.logical_or.reduce(masks)).tolist() if masks else []

    def _masks(self, spelling: Spelling) -> Iterator[NDArray[np.bool_]]:
        """Yield masks over the words that together hold every word that matches or passes."""
        probe = spelling.term.probe
        beginning = probe.startswith(" ")
        find = _arrow.starts_with if beginning else _arrow.match_substring
        yield _mask(find(self.words, pattern=probe.strip()))
        if spelling.parts:
            yield _mask(_arrow.is_in(self.words, value_set=pa.array(sorted(spelling.parts), pa.string())))
        if spelling.is_loose:
            yield _mask(_arrow.match_substring_regex(self.shapes, pattern=_pattern(spelling)))
        if spelling.may_stand_inside:
            yield _mask(_arrow.match_substring(self.words, pattern=spelling.plain))


class ScreenWords:
    """Finds words on the screens of a table; keeps them in memory between searches.

    A million words on screens, as of some 100,000 scenes, take about 20 MB.
    """

    def __init__(self) -> None:
        self._version = (b"", 0)
        self._kept = ScreenVocabulary.empty()

    def find(self, table: Table, matcher: ScreenMatcher) -> ScreenScan:
        """Return every scene that shows a word of the query. May raise FOREIGN_ERRORS."""
        version = birth_of(table.schema), int(table.version)
        if self._version != version:
            self._kept, self._version = _read(table), version
        return self._kept.scan(matcher)


def _read(table: Table) -> ScreenVocabulary:
    search = table.search().where(f"{_COLUMN} != ''").select([_COLUMN]).with_row_id(with_row_id=True)
    found: Any = search.limit(max(1, table.count_rows())).to_arrow()
    return ScreenVocabulary.empty().with_more(found[_COLUMN].combine_chunks(), found[ROW].to_numpy())


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
