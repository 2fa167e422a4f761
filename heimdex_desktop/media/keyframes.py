"""Choose the stills that stand for a scene: sharp, not black, not in a dissolve."""

import math
from collections.abc import Sequence

from heimdex_desktop.domain.scene import Keyframe
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.media.samples import Sample

_MS_PER_KEYFRAME = 8_000
_MOST_KEYFRAMES = 3
_NEAR_CUT_MS = 500
_BLACK_LIGHTNESS = 6.0
_BLACK_BRIGHT_END = 20.0
_BLACK_PENALTY = 10.0
_NEAR_CUT_PENALTY = 3.0
_MOTION_OF_ONE_POINT = 8.0
_OFF_CENTRE_PENALTY = 0.5


def keyframes_of(
    span: TimeSpan, samples: Sequence[Sample], *, cuts_ms: Sequence[int]
) -> tuple[Keyframe, ...]:
    """Pick one to three moments inside `span`, in order: one for each full 8 s, at least one.

    `samples` are those of the span, `cuts_ms` the cuts in it and its two ends. Where a part of the
    span has nothing but black, it gets no keyframe, unless everything is black.
    """
    count = min(_MOST_KEYFRAMES, max(1, span.length_ms // _MS_PER_KEYFRAME))
    chosen = [_best(part, samples, cuts_ms=cuts_ms) for part in _parts(span, count)]
    found = [sample for sample in chosen if sample is not None]
    lit = [sample for sample in found if not _is_black(sample)] or found[:1]
    moments_ms = [sample.at_ms for sample in lit] or [(span.start_ms + span.end_ms) // 2]
    return tuple(Keyframe(at_ms) for at_ms in moments_ms)


def _parts(span: TimeSpan, count: int) -> list[TimeSpan]:
    edges_ms = [span.start_ms + span.length_ms * number // count for number in range(count + 1)]
    return [TimeSpan(*edges_ms[number : number + 2]) for number in range(count)]


def _best(part: TimeSpan, samples: Sequence[Sample], *, cuts_ms: Sequence[int]) -> Sample | None:
    inside = [sample for sample in samples if part.contains(sample.at_ms)]
    return max(inside, key=lambda sample: _quality(sample, part, cuts_ms=cuts_ms), default=None)


def _quality(sample: Sample, part: TimeSpan, *, cuts_ms: Sequence[int]) -> float:
    """Weigh what makes a good still; one point is worth a sharpness that is e (2.7) times as high."""
    to_cut_ms = min((abs(sample.at_ms - cut_ms) for cut_ms in cuts_ms), default=_NEAR_CUT_MS)
    half_ms = max(1, part.length_ms / 2)
    off_centre = abs(sample.at_ms - part.start_ms - half_ms) / half_ms
    return (
        math.log1p(sample.sharpness)
        - sample.motion / _MOTION_OF_ONE_POINT
        - _NEAR_CUT_PENALTY * max(0.0, 1 - to_cut_ms / _NEAR_CUT_MS)
        - _BLACK_PENALTY * _is_black(sample)
        - _OFF_CENTRE_PENALTY * off_centre
    )


def _is_black(sample: Sample) -> bool:
    return sample.lightness < _BLACK_LIGHTNESS and sample.bright_end < _BLACK_BRIGHT_END
