"""Which scenes carry a name of a list, and how sure each is: a tag, or somebody who is seen."""

from collections.abc import Iterable, Mapping
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
    """The tags of `n` scenes, or the people in them: `names` are the distinct ones.

    `by_name` has for each the rows that carry it, and its score (0..1) on each of these, both of shape (k,).
    Row by row, `starts` (n + 1) tell where the `numbers` of its tags and their `scores` (m each) begin.
    """

    by_name: Mapping[str, tuple[Places, NDArray[np.float32]]]
    names: tuple[str, ...]
    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, names: ArrowArray, scores: ArrowArray) -> "TagScores":
        """Take lists of tags and lists of their scores apart, each of shape (n,)."""
        flat = _arrow.list_flatten(scores).to_numpy()
        encoded = _arrow.list_flatten(names).dictionary_encode()
        starts = np.zeros(len(names) + 1, np.int64)
        np.cumsum(_arrow.list_value_length(names).to_numpy(), out=starts[1:])
        return cls(
            {name: (rows, flat[places]) for name, rows, places in _grouped(names)},
            tuple(encoded.dictionary.to_pylist()),
            starts,
            encoded.indices.to_numpy(),
            flat,
        )

    @property
    def size_bytes(self) -> int:
        by_row = self.starts.nbytes + self.numbers.nbytes + self.scores.nbytes
        return by_row + sum(rows.nbytes + scores.nbytes for rows, scores in self.by_name.values())

    def of_name(self, name: str) -> tuple[Places, NDArray[np.float32]]:
        """Return the rows that carry a name, and its scores."""
        return self.by_name.get(name, (np.zeros(0, np.int32), np.zeros(0, np.float32)))

    def surest_of(self, names: Iterable[str]) -> NDArray[np.float32]:
        """Return the highest score of any of these names in each scene, shape (n,), 0 where it has none."""
        surest = np.zeros(len(self.starts) - 1, np.float32)
        for name in names:
            rows, scores = self.of_name(name)
            surest[rows] = np.maximum(surest[rows], scores)
        return surest

    def of_rows(self, rows: NDArray[np.integer]) -> list[dict[str, float]]:
        """Return the names of scenes with their scores, in their order there."""
        spans = zip(self.starts[rows].tolist(), self.starts[rows + 1].tolist(), strict=True)
        return [self._between(first, end) if first < end else {} for first, end in spans]

    def _between(self, first: int, end: int) -> dict[str, float]:
        numbers, scores = self.numbers[first:end].tolist(), self.scores[first:end].tolist()
        return {self.names[number]: score for number, score in zip(numbers, scores, strict=True)}


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
