"""Cuts a stream of sound into stretches where it is quietest, so that hardly a word is torn."""

from collections.abc import Generator, Iterable

import numpy as np

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound

LONGEST_MS = 60_000
SEARCH_MS = 10_000

_STEP_MS = 20
_PAUSE_STEPS = 15
"""A pause between words lasts about 0.3 s; the closure of a "t" is as quiet, but much shorter."""


def cut_at_pauses(
    blocks: Iterable[Sound], *, longest_ms: int = LONGEST_MS, search_ms: int = SEARCH_MS
) -> Generator[Sound]:
    """Yield the same samples in stretches of at most `longest_ms`.

    Each but the last ends in the quietest 0.3 s of its last `search_ms`, the latest where several are
    as quiet, and has a length of whole steps of 20 ms: cutting on from any end gives the same stretches.
    Holds one stretch in memory.
    """
    longest, search = (ms * SOUND_RATE // 1000 for ms in (longest_ms, search_ms))
    waiting: list[Sound] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += len(block)
        while count >= longest:
            joined = np.concatenate(waiting)
            end = longest - search + quietest(joined[longest - search : longest])
            yield joined[:end]
            waiting, count = [joined[end:]], count - end
    if count:
        yield np.concatenate(waiting)


def quietest(sound: Sound) -> int:
    """Return the sample in the middle of the quietest 0.3 s, a whole number of steps of 20 ms from the start.

    For a sound too short to hold such a pause that is its end.
    """
    step = _STEP_MS * SOUND_RATE // 1000
    steps = len(sound) // step
    if steps < _PAUSE_STEPS:
        return steps * step
    loudness = np.square(sound[: steps * step].reshape(steps, step), dtype=np.float64).mean(axis=1)
    around = np.lib.stride_tricks.sliding_window_view(loudness, _PAUSE_STEPS).mean(axis=1)
    latest = len(around) - 1 - int(around[::-1].argmin())
    return (latest + _PAUSE_STEPS // 2) * step
