"""Copies a video's record into the index, where it can be found."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import StageRecord, VideoRecord
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.pipeline.plan import fingerprint_from
from heimdex_desktop.pipeline.stage import StageSpec
from heimdex_desktop.pipeline.stages import space_parameters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heimdex_desktop.index.schema import VectorColumn
    from heimdex_desktop.index.store import SceneStore


@dataclass(frozen=True, slots=True)
class VectorKind:
    """Vectors that the index is to hold: their role, the space of the chosen model, and who makes them."""

    role: str
    space: EmbeddingSpace
    stage: StageSpec


class Publisher:
    """The one door to the index for writing; every call waits its turn, and one thread is enough.

    After a change of a model the index holds vectors of the old and of the new one side by side. The
    search goes on with the old ones until `settle` hears that the new ones are complete.
    """

    def __init__(self, places: Places, sidecars: SidecarStore, kinds: Sequence[VectorKind] = ()) -> None:
        self._places = places
        self._sidecars = sidecars
        self._kinds = {kind.role: kind for kind in kinds}
        self._turn = threading.Lock()
        self._store: SceneStore | None = None
        self._published: dict[VideoId, StageRecord] | None = None
        self._scene_counts: Mapping[VideoId, int] | None = None
        self._notices: tuple[str, ...] = ()
        self._untidy = False
        self._switching: frozenset[str] = frozenset()

    def open(self) -> None:
        """Open or make the index for writing: one that another version made is begun anew.

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

    def publish(self, read: Callable[[], VideoRecord | None], fingerprint: str) -> None:
        """Replace a video's rows in the index by what its record says now; by None they stay as they are.

        The record is read in this turn: one read before could bring back who was forgotten since.
        """
        with self._turn:
            record = read()
            if record is None:
                return
            store = self._opened()
            store.publish(
                record,
                vectors={column: self._vectors(record, column) for column in store.columns},
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
            self._scene_counts = None

    def take_notices(self) -> tuple[str, ...]:
        """Return what a person should know of the index and was not told yet."""
        notices, self._notices = self._notices, ()
        return notices

    @property
    def switching(self) -> frozenset[str]:
        """The roles for which the opened index holds vectors of another model than the chosen one.

        Answers at once, also while something is written.
        """
        return self._switching

    def settle(self, complete: frozenset[str]) -> None:
        """Let the index merge its pieces, and let go of old vectors where the new ones are complete.

        For when the work is done; `complete` are roles.
        """
        with self._turn:
            if self._untidy:
                self._opened().optimize()
                self._untidy = False
            self._opened().drop([column for column in self._superseded() if column.role in complete])
            self._note_switching()

    def purge(self) -> None:
        """Let nothing be left in the index of what it said before."""
        with self._turn:
            self._opened().purge()

    def _known(self) -> dict[VideoId, StageRecord]:
        """Return what stands in the index, without making or changing one."""
        if self._published is None:
            from heimdex_desktop.index.store import published_in

            found = published_in(self._places.lancedb)
            self._published = {video_id: StageRecord(mark, 0.0) for video_id, mark in found.items()}
        return self._published

    def _opened(self) -> "SceneStore":
        if self._store is None:
            from heimdex_desktop.index.schema import VectorColumn
            from heimdex_desktop.index.store import SceneStore

            wanted = [VectorColumn(kind.role, kind.space) for kind in self._kinds.values()]
            self._store = SceneStore(self._places.lancedb, wanted)
            self._notices += self._store.notices
            self._published = None
            if not self._store.scene_count():
                self._store.drop(self._superseded())
            self._note_switching()
        return self._store

    def _note_switching(self) -> None:
        self._switching = frozenset(column.role for column in self._superseded())

    def _superseded(self) -> "list[VectorColumn]":
        columns = self._store.columns if self._store else ()
        chosen = {role: kind.space for role, kind in self._kinds.items()}
        return [column for column in columns if column.space != chosen.get(column.role, column.space)]

    def _vectors(self, record: VideoRecord, column: "VectorColumn") -> "dict[SceneId, NDArray[np.float32]]":
        """Return the vectors of a video that still stand for what its scenes are."""
        kept = self._sidecars.load_vectors(record.video, column.role, column.space)
        if kept is None:
            return {}
        valid = {scene.id for scene in record.scenes if scene.embeddings.get(column.role) == column.space}
        kind = self._kinds.get(column.role)
        if kind and kept.fingerprint == fingerprint_from(
            _with_space(kind.stage, column.space), record.stages
        ):
            # Of the model before: the scenes name the new one already, but nothing else has changed.
            valid = set(kept.scene_ids)
        pairs = zip(kept.scene_ids, kept.matrix, strict=True)
        return {scene_id: vector for scene_id, vector in pairs if scene_id in valid}

    def _stills(self, record: VideoRecord) -> dict[SceneId, str]:
        folder = self._places.stills_of(record.video.id)
        shown = [scene for scene in record.scenes if scene.keyframes]
        return {scene.id: f"{folder.name}/{scene.keyframes[0].still_name}" for scene in shown}


def _with_space(spec: StageSpec, space: EmbeddingSpace) -> StageSpec:
    return replace(spec, parameters=space_parameters(space))
