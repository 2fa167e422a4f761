"""Takes people out of every place but the journal: faces, crops, photos, sidecars and the index."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.disk import read_whole, remove, write_whole
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.presence import Presence, presence
from heimdex_desktop.library.sidecar_people import is_damaged_copy, sidecar_files, without_people
from heimdex_desktop.library.sidecar_store import SIDECAR_SUFFIX
from heimdex_desktop.people.tracks import FaceTrack
from heimdex_desktop.pipeline.publish import Publisher
from heimdex_desktop.pipeline.shelf import Shelf
from heimdex_desktop.pipeline.stages import FACES

if TYPE_CHECKING:
    from heimdex_desktop.domain.scene import Box, SceneId

_DRAFTS = ".heimdex-*.draft"
_OF_ANYBODY = (b'"person_id"', b'"people_count"')


@dataclass(frozen=True, slots=True)
class Eraser:
    """Each of these may be done again, and finds less to do then. All may raise NoAccess and DiskFull."""

    places: Places
    shelf: Shelf
    publisher: Publisher
    faces: FaceStore
    crops: FaceCrops

    def erase_tracks(self, tracks: Iterable[FaceTrack]) -> None:
        """Delete the faces of these tracks with their vectors and crops; all others stay."""
        by_video: dict[VideoId, set[tuple[SceneId, int, Box]]] = {}
        for track in tracks:
            remove(self.crops.crop(track.ref))
            gone = by_video.setdefault(track.video_id, set())
            gone.update((one.scene_id, one.at_ms, one.face.box) for one in track.faces)
        for video_id, gone in by_video.items():
            kept = self.faces.load(video_id)
            if kept:
                left = tuple(one for one in kept.faces if (one.scene_id, one.at_ms, one.face.box) not in gone)
                self.faces.save(video_id, replace(kept, faces=left))

    def erase_all_faces(self) -> None:
        """Delete all faces with their vectors and crops, and that they were looked for."""
        self.faces.forget_all()
        self.crops.forget_all()
        for video in self.shelf.catalogue.videos():
            self.shelf.catalogue.forget_local(video.id, FACES)

    def erase_drafts(self) -> None:
        """Delete what a killed program left half written among what is kept of people."""
        for folder in (self.places.people, self.places.photos, self.places.seen):
            for draft in folder.glob(_DRAFTS):
                remove(draft)

    def clean_sidecars(self, people: Collection[str] | None) -> frozenset[VideoId]:
        """Take these people, or everybody (None), out of all sidecars; return the videos where some were."""
        videos = {
            place.with_name(place.name + SIDECAR_SUFFIX): video.id
            for video in self.shelf.catalogue.videos()
            for place in video.locations
        }
        in_library = {
            self.places.sidecars / f"{video_id}{SIDECAR_SUFFIX}": video_id for video_id in videos.values()
        }
        marks = _OF_ANYBODY if people is None else [one.encode() for one in people]
        cleaned = [file for file in self._sidecars() if _clean(file, people, marks)]
        owners = (videos.get(file) or in_library.get(file) for file in cleaned)
        return frozenset(owner for owner in owners if owner)

    def publish(self, video_ids: Iterable[VideoId]) -> None:
        """Bring the index to what the sidecars of these videos say now, and delete what it said before."""
        for video_id in video_ids:
            video, published = self.shelf.catalogue.video(video_id), self.publisher.record_of(video_id)
            record = self.shelf.record(video) if video and published else None
            if record and published and record.scenes:
                self.publisher.publish(record, published.fingerprint)
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

    def _sidecars(self) -> Iterator[Path]:
        return sidecar_files(self.places, self.shelf.catalogue.every_place())


def _clean(file: Path, people: Collection[str] | None, marks: Iterable[bytes]) -> bool:
    content = read_whole(file)
    if content is None or not any(mark in content for mark in marks):
        return False
    if is_damaged_copy(file):
        remove(file)
        return True
    try:
        left = without_people(content, people, name=file.name)
    except ForeignSidecar:
        return False
    if left is not None:
        write_whole(file, left)
    return left is not None
