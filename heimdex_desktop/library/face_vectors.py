"""The faces of a video with their vectors: personal, so they stay in the library and lie beside no video."""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.faces import SeenFace
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import is_file, read_whole, remove, told_plainly, write_whole
from heimdex_desktop.library.face_fields import face_fields, face_from
from heimdex_desktop.library.json_fields import Fields
from heimdex_desktop.library.matrices import MatrixFile, from_bytes, space_fields, space_of, to_bytes
from heimdex_desktop.library.ownership import Owner
from heimdex_desktop.library.places import Places

FORMAT = "heimdex-faces"
_VECTORS = "faces"


@dataclass(frozen=True, slots=True)
class VideoFaces:
    """All faces that were found in a video, and the space of their vectors; None where they have none.

    `fingerprint` tells under what circumstances they were found. `threshold` is the cosine above which the
    model takes two faces for one person; None also where an older version kept them. Raises ValueError when
    a vector is missing, too much, of another length or not finite.
    """

    space: EmbeddingSpace | None
    fingerprint: str
    faces: tuple[SeenFace, ...]
    threshold: float | None = None

    def __post_init__(self) -> None:
        wanted = None if self.space is None else (self.space.dimensions,)
        for vector in (seen.face.vector for seen in self.faces):
            shape = None if vector is None else vector.shape
            if shape != wanted or (vector is not None and not np.isfinite(vector).all()):
                message = f"a face with a vector of shape {shape}, finite: {wanted} was asked for"
                raise ValueError(message)


class FaceStore:
    """Keeps the faces of each video in a file that only the person can read."""

    def __init__(self, places: Places, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._places = places
        self._now = now

    def load(self, video_id: VideoId) -> VideoFaces | None:
        """Return the faces of a video; None where none were kept, or they cannot be used any more.

        Raises NoAccess.
        """
        place = self._places.faces_of(video_id)
        content = read_whole(place)
        if content is None:
            return None
        try:
            owner, faces = from_bytes(FORMAT, content, _read, name=place.name)
        except ForeignSidecar:
            # Nothing is lost and nothing is to be done: they are found again.
            return None
        return faces if owner.video_id == video_id else None

    def save(self, video_id: VideoId, faces: VideoFaces) -> None:
        """Replace what is kept of a video; raises DiskFull and NoAccess."""
        content = _written(Owner(video_id, self._now()), faces)
        write_whole(self._places.faces_of(video_id), content, private=True)

    def thin(self, video_id: VideoId, faces: VideoFaces) -> None:
        """Replace what is kept of a video by a part of it, which was looked for when the whole was.

        Raises DiskFull and NoAccess.
        """
        place = self._places.faces_of(video_id)
        with told_plainly(place):
            before = place.stat()
            self.save(video_id, faces)
            os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))

    def holds(self, video_id: VideoId) -> bool:
        """Tell whether anything is kept of a video, be it that it shows no face."""
        return is_file(self._places.faces_of(video_id))

    def states(self) -> dict[VideoId, tuple[int, ...]]:
        """Return for each video of which faces are kept what differs when its file does; oldest first.

        Raises NoAccess.
        """
        with told_plainly(self._places.faces):
            found = [(file, file.stat()) for file in self._places.faces.glob("*.npz")]
        found.sort(key=lambda one: one[1].st_mtime_ns)
        return {VideoId(file.stem): (at.st_mtime_ns, at.st_size, at.st_ino) for file, at in found}

    def forget(self, video_id: VideoId) -> None:
        """Delete what is kept of a video; raises NoAccess."""
        remove(self._places.faces_of(video_id))

    def forget_all(self) -> None:
        """Delete what is kept of every video, also what a killed program left there; raises NoAccess."""
        with told_plainly(self._places.faces):
            files = list(self._places.faces.iterdir()) if self._places.faces.is_dir() else []
        for file in files:
            remove(file)


def as_kept(faces: VideoFaces) -> VideoFaces:
    """Return these faces as they will come back from the store: all their numbers are rounded there."""
    nobody = Owner(VideoId(str(uuid.UUID(int=0))), datetime.now(UTC))
    return from_bytes(FORMAT, _written(nobody, faces), _read, name=FORMAT)[1]


def _written(owner: Owner, faces: VideoFaces) -> bytes:
    header = {
        "space": None if faces.space is None else space_fields(faces.space),
        "threshold": faces.threshold,
        "fingerprint": faces.fingerprint,
        "faces": [_fields(seen) for seen in faces.faces],
    }
    return to_bytes(FORMAT, owner, header, {_VECTORS: _matrix(faces)})


def _matrix(faces: VideoFaces) -> Vectors:
    rows = [seen.face.vector for seen in faces.faces if seen.face.vector is not None]
    dimensions = faces.space.dimensions if faces.space else 0
    return (
        np.array(rows, np.float32).reshape(-1, dimensions) if rows else np.zeros((0, dimensions), np.float32)
    )


def _fields(seen: SeenFace) -> dict[str, object]:
    return {"scene_id": seen.scene_id, "at_ms": seen.at_ms, **face_fields(seen.face)}


def _read(file: MatrixFile) -> tuple[Owner, VideoFaces]:
    header = file.header
    space = None if header.content.get("space") is None else space_of(header.inner("space"))
    matrix = file.unit_rows(_VECTORS)
    inners = header.inners("faces")
    vectors = [None] * len(inners) if space is None else list(matrix)
    seen = tuple(_seen(fields, vector) for fields, vector in zip(inners, vectors, strict=True))
    threshold = None if header.content.get("threshold") is None else header.number("threshold")
    return file.owner, VideoFaces(space, header.text("fingerprint"), seen, threshold)


def _seen(fields: Fields, vector: Vectors | None) -> SeenFace:
    return SeenFace(SceneId(fields.uuid("scene_id")), fields.whole("at_ms"), face_from(fields, vector))
