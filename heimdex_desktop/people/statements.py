"""Finds the tracks again of which a person said something: a video indexed anew has its faces elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.people.gallery import Said
from heimdex_desktop.people.tracks import FaceTrack, overlap

if TYPE_CHECKING:
    from heimdex_desktop.domain.video import VideoId

NEAR_MS = 1_500
"""Pictures of one shot are looked at about a second apart."""
_SAME_FACE = 0.2


def said_of(tracks: Sequence[FaceTrack], faces: Mapping[FaceRef, Said]) -> list[Said]:
    """Return what was said of each track; nothing of most.

    A face stands for the track that is seen at its place at its moment, or else nearest to both. Where two
    faces turn out to be of one track, the later word counts.
    """
    by_video: dict[VideoId, list[int]] = {}
    for place, track in enumerate(tracks):
        by_video.setdefault(track.video_id, []).append(place)
    found = [Said()] * len(tracks)
    for face, said in faces.items():
        place = track_at(face, tracks, by_video.get(face.video_id, ()))
        if place is not None:
            found[place] = said
    return found


def track_at(face: FaceRef, tracks: Sequence[FaceTrack], places: Iterable[int]) -> int | None:
    """Return which of these tracks a face stands for; None where none is seen near it."""
    near = ((_distance(face, tracks[place]), place) for place in places)
    best = min(((apart, place) for apart, place in near if apart is not None), default=None)
    return best[1] if best else None


def _distance(face: FaceRef, track: FaceTrack) -> tuple[int, float] | None:
    """Return how far a track is from a face: in time, then in place."""
    seen = (
        (abs(one.at_ms - face.at_ms), -overlap(one.face.box, face.box))
        for one in track.faces
        if abs(one.at_ms - face.at_ms) <= NEAR_MS
    )
    return min((one for one in seen if -one[1] >= _SAME_FACE), default=None)
