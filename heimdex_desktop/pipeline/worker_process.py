"""A child process that does the heavy work, so that a crash in a codec fails one task, not the window.

Messages go over one pipe as numbered dataclasses. The parent asks, the child reports how far it
is, what a person should know, and how it ended. Stopping is polite first: the child sees the
request at its next yield; if it does not answer within the grace, it is killed, and the next task
starts a fresh child.
"""

import functools
import multiprocessing
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Protocol

from heimdex_desktop.domain.errors import HeimdexError, OutOfMemory, WorkerCrashed
from heimdex_desktop.pipeline.messages import Answer, Ask, Done, Failed, Halted, Progress, Stop, Told
from heimdex_desktop.pipeline.notices import Jobs, Notice, Notices, Step

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, PipeConnection
    from multiprocessing.context import SpawnProcess

    Pipe = Connection[Any, Any] | PipeConnection[Any, Any]

_POLL_S = 0.05
_GRACE_S = 3.0
_REPORT_EVERY_S = 0.1


class Stopped(Exception):
    """The task was stopped on request."""


class JobBroken(Exception):
    """A bug in the job; the message holds the child's trace."""


class Worker(Protocol):
    """Runs one job at a time and blocks until it ends."""

    def run(
        self, job: str, argument: object, *, stop: threading.Event, progress: Callable[[float], None]
    ) -> Any:
        """Return the job's result. Raises Stopped, HeimdexError, WorkerCrashed or JobBroken."""
        ...

    def take_notices(self) -> tuple[str, ...]:
        """Return what jobs told a person since the last call, also in one that runs; on any thread."""
        ...

    def close(self) -> None: ...


class InlineWorker:
    """The same seam without a process, for tests and for short work on the command line."""

    def __init__(self, build: Callable[[], Jobs]) -> None:
        self._build = build
        self._jobs: Jobs | None = None
        self._notices = Notices()

    def run(
        self, job: str, argument: object, *, stop: threading.Event, progress: Callable[[float], None]
    ) -> Any:
        if self._jobs is None:
            self._jobs = self._build()
        work = self._jobs[job](argument)
        return _drive(work, stopped=stop.is_set, progress=progress, tell=self._notices.tell)

    def take_notices(self) -> tuple[str, ...]:
        return self._notices.take()

    def close(self) -> None:
        self._jobs = None


class ChildWorker:
    """One spawned child, started at its first job and again after a crash. Used by one thread at a time.

    With `patient` off it is killed as soon as it is to stop: right for work that leaves nothing behind.
    """

    def __init__(self, name: str, build: Callable[[], Jobs], *, patient: bool = True) -> None:
        self._name = name
        self._build = build
        self._patient = patient
        self._child: SpawnProcess | None = None
        self._pipe: Pipe | None = None
        self._number = 0
        self._notices = Notices()

    def run(
        self, job: str, argument: object, *, stop: threading.Event, progress: Callable[[float], None]
    ) -> Any:
        pipe = self._connected()
        self._number += 1
        try:
            pipe.send(Ask(self._number, job, argument))
            return self._follow(pipe, stop, progress)
        except (EOFError, ConnectionError) as gone:
            raise self._crashed() from gone

    def take_notices(self) -> tuple[str, ...]:
        return self._notices.take()

    def close(self) -> None:
        """End the child: closing the pipe tells it to leave; one that does not is killed."""
        child, pipe = self._child, self._pipe
        self._child = self._pipe = None
        if pipe:
            pipe.close()
        if child:
            child.join(_GRACE_S)
            if child.is_alive():
                child.kill()
                child.join()
            child.close()

    def _connected(self) -> "Pipe":
        if self._child and self._pipe and self._child.is_alive():
            return self._pipe
        self.close()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        child = context.Process(target=serve, args=(theirs, self._build), name=self._name, daemon=True)
        child.start()
        theirs.close()
        self._child, self._pipe = child, ours
        return ours

    def _follow(self, pipe: "Pipe", stop: threading.Event, progress: Callable[[float], None]) -> Any:
        deadline = None
        while True:
            if stop.is_set() and deadline is None:
                deadline = time.monotonic() + (_GRACE_S if self._patient else 0.0)
                pipe.send(Stop(self._number))
            if deadline is not None and time.monotonic() > deadline:
                self._kill()
                raise Stopped
            answer = pipe.recv() if pipe.poll(_POLL_S) else None
            if isinstance(answer, Progress):
                progress(answer.fraction)
            elif isinstance(answer, Told):
                self._notices.tell(answer.sentence)
            elif answer is not None:
                return _result_of(answer)

    def _kill(self) -> None:
        if self._child:
            self._child.kill()
        self.close()

    def _crashed(self) -> WorkerCrashed:
        code = None
        if self._child:
            self._child.join(_GRACE_S)
            code = self._child.exitcode
        self._kill()
        return WorkerCrashed(
            f"The part of Heimdex that was working on this stopped unexpectedly (code {code}).",
            "Everything else goes on. Retry; if it happens again, this file may be damaged.",
        )


def serve(pipe: "Pipe", build: Callable[[], Jobs]) -> None:
    """Answer the parent until it closes the pipe or dies (both end the pipe); runs in the child."""
    # Ctrl+C reaches the whole terminal group; the parent decides what to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    built = functools.cache(build)
    while True:
        try:
            ask = pipe.recv()
            if isinstance(ask, Ask):
                pipe.send(_answer(pipe, built, ask))
        except (EOFError, ConnectionError):
            return


def _answer(pipe: "Pipe", jobs: Callable[[], Jobs], ask: Ask) -> Answer:
    reported_at = 0.0

    def stopped() -> bool:
        return pipe.poll() and isinstance(pipe.recv(), Stop)

    def progress(fraction: float) -> None:
        nonlocal reported_at
        if time.monotonic() - reported_at > _REPORT_EVERY_S:
            reported_at = time.monotonic()
            pipe.send(Progress(ask.number, fraction))

    def tell(sentence: str) -> None:
        pipe.send(Told(ask.number, sentence))

    try:
        work = jobs()[ask.job](ask.argument)
        return Done(ask.number, _drive(work, stopped=stopped, progress=progress, tell=tell))
    except Stopped:
        return Halted(ask.number)
    except (EOFError, ConnectionError):
        raise
    except Exception as error:  # noqa: BLE001 - the stage's last line: whatever broke is told, never lost
        return _failure(ask.number, error)


def _failure(number: int, error: Exception) -> Failed:
    if isinstance(error, MemoryError):
        error = OutOfMemory("The computer ran out of memory.", "Close other programs, then retry.")
    if isinstance(error, HeimdexError):
        return Failed(number, error)
    return Failed(number, None, "".join(traceback.format_exception(error)))


def _result_of(answer: object) -> object:
    match answer:
        case Done(_, result):
            return result
        case Failed(_, error, trace):
            raise error or JobBroken(trace)
        case _:
            raise Stopped


def _drive(
    work: Generator[Step, None, Any],
    *,
    stopped: Callable[[], bool],
    progress: Callable[[float], None],
    tell: Callable[[str], None],
) -> Any:
    """Run a generator to its end, or close it at the first yield after a stop was asked for."""
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            return end.value
        if isinstance(step, Notice):
            tell(step.sentence)
        if stopped():
            work.close()
            raise Stopped
        if not isinstance(step, Notice):
            progress(step)
