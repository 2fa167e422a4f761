"""Lets Ctrl+C in a terminal, and a system that ends its programs, close the window in good order."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier

_WISHES = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Quits the application when such a signal comes.

    Python runs its handlers between two of its own steps, and a window at rest makes none: so the
    signal is written to a socket, which wakes the event loop.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._there = socket.socketpair()
        self._there.settimeout(0)
        self._before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        self._handlers = {wish: signal.signal(wish, _leave_to_the_socket) for wish in _WISHES}
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._quit)

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for wish, handler in self._handlers.items():
            signal.signal(wish, handler)
        self._here.close()
        self._there.close()

    def _quit(self) -> None:
        self._here.recv(64)
        QCoreApplication.quit()


def _leave_to_the_socket(_number: int, _frame: FrameType | None) -> None:
    pass
