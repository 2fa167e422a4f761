"""The buttons and the slider under a video."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStyle, QStyleOptionSlider, QVBoxLayout, QWidget

from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.theme import tones_for
from heimdex_desktop.ui.wording import clock

STEP_MS = 5_000
_SLIDER_PX = 24
_SPAN_PX = 3


class SeekSlider(QSlider):
    """A slider in milliseconds that goes where it is clicked; a line below it marks a span."""

    sought = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName("Position in the video")
        self.setSingleStep(STEP_MS)
        self.setPageStep(6 * STEP_MS)
        self.setMinimumHeight(_SLIDER_PX)
        self.actionTriggered.connect(self._tell)
        self._span: TimeSpan | None = None

    def mark(self, span: TimeSpan) -> None:
        """Mark this span, which tells where in the video the scene is, and whether it is over."""
        self._span = span
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self._span is None or self.maximum() <= self.minimum():
            return
        left_px, right_px = self._x_of(self._span.start_ms), self._x_of(self._span.end_ms)
        line = QRectF(left_px, self.height() - _SPAN_PX, max(_SPAN_PX, right_px - left_px), _SPAN_PX)
        painter = QPainter(self)
        painter.fillRect(line, QColor(tones_for(self.palette()).dim))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderPosition(self._value_at(round(event.position().x())))
            self.sought.emit(self.sliderPosition())
        super().mousePressEvent(event)

    def _value_at(self, x_px: int) -> int:
        knob_px = self._knob_px()
        room_px = max(1, self.width() - knob_px)
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x_px - knob_px // 2, room_px)

    def _x_of(self, value: int) -> int:
        knob_px = self._knob_px()
        room_px = max(1, self.width() - knob_px)
        return knob_px // 2 + QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), value, room_px)

    def _knob_px(self) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)

    def _tell(self) -> None:
        self.sought.emit(self.sliderPosition())


class PlayerControls(QWidget):
    """Play and pause, five seconds back or on, the slider, and the time."""

    toggled = Signal()
    sought = Signal(object)
    stepped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = SeekSlider(self)
        self.slider.sought.connect(self.sought)
        self.back_button = IconButton("back", "Back 5 seconds (Left, J)", self)
        self.back_button.clicked.connect(lambda: self.stepped.emit(-STEP_MS))
        self.play_button = IconButton("play", "Play (Space, K)", self)
        self.play_button.clicked.connect(self.toggled)
        self.forward_button = IconButton("forward", "On 5 seconds (Right, L)", self)
        self.forward_button.clicked.connect(lambda: self.stepped.emit(STEP_MS))
        self.time = label("0:00", tone="dim")
        self._length_ms = 0
        self._lay_out()

    def show_position(self, at_ms: int) -> None:
        if not self.slider.isSliderDown():
            self.slider.setValue(at_ms)
        self.time.setText(f"{clock(at_ms)} / {clock(self._length_ms)}")

    def show_length(self, length_ms: int) -> None:
        self._length_ms = length_ms
        self.slider.setRange(0, max(0, length_ms))
        self.show_position(self.slider.value())

    def show_playing(self, is_playing: bool) -> None:  # noqa: FBT001  (a slot)
        name, words = ("pause", "Pause (Space, K)") if is_playing else ("play", "Play (Space, K)")
        self.play_button.show_as(name, words)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        for button in (self.back_button, self.play_button, self.forward_button):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.time)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 12, 0)
        column.setSpacing(2)
        column.addWidget(self.slider)
        column.addLayout(row)
