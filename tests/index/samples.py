"""Invented videos, and an encoder whose idea of meaning is a short list of synonyms."""

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.scene import (
    TEXT,
    Box,
    EmbeddingSpace,
    Scene,
    SceneId,
    ScreenText,
    SeenPerson,
    Segment,
    Transcript,
    scene_id,
)
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.background import BACKGROUNDS
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.store import SceneStore

SCENE_MS = 10_000
_BOX = Box(0.1, 0.8, 0.9, 0.9)
_SYNONYMS = {
    "granny": "grandmother",
    "crepes": "pancakes",
    "railway": "train",
    "departure": "leaves",
    "midday": "noon",
}


class SynonymEncoder:
    """A bag of hashed words, where synonyms are one word, and so are a background question and its answer."""

    logistic = None

    def __init__(self, dimensions: int = 256, model: str = "synonyms") -> None:
        self.space = EmbeddingSpace(model, "1", dimensions)
        self.column = VectorColumn(TEXT, self.space)
        self.asked: list[Purpose] = []
        pairs = [pair for background in BACKGROUNDS.values() for pair in background.answered]
        self._answers = {text: f"pair{number}" for number, pair in enumerate(pairs) for text in pair}

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        self.asked.append(purpose)
        rows = [self._row(self._answers.get(text, text)) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.space.dimensions), np.float32)

    def _row(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.casefold())
        row = sum((self._direction(word) for word in words), np.zeros(self.space.dimensions))
        return (row / (np.linalg.norm(row) or 1.0)).astype(np.float32)

    def _direction(self, word: str) -> NDArray[np.float64]:
        digest = hashlib.sha256(_SYNONYMS.get(word, word).encode()).digest()
        return np.random.default_rng(list(digest[:8])).normal(size=self.space.dimensions)


@dataclass(frozen=True)
class Said:
    """A scene to make: its transcript, its tags, the lines on its screen, and how surely who is seen."""

    text: str = ""
    tags: Mapping[str, float] = field(default_factory=dict[str, float])
    screen: tuple[str, ...] = ()
    people: Mapping[str, float] = field(default_factory=dict[str, float])
    people_count: int | None = None


def video_id(name: str) -> VideoId:
    return VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, name)))


def record_of(name: str, scenes: Iterable[Said]) -> VideoRecord:
    """Make a video of ten-second scenes."""
    made: list[Scene] = []
    for number, said in enumerate(scenes):
        span = TimeSpan(number * SCENE_MS, (number + 1) * SCENE_MS)
        segments = (Segment(span, said.text),) if said.text else ()
        transcript = Transcript(segments, "en" if said.text else None)
        made.append(
            Scene(
                scene_id(video_id(name), span),
                span,
                transcript=transcript,
                tags=said.tags,
                screen_texts=tuple(ScreenText(line, 0.9, _BOX) for line in said.screen),
                people=tuple(SeenPerson(one, "as it was", sure, 3) for one, sure in said.people.items()),
                people_count=len(said.people) if said.people else said.people_count,
            )
        )
    video = Video(video_id(name), (Path(f"/videos/{name}.mp4"),), size_bytes=1)
    return VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(made))


def vectors_of(record: VideoRecord, encoder: SynonymEncoder) -> dict[SceneId, Vectors]:
    """Encode the scenes that have a transcript."""
    spoken = [scene for scene in record.scenes if scene.transcript.text]
    vectors = encoder.encode([scene.transcript.text for scene in spoken], Purpose.PASSAGE)
    return {scene.id: vector for scene, vector in zip(spoken, vectors, strict=True)}


def publish(
    store: SceneStore, name: str, scenes: Iterable[Said | str], encoder: SynonymEncoder | None = None
) -> VideoRecord:
    record = record_of(name, [Said(scene) if isinstance(scene, str) else scene for scene in scenes])
    vectors = {encoder.column: vectors_of(record, encoder)} if encoder else {}
    stills = {scene.id: f"{name}/{scene.span.start_ms}.jpg" for scene in record.scenes}
    store.publish(record, vectors, stills, f"fingerprint of {name}")
    return record
