"""Does what is ordered about people on threads of its own: one for the desk, two that look at photos."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.pipeline.worker_process import Stopped
from heimdex_desktop.ui.lanes import LaneRunnable
from heimdex_desktop.ui.people_seam import PersonDesk, PhotoDesk
from heimdex_desktop.ui.search_trouble import BROKE


@dataclass(frozen=True, slots=True)
class PeopleDesks:
    """What an open library offers about people.

    `open_photos` starts what looks at photos, the first time one comes, and `open_kept` what looks again at
    those that are kept; `locations_of` tells where a video lies, perhaps at several places or nowhere. All
    may raise HeimdexError.
    """

    people: PersonDesk
    open_photos: Callable[[], PhotoDesk]
    open_kept: Callable[[], PhotoDesk]
    locations_of: Callable[[VideoId], Sequence[Path]]


OpenDesks = Callable[[], PeopleDesks]
DeskJob = Callable[[PeopleDesks], None]
PhotoJob = Callable[[PeopleDesks, PhotoDesk, threading.Event], None]


class PeopleLane(QObject):
    """Jobs of one open library, in the order they came; lives on the UI thread, `close` on any thread.

    `failed` carries the sentence where a job could not be done. A photo is looked at for seconds: nobody
    waits for that to say who a face is.
    """

    failed = Signal(str)

    def __init__(self, open_desks: OpenDesks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_desks = open_desks
        self._desks: PeopleDesks | None = None
        self._opening = threading.Lock()
        self._photos: PhotoDesk | None = None
        self._stopped = threading.Event()
        self._kept_stopped = threading.Event()
        self._waiting = 0
        self._counting = threading.Lock()
        self._desk_pool, self._photo_pool, self._kept_pool = (QThreadPool(self) for _ in range(3))
        for pool in (self._desk_pool, self._photo_pool, self._kept_pool):
            pool.setMaxThreadCount(1)

    @property
    def is_last(self) -> bool:
        """Whether no job for the desk waits behind the one that runs; for that job to ask."""
        with self._counting:
            return self._waiting == 0

    def run(self, job: DeskJob, *, after: DeskJob) -> None:
        """Do something at the desk, also while the lane closes, and then, also where it failed, `after`.

        `after` is left out once the lane is closing: nobody is told any more.
        """

        def whole() -> None:
            try:
                self._attempt(job)
            finally:
                self._attempt_unless_closing(after)

        self._queue(whole)

    def tell(self, job: DeskJob, *, is_all: bool = True) -> None:
        """Ask something of the desk that changes nothing a person said: it is dropped at the end.

        With `is_all` it tells all that is to be told, and orders before it may leave that to it.
        """

        def whole() -> None:
            self._attempt_unless_closing(job)

        if is_all:
            self._queue(whole)
        else:
            self._start(self._desk_pool, whole)

    def look(self, job: PhotoJob, *, after: Callable[[], None]) -> None:
        """Look at a photo, and then, also where that failed, call `after`."""

        def whole() -> None:
            try:
                self._attempt_unless_closing(lambda desks: job(desks, self._photo_desk(desks), self._stopped))
            finally:
                after()

        self._start(self._photo_pool, whole)

    def look_again(self, job: PhotoJob, *, after: Callable[[], None]) -> None:
        """Do something with photos that are kept, and then, also where that failed, call `after`.

        It takes a while, so nobody waits for it to add a photo, and what it works with goes when it ends.
        """
        stop = self._kept_stopped = threading.Event()

        def look(desks: PeopleDesks) -> None:
            with closing(desks.open_kept()) as photos:
                job(desks, photos, stop)

        def whole() -> None:
            try:
                self._attempt_unless_closing(look)
            finally:
                after()

        self._start(self._kept_pool, whole)

    def stop_looking_again(self) -> None:
        """Have what `look_again` began end as soon as it can."""
        self._kept_stopped.set()

    def retire(self) -> None:
        """Begin nothing but the orders that wait, and have what looks at photos end as soon as it can."""
        self._stopped.set()
        self._kept_stopped.set()

    def close(self) -> None:
        """Wait for all that was ordered, each a step that a person took; drop the photos still to look at."""
        self.retire()
        self._kept_pool.clear()
        self._photo_pool.clear()
        for pool in (self._kept_pool, self._photo_pool, self._desk_pool):
            pool.waitForDone()
        photos, self._photos = self._photos, None
        if photos:
            photos.close()

    def _queue(self, whole: Callable[[], None]) -> None:
        def counted() -> None:
            with self._counting:
                self._waiting -= 1
            whole()

        with self._counting:
            self._waiting += 1
        self._start(self._desk_pool, counted)

    def _attempt_unless_closing(self, job: DeskJob) -> None:
        if not self._stopped.is_set():
            self._attempt(job)

    def _attempt(self, job: DeskJob) -> None:
        try:
            job(self._opened())
        except Stopped:
            return
        except HeimdexError as error:
            self.failed.emit(str(error))

    def _start(self, pool: QThreadPool, job: Callable[[], None]) -> None:
        """Have it done; a bug is logged there and told here, and what is ordered next is still done."""
        pool.start(LaneRunnable(job, lambda: self.failed.emit(BROKE)))

    def _opened(self) -> PeopleDesks:
        with self._opening:
            if self._desks is None:
                self._desks = self._open_desks()
            return self._desks

    def _photo_desk(self, desks: PeopleDesks) -> PhotoDesk:
        if self._photos is None:
            self._photos = desks.open_photos()
        return self._photos
