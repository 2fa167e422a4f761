"""The photos of people: each a JPEG, and the face in it with its vector.

They are personal: they lie in the library alone, readable by their owner only.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from heimdex_desktop.domain.errors import NoAccess
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
    """Two files for each photo: `<id>.jpg` for the eye, `<id>.json` for recognising.

    A new one has a third, an empty `<id>.new`, until it is written down whose photo it is: so what a killed
    program left is told from a photo of somebody whose journal was lost.
    """

    def __init__(self, places: Places) -> None:
        self._folder = places.photos

    def picture(self, photo: PhotoId) -> Path:
        """Return where the JPEG of a photo lies, without looking whether it is there."""
        return self._folder / f"{photo}.jpg"

    def has_picture(self, photo: PhotoId) -> bool:
        """Tell whether the JPEG of a photo is there; one that is empty is not."""
        return _size_of(self.picture(photo)) > 0

    def is_picture(self, photo: PhotoId, jpeg: bytes) -> bool:
        """Tell whether this is the JPEG of a photo; one that cannot be read is not."""
        file = self.picture(photo)
        # Most photos differ by their length, and need not be read.
        return _size_of(file) == len(jpeg) and _readable(file) == jpeg

    def save(self, photo: Photo, jpeg: bytes) -> None:
        """Keep a photo that is new until `settle`. Raises DiskFull and NoAccess."""
        write_whole(self._mark(photo.id), b"", private=True)
        write_whole(self.picture(photo.id), jpeg, private=True)
        self.save_face(photo)

    def settle(self, photo: PhotoId) -> None:
        """Let a photo be new no more: it is written down whose it is. Raises NoAccess."""
        remove(self._mark(photo))

    def new(self) -> frozenset[PhotoId]:
        """Return the photos of which it may not be written down whose they are. Raises NoAccess."""
        with told_plainly(self._folder):
            return frozenset(PhotoId(file.stem) for file in self._folder.glob("*.new"))

    def save_face(self, photo: Photo) -> None:
        """Replace the face of a photo, as when another model looked at it. Raises DiskFull and NoAccess."""
        vector = photo.face.vector
        if vector is None or vector.shape != (photo.space.dimensions,) or not np.isfinite(vector).all():
            message = "a photo without a vector of its space"
            raise ValueError(message)
        written = {"space": space_fields(photo.space), **face_fields(photo.face), "vector": vector.tolist()}
        write_whole(self._face(photo.id), json.dumps(written).encode(), private=True)

    def save_face_again(self, photo: Photo) -> bool:
        """Replace the face of a photo; tell whether the photo was still there by then, else none is left.

        Somebody may be forgotten meanwhile: then the picture goes first. Raises as `save_face` does.
        """
        self.save_face(photo)
        if is_file(self.picture(photo.id)):
            return True
        remove(self._face(photo.id))
        return False

    def without_picture(self) -> frozenset[PhotoId]:
        """Return the photos of which there is everything but the picture. Raises NoAccess."""
        with told_plainly(self._folder):
            faces = {PhotoId(file.stem) for file in self._folder.glob("*.json")}
        return frozenset(faces - set(self.ids()))

    def load(self, photo: PhotoId) -> Photo | None:
        """Return the face of a photo; None where it is not kept or cannot be read."""
        content = _readable(self._face(photo))
        if content is None:
            return None
        try:
            return _photo(photo, fields_of(parsed(content)))
        except (MalformedError, ValueError, OverflowError):
            return None

    def files_of(self, photo: PhotoId) -> tuple[Path, ...]:
        """Return where the files of a photo lie, without looking whether they are there."""
        return (self.picture(photo), self._face(photo), self._mark(photo))

    def ids(self) -> list[PhotoId]:
        """Return all photos that are kept. Raises NoAccess."""
        with told_plainly(self._folder):
            return sorted(PhotoId(file.stem) for file in self._folder.glob("*.jpg"))

    def files(self) -> list[Path]:
        """Return all files that are kept, be they of a photo or not. Raises NoAccess."""
        with told_plainly(self._folder):
            return sorted(self._folder.iterdir())

    def _face(self, photo: PhotoId) -> Path:
        return self._folder / f"{photo}.json"

    def _mark(self, photo: PhotoId) -> Path:
        return self._folder / f"{photo}.new"


def _photo(photo: PhotoId, fields: Fields) -> Photo:
    space = space_of(fields.inner("space"))
    vector = np.array([_number(one) for one in fields.items("vector")], np.float32)
    length = float(np.linalg.norm(vector))
    if vector.shape != (space.dimensions,) or not np.isfinite(length) or length == 0:
        message = "the vector is none of its space"
        raise MalformedError(message)
    return Photo(photo, space, face_from(fields, vector / np.float32(length)))


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size if is_file(file) else 0
    except OSError:
        return 0


def _readable(file: Path) -> bytes | None:
    """Return the content of a file; None where it is gone or may not be read."""
    try:
        return read_whole(file)
    except NoAccess:
        return None


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    message = "a vector of something else than numbers"
    raise MalformedError(message)
