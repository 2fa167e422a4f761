"""What is asked to be done with a model's files, and the news of how far it is."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class WorkKind(StrEnum):
    """What is done with the files of a model."""

    GET = "get"
    IMPORT = "import"
    CHECK = "check"
    REMOVE = "remove"


class WorkState(StrEnum):
    """How a work stands. STALLED runs, but nothing has come for a while."""

    QUEUED = "queued"
    RUNNING = "running"
    STALLED = "stalled"
    STOPPING = "stopping"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


_ENDED = {WorkState.DONE, WorkState.CANCELLED, WorkState.FAILED}


@dataclass(frozen=True, slots=True)
class ModelWork:
    """A thing to do with the model `name`; `path` is where an import takes it from."""

    kind: WorkKind
    name: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class WorkNews:
    """How far a work is. `eta_s` is None while nobody can say; `sentence` tells how it ended."""

    work: ModelWork
    state: WorkState
    done_bytes: int = 0
    total_bytes: int = 0
    eta_s: float | None = None
    is_checking: bool = False
    sentence: str = ""

    @property
    def has_ended(self) -> bool:
        return self.state in _ENDED

    @property
    def fraction(self) -> float:
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0
