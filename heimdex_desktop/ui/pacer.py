"""Holds back what would be done again and again: at once, then only after a rest."""

from PySide6.QtCore import QObject, QTimer, Signal


class Pacer(QObject):
    """Says that something is due when it is asked for, at most once in `rest_ms`."""

    due = Signal()

    def __init__(self, rest_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._has_more = False
        self._is_stopped = False
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(rest_ms)
        self._resting.timeout.connect(self._rested)

    def ask(self) -> None:
        """Say it now, or as soon as the last time is `rest_ms` ago."""
        if self._is_stopped:
            return
        self._has_more = self._resting.isActive()
        if not self._has_more:
            self._resting.start()
            self.due.emit()

    def stop(self) -> None:
        """Forget what was asked for, and whatever will be."""
        self._is_stopped, self._has_more = True, False
        self._resting.stop()

    def _rested(self) -> None:
        if self._has_more:
            self.ask()
