"""Brings events from the lanes to the UI thread, a few at a time, so that the window never stalls."""

import queue
import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from heimdex_desktop.pipeline.events import Event

_BUDGET_S = 0.005


class Inbox(QObject):
    """`post` may be called on any thread; `receive` is called with each event on the UI thread."""

    _woken = Signal()

    def __init__(self, receive: "Callable[[Event], None]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receive = receive
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._is_awake = threading.Event()
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def post(self, event: "Event") -> None:
        self._events.put(event)
        if not self._is_awake.is_set():
            self._is_awake.set()
            self._woken.emit()

    def _drain(self) -> None:
        # Cleared before reading: an event that comes while reading wakes us once too often, never too seldom.
        self._is_awake.clear()
        until_s = time.monotonic() + _BUDGET_S
        try:
            while time.monotonic() < until_s:
                self._receive(self._events.get_nowait())
        except queue.Empty:
            return
        self._is_awake.set()
        QTimer.singleShot(0, self._drain)
