"""What one look at all scenes saw: which of them may hold which word, and how sure their tags are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.index.nearest import RowNumbers

PER_CHANNEL = 120
"""How many scenes are taken from each channel for a closer look."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What was seen of `n` scenes; those that lack a quoted phrase are left out.

    `rows` (n) are row numbers, `holds` (words, n) tells which words of the query each may hold, `tagged`
    (tags, n) how sure each tag is.
    """

    rows: RowNumbers
    holds: NDArray[np.bool_]
    tagged: NDArray[np.float32]

    @classmethod
    def blank(cls, rows: RowNumbers, words: int, tags: int) -> "Scan":
        """Make one to be filled in."""
        return cls(rows, np.zeros((words, len(rows)), np.bool_), np.zeros((tags, len(rows)), np.float32))

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(int(np.count_nonzero(held)) for held in self.holds)

    def among(self, rows: RowNumbers) -> "Scan":
        kept = np.isin(self.rows, rows)
        return Scan(self.rows[kept], self.holds[:, kept], self.tagged[:, kept])

    def best_by_words(self, weights: Sequence[float]) -> RowNumbers:
        scores = np.zeros(len(self.rows), np.float32)
        for held, weight in zip(self.holds, weights, strict=True):
            np.add(scores, np.float32(weight), out=scores, where=held)
        return self.rows[best_places(scores, PER_CHANNEL)]

    def best_by_tags(self) -> RowNumbers:
        if not len(self.tagged):
            return self.rows[:0]
        return self.rows[best_places(self.tagged.sum(axis=0), PER_CHANNEL)]


def best_places(scores: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Return where the highest scores above 0 stand, the highest first, the first first of equal ones."""
    places = np.flatnonzero(scores)
    if len(places) > most:
        found = scores[places]
        limit = np.partition(found, -most)[-most]
        higher, equal = places[found > limit], places[found == limit]
        places = np.sort(np.concatenate([higher, equal[: most - len(higher)]]))
    places = places[scores[places] > 0]
    return places[np.argsort(-scores[places], kind="stable")]
