"""Looks for words and tags in the table itself, row by row: for what is not in memory (yet).

One pass does it for all words of a query. Measured with 100,000 scenes on two cores: some 60 ms for one word.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from lancedb.table import Table

from heimdex_desktop.index.clauses import AllOf, Shows, condition_of
from heimdex_desktop.index.database import narrowed, quoted
from heimdex_desktop.index.exact_words import Term, WordQuery
from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.scan import Scan, best_places
from heimdex_desktop.index.schema import ArrowTable
from heimdex_desktop.index.tag_scores import TagScores
from heimdex_desktop.index.who import WhoQuery


def scanned(table: Table, query: WordQuery, tags: Sequence[str], only: str) -> Scan:
    """Look at every scene that meets a condition. May raise FOREIGN_ERRORS."""
    columns: dict[str, Any] = {f"w{n}": _holds(term) for n, term in enumerate(query.terms)}
    columns |= {f"t{n}": _sureness(tag) for n, tag in enumerate(tags)}
    search = table.search().select(columns or {"w": "false"}).with_row_id(with_row_id=True)
    seen = narrowed(search, only).limit(max(1, table.count_rows())).to_arrow()
    scan = Scan(
        seen[ROW].to_numpy(),
        np.zeros((len(query.terms), seen.num_rows), np.bool_),
        np.zeros((len(tags), seen.num_rows), np.float32),
    )
    for n, held in enumerate(scan.holds):
        held[:] = _column(seen, f"w{n}")
    for n, sure in enumerate(scan.tagged):
        sure[:] = np.nan_to_num(_column(seen, f"t{n}").astype(np.float32))
    return scan


def surest_rows(table: Table, who: WhoQuery, only: AllOf, count: int) -> RowNumbers:
    """Return at most `count` scenes that answer best by who is seen in them. May raise FOREIGN_ERRORS."""
    people = tuple(sorted(who.people))
    if not people:
        return np.zeros(0, np.uint64)
    search = table.search().select(["people", "people_sure"]).with_row_id(with_row_id=True)
    condition = condition_of(only.and_also(Shows(people)))
    found = narrowed(search, condition).limit(max(1, table.count_rows())).to_arrow()
    seen = TagScores.of(found["people"].combine_chunks(), found["people_sure"].combine_chunks())
    return found[ROW].to_numpy()[best_places(who.rated(seen.surest_of), count)]


def rows_with(table: Table, only: str) -> RowNumbers:
    """Return the rows that meet a condition. May raise FOREIGN_ERRORS."""
    search = narrowed(table.search().select([ROW]), only).limit(max(1, table.count_rows()))
    return search.to_arrow()[ROW].to_numpy()


def _column(seen: ArrowTable, name: str) -> Any:
    return seen[name].to_numpy()


def _holds(term: Term) -> str:
    return f"contains(words, {quoted(term.probe)})"


def _sureness(tag: str) -> str:
    return f"array_element(tag_scores, cast(array_position(tag_names, {quoted(tag)}) as bigint))"
