"""Work on a video: what was done, what is to do, how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from heimdex_desktop.domain.errors import HeimdexError, InputError
from heimdex_desktop.domain.scene import Scene
from heimdex_desktop.domain.video import Video, VideoId


class Lane(StrEnum):
    """A queue of work with its own threads, one per purpose."""

    INTAKE = "intake"
    MEDIA = "media"
    MODEL = "model"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a stage failed, for a person; `retry_helps` is false when the file itself is at fault."""

    kind: str
    sentence: str
    advice: str = ""
    retry_helps: bool = True

    @classmethod
    def of(cls, error: HeimdexError) -> "Failure":
        return cls(
            kind=type(error).__name__,
            sentence=error.sentence,
            advice=error.advice,
            retry_helps=not isinstance(error, InputError),
        )


@dataclass(frozen=True, slots=True)
class StageRecord:
    """That a stage ran: on what (`fingerprint`), how long (seconds), and how it failed if it did."""

    fingerprint: str
    seconds: float
    failure: Failure | None = None


Records = Mapping[str, StageRecord]
"""The stage records of one video, by stage name."""


@dataclass(frozen=True, slots=True)
class VideoRecord:
    """All that is known about a video: the content of its sidecar."""

    video: Video
    created_at: datetime
    scenes: tuple[Scene, ...] = ()
    stages: Records = field(default_factory=dict[str, StageRecord])


class Ending(StrEnum):
    """How a task ended. Being stopped is an ending, not an error."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Task:
    """One stage to run on one video; `number` tells this run from every other."""

    number: int
    video_id: VideoId
    stage: str
    lane: Lane
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the library remembers of a video's work, without the scenes themselves."""

    records: Records
    duration_ms: int | None = None
    scene_count: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task's end; `known` is how things stand afterwards (None where they did not change)."""

    task: Task
    ending: Ending
    known: Known | None = None
    failure: Failure | None = None
