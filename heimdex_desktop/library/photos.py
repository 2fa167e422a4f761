"""The photos of people: each a JPEG, and the face in it with its vector.

They are personal: they lie in the library alone, readable by their owner only.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.library.disk import is_file, read_whole, remove, told_plainly, write_whole
from heimdex_desktop.library.face_fields import face_fields, face_from
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.matrices import space_fields, space_of
from heimdex_desktop.library.places import Places


@dataclass(frozen=True, slots=True)
class Photo:
    """The face in a photo, with its vector in `space`."""

    id: PhotoId
    space: EmbeddingSpace
    face: FaceObservation


class PhotoStore:
    """Two files for each photo: `<id>.jpg` for the eye, `<id>.json` for recognising."""

    def __init__(self, places: Places) -> None:
        self._folder = places.photos

    def picture(self, photo: PhotoId) -> Path:
        """Return where the JPEG of a photo lies, without looking whether it is there."""
        return self._folder / f"{photo}.jpg"

    def is_picture(self, photo: PhotoId, jpeg: bytes) -> bool:
        """Tell whether this is the JPEG of a photo. Raises NoAccess."""
        file = self.picture(photo)
        with told_plainly(file):
            # Most photos differ by their length, and need not be read.
            if not is_file(file) or file.stat().st_size != len(jpeg):
                return False
        return read_whole(file) == jpeg

    def save(self, photo: Photo, jpeg: bytes) -> None:
        """Keep a photo. Raises DiskFull and NoAccess."""
        write_whole(self.picture(photo.id), jpeg, private=True)
        self.save_face(photo)

    def save_face(self, photo: Photo) -> None:
        """Replace the face of a photo, as when another model looked at it. Raises DiskFull and NoAccess."""
        vector = photo.face.vector
        if vector is None or vector.shape != (photo.space.dimensions,) or not np.isfinite(vector).all():
            message = "a photo without a vector of its space"
            raise ValueError(message)
        written = {"space": space_fields(photo.space), **face_fields(photo.face), "vector": vector.tolist()}
        write_whole(self._face(photo.id), json.dumps(written).encode(), private=True)

    def load(self, photo: PhotoId) -> Photo | None:
        """Return the face of a photo; None where it is not kept or cannot be read. Raises NoAccess."""
        content = read_whole(self._face(photo))
        if content is None:
            return None
        try:
            return _photo(photo, fields_of(parsed(content)))
        except (MalformedError, ValueError):
            return None

    def forget(self, photo: PhotoId) -> None:
        """Delete a photo. Raises NoAccess."""
        remove(self._face(photo))
        remove(self.picture(photo))

    def ids(self) -> list[PhotoId]:
        """Return all photos that are kept. Raises NoAccess."""
        with told_plainly(self._folder):
            return sorted(PhotoId(file.stem) for file in self._folder.glob("*.jpg"))

    def forget_others(self, wanted: Iterable[PhotoId]) -> None:
        """Delete what is kept beside the wanted photos, drafts of a killed program too. Raises NoAccess."""
        stems = set(wanted)
        with told_plainly(self._folder):
            files = [file for file in self._folder.iterdir() if file.stem not in stems]
        for file in files:
            remove(file)

    def _face(self, photo: PhotoId) -> Path:
        return self._folder / f"{photo}.json"


def _photo(photo: PhotoId, fields: Fields) -> Photo:
    space = space_of(fields.inner("space"))
    vector = np.array([_number(one) for one in fields.items("vector")], np.float32)
    length = float(np.linalg.norm(vector))
    if vector.shape != (space.dimensions,) or not np.isfinite(length) or length == 0:
        message = "the vector is none of its space"
        raise MalformedError(message)
    return Photo(photo, space, face_from(fields, vector / np.float32(length)))


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    message = "a vector of something else than numbers"
    raise MalformedError(message)
