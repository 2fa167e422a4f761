"""What a person sees of the work: a row for each video, and one line for all of it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Failure


class RowState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    WAITING_FOR_MODEL = "waiting for a model"
    OFFLINE = "offline"
    NOT_INDEXED = "not indexed"


_READY = frozenset({RowState.DONE, RowState.WAITING_FOR_MODEL, RowState.OFFLINE})
_LEFT_OUT = frozenset({RowState.CANCELLED, RowState.NOT_INDEXED})
_SETTLED = _READY | _LEFT_OUT | {RowState.FAILED}


@dataclass(frozen=True, slots=True)
class VideoRow:
    """One video on the list. `fraction` (0..1) and `eta_s` cover all its stages; None = not known yet.

    `key` is the row's own name: the video's id, or the path of a file that could not be identified.
    `stage` is what is being done, in a person's words; `note` says what is waiting, or that it is a copy.
    """

    key: str
    video_id: VideoId | None
    location: Path
    state: RowState
    stage: str = ""
    fraction: float = 0.0
    eta_s: float | None = None
    failure: Failure | None = None
    note: str = ""
    scene_count: int = 0


@dataclass(frozen=True, slots=True)
class Switch:
    """A change of the model that the search uses: so many videos of all have vectors of the new one.

    `role` is that of the vectors ("text", "vision"). Until all have, the search uses the old ones.
    """

    role: str
    model: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Overall:
    """The work as a whole; `eta_s` is None while nothing has been measured yet.

    `left_out` are videos that a person cancelled, or that wait to be indexed by another order; `waiting` are
    those among `done` of which more will be known with a model that is not here.
    """

    total: int = 0
    done: int = 0
    failed: int = 0
    fraction: float = 0.0
    eta_s: float | None = None
    paused: bool = False
    left_out: int = 0
    waiting: int = 0
    switches: tuple[Switch, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether something is still to be done for any video."""
        return self.done + self.failed + self.left_out < self.total

    @classmethod
    def of(
        cls,
        rows: Collection[VideoRow],
        *,
        eta_s: float | None,
        paused: bool,
        switches: tuple[Switch, ...] = (),
    ) -> "Overall":
        """Sum up all rows; a row that nothing more is done for counts as whole."""
        shares = [1.0 if row.state in _SETTLED else row.fraction for row in rows]
        return cls(
            total=len(rows),
            done=sum(row.state in _READY for row in rows),
            failed=sum(row.state is RowState.FAILED for row in rows),
            fraction=sum(shares) / len(shares) if shares else 0.0,
            eta_s=eta_s,
            paused=paused,
            left_out=sum(row.state in _LEFT_OUT for row in rows),
            waiting=sum(row.state is RowState.WAITING_FOR_MODEL for row in rows),
            switches=switches,
        )
