"""Runs what takes seconds beside the window: drawing the sample video, finding out where models run."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal, SignalInstance

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.pipeline.worker_process import Stopped
from heimdex_desktop.ui.lanes import LaneRunnable

if TYPE_CHECKING:
    from heimdex_desktop.services import Services


class Errands(QObject):
    """Each kind of errand has a thread of its own; lives on the UI thread.

    What is run on `pool` is done one after the other. After `stop` no errand begins to tell anything.
    """

    sample_made = Signal(object)
    devices_known = Signal(object)
    notice = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = threading.Event()
        self.pool = _one_thread(self)
        self._looking = _one_thread(self)

    def make_sample(self, services: "Services") -> None:
        """Draw the sample video; `sample_made` says where it lies."""
        self.notice.emit("Drawing the sample video. It will be here in a few seconds.")
        self._run(self.pool, lambda: services.make_sample(self._stopped), self.sample_made)

    def look_at_devices(self, services: "Services") -> None:
        """Find out on what each chosen model runs, unless that is being found out; `devices_known` tells."""
        if not self._looking.activeThreadCount():
            self._run(self._looking, lambda: services.places_of_work(self._stopped), self.devices_known)

    def stop(self) -> None:
        """Have errands end as soon as they can."""
        self._stopped.set()

    def wait(self) -> None:
        """Wait for what was begun."""
        for pool in (self.pool, self._looking):
            pool.waitForDone()

    def _run(self, pool: QThreadPool, errand: Callable[[], object], done: SignalInstance) -> None:
        failed = self.notice

        def job() -> None:
            try:
                done.emit(errand())
            except Stopped:
                return
            except HeimdexError as error:
                failed.emit(str(error))

        pool.start(LaneRunnable(job))


def _one_thread(parent: QObject) -> QThreadPool:
    pool = QThreadPool(parent)
    pool.setMaxThreadCount(1)
    return pool
