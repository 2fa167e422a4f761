"""The part of the models page that chooses a preset and a device."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from heimdex_desktop.settings import DeviceWish, Preset
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.model_wording import (
    DEVICE_NAMES,
    PRESET_NAMES,
    PRESET_SENTENCES,
    preset_left,
    set_by,
)

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import DeskFacts


class PresetSection(QFrame):
    """Shows the presets with what each would still get, and the wish for a device.

    `chosen` brings the name of a setting and its new value. A setting in `overruled` cannot be chosen here.
    """

    chosen = Signal(str, object)

    def __init__(self, overruled: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._overruled = overruled
        self.presets = {preset: self._radio(preset) for preset in Preset}
        self.left = {preset: label(tone="dim") for preset in Preset}
        self.devices = QComboBox()
        self.devices.setAccessibleName("Where models run")
        for wish in DeviceWish:
            self.devices.addItem(DEVICE_NAMES[wish], wish)
        self.devices.setEnabled("device" not in overruled)
        self.devices.activated.connect(self._choose_device)
        self._lay_out()

    def show_facts(self, facts: "DeskFacts") -> None:
        """Show what is chosen."""
        self.presets[facts.settings.preset].setChecked(True)
        for preset in facts.presets:
            self.left[preset.preset].setText(preset_left(preset))
        self.devices.setCurrentIndex(list(DeviceWish).index(facts.settings.device))

    def _radio(self, preset: Preset) -> QRadioButton:
        radio = QRadioButton(PRESET_NAMES[preset])
        radio.setAccessibleDescription(PRESET_SENTENCES[preset])
        radio.setEnabled("preset" not in self._overruled)
        radio.clicked.connect(lambda: self.chosen.emit("preset", preset))
        return radio

    def _choose_device(self, index: int) -> None:
        self.chosen.emit("device", list(DeviceWish)[index])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(2)
        for preset, radio in self.presets.items():
            line = QHBoxLayout()
            line.addWidget(radio, 1)
            line.addWidget(self.left[preset])
            column.addLayout(line)
            sentence = label(PRESET_SENTENCES[preset], tone="dim", wraps=True)
            sentence.setIndent(22)
            column.addWidget(sentence)
            column.addSpacing(6)
        self._add_device(column)

    def _add_device(self, column: QVBoxLayout) -> None:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(label("Models run on"))
        line.addWidget(self.devices, 1)
        column.addLayout(line)
        for setting in _in_words(self._overruled):
            column.addWidget(label(setting, tone="dim"))


def _in_words(overruled: frozenset[str]) -> tuple[str, ...]:
    names = {"preset": "The preset", "device": "The device"}
    return tuple(f"{words} is {set_by(name)}." for name, words in names.items() if name in overruled)
