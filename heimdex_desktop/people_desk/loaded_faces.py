"""The faces of all videos in memory, as tracks: loaded once, and again only where their file changed."""

import gc
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from heimdex_desktop.domain.faces import FaceObservation, SeenFace
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.people.matching import Scale, scale_of, strangers_among
from heimdex_desktop.people.statements import NEAR_MS, track_at
from heimdex_desktop.people.tracks import FaceTrack, tracks_of

_State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Video:
    """The faces of one video; `by_time` are the places of tracks by stretches of `NEAR_MS`."""

    state: _State
    face_count: int
    space: EmbeddingSpace | None
    threshold: float | None
    tracks: tuple[FaceTrack, ...] = ()
    by_time: Mapping[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])
    found: dict[FaceRef, int | None] = field(default_factory=dict[FaceRef, int | None])

    @property
    def is_followed(self) -> bool:
        """Whether tracks could be made: without vectors, or a threshold for them, there are none."""
        return self.space is not None and self.threshold is not None


class LoadedFaces:
    """Tracks of all videos whose vectors can be compared: those of one model.

    That is the `chosen` one where it looked at any video, or else the one that looked at a video last.
    `threshold` is that of the chosen model, for faces that were kept without one.
    """

    def __init__(
        self, store: FaceStore, threshold: float | None, chosen: EmbeddingSpace | None = None
    ) -> None:
        self._store = store
        self._threshold = threshold
        self._chosen = chosen
        self._videos: dict[VideoId, _Video] = {}
        self._first: dict[VideoId, int] = {}
        self.space: EmbeddingSpace | None = None
        self.scale: Scale | None = None
        self.tracks: list[FaceTrack] = []

    @property
    def videos(self) -> Collection[VideoId]:
        """The videos in which faces were looked for."""
        return self._videos.keys()

    @property
    def face_count(self) -> int:
        """How many faces are kept of all videos, also such as cannot be compared."""
        return sum(video.face_count for video in self._videos.values())

    def take_up(self, only: Collection[VideoId] | None = None) -> bool:
        """Load what changed on disk, in all videos or only in these; tell whether anything did.

        Raises NoAccess.
        """
        states = self._store.states()
        looked_at = self._videos.keys() | states.keys()
        wanted = looked_at if only is None else looked_at & set(only)
        changed = [one for one in wanted if self._state_of(one) != states.get(one)]
        for video_id in changed:
            with _collector_at_rest():
                loaded = self._load(video_id, states[video_id]) if video_id in states else None
            if loaded:
                self._videos[video_id] = loaded
            else:
                self._videos.pop(video_id, None)
        if changed:
            # Oldest first, as they lie on disk.
            self._videos = {one: self._videos[one] for one in states if one in self._videos}
            spaces = [video.space for video in self._videos.values() if video.space]
            latest = spaces[-1] if spaces else None
            self._gather(self._chosen if self._chosen in spaces else latest)
        return bool(changed)

    def find(self, face: FaceRef) -> int | None:
        """Return the place of the track that a face stands for; None where none is seen there."""
        first, video = self._first.get(face.video_id), self._videos.get(face.video_id)
        place = None if first is None or video is None else _found(face, video)
        return None if first is None or place is None else first + place

    def find_in_scene(self, face: FaceRef, scene_id: SceneId) -> int | None:
        """Return the place of the track at the place of a face that is nearest to it in its scene, if any."""
        first, video = self._first.get(face.video_id), self._videos.get(face.video_id)
        if first is None or video is None:
            return None
        in_scene = [place for place, track in enumerate(video.tracks) if track.scene_id == scene_id]
        place = track_at(face, video.tracks, in_scene, within_ms=None)
        return None if place is None else first + place

    def track_of(self, face: FaceRef) -> FaceTrack | None:
        """Return the track that a face stands for, also where another model found it."""
        video = self._videos.get(face.video_id)
        place = _found(face, video) if video else None
        return None if video is None or place is None else video.tracks[place]

    def in_every_space(self) -> "list[LoadedFaces]":
        """Return the same faces once for each model that found some, those of that model as the tracks."""
        spaces = dict.fromkeys(video.space for video in self._videos.values() if video.space)
        return [self._in(space) for space in spaces]

    def standing(self) -> dict[VideoId, frozenset[FaceRef] | None]:
        """Return what stands for the tracks of each video; None where none could be made."""
        return {
            video_id: frozenset(track.ref for track in video.tracks) if video.is_followed else None
            for video_id, video in self._videos.items()
        }

    def _in(self, space: EmbeddingSpace) -> "LoadedFaces":
        other = LoadedFaces(self._store, self._threshold)
        other._videos = self._videos
        other._gather(space)
        return other

    def _state_of(self, video_id: VideoId) -> _State | None:
        video = self._videos.get(video_id)
        return video.state if video else None

    def _load(self, video_id: VideoId, state: _State) -> _Video | None:
        faces = self._store.load(video_id)
        if faces is None:
            return None
        threshold = self._threshold if faces.threshold is None else faces.threshold
        if faces.space is None or threshold is None:
            return _Video(state, len(faces.faces), faces.space, threshold)
        tracks = tuple(_lean(track) for track in tracks_of(video_id, faces.faces, threshold))
        return _Video(state, len(faces.faces), faces.space, threshold, tracks, _by_time(tracks))

    def _gather(self, space: EmbeddingSpace | None) -> None:
        self.space = space
        self._first = {}
        self.tracks = []
        threshold = None
        for video_id, video in self._videos.items():
            if video.space and video.space == self.space:
                threshold = video.threshold
                self._first[video_id] = len(self.tracks)
                self.tracks += video.tracks
        strangers = strangers_among(self.tracks)
        self.scale = None if threshold is None else scale_of(threshold, strangers)


@contextmanager
def _collector_at_rest() -> Generator[None]:
    """Let the collector of cyclic garbage wait while the faces of a video are read: they make no cycles.

    It would look through all faces read so far, over and over, which took half of the time; Python's lock
    is held meanwhile, and the window stands still.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _found(face: FaceRef, video: _Video) -> int | None:
    if face not in video.found:
        slot = face.at_ms // NEAR_MS
        near = {place for at in (slot - 1, slot, slot + 1) for place in video.by_time.get(at, ())}
        video.found[face] = track_at(face, video.tracks, sorted(near))
    return video.found[face]


def _lean(track: FaceTrack) -> FaceTrack:
    """Return a track without what is not needed any more once its vector is made: most of its memory."""
    faces = tuple(SeenFace(one.scene_id, one.at_ms, _without_vector(one.face)) for one in track.faces)
    return FaceTrack(track.video_id, track.scene_id, faces, np.ascontiguousarray(track.vector))


def _without_vector(face: FaceObservation) -> FaceObservation:
    return FaceObservation(face.box, (), face.confidence, face.quality)


def _by_time(tracks: Iterable[FaceTrack]) -> dict[int, tuple[int, ...]]:
    slots: dict[int, dict[int, None]] = {}
    for place, track in enumerate(tracks):
        for seen in track.faces:
            slots.setdefault(seen.at_ms // NEAR_MS, {})[place] = None
    return {slot: tuple(places) for slot, places in slots.items()}
