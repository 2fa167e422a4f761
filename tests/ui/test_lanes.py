"""One contract for the lanes of Qt and those of a program without a window."""

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.lanes import Lanes, ThreadLanes
from heimdex_desktop.ui.lanes import QtLanes

PATIENCE_S = 100


@pytest.fixture(params=[QtLanes, ThreadLanes])
def lanes(request: pytest.FixtureRequest) -> Iterator[Lanes]:
    make: Callable[[], Lanes] = request.param
    made = make()
    yield made
    made.close()


def test_jobs_of_a_lane_with_one_thread_run_in_order_away_from_this_thread(lanes: Lanes) -> None:
    ran: list[tuple[int, int]] = []
    done = threading.Event()
    for number in range(20):
        lanes.submit(Lane.INDEX, lambda number=number: ran.append((number, threading.get_ident())))
    lanes.submit(Lane.INDEX, done.set)
    assert done.wait(PATIENCE_S)
    assert [number for number, _ in ran] == list(range(20))
    assert threading.get_ident() not in {thread for _, thread in ran}


def test_the_media_lane_does_two_things_at_a_time(lanes: Lanes) -> None:
    meeting = threading.Barrier(3)

    def meet() -> None:
        meeting.wait(PATIENCE_S)

    for _ in range(2):
        lanes.submit(Lane.MEDIA, meet)
    meeting.wait(PATIENCE_S)


def test_a_busy_lane_does_not_hold_up_another(lanes: Lanes) -> None:
    goes_on, done = threading.Event(), threading.Event()

    def wait() -> None:
        goes_on.wait(PATIENCE_S)

    lanes.submit(Lane.MODEL, wait)
    lanes.submit(Lane.INDEX, done.set)
    assert done.wait(PATIENCE_S)
    goes_on.set()


def test_a_job_that_breaks_is_logged_and_the_lane_lives_on(lanes: Lanes) -> None:
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    ours = logging.getLogger("heimdex_desktop.pipeline.lanes")
    done = threading.Event()
    ours.addHandler(handler)
    ours.propagate = False
    try:
        lanes.submit(Lane.INDEX, _break)
        lanes.submit(Lane.INDEX, done.set)
        assert done.wait(PATIENCE_S)
    finally:
        ours.removeHandler(handler)
        ours.propagate = True
    assert messages == ["a lane's job broke"]


def test_closing_waits_for_what_runs_and_drops_what_waits(lanes: Lanes) -> None:
    began, goes_on = threading.Event(), threading.Event()
    ran: list[str] = []

    def slow() -> None:
        began.set()
        goes_on.wait(PATIENCE_S)
        ran.append("slow")

    lanes.submit(Lane.INDEX, slow)
    for _ in range(5):
        lanes.submit(Lane.INDEX, lambda: ran.append("queued"))
    assert began.wait(PATIENCE_S)
    threading.Timer(0.2, goes_on.set).start()
    lanes.close()
    assert ran == ["slow"]


def _break() -> None:
    raise KeyError("a bug")
