"""Bars for what each channel says of a scene, and for all of them together."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QWidget

from heimdex_desktop.domain.search import Channel
from heimdex_desktop.ui.labels import label, set_tone

_STEPS = 1_000
_TOGETHER = "All together"
_SILENT = "says nothing"


class ScoreBars(QWidget):
    """One row for each channel; one that says nothing of the scene says so instead of a number."""

    def __init__(self, names: Mapping[Channel, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._rows = {channel: self._row(name) for channel, name in names.items()}
        self._all = self._row(_TOGETHER)

    def show_scores(self, channels: Mapping[Channel, float | None], together: float) -> None:
        """Show scores in 0..1."""
        for channel, (bar, number) in self._rows.items():
            _show(bar, number, channels.get(channel))
        _show(*self._all, together)

    def texts(self) -> tuple[str, ...]:
        """Return what stands beside each bar, that of all together last."""
        return tuple(number.text() for _, number in (*self._rows.values(), self._all))

    def _row(self, name: str) -> tuple[QProgressBar, QLabel]:
        place = self._grid.rowCount()
        bar, number = QProgressBar(), label(tone="dim")
        bar.setRange(0, _STEPS)
        bar.setTextVisible(False)
        bar.setAccessibleName(name)
        number.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = label(name, tone="head" if name == _TOGETHER else "")
        for column, part in enumerate((head, bar, number)):
            self._grid.addWidget(part, place, column)
        return bar, number


def _show(bar: QProgressBar, number: QLabel, score: float | None) -> None:
    bar.setValue(round((score or 0.0) * _STEPS))
    number.setText(_SILENT if score is None else f"{score:.2f}")
    set_tone(number, "dim" if score is None else "")
