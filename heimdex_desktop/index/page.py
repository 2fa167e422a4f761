"""A page of memory: what some scenes say and show, and what else is asked of them, ready to be looked up."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.facts import FACT_COLUMNS, Facts, Mask
from heimdex_desktop.index.kept_vectors import KeptVectors
from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.postings import Places
from heimdex_desktop.index.said_words import SaidWords
from heimdex_desktop.index.scan import Scan
from heimdex_desktop.index.schema import ArrowArray, ArrowTable, VectorColumn
from heimdex_desktop.index.screen_words import ScreenScan, ScreenVocabulary
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.tag_scores import TagScores, rows_by_name

READ = (
    *("words", "screen", "tag_names", "tag_scores", "people", "people_sure", "vector_names"),
    *FACT_COLUMNS,
)
_SMALL_ROWS = 2_000


@dataclass(slots=True, eq=False)
class Page:
    """Some scenes: `rows` (n) are their numbers in order, `stands` (n) says which were not replaced since.

    `words` and `screens` (n each) are their texts spelt for searching, `said` and `shown` what is in these;
    `people` are those who are seen, by their ids;
    `having` are the scenes that have a vector in a column, `vectors` those of columns that are kept.
    """

    rows: RowNumbers
    stands: Mask
    facts: Facts
    words: ArrowArray
    said: SaidWords
    screens: ArrowArray
    shown: ScreenVocabulary
    tags: TagScores
    people: TagScores
    having: Mapping[str, Places]
    vectors: dict[str, KeptVectors]

    @classmethod
    def of(cls, found: ArrowTable, vectors: dict[str, KeptVectors]) -> "Page":
        """Take rows of a table apart: the columns of `READ` and the row numbers, which are in order."""
        words, screens = found["words"].combine_chunks(), found["screen"].combine_chunks()
        return cls(
            rows=found[ROW].to_numpy(),
            stands=np.ones(len(found), np.bool_),
            facts=Facts.of(found),
            words=words,
            said=SaidWords.of(words),
            screens=screens,
            shown=ScreenVocabulary.of(screens),
            tags=TagScores.of(found["tag_names"].combine_chunks(), found["tag_scores"].combine_chunks()),
            people=TagScores.of(found["people"].combine_chunks(), found["people_sure"].combine_chunks()),
            having=rows_by_name(found["vector_names"].combine_chunks()),
            vectors=vectors,
        )

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.stands))

    @property
    def is_worn(self) -> bool:
        """Whether little of it stands, so that it is better read again."""
        return self.count < max(_SMALL_ROWS, len(self.rows) // 4)

    def cross_out(self, rows: RowNumbers) -> None:
        places = self.places_of(rows)
        self.stands[places[places >= 0]] = False

    def keep_only(self, rows: RowNumbers) -> None:
        """Cross out what is not among these rows."""
        self.stands &= np.isin(self.rows, rows, assume_unique=True)

    def keep_vectors(self, names: Container[str]) -> None:
        """Let go of the vectors of all other columns."""
        self.vectors = {name: kept for name, kept in self.vectors.items() if name in names}

    def places_of(self, rows: RowNumbers) -> NDArray[np.int64]:
        """Return where rows stand on this page, -1 for those that do not, shape (n,)."""
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where((self.rows[places] == rows) & self.stands[places], places, -1)

    def mark(self, terms: Sequence[Term], tags: Sequence[str], among: Mask, scan: Scan, first: int) -> None:
        """Note on a scan, from its row `first` on, what the marked scenes hold."""
        mine = slice(first, first + int(np.count_nonzero(among)))
        # Most pages have lost nothing, and need no copy.
        standing = slice(None) if among.all() else among
        scan.rows[mine] = self.rows[standing]
        for held, term in zip(scan.holds, terms, strict=True):
            page = np.zeros(len(self.rows), np.bool_)
            page[self.said.holding(term)] = True
            held[mine] = page[standing]
        for sure, tag in zip(scan.tagged, tags, strict=True):
            scores = np.zeros(len(self.rows), np.float32)
            rows, scores_there = self.tags.of_name(tag)
            scores[rows] = scores_there
            sure[mine] = scores[standing]

    def scan_screens(self, matcher: ScreenMatcher) -> ScreenScan:
        """Return which of these scenes show a word of a query."""
        places, found = self.shown.scan(matcher)
        stand = self.stands[places]
        return ScreenScan(self.rows[places[stand]], found[stand])

    def candidates(self, places: NDArray[np.int64], columns: Sequence[VectorColumn]) -> Iterator[Candidate]:
        """Return scenes with those of their vectors that are asked for and kept, in the order of `places`."""
        facts, there = self.facts, pa.array(places)
        numbers = facts.videos.numbers[places].tolist()
        yield from map(
            Candidate,
            self.rows[places].tolist(),
            (VideoId(facts.videos.names[number]) for number in numbers),
            map(TimeSpan, facts.start_ms[places].tolist(), facts.end_ms[places].tolist()),
            self.words.take(there).to_pylist(),
            self.screens.take(there).to_pylist(),
            self.tags.of_rows(places),
            self._vectors(places, columns),
            self.people.of_rows(places),
        )

    def vector_count(self, name: str) -> int:
        """Return how many of these scenes have a vector in a column."""
        return int(np.count_nonzero(self.stands[self.having.get(name, np.zeros(0, np.int32))]))

    @property
    def size_bytes(self) -> int:
        """Return about how much memory this takes, but for the vectors."""
        parts = (self.facts, self.said, self.shown, self.tags, self.people)
        arrays = (self.rows, self.stands, self.words, self.screens, *self.having.values())
        return sum(part.size_bytes for part in parts) + sum(array.nbytes for array in arrays)

    def _vectors(
        self, places: NDArray[np.int64], columns: Sequence[VectorColumn]
    ) -> list[dict[VectorColumn, NDArray[np.float32]]]:
        found: list[dict[VectorColumn, NDArray[np.float32]]] = [{} for _ in places]
        for column in columns:
            kept = self.vectors.get(column.name)
            if kept is not None:
                there = kept.there[places].tolist()
                for mine, vector, is_there in zip(found, kept.at(places), there, strict=True):
                    if is_there:
                        mine[column] = vector
        return found
