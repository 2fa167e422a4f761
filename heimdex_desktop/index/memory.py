"""The words and tags of all scenes in memory, kept in step with the table that another thread writes.

A table remembers in which version each row was changed last, and numbers a row the same for as long as it
stands. So what was published since the last search is read alone, into a page of its own, and what it
replaces is crossed out on older pages; small pages are joined by reading them again.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from lancedb.table import Table

from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.page import READ, Page
from heimdex_desktop.index.scan import Scan
from heimdex_desktop.index.schema import CHANGED_IN, ArrowTable, birth_of
from heimdex_desktop.index.screen_words import ScreenVocabulary

_SCREEN = "screen"
_PAGE_ROWS = 1 << 16
_MOST_SMALL_PAGES = 8


class Memory:
    """What is kept of one table at a time. Every method that is given one may raise FOREIGN_ERRORS."""

    def __init__(self) -> None:
        self._birth = b""
        self._version = 0
        self._pages: list[Page] = []
        self._screens = ScreenVocabulary.empty()

    @property
    def screens(self) -> ScreenVocabulary:
        return self._screens

    def follow(self, table: Table) -> None:
        """Read what was published, and forget what was removed, since the last time."""
        for _ in self.following(table):
            pass

    def following(self, table: Table) -> Iterator[int]:
        """Do what `follow` does in steps, and yield how many rows each step read; to be taken to the end."""
        if birth_of(table.schema) != self._birth:
            self._birth, self._version = birth_of(table.schema), 0
            self._pages, self._screens = [], ScreenVocabulary.empty()
        if int(table.version) == self._version:
            return
        for found in _changed_since(table, self._version):
            self._take_in(found)
            yield len(found)
        self._version = int(table.version)
        self._forget_removed(table)
        self._join_small_pages(table)

    def scan(self, terms: Sequence[Term], tags: Sequence[str]) -> Scan:
        """Look at every scene for the words of a query and for some tags."""
        counts = [page.count for page in self._pages]
        scan = Scan.blank(sum(counts), len(terms), len(tags))
        for page, first in zip(self._pages, np.cumsum([0, *counts]).tolist(), strict=False):
            page.mark(terms, tags, scan, first)
        return scan

    def vector_count(self, name: str) -> int:
        """Return how many scenes have a vector in a column."""
        return sum(page.vector_count(name) for page in self._pages)

    @property
    def size_bytes(self) -> int:
        """Return about how much memory all this takes."""
        return self._screens.size_bytes + sum(page.size_bytes for page in self._pages)

    def _take_in(self, found: ArrowTable) -> None:
        rows: RowNumbers = found[ROW].to_numpy()
        for older in self._pages:
            older.cross_out(rows)
        self._pages.append(Page.of(found))
        self._screens = self._screens.without(rows).with_more(found[_SCREEN].combine_chunks(), rows)

    def _forget_removed(self, table: Table) -> None:
        count = table.count_rows()
        if sum(page.count for page in self._pages) != count:
            rows = table.search().select([ROW]).limit(max(1, count)).to_arrow()[ROW].to_numpy()
            for page in self._pages:
                page.keep_only(rows)
            self._screens = self._screens.among(rows)
        self._pages = [page for page in self._pages if page.count]

    def _join_small_pages(self, table: Table) -> None:
        worn = [page for page in self._pages if page.is_worn]
        if len(worn) > _MOST_SMALL_PAGES:
            rows = np.concatenate([page.rows[page.stands] for page in worn])
            found: Any = table.take_row_ids(rows.tolist()).select(list(READ)).with_row_id().to_arrow()
            self._pages = [page for page in self._pages if not page.is_worn] + [Page.of(_in_order(found))]


def _changed_since(table: Table, version: int) -> Iterator[ArrowTable]:
    """Yield the rows that a later version than this one wrote, each time enough for a page; all for 0."""
    search: Any = table.search().select([*READ, _SCREEN]).with_row_id(with_row_id=True)
    search = search.where(f"{CHANGED_IN} > {version}") if version else search
    waiting: list[Any] = []
    for batch in search.limit(max(1, table.count_rows())).to_batches():
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= _PAGE_ROWS:
            yield _in_order(pa.Table.from_batches(waiting))
            waiting.clear()
    if any(one.num_rows for one in waiting):
        yield _in_order(pa.Table.from_batches(waiting))


def _in_order(found: ArrowTable) -> ArrowTable:
    return found.take(pa.array(np.argsort(found[ROW].to_numpy(), kind="stable")))
