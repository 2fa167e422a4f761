"""Pictures of faces: the clearest sight of each face that is followed through a scene of a video.

They are personal: they lie in the library alone, readable by their owner only.
"""

import shutil
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.errors import FileGone
from heimdex_desktop.domain.faces import DECIMALS
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import is_folder, told_plainly
from heimdex_desktop.library.places import Places

_FOR_THE_OWNER_ONLY = 0o600


class DraftErased(Exception):
    """A draft was deleted while it was written, as when somebody is forgotten."""


@dataclass(frozen=True, slots=True)
class CropDraft:
    """The pictures of one video while they are being made."""

    folder: Path

    def add(self, face: FaceRef, jpeg: bytes) -> None:
        """Write one picture. Raises DraftErased, DiskFull and NoAccess."""
        file = self.folder / _name(face)
        with _erased_if_gone(), told_plainly(file):
            # Made before it is written, so that it is closed to others from its first byte on.
            file.touch(_FOR_THE_OWNER_ONLY)
            file.write_bytes(jpeg)

    def ensure_there(self) -> None:
        """Raise DraftErased where the draft was deleted."""
        if not is_folder(self.folder):
            raise DraftErased


class FaceCrops:
    """A folder for each video that was looked at, with a JPEG for each of its faces."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def crop(self, face: FaceRef) -> Path:
        """Return where the picture of a face lies, without looking whether there is one."""
        return self._places.crops_of(face.video_id) / _name(face)

    def holds(self, video_id: VideoId) -> bool:
        """Tell whether pictures of a video were made, be it that it shows no face."""
        return is_folder(self._places.crops_of(video_id))

    @contextmanager
    def anew(self, video_id: VideoId) -> Generator[CropDraft]:
        """Collect the pictures of a video: at the end of the block they take the place of those before.

        A block that is left early leaves what was there before; one that was killed leaves its draft to be
        deleted by the next. Raises DraftErased, DiskFull and NoAccess.
        """
        place = self._places.crops_of(video_id)
        draft = _draft_of(place)
        _remove(draft)
        with told_plainly(draft):
            draft.mkdir(0o700, parents=True)
        try:
            made = CropDraft(draft)
            yield made
            made.ensure_there()
            _remove(place)
            with _erased_if_gone(), told_plainly(place):
                draft.rename(place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def forget(self, video_id: VideoId) -> None:
        """Delete the pictures of a video. Raises NoAccess."""
        place = self._places.crops_of(video_id)
        for folder in (place, _draft_of(place)):
            _remove(folder)

    def strays(self, standing: Mapping[VideoId, Collection[FaceRef] | None]) -> list[Path]:
        """Return what is none of these faces; None of a video stands for all its pictures. Raises NoAccess.

        That is also what is of no video, such as what a killed program left.
        """
        found: list[Path] = []
        for folder in _in_folder(self._places.crops):
            if folder.name not in standing:
                found.append(folder)
                continue
            faces = standing[VideoId(folder.name)]
            if faces is not None:
                names = {_name(face) for face in faces}
                found += [file for file in _in_folder(folder) if file.name not in names]
        return found

    def erase(self, stray: Path) -> None:
        """Delete one of the strays. Raises NoAccess."""
        _remove(stray)


@contextmanager
def _erased_if_gone() -> Generator[None]:
    try:
        yield
    except FileGone as gone:
        raise DraftErased from gone


def _in_folder(folder: Path) -> list[Path]:
    with told_plainly(folder):
        return sorted(folder.iterdir()) if folder.is_dir() else []


def _name(face: FaceRef) -> str:
    """Name a file by moment and place, as exactly as faces are kept."""
    box = face.box
    edges = (round(edge * 10**DECIMALS) for edge in (box.left, box.top, box.right, box.bottom))
    return f"{face.at_ms}-{'-'.join(map(str, edges))}.jpg"


def _draft_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.draft")


def _remove(folder: Path) -> None:
    with told_plainly(folder):
        if is_folder(folder):
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
