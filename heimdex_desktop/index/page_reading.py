"""Reads pages of memory from the table."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.index.kept_vectors import KeptVectors, vectors_in
from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.page import READ, Page
from heimdex_desktop.index.schema import CHANGED_IN, ArrowTable, VectorColumn
from heimdex_desktop.index.vector_index import FROM_ROWS

_PAGE_ROWS = 1 << 17
_PART_ROWS = 2048
Precision = np.dtype[np.floating[Any]]
_Vectors = dict[str, KeptVectors]


def precision_of(table: Table) -> Precision:
    """Return how exactly vectors of a table of its size are kept. May raise FOREIGN_ERRORS."""
    return np.dtype(np.float32 if table.count_rows() < FROM_ROWS else np.float16)


def changed_since(table: Table, version: int, columns: Sequence[VectorColumn]) -> Iterator[Page]:
    """Yield the rows that a later version than this one wrote, all for 0. May raise FOREIGN_ERRORS."""
    precision = precision_of(table)
    texts: list[ArrowTable] = []
    vectors: list[_Vectors] = []
    for found in _parts(table, version, [*READ, *_names(columns)]):
        vectors.append(_vectors_of(found, columns, precision))
        # Copied, because a part of what LanceDB gave would hold all of it, and its vectors are large.
        texts.append(found.select([*READ, ROW]).take(pa.array(np.arange(len(found)))))
        if sum(map(len, texts)) >= _PAGE_ROWS:
            yield _page(pa.concat_tables(texts), vectors)
            texts, vectors = [], []
    if texts:
        yield _page(pa.concat_tables(texts), vectors)


def _parts(table: Table, version: int, names: Sequence[str]) -> Iterator[ArrowTable]:
    search: Any = table.search().select(list(names)).with_row_id(with_row_id=True)
    count = table.count_rows()
    if version:
        found: Any = search.where(f"{CHANGED_IN} > {version}").limit(max(1, count)).to_arrow()
        yield from (found.slice(first, _PART_ROWS) for first in range(0, len(found), _PART_ROWS))
        return
    for first in range(0, count, _PART_ROWS):
        # A search for all rows reads far ahead, and what it took for that is not given back.
        yield search.offset(first).limit(_PART_ROWS).to_arrow()


def page_of_rows(table: Table, rows: RowNumbers, columns: Sequence[VectorColumn]) -> Page:
    """Read some rows into one page. May raise FOREIGN_ERRORS."""
    precision = precision_of(table)
    search = table.take_row_ids(rows.tolist()).select([*READ, *_names(columns)])
    found: Any = search.with_row_id().to_arrow()
    return _page(found.select([*READ, ROW]), [_vectors_of(found, columns, precision)])


def _page(texts: ArrowTable, parts: Sequence[_Vectors]) -> Page:
    """Bring rows and their vectors, which come in parts, in the order of the row numbers."""
    order = np.argsort(texts[ROW].to_numpy(), kind="stable")
    vectors = {name: _joined([part[name] for part in parts], order) for name in parts[0]}
    return Page.of(texts.take(pa.array(order)), vectors)


def _joined(parts: Sequence[KeptVectors], order: NDArray[np.int64]) -> KeptVectors:
    vectors = np.concatenate([part.vectors for part in parts])
    there = np.concatenate([part.there for part in parts])
    if (order[1:] > order[:-1]).all():
        return KeptVectors(vectors, there)
    return KeptVectors(vectors[order], there[order])


def _vectors_of(found: ArrowTable, columns: Sequence[VectorColumn], precision: Precision) -> _Vectors:
    kept: _Vectors = {}
    for column in columns:
        vectors, there = vectors_in(found[column.name].combine_chunks())
        kept[column.name] = KeptVectors(vectors.astype(precision), there)
    return kept


def _names(columns: Sequence[VectorColumn]) -> list[str]:
    return [column.name for column in columns]
