"""One face followed through a scene: the observations of it, and one vector for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.faces import DECIMALS, SeenFace
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import Box, SceneId
from heimdex_desktop.domain.video import VideoId

_LEAST_WEIGHT = 0.02
"""Even the poorest sight of a face says a little, and who is known by such alone must have a direction."""
_SAME_PLACE = 0.3
"""Boxes that share so much of what they cover together are at one place."""
_LONGEST_GAP = 3
_LONGEST_GAP_MS = 8_000
"""A face is another track when it comes back after so many pictures with other faces, or after so long."""


@dataclass(frozen=True, eq=False)
class FaceTrack:
    """One face in one scene; `faces` in the order of time, `vector` of unit length.

    What follows from these is found once: after each order about people it is asked of thousands of tracks.
    """

    video_id: VideoId
    scene_id: SceneId
    faces: tuple[SeenFace, ...]
    vector: NDArray[np.float32]

    @cached_property
    def best(self) -> SeenFace:
        """The clearest sight of it."""
        return max(self.faces, key=lambda seen: seen.face.quality.score)

    @cached_property
    def ref(self) -> FaceRef:
        """What stands for the track in the journal."""
        box = self.best.face.box
        corners = (box.left, box.top, box.right, box.bottom)
        # As exact as faces are kept, so that what is said of one holds after the next start.
        return FaceRef(self.video_id, self.best.at_ms, Box(*(round(edge, DECIMALS) for edge in corners)))

    @property
    def quality(self) -> float:
        """How well the face is seen at its clearest, in 0..1."""
        return self.best.face.quality.score

    @cached_property
    def frame_count(self) -> int:
        return len({seen.at_ms for seen in self.faces})

    def meets(self, other: "FaceTrack") -> bool:
        """Say whether both are seen in one picture: then they are two people."""
        if self.scene_id != other.scene_id:
            return False
        return not {seen.at_ms for seen in self.faces}.isdisjoint(seen.at_ms for seen in other.faces)


def tracks_of(video_id: VideoId, faces: Iterable[SeenFace], threshold: float) -> list[FaceTrack]:
    """Follow the faces with vectors through each scene of a video.

    `threshold` is the cosine above which two faces are probably of one person: a face goes on with the
    track that it is likest to above it, or at half of it where it also stands at the same place. In one
    picture no track takes two faces.
    """
    seen = sorted(
        (one for one in faces if one.face.vector is not None), key=lambda one: (one.scene_id, one.at_ms)
    )
    tracks: list[FaceTrack] = []
    for scene_id, in_scene in groupby(seen, key=lambda one: one.scene_id):
        tracks += [
            FaceTrack(video_id, scene_id, tuple(one), mean_vector(one))
            for one in _followed(list(in_scene), threshold)
        ]
    return tracks


def mean_vector(faces: Sequence[SeenFace]) -> NDArray[np.float32]:
    """Return the direction of all vectors together, each counted by how well the face is seen."""
    weights = [weight_of(one.face.quality.score) for one in faces]
    return centre([vector for one in faces if (vector := one.face.vector) is not None], weights)


def weight_of(quality: float) -> float:
    """Return how much a face of this quality, 0..1, counts among others of a person."""
    return max(_LEAST_WEIGHT, quality)


def centre(vectors: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float32]:
    """Return the weighted mean of unit vectors, shape (d,), brought to unit length."""
    total = np.asarray(weights, np.float64) @ np.stack(vectors).astype(np.float64)
    return (total / (np.linalg.norm(total) or 1.0)).astype(np.float32)


def overlap(one: Box, other: Box) -> float:
    """Return what two boxes share of the area that they cover together, in 0..1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(one) + _area(other) - shared)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _followed(seen: Sequence[SeenFace], threshold: float) -> list[list[SeenFace]]:
    finished: list[list[SeenFace]] = []
    open_tracks: list[tuple[int, list[SeenFace]]] = []
    for number, (at_ms, in_picture) in enumerate(groupby(seen, key=lambda one: one.at_ms)):
        faces = list(in_picture)
        lost = [
            number - last > _LONGEST_GAP or at_ms - track[-1].at_ms > _LONGEST_GAP_MS
            for last, track in open_tracks
        ]
        finished += [track for (_, track), is_lost in zip(open_tracks, lost, strict=True) if is_lost]
        open_tracks = [entry for entry, is_lost in zip(open_tracks, lost, strict=True) if not is_lost]
        joined = _joined([track for _, track in open_tracks], faces, threshold)
        open_tracks = [
            (number if place in joined.values() else last, track)
            for place, (last, track) in enumerate(open_tracks)
        ]
        open_tracks += [(number, [face]) for place, face in enumerate(faces) if place not in joined]
    return finished + [track for _, track in open_tracks]


def _joined(tracks: Sequence[list[SeenFace]], faces: Sequence[SeenFace], threshold: float) -> dict[int, int]:
    """Let each face go on with at most one track, the likest pair first; return which with which."""
    pairs = sorted(
        ((_cosine(track[-1], face), place, number) for number, track in enumerate(tracks)
         for place, face in enumerate(faces)),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    joined: dict[int, int] = {}
    lasts = [track[-1] for track in tracks]
    for cosine, place, number in pairs:
        is_free = place not in joined and number not in joined.values()
        if is_free and _is_one(cosine, lasts[number], faces[place], threshold):
            joined[place] = number
            tracks[number].append(faces[place])
    return joined


def _cosine(last: SeenFace, face: SeenFace) -> float:
    one, other = last.face.vector, face.face.vector
    return 0.0 if one is None or other is None else float(one @ other)


def _is_one(cosine: float, last: SeenFace, face: SeenFace, threshold: float) -> bool:
    if cosine < threshold / 2:
        return False
    return cosine >= threshold or overlap(last.face.box, face.face.box) >= _SAME_PLACE
