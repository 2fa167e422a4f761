"""Runs one task on a lane's thread: loads what is known, has the work done, and writes down the result."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop.domain.errors import FileGone, HeimdexError, InputError, WorkerCrashed
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import Ending, Failure, Lane, Outcome, StageRecord, Task, VideoRecord
from heimdex_desktop.library.disk import is_file, is_folder
from heimdex_desktop.pipeline.stage import Kept, StageJob, StageSpec
from heimdex_desktop.pipeline.worker_process import Stopped, Worker

if TYPE_CHECKING:
    from collections.abc import Generator

    from heimdex_desktop.pipeline.publish import Publisher
    from heimdex_desktop.pipeline.shelf import Shelf

log = logging.getLogger(__name__)

Report = Callable[[float], None]


class WorkerPool:
    """Lends each thread of a lane a worker of its own."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._workers = tuple(workers)
        # Last in, first out: a worker that already runs is used before another is started.
        self._free: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in reversed(self._workers):
            self._free.put(worker)

    @contextmanager
    def lend(self) -> "Generator[Worker]":
        worker = self._free.get()
        try:
            yield worker
        finally:
            self._free.put(worker)

    def take_notices(self) -> tuple[str, ...]:
        """Return what the workers told while they worked, each sentence once."""
        return tuple(sentence for worker in self._workers for sentence in worker.take_notices())

    def close(self) -> None:
        for worker in self._workers:
            worker.close()


class StageRunner:
    """Does what a task says; every method may be called from several lanes at once."""

    def __init__(
        self,
        specs: Sequence[StageSpec],
        shelf: "Shelf",
        publisher: "Publisher",
        workers: Mapping[Lane, WorkerPool],
    ) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._shelf = shelf
        self._publisher = publisher
        self._workers = workers

    def run(self, task: Task, stop: threading.Event, report: Report) -> Outcome:
        """Run a task to its end. Never raises: whatever happens is told in the outcome."""
        try:
            return self._attempt(task, stop, report)
        except Stopped:
            self._count_as_ended(task)
            return Outcome(task, Ending.STOPPED)
        except HeimdexError as error:
            return self._failed(task, error)
        except Exception:
            log.exception("stage %s broke", task.stage)
            self._count_as_ended(task)
            return Outcome(task, Ending.FAILED, failure=_bug(self._specs[task.stage]))

    def forget(self, video_id: VideoId, *, with_sidecar: bool = False) -> None:
        """Take a video out of index, catalogue and stills; the video stays, its sidecar unless asked for."""
        self._publisher.remove(video_id)
        self._shelf.forget(video_id, with_sidecar=with_sidecar)

    def take_notices(self) -> tuple[str, ...]:
        """Return what a person should know of the work, such as a batch that had to be halved."""
        return tuple(sentence for pool in self._workers.values() for sentence in pool.take_notices())

    def close(self) -> None:
        for pool in self._workers.values():
            pool.close()

    def _attempt(self, task: Task, stop: threading.Event, report: Report) -> Outcome:
        if stop.is_set():
            raise Stopped
        video = self._shelf.catalogue.video(task.video_id)
        if video is None:
            # Not a stop: what was stopped is due again, and this video will not come back by itself.
            raise FileGone(
                "Another video is now where this one was.", "Remove this row; the new one has its own."
            )
        self._shelf.catalogue.begin(task.video_id, task.stage)
        record = self._shelf.record(video)
        record = self._do(task, record, stop, report)
        self._shelf.catalogue.end(task.video_id, task.stage)
        return Outcome(task, Ending.DONE, known=self._shelf.known(record, self._specs))

    def _do(self, task: Task, record: VideoRecord, stop: threading.Event, report: Report) -> VideoRecord:
        spec = self._specs[task.stage]
        started = time.monotonic()
        if spec.kept is Kept.INDEX:
            # A moved video is only due for this stage, so here its sidecar catches up with it.
            self._shelf.sidecars.bring_along(record.video)
            self._publisher.publish(lambda: self._shelf.record(record.video), task.fingerprint)
            return record
        job = StageJob(record, _present(record.video), task.fingerprint)
        with self._workers[task.lane].lend() as worker:
            result: VideoRecord = worker.run(task.stage, job, stop=stop, progress=report)
        done = StageRecord(task.fingerprint, round(time.monotonic() - started, 3))
        if spec.kept is Kept.LIBRARY:
            if result != record:
                result = self._shelf.save(record, result, spec.name)
            self._shelf.catalogue.save_local(record.video.id, spec.name, done)
            return result
        return self._keep(spec, record, result, done)

    def _keep(self, spec: StageSpec, given: VideoRecord, made: VideoRecord, done: StageRecord) -> VideoRecord:
        made = replace(made, stages={**made.stages, spec.name: done})
        record = self._shelf.save(given, made, spec.name)
        # Only now: had the drive been full, hours of listening would be lost.
        self._shelf.drafts.settle(record.video.id, done.fingerprint)
        self._shelf.catalogue.forget_local(record.video.id, spec.name)
        return record

    def _failed(self, task: Task, error: HeimdexError) -> Outcome:
        failure = Failure.of(error)
        log.warning("stage failed", extra={"stage": task.stage, "kind": failure.kind})
        if not isinstance(error, WorkerCrashed):
            # A crash keeps its attempt: a file that kills the worker three times is parked.
            self._count_as_ended(task)
        if isinstance(error, InputError):
            # The file is at fault, so it would fail again tomorrow; the machine may be better by then.
            record = StageRecord(task.fingerprint, 0.0, failure)
            with suppress(HeimdexError):
                self._shelf.catalogue.save_local(task.video_id, task.stage, record)
        return Outcome(task, Ending.FAILED, failure=failure)

    def _count_as_ended(self, task: Task) -> None:
        # A full drive refuses this note too, and the outcome must be told all the same: a lane waits for it.
        with suppress(HeimdexError):
            self._shelf.catalogue.end(task.video_id, task.stage)


def _present(video: Video) -> Path:
    """Return a place where the file is now. Raises FileGone with what is wrong."""
    for location in video.locations:
        if is_file(location):
            return location
    home = video.home
    if is_folder(home.parent):
        raise FileGone(f"“{home.name}” is not in its folder any more.", "Put it back, or add its new place.")
    raise FileGone(f"The drive or folder with “{home.name}” is not there.", "Connect it, then retry.")


def _bug(spec: StageSpec) -> Failure:
    return Failure(
        kind="Bug",
        sentence=f"Something in Heimdex broke while it was {spec.title.lower()}.",
        advice="Everything else goes on. The log file says more; please report it.",
    )
