"""Lays decoded sound on one line of 16,000 samples a second: gaps become silence, what overlaps is cut."""

from collections.abc import Generator, Iterable
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound

# Stamps are rounded, and some recorders' clocks drift: less than can be told from the picture is let be.
_SLACK_S = Fraction(1, 20)
_JUMP_BACK_S = 1
_BLOCK = SOUND_RATE
_LOUDEST_16_BIT = np.float32(32_768)


class SoundTape:
    """Takes frames in the order of the file and gives samples in the order of time.

    `zero_s` is the stamp of time zero. Samples before `start_ms` and from `end_ms` on are left out. A
    recording whose stamps start again is taken as glued to the one before, as the picture's is.
    """

    def __init__(self, zero_s: Fraction, *, start_ms: int = 0, end_ms: int | None = None) -> None:
        self._shift_s = -zero_s
        self._written = start_ms * SOUND_RATE // 1000
        self._end = None if end_ms is None else end_ms * SOUND_RATE // 1000
        self._to_skip = 0
        self._expected_s: Fraction | None = None
        self._voice = _OneVoice()

    @property
    def is_full(self) -> bool:
        return self._end is not None and self._written >= self._end

    def lay(self, frame: AudioFrame) -> Generator[Sound]:
        """Yield what is complete once this frame is laid down."""
        if not frame.samples or not frame.sample_rate:
            return
        at_s = self._time_s(frame)
        expected_s = self._expected_s
        if expected_s is None or abs(at_s - expected_s) > _SLACK_S:
            yield from self._written_down(self._voice.rest())
            yield from self._go_to(at_s)
            expected_s = at_s
        self._expected_s = expected_s + Fraction(frame.samples, frame.sample_rate)
        yield from self._written_down(self._voice.of(frame))

    def finish(self) -> Generator[Sound]:
        """Yield what the resampler still holds."""
        yield from self._written_down(self._voice.rest())

    def _time_s(self, frame: AudioFrame) -> Fraction:
        expected_s = self._expected_s
        if frame.pts is None:
            return expected_s or Fraction(0)
        at_s = frame.pts * (frame.time_base or Fraction(1)) + self._shift_s
        if expected_s is not None and at_s < expected_s - _JUMP_BACK_S:
            self._shift_s += expected_s - at_s
            return expected_s
        return at_s

    def _go_to(self, at_s: Fraction) -> Generator[Sound]:
        place = round(at_s * SOUND_RATE)
        self._to_skip = max(0, self._written - place)
        while self._written < place and not self.is_full:
            count = min(_BLOCK, place - self._written)
            yield from self._written_down([np.zeros(count, np.float32)])

    def _written_down(self, blocks: Iterable[Sound]) -> Generator[Sound]:
        for block in blocks:
            skipped = min(self._to_skip, len(block))
            self._to_skip -= skipped
            room = None if self._end is None else max(0, self._end - self._written)
            kept = block[skipped:][:room]
            if len(kept):
                self._written += len(kept)
                yield kept


class _OneVoice:
    """Mixes the channels of frames into one and brings them to our rate."""

    def __init__(self) -> None:
        self._resampler: AudioResampler | None = None
        self._source: tuple[str, str, int] | None = None

    def of(self, frame: AudioFrame) -> Generator[Sound]:
        source = (frame.format.name, frame.layout.name, frame.sample_rate)
        if source != self._source:
            yield from self.rest()
            # 16 bits, because there the mix of several channels is scaled so that it never overshoots.
            self._resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_RATE)
            self._source = source
        yield from self._resampled(frame)

    def rest(self) -> Generator[Sound]:
        yield from self._resampled(None)
        self._resampler, self._source = None, None

    def _resampled(self, frame: AudioFrame | None) -> Generator[Sound]:
        if self._resampler is None:
            return
        if frame is not None:
            # The tape keeps the time; stamps that jump must not lead the resampler astray.
            frame.pts = None
        for mixed in self._resampler.resample(frame):
            yield mixed.to_ndarray().reshape(-1).astype(np.float32) / _LOUDEST_16_BIT
