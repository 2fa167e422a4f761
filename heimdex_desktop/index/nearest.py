"""Which scenes mean something near to a query, as the table finds them: by an index, or by comparing all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.index.database import narrowed
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.vector_index import looking_closely, looking_through

ROW = "_rowid"

RowNumbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Ray:
    """A unit vector, shape (dimensions,), and the column whose vectors it is compared with."""

    column: VectorColumn
    vector: NDArray[np.float32]


def nearest_rows(table: Table, ray: Ray, condition: str, *, count: int) -> RowNumbers:
    """Return the rows of at most `count` vectors nearest to a ray, among those that meet a condition.

    May raise FOREIGN_ERRORS.
    """
    return _rows(narrowed(looking_closely(_search(table, ray)), condition), count)


def roughly_nearest_rows(table: Table, ray: Ray, *, count: int) -> RowNumbers:
    """Return about the nearest rows by what the index alone knows, which reads no vectors.

    May raise FOREIGN_ERRORS.
    """
    return _rows(looking_through(_search(table, ray)), count)


def _search(table: Table, ray: Ray) -> Any:
    return table.search(ray.vector, vector_column_name=ray.column.name)


def _rows(search: Any, count: int) -> RowNumbers:
    search = search.select(["_distance"]).with_row_id(with_row_id=True)
    return search.limit(count).to_arrow()[ROW].to_numpy()
