"""Which scenes carry a tag, and how sure it is; and which carry any other name of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute
from numpy.typing import NDArray

from heimdex_desktop.index.postings import Places
from heimdex_desktop.index.schema import ArrowArray

# pyarrow makes these functions when it is imported, so that no type checker knows them.
_arrow: Any = pyarrow.compute


@dataclass(frozen=True, slots=True, eq=False)
class TagScores:
    """For each tag the rows that carry it, and its score (0..1) on each of these, both of shape (n,)."""

    by_tag: Mapping[str, tuple[Places, NDArray[np.float32]]]

    @classmethod
    def of(cls, names: ArrowArray, scores: ArrowArray) -> "TagScores":
        """Take lists of tags and lists of their scores apart, each of shape (n,)."""
        flat = _arrow.list_flatten(scores).to_numpy()
        return cls({name: (rows, flat[places]) for name, rows, places in _grouped(names)})

    @property
    def size_bytes(self) -> int:
        return sum(rows.nbytes + scores.nbytes for rows, scores in self.by_tag.values())

    def of_tag(self, tag: str) -> tuple[Places, NDArray[np.float32]]:
        """Return the rows that carry a tag, and its scores."""
        return self.by_tag.get(tag, (np.zeros(0, np.int32), np.zeros(0, np.float32)))


def rows_by_name(names: ArrowArray) -> Mapping[str, Places]:
    """Return the rows of each name in lists of names, of shape (n,)."""
    return {name: rows for name, rows, _ in _grouped(names)}


def _grouped(names: ArrowArray) -> list[tuple[str, Places, NDArray[np.int64]]]:
    """Return each name with its rows, and with its places in all lists put together."""
    encoded = _arrow.list_flatten(names).dictionary_encode()
    numbers = encoded.indices.to_numpy()
    order = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(1, len(encoded.dictionary)))
    places = np.split(order, ends)
    rows = _arrow.list_parent_indices(names).to_numpy().astype(np.int32)
    found = encoded.dictionary.to_pylist()
    return [(name, rows[mine], mine) for name, mine in zip(found, places, strict=False)]
