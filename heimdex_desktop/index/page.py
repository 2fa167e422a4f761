"""A page of memory: what some scenes say, and which tags and vectors they have, ready to be looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.postings import Places
from heimdex_desktop.index.said_words import SaidWords
from heimdex_desktop.index.scan import Scan
from heimdex_desktop.index.schema import ArrowTable
from heimdex_desktop.index.tag_scores import TagScores, rows_by_name

READ = ("words", "tag_names", "tag_scores", "vector_names")
_SMALL_ROWS = 2_000


@dataclass(slots=True, eq=False)
class Page:
    """Some scenes: `rows` (n) are their numbers in order, `stands` (n) says which were not replaced since."""

    rows: RowNumbers
    stands: NDArray[np.bool_]
    said: SaidWords
    tags: TagScores
    vectors: Mapping[str, Places]

    @classmethod
    def of(cls, found: ArrowTable) -> "Page":
        """Take rows of a table apart: the columns of `READ` and the row numbers, which are in order."""
        names, scores = found["tag_names"].combine_chunks(), found["tag_scores"].combine_chunks()
        return cls(
            found[ROW].to_numpy(),
            np.ones(len(found), np.bool_),
            SaidWords.of(found["words"].combine_chunks()),
            TagScores.of(names, scores),
            rows_by_name(found["vector_names"].combine_chunks()),
        )

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.stands))

    @property
    def is_worn(self) -> bool:
        """Whether little of it stands, so that it is better read again."""
        return self.count < max(_SMALL_ROWS, len(self.rows) // 4)

    def cross_out(self, rows: RowNumbers) -> None:
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        self.stands[places[self.rows[places] == rows]] = False

    def keep_only(self, rows: RowNumbers) -> None:
        """Cross out what is not among these rows."""
        self.stands &= np.isin(self.rows, rows, assume_unique=True)

    def mark(self, terms: Sequence[Term], tags: Sequence[str], scan: Scan, first: int) -> None:
        """Note on a scan, from its row `first` on, what these scenes hold."""
        mine = slice(first, first + self.count)
        # Most pages have lost nothing, and need no copy.
        standing = slice(None) if self.stands.all() else self.stands
        scan.rows[mine] = self.rows[standing]
        for held, term in zip(scan.holds, terms, strict=True):
            page = np.zeros(len(self.rows), np.bool_)
            page[self.said.holding(term)] = True
            held[mine] = page[standing]
        for sure, tag in zip(scan.tagged, tags, strict=True):
            scores = np.zeros(len(self.rows), np.float32)
            rows, scores_there = self.tags.of_tag(tag)
            scores[rows] = scores_there
            sure[mine] = scores[standing]

    def vector_count(self, name: str) -> int:
        """Return how many of these scenes have a vector in a column."""
        return int(np.count_nonzero(self.stands[self.vectors.get(name, np.zeros(0, np.int32))]))

    @property
    def size_bytes(self) -> int:
        return self.rows.nbytes + self.stands.nbytes + self.said.size_bytes + self.tags.size_bytes
