"""Gathers what is known of a video from the three places that remember: sidecar, catalogue, index."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from heimdex_desktop.domain.scene import Scene
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import Known, StageRecord, VideoRecord
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.drafts import Drafts
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.seen_people import SeenPeople
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.pipeline.stage import Facts, Kept, StageSpec, digest
from heimdex_desktop.pipeline.stages import FACES, PEOPLE


class Published(Protocol):
    """Knows which videos stand in the index, and under which fingerprint."""

    def record_of(self, video_id: VideoId) -> StageRecord | None: ...

    def scene_count_of(self, video_id: VideoId) -> int: ...

    def video_ids(self) -> frozenset[VideoId]: ...

    def remove(self, video_id: VideoId) -> None: ...


class Shelf:
    """Reads and writes what is known of a video. May be used from several lanes."""

    def __init__(
        self, places: Places, sidecars: SidecarStore, catalogue: Catalogue, published: Published
    ) -> None:
        self._places = places
        self.sidecars = sidecars
        self.catalogue = catalogue
        self.drafts = Drafts(places)
        self._faces = FaceStore(places)
        self._crops = FaceCrops(places)
        self.seen = SeenPeople(places)
        self._published = published

    def record(self, video: Video) -> VideoRecord:
        """Return what the sidecar says, or a fresh record where there is none."""
        found = self.sidecars.load(video)
        return found or VideoRecord(video=video, created_at=datetime.now(UTC))

    def save(self, given: VideoRecord, made: VideoRecord, stage: str) -> VideoRecord:
        """Save what a stage made of the record that it was given, and return what was saved.

        While it was at work somebody may have been forgotten or named: of people, what is known by now is
        saved. Raises DiskFull, NoAccess and ForeignSidecar.
        """

        def settled(newest: VideoRecord | None) -> VideoRecord:
            if stage == PEOPLE:
                seen = self.seen.load(made.video.id)
                scenes = (replace(one, people=tuple(seen.get(one.id, ()))) for one in made.scenes)
                return replace(made, scenes=tuple(scenes))
            return _with_people_of(newest, given, made) if newest else made

        return self.sidecars.save_settled(made.video, settled)

    def known(self, record: VideoRecord, specs: Mapping[str, StageSpec]) -> Known:
        """Return the stage records of all places: what worked travels with the video, failures stay here."""
        video_id = record.video.id
        local = dict(self.catalogue.local_records(video_id))
        if not self._places.stills_of(video_id).is_dir():
            local = {name: record for name, record in local.items() if record.failure}
        if not (self._faces.holds(video_id) and self._crops.holds(video_id)):
            local = {name: record for name, record in local.items() if name != FACES or record.failure}
        records = {**record.stages, **local}
        published = self._published.record_of(video_id)
        if published:
            records.update({spec.name: published for spec in specs.values() if spec.kept is Kept.INDEX})
        media = record.video.media
        return Known(records, media.duration_ms if media else None, len(record.scenes))

    def known_of_absent(self, known: Known, video_id: VideoId) -> Known:
        """Return what is known of a video that is away with its sidecar: the index still has its scenes."""
        scene_count = known.scene_count or self._published.scene_count_of(video_id)
        return replace(known, scene_count=scene_count)

    def facts(self, known: Known, video: Video, subtitles: str) -> Facts:
        """Return all that decides what is due; `subtitles` differs when the files beside the video do."""
        observed = {
            "subtitles": subtitles,
            "places": digest(sorted(str(path) for path in video.locations)),
            "people": self.seen.digest(video.id),
        }
        return Facts(known.records, observed, self.catalogue.attempts(video.id))

    def forgive(self, video_id: VideoId) -> None:
        """Forget the failures of a video and the tries that never ended, so that they are due again."""
        self.catalogue.clear_attempts(video_id)
        for stage, record in self.catalogue.local_records(video_id).items():
            if record.failure:
                self.catalogue.forget_local(video_id, stage)

    def drop_orphans(self) -> None:
        """Take out of the index what the catalogue knows no more: its file was replaced by another video."""
        wanted = {video.id for video in self.catalogue.videos()}
        for video_id in self._published.video_ids() - wanted:
            self._published.remove(video_id)

    def forget(self, video_id: VideoId, *, with_sidecar: bool = False) -> None:
        """Remove a video from the catalogue, with its stills, its faces and what was heard of it so far.

        With `with_sidecar` also what lies beside it: record and vectors, never the video.
        """
        video = self.catalogue.video(video_id)
        if with_sidecar and video:
            self.sidecars.forget(video)
        self.catalogue.remove_video(video_id)
        self.drafts.drop(video_id)
        self._faces.forget(video_id)
        self._crops.forget(video_id)
        self.seen.save(video_id, {})
        shutil.rmtree(self._places.stills_of(video_id), ignore_errors=True)


def _with_people_of(newest: VideoRecord, given: VideoRecord, made: VideoRecord) -> VideoRecord:
    """Return a record with the people of the newest one, where the stage left them as they were given."""
    before, now = ({scene.id: scene for scene in one.scenes} for one in (given, newest))

    def settled(scene: Scene) -> Scene:
        was, by_now = before.get(scene.id), now.get(scene.id)
        if was is None or by_now is None or scene.people != was.people:
            return scene
        return replace(scene, people=by_now.people, people_count=by_now.people_count)

    return replace(made, scenes=tuple(settled(scene) for scene in made.scenes))


def subtitle_state(beside: Mapping[Path, Sequence[Path]]) -> str:
    """Return a text that differs when a subtitle file comes, goes or changes.

    `beside` are the subtitle files of each place of a video. What counts is what they say and what
    their names add to the video's: a copy on another drive, or renamed with its video, is the same.
    """
    facts = {
        (file.name[len(place.stem) :], content)
        for place, files in beside.items()
        for file in files
        if (content := _digest_of(file))
    }
    return digest(sorted(facts)) if facts else ""


def _digest_of(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""
