"""Which parts of a sound a speech model hears together, and the way back to their times."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.domain.video import TimeSpan

PAD_MS = 400
"""What is given along on both sides of a voice: it begins before it is loud enough to be told."""

KEPT_PAUSE_MS = 2_000
"""Shorter pauses are heard as they are; of longer ones only the pads are left."""


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of a sound, in order and apart from each other, that are heard one right after the other."""

    pieces: tuple[TimeSpan, ...]

    @property
    def length_ms(self) -> int:
        return sum(piece.length_ms for piece in self.pieces)

    def cut_from(self, sound: Sound) -> Sound:
        """Return the samples of all pieces, shape (n,)."""
        return np.concatenate(
            [sound[_sample(piece.start_ms) : _sample(piece.end_ms)] for piece in self.pieces]
        )

    def piece_at(self, at_ms: int) -> int:
        """Say which piece is heard at a moment of the window; the last one from its end on."""
        ends_ms = list(accumulate(piece.length_ms for piece in self.pieces))
        return min(bisect_right(ends_ms, at_ms), len(self.pieces) - 1)

    def original(self, start_ms: int, end_ms: int) -> TimeSpan:
        """Return the stretch of the sound that is heard in a stretch of the window."""
        start_ms = self._original_ms(start_ms, self.piece_at(start_ms))
        # The last moment of a piece belongs to it, although the next one begins there.
        end_ms = self._original_ms(end_ms, self.piece_at(max(0, end_ms - 1)))
        return TimeSpan(start_ms, max(start_ms, end_ms))

    def _original_ms(self, at_ms: int, number: int) -> int:
        before_ms = sum(piece.length_ms for piece in self.pieces[:number])
        piece = self.pieces[number]
        return min(piece.start_ms + max(0, at_ms - before_ms), piece.end_ms)


def windows_of(voiced: Sequence[TimeSpan], *, longest_ms: int, end_ms: int) -> tuple[Window, ...]:
    """Group the voiced stretches of a sound of `end_ms` into windows of at most `longest_ms`.

    `voiced` is in order and without overlap. Every voiced millisecond is in exactly one window. Cutting
    at pauses and hearing few, full windows follows WhisperX (Bain et al., "WhisperX: Time-accurate speech
    transcription of long-form audio", 2023), except that long pauses are shortened.
    """
    short = [part for span in voiced for part in _parts(span, longest_ms - 2 * PAD_MS)]
    windows: list[Window] = []
    for span, padded in zip(short, _padded(short, end_ms), strict=True):
        if windows:
            longer = _with(windows[-1], span, padded)
            if longer.length_ms <= longest_ms:
                windows[-1] = longer
                continue
        windows.append(Window((padded,)))
    return tuple(windows)


def trimmed(span: TimeSpan, voiced: Iterable[TimeSpan]) -> TimeSpan:
    """Take the silence off both ends of a span; it stays as it is where no voice is in it."""
    inside = [voice for voice in voiced if voice.overlap_ms(span)]
    if not inside:
        return span
    return TimeSpan(max(span.start_ms, inside[0].start_ms), min(span.end_ms, inside[-1].end_ms))


def _with(window: Window, span: TimeSpan, padded: TimeSpan) -> Window:
    *others, last = window.pieces
    if span.start_ms - (last.end_ms - PAD_MS) <= KEPT_PAUSE_MS:
        return Window((*others, TimeSpan(last.start_ms, padded.end_ms)))
    return Window((*window.pieces, padded))


def _parts(span: TimeSpan, longest_ms: int) -> Iterator[TimeSpan]:
    """Cut what is too long into equal parts: somebody who never pauses cannot be cut at a pause."""
    count = max(1, -(-span.length_ms // longest_ms))
    ends_ms = (span.start_ms + span.length_ms * number // count for number in range(count + 1))
    return (TimeSpan(start_ms, end_ms) for start_ms, end_ms in pairwise(ends_ms))


def _padded(spans: Sequence[TimeSpan], end_ms: int) -> Iterator[TimeSpan]:
    """Widen every span by the pad, but not beyond the middle of the pause to the next one."""
    middles_ms = [(one.end_ms + other.start_ms) // 2 for one, other in pairwise(spans)]
    floors_ms, ceilings_ms = [0, *middles_ms], [*middles_ms, end_ms]
    for number, span in enumerate(spans):
        start_ms = max(floors_ms[number], span.start_ms - PAD_MS)
        yield TimeSpan(start_ms, max(start_ms, min(ceilings_ms[number], span.end_ms + PAD_MS)))


def _sample(at_ms: int) -> int:
    return at_ms * SOUND_RATE // 1000
