"""How long the rest of a transfer will take, by what came in the last seconds."""

from collections import deque

_WINDOW_S = 15.0
_SAMPLE_EVERY_S = 0.25
_ENOUGH_S = 2.0
# No piece is as large: such a jump is a file, or a part of one, that was here before.
_JUMP_BYTES = 4_000_000


class TransferPace:
    """Learns bytes per second, without what was here before and the time in which bytes are compared."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._came_bytes = 0
        self._done_bytes: int | None = None
        self._rate: float | None = None

    def note(self, at_s: float, done_bytes: int, *, is_checking: bool = False) -> None:
        """Take in how much there is at a moment of a steady clock, in seconds."""
        step_bytes = done_bytes - (done_bytes if self._done_bytes is None else self._done_bytes)
        self._done_bytes = done_bytes
        if is_checking:
            self._samples.clear()
            return
        self._came_bytes += step_bytes if step_bytes < _JUMP_BYTES else 0
        if self._samples and at_s - self._samples[-1][0] < _SAMPLE_EVERY_S:
            return
        self._samples.append((at_s, self._came_bytes))
        while at_s - self._samples[0][0] > _WINDOW_S:
            self._samples.popleft()
        self._measure()

    def eta_s(self, total_bytes: int) -> float | None:
        """Return the seconds until so many bytes are here, None while that cannot be said."""
        if not self._rate or self._done_bytes is None:
            return None
        return max(0, total_bytes - self._done_bytes) / self._rate

    def _measure(self) -> None:
        (first_s, first), (last_s, last) = self._samples[0], self._samples[-1]
        if last_s - first_s >= _ENOUGH_S:
            self._rate = (last - first) / (last_s - first_s)
