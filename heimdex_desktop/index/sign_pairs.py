"""Finds which words hold a piece, by the pairs of neighbouring signs that they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow.compute
from numpy.typing import NDArray

from heimdex_desktop.index.postings import Places, Postings
from heimdex_desktop.index.schema import ArrowArray

# pyarrow makes these functions when it is imported, so that no type checker knows them.
_arrow: Any = pyarrow.compute
_SIGN_BITS = 21

Pairs = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class SignPairs:
    """The distinct pairs of signs, in order, of `row_count` words or texts, and which of these hold each."""

    row_count: int
    pairs: Pairs
    by_pair: Postings

    @classmethod
    def of(cls, words: ArrowArray) -> "SignPairs":
        """Take words apart, shape (n,); their rows are their places."""
        codes, lengths = pairs_of(words)
        pairs, places = np.unique(codes, return_inverse=True)
        rows = np.repeat(np.arange(len(words)), lengths)
        return cls(len(words), pairs, Postings.of(places, rows, len(pairs)))

    def holding(self, piece: str) -> Places:
        """Return the rows that have all pairs of a piece, and so may hold it; a row may repeat."""
        found = sorted(self._rows_of(piece), key=len)
        rows = found[0]
        for others in found[1:]:
            among = np.zeros(self.row_count, np.bool_)
            among[others] = True
            rows = rows[among[rows]]
        return rows

    @property
    def size_bytes(self) -> int:
        return self.pairs.nbytes + self.by_pair.size_bytes

    def _rows_of(self, piece: str) -> Sequence[Places]:
        """Return the rows of each pair of a piece; of all pairs that begin with it for a single sign."""
        if len(piece) == 1:
            begin = ord(piece) << _SIGN_BITS
            return [self._between(begin, begin + (1 << _SIGN_BITS))]
        codes = [ord(sign) << _SIGN_BITS | ord(following) for sign, following in pairwise(piece)]
        return [self._between(code, code + 1) for code in codes]

    def _between(self, first: int, end: int) -> Places:
        begin, stop = np.searchsorted(self.pairs, np.array([first, end], np.uint64)).tolist()
        return self.by_pair.between(begin, stop)


def pairs_of(words: ArrowArray) -> tuple[Pairs, NDArray[np.int64]]:
    """Return each sign of these words with the one after it (0 at the end), and how many each word has."""
    lengths = _arrow.utf8_length(words).to_numpy().astype(np.int64)
    text = "".join(words.to_pylist())
    signs = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    following = np.append(signs[1:], np.uint64(0))
    following[np.cumsum(lengths)[lengths > 0] - 1] = 0
    return (signs << np.uint64(_SIGN_BITS)) | following[: len(signs)], lengths
