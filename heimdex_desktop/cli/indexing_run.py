"""Runs the indexing to its end on a terminal, with a progress bar, and stops cleanly on Ctrl+C."""

import queue
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID

from heimdex_desktop.cli.console import progress_bar
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.pipeline.board import Overall, RowState, VideoRow
from heimdex_desktop.pipeline.indexing import Event, Indexing
from heimdex_desktop.pipeline.lanes import ThreadLanes
from heimdex_desktop.pipeline.stages import LOCAL_STAGES, NAMING_STAGES
from heimdex_desktop.services import Services

_LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended: every row, what went wrong beside the videos, and whether a person stopped it."""

    rows: tuple[VideoRow, ...]
    troubles: tuple[str, ...] = ()
    interrupted: bool = False


def name_again(services: Services, video_ids: Sequence[VideoId], console: Console) -> RunResult:
    """Write into the records of these videos, and into the index, who is seen in them; nothing else runs."""
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    indexing = services.indexing(ThreadLanes(), events.put, only=NAMING_STAGES)
    indexing.look_again(video_ids)
    return _run(indexing, events, console)


def run_indexing(
    services: Services, paths: Sequence[Path] | None, console: Console, *, from_sidecars_only: bool = False
) -> RunResult:
    """Index the paths, or all the library knows where `paths` is None, until nothing is left to do.

    Into an empty index goes all the library knows: what was found before must be found again. While a
    model is being switched, all videos are gone through too: the search switches when all are done.
    """
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    is_for_all = not services.publisher.video_ids() or services.publisher.switching
    indexing = services.indexing(ThreadLanes(), events.put, only=LOCAL_STAGES if from_sidecars_only else ())
    if paths is None or (is_for_all and not from_sidecars_only):
        indexing.recall()
    if paths is not None:
        indexing.add(paths)
    return _run(indexing, events, console)


def _run(indexing: Indexing, events: queue.SimpleQueue[Event], console: Console) -> RunResult:
    troubles: dict[str, None] = {}
    interrupted = False
    try:
        with progress_bar(console) as progress:
            _follow(indexing, events, progress, troubles)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        indexing.close()
        troubles |= dict.fromkeys(indexing.take_changes().troubles)
    return RunResult(indexing.rows, tuple(troubles), interrupted)


def _follow(
    indexing: Indexing, events: queue.SimpleQueue[Event], progress: Progress, troubles: dict[str, None]
) -> None:
    bar = progress.add_task("Looking for videos", total=None)
    while not indexing.is_idle:
        try:
            indexing.receive(events.get(timeout=_LOOK_EVERY_S))
            while True:
                indexing.receive(events.get_nowait())
        except queue.Empty:
            troubles |= dict.fromkeys(_show(indexing, progress, bar))
    troubles |= dict.fromkeys(_show(indexing, progress, bar))


def _show(indexing: Indexing, progress: Progress, bar: TaskID) -> tuple[str, ...]:
    """Move the bar, and return what went wrong beside the videos."""
    changes = indexing.take_changes()
    overall = changes.overall
    if overall.total:
        running = [row for row in indexing.rows if row.state is RowState.RUNNING]
        progress.update(bar, total=1.0, completed=overall.fraction, description=_line(overall, running))
    return changes.troubles


def _line(overall: Overall, running: Sequence[VideoRow]) -> str:
    now = f" · {running[0].stage}: {running[0].location.name}" if running else ""
    left = "" if overall.eta_s is None else f" · about {_duration(overall.eta_s)} left"
    finished = overall.done + overall.failed
    return f"{finished} of {overall.total} videos{left if finished < overall.total else ''}{now}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if seconds < 3600:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
