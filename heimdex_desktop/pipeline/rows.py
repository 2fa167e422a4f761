"""Says for each video, in a person's terms, how its work stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.video import Video
from heimdex_desktop.domain.work import Failure, Known
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.pipeline.forecast import Pace
from heimdex_desktop.pipeline.intake import Refused
from heimdex_desktop.pipeline.plan import Standing, remaining
from heimdex_desktop.pipeline.scheduler import Running, Wanted
from heimdex_desktop.pipeline.stage import StageSpec

_OUT_OF_THE_COUNT = {Standing.WAITING, Standing.FAILED, Standing.PARKED}


@dataclass(frozen=True, slots=True)
class Work:
    """How a video's work stands: `failures` are the reasons of its failed stages."""

    wanted: Wanted
    running: Running | None
    failures: tuple[Failure, ...]
    paused: bool


class RowWriter:
    """Writes rows for the stages of one pipeline."""

    def __init__(self, specs: Sequence[StageSpec], pace: Pace) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._pace = pace

    def row(self, video: Video, known: Known, work: Work) -> VideoRow:
        """Return the row of a video."""
        wanted, running = work.wanted, work.running
        left = remaining(tuple(self._specs.values()), wanted.standing)
        waiting = [s for s in self._specs.values() if wanted.standing[s.name] is Standing.WAITING]
        state = _state(work, left=bool(left))
        if waiting and state is RowState.DONE:
            state = RowState.WAITING_FOR_MODEL if known.scene_count else RowState.NOT_INDEXED
        return VideoRow(
            key=video.id,
            video_id=video.id,
            location=video.home,
            state=state,
            stage=self._stage_title(state, running, left),
            fraction=self._fraction(wanted, running),
            eta_s=self._eta_s(known, running, left) if state is RowState.RUNNING else None,
            failure=next(iter(work.failures), None),
            note=_note(video, [spec.waits_for for spec in waiting]),
            scene_count=known.scene_count,
        )

    def _stage_title(self, state: RowState, running: Running | None, left: Sequence[str]) -> str:
        if running:
            return self._specs[running.task.stage].title
        if state in (RowState.QUEUED, RowState.PAUSED) and left:
            return self._specs[left[0]].title
        return ""

    def _fraction(self, wanted: Wanted, running: Running | None) -> float:
        counted = [s for s in self._specs.values() if wanted.standing[s.name] not in _OUT_OF_THE_COUNT]
        total = sum(spec.weight for spec in counted)
        done = sum(spec.weight for spec in counted if wanted.standing[spec.name] is Standing.SETTLED)
        if running:
            done += running.fraction * self._specs[running.task.stage].weight
        return min(1.0, done / total) if total else 0.0

    def _eta_s(self, known: Known, running: Running | None, left: Collection[str]) -> float | None:
        if known.duration_ms is None:
            return None
        eta_s = 0.0
        for stage in left:
            pace = self._pace.of(stage)
            if pace is None:
                return None
            done = running.fraction if running and running.task.stage == stage else 0.0
            eta_s += (1.0 - done) * pace * known.duration_ms / 1000
        return eta_s


def refused_row(refused: Refused) -> VideoRow:
    """Return the row of a path that is no video."""
    return VideoRow(
        key=str(refused.path),
        video_id=None,
        location=refused.path,
        state=RowState.FAILED,
        failure=refused.failure,
    )


def offline_row(video: Video, known: Known, absence: str) -> VideoRow:
    """Return the row of a video that cannot be seen now: it stays searchable, and nothing is due.

    `absence` says why.
    """
    return VideoRow(
        key=video.id,
        video_id=video.id,
        location=video.home,
        state=RowState.OFFLINE,
        fraction=1.0,
        note=absence,
        scene_count=known.scene_count,
    )


def _state(work: Work, *, left: bool) -> RowState:
    if work.wanted.cancelled:
        return RowState.CANCELLED
    if left or work.running:
        if work.paused:
            return RowState.PAUSED
        return RowState.RUNNING if work.running else RowState.QUEUED
    return RowState.FAILED if work.failures else RowState.DONE


def _note(video: Video, waits_for: Sequence[str]) -> str:
    copies = len(video.locations) - 1
    also = f"The same video is also at {video.locations[1]}" if copies else ""
    more = f" and {copies - 1} more places" if copies > 1 else ""
    return " ".join([*dict.fromkeys(waits_for), f"{also}{more}." if also else ""]).strip()
