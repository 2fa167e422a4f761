"""The vectors of a page of scenes, kept in memory so that candidates are compared without reading them.

A small library keeps them as they are (4 bytes a number), since all are compared with every query. A large
one keeps them in half precision: the index finds what may be near, and only that is compared. Half precision
is what vector files hold, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.index.facts import Mask
from heimdex_desktop.index.schema import ArrowArray

_COMPARED_AT_ONCE = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class KeptVectors:
    """One column: `vectors` (n, dimensions) in single or half precision, `there` (n) says which have any."""

    vectors: NDArray[np.floating[Any]]
    there: Mask

    def at(self, places: NDArray[np.integer]) -> Vectors:
        """Return the vectors at some places, whatever stands where there is none."""
        return self.vectors[places].astype(np.float32, copy=False)

    def nearest(
        self, vector: NDArray[np.float32], among: Mask, count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the places of at most `count` nearest among those that are marked, and their cosines."""
        places = np.flatnonzero(among & self.there)
        cosines = self.cosines(vector, places)
        best = np.argsort(-cosines, kind="stable")[:count]
        return places[best], cosines[best]

    def cosines(self, vector: NDArray[np.float32], places: NDArray[np.integer]) -> NDArray[np.float32]:
        if len(places) == len(self.vectors) and self.vectors.dtype == np.float32:
            return (self.vectors @ vector).astype(np.float32, copy=False)
        parts = range(0, len(places), _COMPARED_AT_ONCE)
        found = [self.at(places[first : first + _COMPARED_AT_ONCE]) @ vector for first in parts]
        return np.concatenate([np.zeros(0, np.float32), *found])

    @property
    def size_bytes(self) -> int:
        return self.vectors.nbytes


ByColumn = Mapping[str, KeptVectors]


def vectors_in(column: ArrowArray) -> tuple[Vectors, Mask]:
    """Return vectors of a column of one piece as they stand, shape (n, dimensions), and which are there."""
    flat = column.values.to_numpy(zero_copy_only=False)
    there = column.is_valid().to_numpy(zero_copy_only=False)
    first = column.offset
    return flat.reshape(-1, column.type.list_size)[first : first + len(column)], there
