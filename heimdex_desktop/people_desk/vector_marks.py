"""Searches bytes for many vectors at once, as they would stand in a table of 16 or 32 bits."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

NUMBERS = 16
"""So many numbers of a vector are never those of another one."""
_PIECE = 8
"""Bytes by which a place is found; all of a mark is compared there."""
_AT_ONCE = 1 << 24

_Bytes = NDArray[np.uint8]


class VectorMarks:
    """The beginnings of vectors, shape (d,), each of any length from 1 on."""

    def __init__(self, vectors: Iterable[NDArray[np.float32]]) -> None:
        starts = [vector[:NUMBERS] for vector in vectors]
        marks = [start.astype(kind).tobytes() for start in starts for kind in (np.float16, np.float32)]
        self._marks = frozenset(marks)
        self._lengths = sorted({len(mark) for mark in self._marks})
        pieces = {mark[:_PIECE] for mark in self._marks if len(mark) >= _PIECE}
        self._pieces = np.array(sorted(int.from_bytes(one, "little") for one in pieces), np.uint64)
        words = self._pieces.view(np.uint16).reshape(-1, 4)
        # For each of the four words of a piece, which values it may have: most places are ruled out by that.
        self._may_be = np.zeros((4, 1 << 16), np.bool_)
        for place in range(4):
            self._may_be[place, words[:, place]] = True

    def stand_in(self, content: memoryview) -> bool:
        """Tell whether any of the marks is found, at whatever place."""
        if not len(self._pieces):
            return False
        longest = self._lengths[-1]
        whole = np.frombuffer(content, np.uint8)
        firsts = range(0, len(whole), _AT_ONCE)
        return any(self._stand_in(whole[first : first + _AT_ONCE + longest]) for first in firsts)

    def _stand_in(self, content: _Bytes) -> bool:
        for offset in (0, 1):
            words = content[offset : offset + (len(content) - offset) // 2 * 2].view("<u2")
            count = len(words) - 3
            if count <= 0:
                continue
            may_start = np.ones(count, np.bool_)
            for place in range(4):
                may_start &= self._may_be[place][words[place : place + count]]
            at = np.flatnonzero(may_start)
            pieces = sum(words[at + place].astype(np.uint64) << np.uint64(16 * place) for place in range(4))
            for place in at[np.isin(pieces, self._pieces)].tolist():
                if self._is_at(content, offset + 2 * place):
                    return True
        return False

    def _is_at(self, content: _Bytes, place: int) -> bool:
        return any(content[place : place + one].tobytes() in self._marks for one in self._lengths)
