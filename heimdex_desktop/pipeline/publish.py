"""Copies a video's record into the index, where it can be found."""

import threading
from typing import TYPE_CHECKING

from heimdex_desktop.domain.scene import EmbeddingSpace, Scene, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import StageRecord, VideoRecord
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore

if TYPE_CHECKING:
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
        self._published: dict[VideoId, StageRecord] = {}
        self._notices: tuple[str, ...] = ()
        self._untidy = False

    def open(self) -> None:
        """Open or make the index; loading the database takes a moment, so not on the window's thread."""
        with self._turn:
            self._opened()

    def record_of(self, video_id: VideoId) -> StageRecord | None:
        """Return under which fingerprint a video stands in the index, or None where it does not."""
        with self._turn:
            self._opened()
            return self._published.get(video_id)

    def video_ids(self) -> frozenset[VideoId]:
        """Return the videos that can be found."""
        with self._turn:
            self._opened()
            return frozenset(self._published)

    def publish(self, record: VideoRecord, fingerprint: str) -> None:
        """Replace a video's rows in the index by what its record says now."""
        with self._turn:
            store = self._opened()
            store.publish(
                record,
                vectors=self._vectors(record),
                stills=self._stills(record),
                fingerprint=fingerprint,
            )
            self._published[record.video.id] = StageRecord(fingerprint, 0.0)
            self._untidy = True

    def remove(self, video_id: VideoId) -> None:
        with self._turn:
            self._opened().remove(video_id)
            self._published.pop(video_id, None)

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

    def _opened(self) -> "SceneStore":
        if self._store is None:
            from heimdex_desktop.index.store import SceneStore

            self._store = SceneStore(self._places.lancedb, self._space)
            self._notices += self._store.notices
            self._published = {
                video_id: StageRecord(fingerprint, 0.0)
                for video_id, fingerprint in self._store.published().items()
            }
        return self._store

    def _vectors(self, record: VideoRecord) -> "dict[SceneId, NDArray[np.float32]]":
        kept = self._sidecars.load_vectors(record.video, "text")
        if kept is None or kept.space != self._space:
            return {}
        return dict(zip(kept.scene_ids, kept.matrix, strict=True))

    def _stills(self, record: VideoRecord) -> dict[SceneId, str]:
        folder = self._places.stills_of(record.video.id)
        return {scene.id: f"{folder.name}/{name}" for scene in record.scenes if (name := _still_name(scene))}


def _still_name(scene: Scene) -> str:
    return f"{scene.keyframes[0].at_ms}.jpg" if scene.keyframes else ""
