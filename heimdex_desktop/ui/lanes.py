"""The lanes as thread pools of Qt, for a program with a window."""

from collections.abc import Mapping

from PySide6.QtCore import QRunnable, QThreadPool

from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.lanes import SLOTS, LaneJob, guarded


class QtLanes:
    """Runs jobs on one QThreadPool a lane, in the order they came."""

    def __init__(self, slots: Mapping[Lane, int] = SLOTS) -> None:
        self._pools: dict[Lane, QThreadPool] = {}
        for lane, count in slots.items():
            pool = QThreadPool()
            pool.setObjectName(f"heimdex-{lane}")
            pool.setMaxThreadCount(count)
            self._pools[lane] = pool

    def submit(self, lane: Lane, job: LaneJob) -> None:
        self._pools[lane].start(LaneRunnable(job))

    def close(self) -> None:
        for pool in self._pools.values():
            pool.clear()
            pool.waitForDone()


class LaneRunnable(QRunnable):
    """A job for a pool. It holds plain callables, never a QObject that a pool's thread could destroy.

    `broke` is called where the job ends by a bug of ours, after that was logged.
    """

    def __init__(self, job: LaneJob, broke: LaneJob = lambda: None) -> None:
        super().__init__()
        self._job = guarded(job, broke)

    def run(self) -> None:
        self._job()
