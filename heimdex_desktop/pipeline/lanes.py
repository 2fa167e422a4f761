"""Queues of work with their own threads, one for each purpose."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from heimdex_desktop.domain.work import Lane

log = logging.getLogger(__name__)

LaneJob = Callable[[], None]

SLOTS: Mapping[Lane, int] = {
    # One: walking two folders of one drive at the same time makes both slow.
    Lane.INTAKE: 1,
    # Two: one decodes while the other waits for a drive.
    Lane.MEDIA: 2,
    # One: the only user of the models and of the graphics card.
    Lane.MODEL: 1,
    # One: the only writer of the index, whose table maintenance fails beside another writer.
    Lane.INDEX: 1,
}


class Lanes(Protocol):
    """Runs jobs on the threads of a lane, in the order they came."""

    def submit(self, lane: Lane, job: LaneJob) -> None: ...

    def close(self) -> None:
        """Wait for running jobs and drop the queued ones."""
        ...


class ThreadLanes:
    """Lanes for a program without a window."""

    def __init__(self, slots: Mapping[Lane, int] = SLOTS) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(count, thread_name_prefix=f"heimdex-{lane}")
            for lane, count in slots.items()
        }

    def submit(self, lane: Lane, job: LaneJob) -> None:
        self._pools[lane].submit(guarded(job))

    def close(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)


def guarded(job: LaneJob, broke: LaneJob = lambda: None) -> LaneJob:
    """Wrap a job so that whatever breaks is logged, `broke` is called and the thread lives on."""

    def run() -> None:
        try:
            job()
        except Exception:
            log.exception("a lane's job broke")
            broke()

    return run
