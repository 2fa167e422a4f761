"""Takes people out of every place but the journal: faces, crops, photos, sidecars and the index."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.faces import SeenFace
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.disk import read_whole, remove
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.presence import Presence, presence
from heimdex_desktop.library.sidecar_people import is_damaged_copy, sidecar_files, without_people
from heimdex_desktop.library.sidecar_store import SIDECAR_SUFFIX
from heimdex_desktop.people_desk.loaded_faces import LoadedFaces
from heimdex_desktop.people_desk.refusals import Refusals
from heimdex_desktop.pipeline.publish import Publisher
from heimdex_desktop.pipeline.shelf import Shelf
from heimdex_desktop.pipeline.stages import FACES

_DRAFTS = ".heimdex-*.draft"
_OF_A_VIDEO = 16
_OF_ANYBODY = (b'"person_id"', b'"people_count"')


@dataclass(frozen=True, slots=True)
class Eraser:
    """Each of these may be done again, and finds less to do then. All may raise NoAccess and DiskFull.

    With `refused`, a file that cannot be changed is noted there, and the others are done.
    """

    places: Places
    shelf: Shelf
    publisher: Publisher
    faces: FaceStore
    crops: FaceCrops

    def vectors_of(self, faces: Collection[FaceRef]) -> Iterator[NDArray[np.float32]]:
        """Yield the vectors of these faces, where they are kept."""
        for video_id, gone in _by_video(faces).items():
            kept = self.faces.load(video_id)
            for seen in kept.faces if kept else ():
                if seen.face.vector is not None and _ref(video_id, seen) in gone:
                    yield seen.face.vector

    def vectors_of_all(self) -> Iterator[NDArray[np.float32]]:
        """Yield a few vectors of each video: what is left of such a table is found by any of its parts."""
        for video_id in self.faces.states():
            kept = self.faces.load(video_id)
            faces = kept.faces if kept else ()
            for one in faces[:: max(1, len(faces) // _OF_A_VIDEO)]:
                if one.face.vector is not None:
                    yield one.face.vector

    def erase_faces(self, faces: Collection[FaceRef], refused: Refusals) -> None:
        """Delete these faces with their vectors; all others stay."""
        for video_id, gone in _by_video(faces).items():
            with refused.at(self.places.faces_of(video_id)):
                kept = self.faces.load(video_id)
                left = tuple(one for one in (kept.faces if kept else ()) if _ref(video_id, one) not in gone)
                if kept and len(left) < len(kept.faces):
                    self.faces.thin(video_id, replace(kept, faces=left))

    def erase_strays(self, faces: LoadedFaces, refused: Refusals) -> None:
        """Delete the crops of all but these faces, and faces that cannot be read: they are found again."""
        for stray in self.strays(faces):
            with refused.at(stray):
                self.crops.erase(stray)
        for video_id in self.faces.states().keys() - faces.videos:
            with refused.at(self.places.faces_of(video_id)):
                self.faces.forget(video_id)

    def strays(self, faces: LoadedFaces) -> list[Path]:
        """Return the crops of all but these faces."""
        return self.crops.strays(faces.standing())

    def erase_all_faces(self, refused: Refusals) -> None:
        """Delete all faces with their vectors and crops, and that they were looked for."""
        for video_id in self.faces.states():
            with refused.at(self.places.faces_of(video_id)):
                self.faces.forget(video_id)
        for stray in self.crops.strays({}):
            with refused.at(stray):
                self.crops.erase(stray)
        with refused.at(self.places.faces):
            self.faces.forget_all()
        for video in self.shelf.catalogue.videos():
            self.shelf.catalogue.forget_local(video.id, FACES)

    def erase_drafts(self, refused: Refusals) -> None:
        """Delete what a killed program left half written among what is kept of people."""
        for folder in (self.places.people, self.places.photos, self.places.seen, self.places.faces):
            for draft in folder.glob(_DRAFTS):
                with refused.at(draft):
                    remove(draft)

    def clean_sidecars(
        self, people: Collection[str] | None, refused: Refusals, only: Collection[VideoId] | None = None
    ) -> frozenset[VideoId]:
        """Take these people, or everybody (None), out of all sidecars or only those of some videos.

        Return the videos where some were.
        """
        owners = self._owners()
        marks = _OF_ANYBODY if people is None else [one.encode() for one in people]
        cleaned: set[VideoId] = set()
        for file in self._sidecars():
            owner = owners.get(file)
            if only is not None and owner not in only:
                continue
            with refused.at(file):
                if self._clean(file, people, marks) and owner:
                    cleaned.add(owner)
        return frozenset(cleaned)

    def owners_of(self, files: Collection[Path]) -> frozenset[VideoId]:
        """Return the videos about which these sidecars are."""
        owners = self._owners()
        return frozenset(owners[file] for file in files if file in owners)

    def publish(self, video_ids: Iterable[VideoId]) -> None:
        """Bring the index to what the sidecars of these videos say now, and delete what it said before."""
        for video_id in video_ids:
            video, published = self.shelf.catalogue.video(video_id), self.publisher.record_of(video_id)
            if video and published:
                self.publisher.publish(partial(self._record, video), published.fingerprint)
        self.publisher.purge()

    def away(self, video_ids: Collection[VideoId]) -> tuple[Video, ...]:
        """Return those of these videos of which not all copies can be reached now."""
        videos = (video for video in self.shelf.catalogue.videos() if video.id in video_ids)
        return tuple(
            video for video in videos if any(presence(place) is Presence.OFFLINE for place in video.locations)
        )

    def files(self, but: Collection[Path]) -> Iterator[Path]:
        """Yield all files that could hold something of a person: of the library, and beside videos.

        Models are not among them: they came as they are.
        """
        for file in sorted(self.places.root.rglob("*")):
            if file.is_file() and self.places.models not in file.parents and file not in but:
                yield file
        for file in self._sidecars():
            if self.places.root not in file.parents:
                yield file

    def _record(self, video: Video) -> VideoRecord | None:
        record = self.shelf.record(video)
        return record if record.scenes else None

    def _clean(self, file: Path, people: Collection[str] | None, marks: Iterable[bytes]) -> bool:
        content = read_whole(file)
        if content is None or not any(mark in content for mark in marks):
            return False
        if is_damaged_copy(file):
            remove(file)
            return True
        try:
            return self.shelf.sidecars.rewrite(
                file, lambda found: without_people(found, people, name=file.name)
            )
        except ForeignSidecar:
            return False

    def _owners(self) -> dict[Path, VideoId]:
        owners: dict[Path, VideoId] = {}
        for video in self.shelf.catalogue.videos():
            owners[self.places.sidecars / f"{video.id}{SIDECAR_SUFFIX}"] = video.id
            for place in video.locations:
                owners[place.with_name(place.name + SIDECAR_SUFFIX)] = video.id
        return owners

    def _sidecars(self) -> Iterator[Path]:
        return sidecar_files(self.places, self.shelf.catalogue.every_place())


def _by_video(faces: Collection[FaceRef]) -> dict[VideoId, set[FaceRef]]:
    found: dict[VideoId, set[FaceRef]] = {}
    for face in faces:
        found.setdefault(face.video_id, set()).add(face)
    return found


def _ref(video_id: VideoId, seen: SeenFace) -> FaceRef:
    return FaceRef(video_id, seen.at_ms, seen.face.box)
