"""Faders for what a search goes by: turned while the answer stands, they rank it anew at once."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from heimdex_desktop.domain.search import Channel
from heimdex_desktop.ui.labels import label

_NAMES = {
    Channel.SAID: "Said",
    Channel.SEEN: "Seen",
    Channel.TAGS: "Tags",
    Channel.TEXT: "On screen",
    Channel.WHO: "Who",
}
_MIDDLE, _MOST = 100, 200
_CATCH = 8
"""So near to the middle a fader falls into it."""


class FadersBar(QWidget):
    """One fader a channel: in the middle it counts as it is, at the left end not at all, at the right twice.

    `turned` carries a mapping of channels to 0..2, without those that stand in the middle.
    """

    turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fadersBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sliders = {channel: self._slider(channel) for channel in _NAMES}
        self.reset_button = QPushButton("Reset")
        self.reset_button.setProperty("kind", "quiet")
        self.reset_button.setToolTip("Let every channel count as it is")
        self.reset_button.clicked.connect(lambda: self.show_faders({}))
        self.reset_button.setEnabled(False)
        self._told: Mapping[Channel, float] = {}
        self._lay_out()

    @property
    def faders(self) -> Mapping[Channel, float]:
        """How the faders stand."""
        shares = {channel: _share(slider.value()) for channel, slider in self.sliders.items()}
        return {channel: share for channel, share in shares.items() if share != 1.0}

    def show_faders(self, faders: Mapping[Channel, float]) -> None:
        """Set the faders so, and tell it once."""
        for channel, slider in self.sliders.items():
            slider.blockSignals(True)  # noqa: FBT003  (Qt takes it by position)
            slider.setValue(round(_MIDDLE * faders.get(channel, 1.0)))
            slider.blockSignals(False)  # noqa: FBT003
        self._tell()

    def _slider(self, channel: Channel) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _MOST)
        slider.setValue(_MIDDLE)
        slider.setPageStep(_MIDDLE // 4)
        slider.setSingleStep(_MIDDLE // 10)
        slider.setAccessibleName(f"How much “{_NAMES[channel]}” counts")
        slider.setToolTip("Left: counts less, or not at all. Right: counts more.")
        slider.valueChanged.connect(self._tell)
        return slider

    def _tell(self) -> None:
        now = self.faders
        self.reset_button.setEnabled(bool(now))
        if now != self._told:
            self._told = now
            self.turned.emit(now)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 6)
        row.setSpacing(8)
        for channel, slider in self.sliders.items():
            row.addWidget(label(_NAMES[channel], tone="dim"))
            row.addWidget(slider, 1)
        row.addWidget(self.reset_button)


def _share(value: int) -> float:
    return 1.0 if abs(value - _MIDDLE) < _CATCH else value / _MIDDLE
