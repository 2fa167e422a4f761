"""Libraries for measuring the search: scenes with known answers, stored as the product stores them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.scene import (
    TEXT,
    VISION,
    Box,
    Scene,
    SceneId,
    ScreenText,
    Segment,
    Transcript,
    scene_id,
)
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.services import resource

_SCENES_A_VIDEO = 50
_SCENE_MS = 10_000
# So far apart that no scene passes for the neighbour of another.
_PAUSE_MS = 2_000
_BOX = Box(0.1, 0.1, 0.9, 0.2)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A scene to make: `name` is what queries call it, `look` the unit vector of its picture."""

    name: str = ""
    said: str = ""
    tags: Mapping[str, float] = field(default_factory=dict[str, float])
    screen: tuple[str, ...] = ()
    look: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, and the names of the scenes that answer it; none where nothing does."""

    text: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Scenes with the sets of queries that are asked of them. `gap_ms` lies between scenes of a video."""

    title: str
    moments: Sequence[Moment]
    sets: Mapping[str, Sequence[Wanted]]
    vision: TextEncoder | None = None
    gap_ms: int = _PAUSE_MS


class Remembering:
    """Encodes every text once, so that a search can be timed without it."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self.space = encoder.space
        self.logistic = encoder.logistic
        self._known: dict[tuple[str, Purpose], NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        """Return unit vectors, shape (len(texts), space.dimensions)."""
        missing = list(dict.fromkeys(text for text in texts if (text, purpose) not in self._known))
        if missing:
            vectors = self._encoder.encode(missing, purpose)
            self._known |= {(text, purpose): row for text, row in zip(missing, vectors, strict=True)}
        rows = [self._known[text, purpose] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.space.dimensions), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A library in its folder; `names` say which scenes each name stands for."""

    folder: Path
    library: Library
    names: Mapping[str, frozenset[SceneId]]

    def right(self, wanted: Wanted) -> frozenset[SceneId]:
        """Return the scenes that answer a query. Raises KeyError for a name that no scene has."""
        return frozenset(scene for name in wanted.names for scene in self.names[name])


def store(folder: Path, library: Library, text: TextEncoder) -> Stored:
    """Publish a library through the product's own store, with the vectors of what is said and seen."""
    said, seen = VectorColumn(TEXT, text.space), None
    if library.vision:
        seen = VectorColumn(VISION, library.vision.space)
    writer = SceneStore(folder, [column for column in (said, seen) if column])
    names: dict[str, set[SceneId]] = {}
    for start in range(0, len(library.moments), _SCENES_A_VIDEO):
        part = library.moments[start : start + _SCENES_A_VIDEO]
        record = _record(f"{library.title} {start}", part, library.gap_ms)
        vectors = {said: _said_vectors(record, text)}
        if seen:
            looks = zip(record.scenes, part, strict=True)
            vectors[seen] = {scene.id: one.look for scene, one in looks if one.look is not None}
        writer.publish(record, vectors, {}, "measured")
        for scene, moment in zip(record.scenes, part, strict=True):
            names.setdefault(moment.name, set()).add(scene.id)
    writer.optimize()
    return Stored(folder, library, {name: frozenset(ids) for name, ids in names.items()})


def product_tag_words() -> TagWords:
    """Return the words for tags that the product comes with."""
    return TagWords.load(resource("appearance_tags.toml"), resource("vision_tags.toml"))


def _said_vectors(record: VideoRecord, encoder: TextEncoder) -> dict[SceneId, NDArray[np.float32]]:
    spoken = [scene for scene in record.scenes if scene.transcript.text]
    vectors = encoder.encode([scene.transcript.text for scene in spoken], Purpose.PASSAGE)
    return {scene.id: vector for scene, vector in zip(spoken, vectors, strict=True)}


def _record(name: str, moments: Iterable[Moment], gap_ms: int) -> VideoRecord:
    video_id = VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, name)))
    scenes: list[Scene] = []
    for number, moment in enumerate(moments):
        start_ms = number * (_SCENE_MS + gap_ms)
        span = TimeSpan(start_ms, start_ms + _SCENE_MS)
        segments = (Segment(span, moment.said),) if moment.said else ()
        scenes.append(
            Scene(
                scene_id(video_id, span),
                span,
                transcript=Transcript(segments),
                tags=moment.tags,
                screen_texts=tuple(ScreenText(line, 0.9, _BOX) for line in moment.screen),
            )
        )
    return VideoRecord(
        Video(video_id, (Path(f"/videos/{name}.mp4"),), 1), datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes)
    )
