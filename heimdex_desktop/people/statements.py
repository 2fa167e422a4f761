"""Finds the tracks again of which a person said something: a video indexed anew has its faces elsewhere."""

from collections.abc import Iterable, Sequence

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.people.tracks import FaceTrack, overlap

NEAR_MS = 1_500
"""Pictures of one shot are looked at about a second apart."""
_SAME_FACE = 0.2


def track_at(
    face: FaceRef, tracks: Sequence[FaceTrack], places: Iterable[int], *, within_ms: int | None = NEAR_MS
) -> int | None:
    """Return which of these tracks is seen at the place of a face, nearest to its moment; None for none.

    It must be seen `within_ms` of it, unless that is None: in a long scene, pictures are looked at far apart.
    """
    near = ((_distance(face, tracks[place], within_ms), place) for place in places)
    best = min(((apart, place) for apart, place in near if apart is not None), default=None)
    return best[1] if best else None


def _distance(face: FaceRef, track: FaceTrack, within_ms: int | None) -> tuple[int, float] | None:
    """Return how far a track is from a face: in time, then in place."""
    seen = (
        (abs(one.at_ms - face.at_ms), -overlap(one.face.box, face.box))
        for one in track.faces
        if within_ms is None or abs(one.at_ms - face.at_ms) <= within_ms
    )
    return min((one for one in seen if -one[1] >= _SAME_FACE), default=None)
