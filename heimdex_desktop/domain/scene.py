"""A scene: the searchable unit, a stretch of a video that belongs together."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType

from heimdex_desktop.domain.video import TimeSpan, VideoId

SceneId = NewType("SceneId", str)

TEXT = "text"
"""The role of the vectors that stand for what is said."""

VISION = "vision"
"""The role of the vectors that stand for what is seen."""


def scene_id(video_id: VideoId, span: TimeSpan) -> SceneId:
    """Name a scene by what it is, so that finding it again gives the same name."""
    return SceneId(str(uuid.uuid5(uuid.UUID(video_id), f"{span.start_ms}-{span.end_ms}")))


@dataclass(frozen=True, slots=True)
class Shot:
    """What the camera recorded between two cuts."""

    span: TimeSpan


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The still that stands for a scene."""

    at_ms: int

    @property
    def still_name(self) -> str:
        """The file name of its picture."""
        return f"{self.at_ms}.jpg"


@dataclass(frozen=True, slots=True)
class Word:
    """A spoken word and when it is said."""

    span: TimeSpan
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of speech or a subtitle line; `words` only where their times are known."""

    span: TimeSpan
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A place in a picture, in shares (0..1) of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class ScreenText:
    """A line that is written in the picture at a moment; `confidence` lies in 0..1."""

    text: str
    confidence: float
    box: Box
    at_ms: int = 0


class TranscriptSource(StrEnum):
    SUBTITLE_FILE = "subtitle file"
    SUBTITLE_TRACK = "subtitle track"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in a stretch of video; `language` is a BCP 47 tag, or None where unknown."""

    segments: tuple[Segment, ...] = ()
    language: str | None = None
    source: TranscriptSource | None = None

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class EmbeddingSpace:
    """Which model made a vector. Vectors of different spaces must never be compared."""

    model: str
    revision: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Sight:
    """When a face is first seen in a scene, and when and where in the picture it is seen best."""

    first_ms: int
    best_ms: int
    best: Box


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """Somebody who is seen in a scene: how sure that is (0..1), and in how many pictures.

    `sight` is None where it is not known when they are seen, as in what an older version wrote.
    """

    person_id: str
    name: str
    confidence: float
    frame_count: int
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The searchable unit.

    `tags` maps a tag to how sure it is (0..1), as measured from the frames; `seen_tags` are those that a
    vision model gave. `sampled_count` is the number of frames looked at. `embeddings` names, per role
    ("text", "vision"), the space of the vector kept for this scene. `people_count` is how many faces are
    seen at once, None where nobody looked; `people` are those of them whose names are known.
    """

    id: SceneId
    span: TimeSpan
    keyframes: tuple[Keyframe, ...] = ()
    transcript: Transcript = Transcript()
    tags: Mapping[str, float] = field(default_factory=dict[str, float])
    sampled_count: int = 0
    embeddings: Mapping[str, EmbeddingSpace] = field(default_factory=dict[str, EmbeddingSpace])
    seen_tags: Mapping[str, float] = field(default_factory=dict[str, float])
    screen_texts: tuple[ScreenText, ...] = ()
    people: tuple[SeenPerson, ...] = ()
    people_count: int | None = None

    @property
    def all_tags(self) -> Mapping[str, float]:
        """Return measured and seen tags together, each as sure as the surer of the two."""
        names = {**self.tags, **self.seen_tags}
        return {name: max(self.tags.get(name, 0.0), self.seen_tags.get(name, 0.0)) for name in names}

    def embedded(self, role: str, space: EmbeddingSpace | None) -> "Scene":
        """Return the scene with another vector for a role, or with none; those of other roles stay."""
        others = {kept: its for kept, its in self.embeddings.items() if kept != role}
        return replace(self, embeddings=others | ({role: space} if space else {}))


def with_transcript(scenes: Sequence[Scene], transcript: Transcript) -> tuple[Scene, ...]:
    """Give every scene the segments that are mostly spoken in it, each segment to one scene.

    A scene whose words change has no valid vector of them any more.
    """
    shares: dict[int, list[Segment]] = {number: [] for number in range(len(scenes))}
    for segment in transcript.segments:
        number = _home_of(segment, scenes)
        if number is not None:
            shares[number].append(segment)
    return tuple(
        _saying(scene, replace(transcript, segments=_in_time_order(shares[number])))
        for number, scene in enumerate(scenes)
    )


def _saying(scene: Scene, transcript: Transcript) -> Scene:
    if transcript == scene.transcript:
        return scene
    return replace(scene, transcript=transcript).embedded(TEXT, None)


def _home_of(segment: Segment, scenes: Sequence[Scene]) -> int | None:
    best = max(
        range(len(scenes)),
        key=lambda number: (scenes[number].span.overlap_ms(segment.span), -number),
        default=None,
    )
    if best is not None and scenes[best].span.overlap_ms(segment.span):
        return best
    # A line of no length overlaps nothing, yet it is said at a moment.
    return next((n for n, scene in enumerate(scenes) if scene.span.contains(segment.span.start_ms)), None)


def _in_time_order(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    return tuple(sorted(segments, key=lambda segment: segment.span))
