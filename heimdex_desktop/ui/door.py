"""Opens a library on another thread, with other settings where a person chose some."""

import queue
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.settings import Settings, load, write
from heimdex_desktop.ui.lanes import LaneRunnable

if TYPE_CHECKING:
    # Loaded after the first paint, on another thread: it takes longer than all of the window.
    from heimdex_desktop.services import Services

_BROKE = "Heimdex broke while it opened the library. The log file says more; please report it."
Choices = Callable[[], Mapping[str, object]]
"""Gives the settings to be changed; asked on another thread, since it may look at the disk."""


class Door(QObject):
    """Opens one library at a time; whatever happens, `done` tells on the UI thread.

    `settings` are those of the library that was opened last. With other settings it is opened anew: they
    are written down, and `leave` is called once nothing can keep them from being used.
    """

    done = Signal(str)
    """Why the library cannot be opened, empty where it is open: then `take` gives it."""

    notice = Signal(str)
    _tried = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.is_opening = False
        self._made: queue.SimpleQueue[Services] = queue.SimpleQueue()
        self._read: queue.SimpleQueue[Settings] = queue.SimpleQueue()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._tried.connect(self._end)

    def open(self) -> None:
        self.is_opening = True
        self._pool.start(LaneRunnable(partial(self._open_with, self.settings)))

    def open_with(self, choices: Choices, leave: Callable[[], None]) -> None:
        """Write settings down and open the library with them, also where they cannot be written."""
        self.is_opening = True
        self._pool.start(LaneRunnable(partial(self._choose_and_open, choices, leave)))

    def take(self) -> "Services | None":
        """Return the services of the library that was opened, once."""
        try:
            return self._made.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        """Wait for what was begun; what is opened by then is still to be taken."""
        self._pool.waitForDone()

    def _choose_and_open(self, choices: Choices, leave: Callable[[], None]) -> None:
        settings = self.settings
        try:
            notices = write(choices())
            settings, warnings = load(library=settings.library)
            for sentence in (*notices, *warnings):
                self.notice.emit(sentence)
        except HeimdexError as error:
            self.notice.emit(str(error))
        finally:
            leave()
            self._read.put(settings)
            self._open_with(settings)

    def _open_with(self, settings: Settings) -> None:
        from heimdex_desktop.services import Services

        trouble = _BROKE
        try:
            self._made.put(Services.at_work(settings))
            trouble = ""
        except HeimdexError as error:
            trouble = str(error)
        finally:
            # Also after a bug: a window that stays empty must say why.
            self._tried.emit(trouble)

    def _end(self, trouble: str) -> None:
        self.is_opening = False
        while not self._read.empty():
            self.settings = self._read.get_nowait()
        self.done.emit(trouble)
