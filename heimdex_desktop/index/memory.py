"""The scenes in memory, as far as every search looks at them, kept in step with the table that another thread
writes.

A table remembers in which version each row was changed last, and numbers a row the same for as long as it
stands. So what was published since the last search is read alone, into a page of its own, and what it
replaces is crossed out on older pages; small pages are joined by reading them again.

A scene of everyday talk takes some 600 bytes. All of them together may take `MOST_BYTES`, and their vectors,
which take 2 bytes a number (4 in a small library), `MOST_VECTOR_BYTES`. What is above is not kept: of vectors
the longest go first; without room for the words nothing is kept, and searches look at the table.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.clauses import AllOf
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.facts import Mask
from heimdex_desktop.index.meeting import meeting
from heimdex_desktop.index.nearest import ROW, Ray, RowNumbers
from heimdex_desktop.index.page_reading import changed_since, page_of_rows, precision_of
from heimdex_desktop.index.scan import Scan, best_places
from heimdex_desktop.index.schema import VectorColumn, birth_of, columns_of
from heimdex_desktop.index.screen_words import ScreenScan
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.who import WhoQuery

if TYPE_CHECKING:
    from heimdex_desktop.index.page import Page

MOST_BYTES = 1 << 30
MOST_VECTOR_BYTES = 256 << 20
_MOST_SMALL_PAGES = 8


class Memory:
    """What is kept of one table at a time. Every method that is given one may raise FOREIGN_ERRORS."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_vector_bytes: int = MOST_VECTOR_BYTES) -> None:
        self._most_bytes = most_bytes
        self._most_vector_bytes = most_vector_bytes
        self._birth = b""
        self._version = 0
        self._pages: list[Page] = []
        self._columns: tuple[VectorColumn, ...] = ()
        self._too_long: set[VectorColumn] = set()
        self._met: tuple[AllOf, list[Mask]] | None = None
        self._counts: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        """Whether the scenes do not fit: then nothing is kept, and this is of no use for this table."""
        return self._version < 0

    def follow(self, table: Table) -> None:
        """Read what was published, and forget what was removed, since the last time."""
        for _ in self.following(table):
            pass

    def following(self, table: Table) -> Iterator[int]:
        """Do what `follow` does in steps, and yield how many rows each step read; to be taken to the end."""
        if birth_of(table.schema) != self._birth:
            self._birth, self._version, self._pages = birth_of(table.schema), 0, []
            self._too_long = set()
        if self.is_full or int(table.version) == self._version:
            return
        self._met, self._counts = None, {}
        self._follow_columns(table)
        for page in changed_since(table, self._version, self._columns):
            for older in self._pages:
                older.cross_out(page.rows)
            self._pages.append(page)
            yield len(page.rows)
            if self.size_bytes > self._most_bytes:
                self._pages, self._version = [], -1
                return
        self._version = int(table.version)
        self._forget_removed(table)
        self._join_small_pages(table)

    def keeps(self, column: VectorColumn) -> bool:
        """Say whether all vectors of a column are in memory."""
        return column in self._columns

    def scan(self, terms: Sequence[Term], tags: Sequence[str], only: AllOf) -> Scan:
        """Look at every scene that meets the clauses for the words of a query and for some tags."""
        marked = self._marked(only)
        counts = [int(np.count_nonzero(mask)) for mask in marked]
        scan = Scan.blank(sum(counts), len(terms), len(tags))
        firsts = np.cumsum([0, *counts]).tolist()
        for page, mask, first in zip(self._pages, marked, firsts, strict=False):
            page.mark(terms, tags, mask, scan, first)
        return scan

    def on_screens(self, matcher: ScreenMatcher) -> ScreenScan:
        """Return every scene that shows a word of a query."""
        scans = [page.scan_screens(matcher) for page in self._pages]
        rows = np.concatenate([np.zeros(0, np.uint64), *(scan.rows for scan in scans)])
        nothing = np.zeros((0, len(matcher.terms)), np.float32)
        order = np.argsort(rows)
        return ScreenScan(rows[order], np.concatenate([nothing, *(scan.credits for scan in scans)])[order])

    def count_meeting(self, only: AllOf) -> int:
        return sum(int(np.count_nonzero(mask)) for mask in self._marked(only))

    def are_meeting(self, rows: RowNumbers, only: AllOf) -> Mask:
        """Return which rows are there and meet the clauses, shape (n,)."""
        found = np.zeros(len(rows), np.bool_)
        for page, mask in zip(self._pages, self._marked(only), strict=True):
            places = page.places_of(rows)
            found |= (places >= 0) & mask[places]
        return found

    def nearest(self, ray: Ray, only: AllOf, count: int) -> RowNumbers:
        """Return the rows of at most `count` nearest vectors of a column that is kept; compares all."""
        rows, cosines = [np.zeros(0, np.uint64)], [np.zeros(0, np.float32)]
        for page, mask in zip(self._pages, self._marked(only), strict=True):
            kept = page.vectors.get(ray.column.name)
            if kept is not None:
                places, near = kept.nearest(ray.vector, mask, count)
                rows.append(page.rows[places])
                cosines.append(near)
        return _first(np.concatenate(rows), np.concatenate(cosines), count)

    def nearest_of(self, ray: Ray, rows: RowNumbers, count: int) -> RowNumbers:
        """Return those of some rows whose vectors, which are kept, lie nearest."""
        cosines = np.full(len(rows), -np.inf, np.float32)
        for page in self._pages:
            places = page.places_of(rows)
            kept = page.vectors.get(ray.column.name)
            mine = np.flatnonzero(places >= 0)
            if kept is not None and len(mine):
                near = kept.cosines(ray.vector, places[mine])
                cosines[mine] = np.where(kept.there[places[mine]], near, -np.inf)
        return _first(rows[np.isfinite(cosines)], cosines[np.isfinite(cosines)], count)

    def surest(self, who: WhoQuery, only: AllOf, count: int) -> RowNumbers:
        """Return the rows of at most `count` scenes that answer best by who is seen in them."""
        rows, scores = [np.zeros(0, np.uint64)], [np.zeros(0, np.float32)]
        for page, mask in zip(self._pages, self._marked(only), strict=True):
            rated = np.where(mask, who.rated(page.people.surest_of), np.float32(0.0))
            places = best_places(rated, count)
            rows.append(page.rows[places])
            scores.append(rated[places])
        return _first(np.concatenate(rows), np.concatenate(scores), count)

    def candidates(self, rows: Iterable[int], columns: Sequence[VectorColumn]) -> list[Candidate]:
        """Return scenes that stand, with those of their vectors that are kept, in the order of their rows."""
        numbers = np.unique(np.fromiter(rows, np.uint64))
        found: list[Candidate] = []
        for page in self._pages:
            places = page.places_of(numbers)
            mine = places[places >= 0]
            if len(mine):
                found += page.candidates(mine, columns)
        return sorted(found, key=lambda one: one.row)

    def vector_count(self, name: str) -> int:
        """Return how many scenes have a vector in a column."""
        if name not in self._counts:
            self._counts[name] = sum(page.vector_count(name) for page in self._pages)
        return self._counts[name]

    @property
    def size_bytes(self) -> int:
        """Return about how much memory the scenes take without their vectors."""
        return sum(page.size_bytes for page in self._pages)

    @property
    def vector_bytes(self) -> int:
        """Return how much memory the vectors take."""
        return sum(kept.size_bytes for page in self._pages for kept in page.vectors.values())

    def _marked(self, only: AllOf) -> list[Mask]:
        """Return for each page which scenes stand and meet the clauses; kept for one set of them."""
        if not only:
            return [page.stands for page in self._pages]
        if self._met is None or self._met[0] != only:
            self._met = only, [page.stands & meeting(page, only) for page in self._pages]
        return self._met[1]

    def _follow_columns(self, table: Table) -> None:
        """Keep the columns that there are now, as far as they fit.

        One that is new to the table has no vectors yet, and so lacks on the pages that there are.
        """
        columns = [column for column in columns_of(table.schema) if column not in self._too_long]
        columns.sort(key=lambda column: column.space.dimensions)
        number_bytes = precision_of(table).itemsize * table.count_rows()
        while sum(one.space.dimensions for one in columns) * number_bytes > self._most_vector_bytes:
            self._too_long.add(columns.pop())
        self._columns = tuple(columns)
        for page in self._pages:
            page.keep_vectors({column.name for column in columns})

    def _forget_removed(self, table: Table) -> None:
        count = table.count_rows()
        if sum(page.count for page in self._pages) != count:
            rows = table.search().select([ROW]).limit(max(1, count)).to_arrow()[ROW].to_numpy()
            for page in self._pages:
                page.keep_only(rows)
        self._pages = [page for page in self._pages if page.count]

    def _join_small_pages(self, table: Table) -> None:
        worn = [page for page in self._pages if page.is_worn]
        if len(worn) > _MOST_SMALL_PAGES:
            rows = np.concatenate([page.rows[page.stands] for page in worn])
            joined = page_of_rows(table, rows, self._columns)
            self._pages = [page for page in self._pages if not page.is_worn] + [joined]


def _first(rows: RowNumbers, cosines: NDArray[np.float32], count: int) -> RowNumbers:
    return rows[np.argsort(-cosines, kind="stable")[:count]]
