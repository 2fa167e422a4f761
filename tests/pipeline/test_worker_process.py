"""One contract for the worker in a child process and the one in this process."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from heimdex_desktop.domain.errors import OutOfMemory, UnreadableVideo, WorkerCrashed
from heimdex_desktop.inference.threads import prepare_environment
from heimdex_desktop.pipeline import worker_process
from heimdex_desktop.pipeline.worker_process import ChildWorker, InlineWorker, JobBroken, Stopped, Worker
from tests.pipeline.worker_samples import HANGS_S, build


def ignore(_: float) -> None:
    pass


@pytest.fixture(params=["inline", "child"])
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    made: Worker = InlineWorker(build) if request.param == "inline" else ChildWorker("test", build)
    yield made
    made.close()


@pytest.fixture
def child() -> Iterator[ChildWorker]:
    made = ChildWorker("test", build)
    yield made
    made.close()


def test_returns_the_result_and_reports_how_far_it_is(worker: Worker) -> None:
    fractions: list[float] = []
    assert worker.run("count", 12, stop=threading.Event(), progress=fractions.append) == 12
    assert fractions
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)


def test_our_errors_come_back_as_they_were(worker: Worker) -> None:
    with pytest.raises(UnreadableVideo) as caught:
        worker.run("refuse", "a.mp4", stop=threading.Event(), progress=ignore)
    assert caught.value.sentence == "“a.mp4” is no video."
    assert caught.value.advice == "Take another."


def test_stops_at_the_next_yield_and_works_on_afterwards(worker: Worker) -> None:
    stop = threading.Event()

    def stop_soon(fraction: float) -> None:
        stop.set()

    with pytest.raises(Stopped):
        worker.run("count", 500, stop=stop, progress=stop_soon)
    assert worker.run("count", 1, stop=threading.Event(), progress=ignore) == 1


def test_a_job_tells_a_person_something_while_it_works(worker: Worker) -> None:
    assert worker.run("announce", "It is slow today.", stop=threading.Event(), progress=ignore)
    assert worker.take_notices() == ("It is slow today.",)
    assert worker.take_notices() == ()


def test_what_an_engine_tells_from_deep_inside_arrives_once_and_in_order(worker: Worker) -> None:
    assert worker.run("advise", 3, stop=threading.Event(), progress=ignore) == 3
    assert worker.take_notices() == (
        "The batch was halved.",
        "Piece 0 took long.",
        "Piece 1 took long.",
        "Piece 2 took long.",
        "All is done.",
    )


def test_a_failure_does_not_swallow_what_was_told_before(worker: Worker) -> None:
    with pytest.raises(OutOfMemory):
        worker.run("give up", None, stop=threading.Event(), progress=ignore)
    assert worker.take_notices() == ("The batch was halved.",)


def test_jobs_that_tell_are_stopped_like_others(worker: Worker) -> None:
    stop = threading.Event()
    with pytest.raises(Stopped):
        worker.run("advise", 100_000, stop=stop, progress=lambda _: stop.set())
    assert worker.run("count", 1, stop=threading.Event(), progress=ignore) == 1


def test_pools_of_a_child_are_told_to_keep_small_and_to_sleep_before_torch_is_loaded(
    child: ChildWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: dict[str, str] = {}
    prepare_environment(2, prepared)
    for name, value in prepared.items():
        monkeypatch.setenv(name, value)
    came_before, held, threads = child.run("pools", tuple(prepared), stop=threading.Event(), progress=ignore)
    assert not came_before
    assert held == prepared
    assert held["OMP_WAIT_POLICY"] == "PASSIVE"
    assert threads == 1


def test_a_bug_comes_back_with_its_trace(child: ChildWorker) -> None:
    with pytest.raises(JobBroken, match="KeyError"):
        child.run("break", None, stop=threading.Event(), progress=ignore)


def test_a_crash_fails_one_task_and_the_next_gets_a_fresh_child(child: ChildWorker) -> None:
    first = child.run("pid", None, stop=threading.Event(), progress=ignore)
    with pytest.raises(WorkerCrashed, match="7"):
        child.run("die", None, stop=threading.Event(), progress=ignore)
    second = child.run("pid", None, stop=threading.Event(), progress=ignore)
    assert os.getpid() != first != second


def test_a_child_that_does_not_answer_is_killed(child: ChildWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "_GRACE_S", 0.2)
    stop = threading.Event()
    started = time.monotonic()
    with pytest.raises(Stopped):
        child.run("hang", None, stop=stop, progress=lambda _: stop.set())
    assert time.monotonic() - started < HANGS_S / 2


def test_a_stopped_worker_leaves_no_process(child: ChildWorker) -> None:
    pid = child.run("pid", None, stop=threading.Event(), progress=ignore)
    child.close()
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
