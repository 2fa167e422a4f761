"""Which rows hold which key, as arrays: a row is found by its key without looking at the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]
_HALF = 32


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The rows of `k` keys, which are numbered from 0: `rows[starts[key]:starts[key + 1]]`, in order.

    `starts` has shape (k + 1,). Each row stands once with each of its keys.
    """

    starts: NDArray[np.int64]
    rows: Places

    @classmethod
    def of(cls, keys: NDArray[np.integer], rows: NDArray[np.integer], key_count: int) -> "Postings":
        """Sort pairs of a key and a row, each shape (m,), and leave out what repeats."""
        pairs = (keys.astype(np.uint64) << np.uint64(_HALF)) | rows.astype(np.uint64)
        pairs.sort()
        pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
        sorted_keys = (pairs >> np.uint64(_HALF)).astype(np.int64)
        starts = np.searchsorted(sorted_keys, np.arange(key_count + 1))
        return cls(starts, (pairs & np.uint64((1 << _HALF) - 1)).astype(np.int32))

    def between(self, first: int, end: int) -> Places:
        """Return the rows of the keys from `first` up to `end`, not in order; a row may repeat."""
        return self.rows[self.starts[first] : self.starts[end]]

    @property
    def size_bytes(self) -> int:
        return self.starts.nbytes + self.rows.nbytes
