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
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The distinct words of one version of a table, as they are and by their shapes (v each).

    `rows` and `places` (m each) tell for every word on a screen its row and its place among the distinct.
    """

    version: tuple[bytes, int]
    words: ArrowArray
    shapes: ArrowArray
    rows: RowNumbers
    places: NDArray[np.int32]

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
        self._kept: _Vocabulary | None = None

    def find(self, table: Table, matcher: ScreenMatcher) -> ScreenScan:
        """Return every scene that shows a word of the query. May raise FOREIGN_ERRORS."""
        version = birth_of(table.schema), int(table.version)
        if self._kept is None or self._kept.version != version:
            self._kept = _read(table, version)
        return self._kept.scan(matcher)


def _read(table: Table, version: tuple[bytes, int]) -> _Vocabulary:
    search = table.search().where(f"{_COLUMN} != ''").select([_COLUMN]).with_row_id(with_row_id=True)
    found: Any = search.limit(max(1, table.count_rows())).to_arrow()
    texts = _arrow.utf8_trim_whitespace(found[_COLUMN].combine_chunks())
    split = _arrow.split_pattern(texts, " ")
    encoded = _arrow.list_flatten(split).dictionary_encode()
    words = encoded.dictionary
    return _Vocabulary(
        version,
        words,
        pa.array([shape(word) for word in words.to_pylist()], pa.string()),
        found[ROW].to_numpy()[_arrow.list_parent_indices(split).to_numpy()],
        encoded.indices.to_numpy(),
    )


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
