"""Make scenes, the stretches a person searches for, out of shots."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from heimdex_desktop.domain.scene import Scene, scene_id
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.media.appearance import tags_of
from heimdex_desktop.media.keyframes import keyframes_of
from heimdex_desktop.media.samples import MOTION_LAG_MS, Sample, unlikeness
from heimdex_desktop.media.watching import Watched

SHORTEST_SCENE_MS = 2_000
LONGEST_SCENE_MS = 30_000

_PART_MS = 24_000
# Two ends may each move by this share of a part: 24 s x 1.24 still is under 30 s.
_PART_GIVE = 0.12
# A cut is the best place to split, so it counts as quieter than any sample.
_CUT_MOTION = -1.0


def scenes_of(video_id: VideoId, watched: Watched) -> tuple[Scene, ...]:
    """Return scenes that tile the video from 0 to its end, each with keyframes and tags.

    A scene lasts 2 to 30 s; only a video shorter than 2 s makes a shorter one. Shots under 2 s join
    the neighbour they look like; what is over 30 s is split evenly, at cuts or where little moves.
    """
    reel = _Reel(watched.samples)
    cuts_ms = [shot.span.start_ms for shot in watched.shots]
    edges_ms = [piece.start_ms for piece in _joined([shot.span for shot in watched.shots], reel)]
    edges_ms += [watched.duration_ms]
    return tuple(
        _scene(video_id, part, reel=_Reel(reel.within(part)), cuts_ms=cuts_ms)
        for start_ms, end_ms in pairwise(edges_ms)
        for part in _split(TimeSpan(start_ms, end_ms), reel, cuts_ms=cuts_ms)
    )


@dataclass(frozen=True, slots=True)
class _Reel:
    """Samples in order of time, quickly found."""

    samples: Sequence[Sample]

    def within(self, span: TimeSpan) -> Sequence[Sample]:
        start, end = (
            bisect_left(self.samples, edge_ms, key=lambda sample: sample.at_ms)
            for edge_ms in (span.start_ms, span.end_ms)
        )
        return self.samples[start:end]

    def unlikeness(self, one: TimeSpan, other: TimeSpan) -> float:
        return unlikeness(self.within(one), self.within(other))


def _scene(video_id: VideoId, span: TimeSpan, *, reel: _Reel, cuts_ms: Sequence[int]) -> Scene:
    inner_ms = cuts_ms[bisect_left(cuts_ms, span.start_ms) : bisect_left(cuts_ms, span.end_ms)]
    return Scene(
        id=scene_id(video_id, span),
        span=span,
        keyframes=keyframes_of(span, reel.samples, cuts_ms=[span.start_ms, *inner_ms, span.end_ms]),
        tags=tags_of(_settled(reel, inner_ms)),
        sampled_count=len(reel.samples),
    )


def _settled(reel: _Reel, cuts_ms: Iterable[int]) -> Sequence[Sample]:
    """Leave out samples whose motion is that of a cut, unless there are no others."""
    jumps = {
        sample.at_ms
        for cut_ms in cuts_ms
        for sample in reel.within(TimeSpan(cut_ms, cut_ms + MOTION_LAG_MS))
        if cut_ms
    }
    return [sample for sample in reel.samples if sample.at_ms not in jumps] or reel.samples


def _joined(shots: Sequence[TimeSpan], reel: _Reel) -> list[TimeSpan]:
    """Join every shot under 2 s to the neighbour that it looks like, in one pass."""
    joined: list[TimeSpan] = []
    waiting_ms: int | None = None
    for number, shot in enumerate(shots):
        piece = shot if waiting_ms is None else TimeSpan(waiting_ms, shot.end_ms)
        waiting_ms = None
        following = shots[number + 1] if number + 1 < len(shots) else None
        if piece.length_ms >= SHORTEST_SCENE_MS or not (joined or following):
            joined.append(piece)
        elif following and not (joined and _leans_left(joined[-1], piece, right=following, reel=reel)):
            waiting_ms = piece.start_ms
        else:
            joined[-1] = TimeSpan(joined[-1].start_ms, piece.end_ms)
    return joined


def _leans_left(left: TimeSpan, piece: TimeSpan, *, right: TimeSpan, reel: _Reel) -> bool:
    # What was long ago in a long neighbour says nothing about how it looks at the cut.
    near_left = TimeSpan(max(left.start_ms, left.end_ms - SHORTEST_SCENE_MS), left.end_ms)
    near_right = TimeSpan(right.start_ms, min(right.end_ms, right.start_ms + SHORTEST_SCENE_MS))
    return reel.unlikeness(near_left, piece) <= reel.unlikeness(piece, near_right)


def _split(span: TimeSpan, reel: _Reel, *, cuts_ms: Sequence[int]) -> list[TimeSpan]:
    if span.length_ms <= LONGEST_SCENE_MS:
        return [span]
    count = -(-span.length_ms // _PART_MS)
    give_ms = int(span.length_ms / count * _PART_GIVE)
    edges_ms = [span.start_ms]
    for number in range(1, count):
        even_ms = span.start_ms + span.length_ms * number // count
        edges_ms.append(_quietest_ms(even_ms, give_ms, reel=reel, cuts_ms=cuts_ms))
    return [TimeSpan(*edge) for edge in pairwise([*edges_ms, span.end_ms])]


def _quietest_ms(even_ms: int, give_ms: int, *, reel: _Reel, cuts_ms: Sequence[int]) -> int:
    window = TimeSpan(even_ms - give_ms, even_ms + give_ms)
    first, last = (bisect_left(cuts_ms, edge_ms) for edge_ms in (window.start_ms, window.end_ms))
    places = [(_CUT_MOTION, abs(cut_ms - even_ms), cut_ms) for cut_ms in cuts_ms[first:last]]
    places += [
        # Whole steps of delta E: less is noise, and then the more even split is the better one.
        (round(sample.motion), abs(sample.at_ms - even_ms), sample.at_ms)
        for sample in reel.within(window)
    ]
    return min(places, default=(0.0, 0, even_ms))[-1]
