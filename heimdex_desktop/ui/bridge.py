"""Stands between the window and the library: orders go in, rows and answers come out, never a wait."""

import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.pipeline.worker_process import Stopped
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.inbox import Inbox
from heimdex_desktop.ui.lanes import LaneRunnable, QtLanes

if TYPE_CHECKING:
    # Loaded after the first paint, on another thread: they take longer than all of the window.
    from heimdex_desktop.pipeline.events import Event
    from heimdex_desktop.pipeline.indexing import Indexing
    from heimdex_desktop.services import Services
    from heimdex_desktop.ui.search_lane import SearchLane

_SHOW_EVERY_MS = 100


class Bridge(QObject):
    """What the window talks to. Every method returns at once; every signal comes on the UI thread.

    The library opens on another thread after the window is up; orders given before that wait for it.
    Where it cannot be opened, every order tries once more.
    """

    opened = Signal()
    refused = Signal(str)
    rows_changed = Signal(object)
    rows_removed = Signal(object)
    overall_changed = Signal(object)
    answered = Signal(object)
    library_changed = Signal()
    notice = Signal(str)
    sample_ready = Signal()
    _done_opening = Signal(str)
    _sample_made = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._services: Services | None = None
        self._indexing: Indexing | None = None
        self._search: SearchLane | None = None
        self._orders: list[Callable[[Indexing], None]] = []
        self._is_opening = False
        self._was_refused = False
        self._has_told_opened = False
        self._made: queue.SimpleQueue[Services] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._inbox = Inbox(self._receive, self)
        self._errands = QThreadPool(self)
        self._errands.setMaxThreadCount(1)
        self._show = QTimer(self)
        self._show.setSingleShot(True)
        self._show.setInterval(_SHOW_EVERY_MS)
        self._show.timeout.connect(self._tell)
        self._done_opening.connect(self._end_opening)
        self._sample_made.connect(self._take_sample)

    def open(self) -> None:
        """Open the library on another thread, then carry out what was asked meanwhile."""
        if self._is_opening or self._services or self._closing.is_set():
            return
        self._is_opening = True
        settings, made, done = self._settings, self._made, self._done_opening

        def job() -> None:
            from heimdex_desktop.services import Services

            trouble = "Heimdex broke while it opened the library. The log file says more; please report it."
            try:
                made.put(Services.at_work(settings))
                trouble = ""
            except HeimdexError as error:
                trouble = str(error)
            finally:
                # Also after a bug: a window that stays empty must say why.
                done.emit(trouble)

        self._errands.start(LaneRunnable(job))

    def add_paths(self, paths: Sequence[Path]) -> None:
        self._order(lambda indexing: indexing.add(tuple(paths)))

    def pause(self) -> None:
        self._order(lambda indexing: indexing.pause())

    def resume(self) -> None:
        self._order(lambda indexing: indexing.resume())

    def cancel(self, key: str) -> None:
        self._order(lambda indexing: indexing.cancel(key))

    def retry(self, key: str) -> None:
        self._order(lambda indexing: indexing.retry(key))

    def remove(self, key: str) -> None:
        self._order(lambda indexing: indexing.remove(key))

    def search(self, text: str) -> None:
        if self._search:
            self._search.ask(text)
        elif self._was_refused:
            # Once it is open, the question that stands is asked again.
            self.open()

    def try_sample(self) -> None:
        """Make the sample video, which takes some seconds, and take it into the library."""
        self._order(self._make_sample)

    def still_path(self, scene: FoundScene) -> Path | None:
        """Return where the scene's still lies, without looking whether it is there."""
        return self._services.still_path(scene) if self._services else None

    def close(self) -> None:
        """Stop all work and wait for it; what was not finished goes on at the next start."""
        self._closing.set()
        self._show.stop()
        self._orders.clear()
        self._errands.waitForDone()
        # What is still on its way to this thread finds nothing to start any more.
        search, indexing, services = self._search, self._indexing, self._services
        self._search = self._indexing = self._services = None
        for part in (search, indexing, services or self._just_made()):
            if part:
                part.close()

    def _order(self, order: "Callable[[Indexing], None]") -> None:
        if self._indexing is None:
            self._orders.append(order)
            if self._was_refused:
                self.open()
            return
        order(self._indexing)
        self._show_soon()

    def _end_opening(self, trouble: str) -> None:
        self._is_opening = False
        self._was_refused = bool(trouble)
        if not trouble:
            self._take_services()
            return
        dropped, self._orders = self._orders, []
        self.refused.emit(trouble)
        if dropped:
            # Said of the order: that the library is closed was known before.
            self.notice.emit(trouble)

    def _just_made(self) -> "Services | None":
        try:
            return self._made.get_nowait()
        except queue.Empty:
            return None

    def _take_services(self) -> None:
        from heimdex_desktop.ui.search_lane import SearchLane

        services = self._just_made()
        if services is None:
            return
        self._services = services
        self._indexing = services.indexing(QtLanes(), self._inbox.post)
        self._search = SearchLane(services.searcher, services.query_encoders(in_child=True), self)
        self._search.answered.connect(self.answered)
        self._search.failed.connect(self.notice)
        self._search.encoder_ready.connect(self.library_changed)
        self._indexing.recall()
        orders, self._orders = self._orders, []
        for order in orders:
            self._order(order)
        self._search.warm_up()
        self.library_changed.emit()
        self._show_soon()

    def _make_sample(self, _: "Indexing") -> None:
        services, stop, made, failed = self._services, self._closing, self._sample_made, self.notice
        if services is None:
            return

        def job() -> None:
            try:
                made.emit(services.make_sample(stop))
            except Stopped:
                return
            except HeimdexError as error:
                failed.emit(str(error))

        self.notice.emit("Drawing the sample video. It will be here in a few seconds.")
        self._errands.start(LaneRunnable(job))

    def _take_sample(self, sample: Path) -> None:
        self.add_paths([sample])
        self.sample_ready.emit()

    def _receive(self, event: "Event") -> None:
        if self._indexing:
            self._indexing.receive(event)
            self._show_soon()

    def _show_soon(self) -> None:
        if not self._show.isActive():
            self._show.start()

    def _tell(self) -> None:
        """Tell the window what is new, at most ten times a second however fast the work goes."""
        if self._indexing is None or self._services is None:
            return
        changes = self._indexing.take_changes()
        if changes.removed:
            self.rows_removed.emit(changes.removed)
        if changes.rows:
            self.rows_changed.emit(changes.rows)
        self.overall_changed.emit(changes.overall)
        if not self._has_told_opened and (changes.rows or self._indexing.is_idle):
            # Not sooner: until the first video is recalled, a full library looks like an empty one.
            self._has_told_opened = True
            self.opened.emit()
        if changes.searchable:
            self.library_changed.emit()
        for sentence in (*changes.troubles, *self._services.take_notices()):
            self.notice.emit(sentence)
