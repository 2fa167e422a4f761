"""Copies a video's record into the index, where it can be found."""

import threading
from typing import TYPE_CHECKING

from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import StageRecord, VideoRecord
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from heimdex_desktop.index.store import SceneStore


class Publisher:
    """The one door to the index for writing; every call waits its turn, and one thread is enough."""

    def __init__(self, places: Places, sidecars: SidecarStore, space: EmbeddingSpace | None) -> None:
        self._places = places
        self._sidecars = sidecars
        self._space = space
        self._turn = threading.Lock()
        self._store: SceneStore | None = None
        self._published: dict[VideoId, StageRecord] | None = None
        self._scene_counts: Mapping[VideoId, int] | None = None
        self._notices: tuple[str, ...] = ()
        self._untidy = False

    def open(self) -> None:
        """Open or make the index for writing: one that another model or version made is begun anew.

        Loading the database takes a moment, so not on the window's thread.
        """
        with self._turn:
            self._opened()

    def record_of(self, video_id: VideoId) -> StageRecord | None:
        """Return under which fingerprint a video stands in the index, or None where it does not."""
        with self._turn:
            return self._known().get(video_id)

    def scene_count_of(self, video_id: VideoId) -> int:
        """Return how many scenes of a video can be found."""
        with self._turn:
            if self._scene_counts is None:
                from heimdex_desktop.index.store import scene_counts_in

                self._scene_counts = scene_counts_in(self._places.lancedb)
            return self._scene_counts.get(video_id, 0)

    def distrust(self) -> None:
        """Take every video as not published, so that each one that is at hand is published anew."""
        with self._turn:
            self._opened()
            self._published = {}

    def video_ids(self) -> frozenset[VideoId]:
        """Return the videos that can be found."""
        with self._turn:
            return frozenset(self._known())

    def publish(self, record: VideoRecord, fingerprint: str) -> None:
        """Replace a video's rows in the index by what its record says now."""
        with self._turn:
            store = self._opened()
            store.publish(
                record,
                vectors=self._vectors(record, store.space),
                stills=self._stills(record),
                fingerprint=fingerprint,
            )
            self._known()[record.video.id] = StageRecord(fingerprint, 0.0)
            self._scene_counts = None
            self._untidy = True

    def remove(self, video_id: VideoId) -> None:
        with self._turn:
            self._opened().remove(video_id)
            self._known().pop(video_id, None)

    def take_notices(self) -> tuple[str, ...]:
        """Return what a person should know of the index and was not told yet."""
        notices, self._notices = self._notices, ()
        return notices

    def tidy(self) -> None:
        """Let the index merge its pieces; worth it when the work is done."""
        with self._turn:
            if self._untidy:
                self._opened().optimize()
                self._untidy = False

    def _known(self) -> dict[VideoId, StageRecord]:
        """Return what stands in the index, without making or changing one."""
        if self._published is None:
            from heimdex_desktop.index.store import published_in

            found = published_in(self._places.lancedb, self._space)
            self._published = {video_id: StageRecord(mark, 0.0) for video_id, mark in found.items()}
        return self._published

    def _opened(self) -> "SceneStore":
        if self._store is None:
            from heimdex_desktop.index.store import SceneStore

            self._store = SceneStore(self._places.lancedb, self._space)
            self._notices += self._store.notices
            self._published = None
        return self._store

    def _vectors(
        self, record: VideoRecord, space: EmbeddingSpace | None
    ) -> "dict[SceneId, NDArray[np.float32]]":
        """Return the vectors of the scenes that say they have one in this space: others are out of date."""
        kept = self._sidecars.load_vectors(record.video, TEXT)
        if kept is None or kept.space != space:
            return {}
        valid = {scene.id for scene in record.scenes if scene.embeddings.get(TEXT) == space}
        pairs = zip(kept.scene_ids, kept.matrix, strict=True)
        return {scene_id: vector for scene_id, vector in pairs if scene_id in valid}

    def _stills(self, record: VideoRecord) -> dict[SceneId, str]:
        folder = self._places.stills_of(record.video.id)
        shown = [scene for scene in record.scenes if scene.keyframes]
        return {scene.id: f"{folder.name}/{scene.keyframes[0].still_name}" for scene in shown}
