"""Tells when a window has been painted for the first time, so that nothing slow begins before."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

_PAINTED_BY_MS = 5_000


class FirstPaint(QObject):
    """Emits `done` once: after the first paint, or after five seconds for a window that starts minimised.

    A timer of no length does not tell: it may fire before the system wants anything painted.
    """

    done = Signal()
    _painting = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._has_told = False
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.timeout.connect(self._tell)
        self._latest.start(_PAINTED_BY_MS)
        # A filter sees the wish to paint before it is carried out.
        self._painting.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._painting.emit()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        if not self._has_told:
            self._has_told = True
            self._latest.stop()
            self.done.emit()
