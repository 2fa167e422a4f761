"""The index of the vectors of a large library: when it is made, and made anew.

Vectors are put into groups, and of each one bit a dimension is kept (Gao and Long, RaBitQ: Quantizing
high-dimensional vectors with a theoretical error bound, 2024). A search looks through the bits of the nearest
groups and compares the best of them exactly. What was published since is in no group yet: it is compared
exactly with every search, until the table is tidied and a piece is added to the index. Many pieces make
searches slow, so then all of it is made anew.

Measured with 100,000 vectors of 384 and 768 dimensions on two cores: made in 2 and 4 s, 6 and 11 MB, 10 to
20 ms for a search that finds 0.999 of the twenty nearest, where LanceDB without an index takes 180 and
440 ms. Of its other indexes, IVF_PQ took 139 and 361 s to make and missed more. `tests/benchmarks/scale.py`
repeats it.
"""

from typing import Any

from lancedb.index import IvfRq
from lancedb.table import Table

from heimdex_desktop.index.schema import VectorColumn

FROM_ROWS = 20_000
"""Below, a product in memory is as fast, and its vectors are soon read again after a change."""
_MOST_PIECES = 16
# All groups of a million vectors, at LanceDB's 8,192 in each.
_GROUPS = 128
_COMPARED = 4
_DIMENSIONS_STEP = 8


def is_indexed(table: Table, column: VectorColumn) -> bool:
    """Say whether there is an index of these vectors. May raise FOREIGN_ERRORS."""
    return table.index_stats(_name(column)) is not None


def keep_indexed(table: Table, column: VectorColumn, from_rows: int = FROM_ROWS) -> None:
    """Make an index where a table has become large, or anew where it is in many pieces.

    It takes a minute for a million vectors; searches go on meanwhile. May raise FOREIGN_ERRORS.
    """
    if column.space.dimensions % _DIMENSIONS_STEP or table.count_rows() < from_rows:
        return
    stats = table.index_stats(_name(column))
    pieces = stats.num_indices or 1 if stats else 0
    if not pieces or pieces > _MOST_PIECES:
        table.create_index(column.name, config=IvfRq(distance_type="dot"), name=_name(column))


def looking_through(search: Any) -> Any:
    """Tell a search of vectors how much of an index to look through; without one, it says nothing."""
    return search.distance_type("dot").nprobes(_GROUPS)


def looking_closely(search: Any) -> Any:
    """Tell it that, and to compare the best exactly."""
    return looking_through(search).refine_factor(_COMPARED)


def _name(column: VectorColumn) -> str:
    return f"{column.name}_index"
