"""Lets a person draw a box around a face in a picture of a video, and say whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import PersonCard
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.name_field import NameField

_HINT = (
    "Draw a box around the face with the mouse. With the keyboard, arrows move the box, and with Shift they"
    " change its size."
)
_MOST = QSize(960, 600)
_LEAST_SIDE = 0.01
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Moment:
    """A picture of a video: what is seen in it at a moment."""

    video_id: VideoId
    at_ms: int
    picture: QImage


class MarkDialog(QDialog):
    """`marked` carries a name and the face (`FaceRef`) that has it."""

    marked = Signal(str, object)

    def __init__(self, moment: Moment, people: Sequence[PersonCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Mark a face")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._moment = moment
        self.canvas = BoxCanvas(moment.picture, self)
        self.canvas.changed.connect(self._look)
        self.field = NameField("Whose face this is", self)
        self.field.setPlaceholderText("Whose face is this?")
        self.field.offer(people)
        self.field.textChanged.connect(self._look)
        self.mark_button = QPushButton("Mark")
        self.mark_button.setDefault(True)
        self.mark_button.clicked.connect(self.accept)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()
        self._look()

    def accept(self) -> None:
        box = self.canvas.box
        if box and self.field.name:
            self.marked.emit(self.field.name, FaceRef(self._moment.video_id, self._moment.at_ms, box))
            super().accept()

    def _look(self) -> None:
        self.mark_button.setEnabled(self.canvas.box is not None and bool(self.field.name))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.field, 1)
        foot.addWidget(self.mark_button)
        foot.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(_HINT, tone="dim", wraps=True))
        column.addWidget(self.canvas)
        column.addLayout(foot)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)


class BoxCanvas(QWidget):
    """A picture with a box on it; `box` is None until one is drawn, in shares of the picture."""

    changed = Signal()

    def __init__(self, picture: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        size = picture.size()
        shown = size.scaled(_MOST, Qt.AspectRatioMode.KeepAspectRatio) if not size.isEmpty() else _MOST
        self._pixmap = QPixmap.fromImage(picture)
        self._from: QPoint | None = None
        self.box: Box | None = None
        self.setFixedSize(shown)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture of the video, with a box for the face")
        self.setCursor(Qt.CursorShape.CrossCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), self._pixmap)
        if self.box is None:
            return
        frame = QRectF(
            self.box.left * self.width(),
            self.box.top * self.height(),
            (self.box.right - self.box.left) * self.width(),
            (self.box.bottom - self.box.top) * self.height(),
        )
        # Dark on both sides of light: one of both is seen on any picture, whatever its colours.
        for colour, width_px in ((Qt.GlobalColor.black, 6), (Qt.GlobalColor.white, 2)):
            pen = QPen(colour, width_px)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._from is None:
            return
        drawn = QRect(self._from, event.position().toPoint()).normalized().intersected(self.rect())
        self._put(
            Box(
                drawn.left() / self.width(),
                drawn.top() / self.height(),
                min(1.0, (drawn.right() + 1) / self.width()),
                min(1.0, (drawn.bottom() + 1) / self.height()),
            )
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802
        self._from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {
            Qt.Key.Key_Left: (-_STEP, 0.0),
            Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP),
            Qt.Key.Key_Down: (0.0, _STEP),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        box = self.box or Box(0.4, 0.3, 0.6, 0.6)
        is_sizing = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._put(_sized(box, step) if is_sizing else _moved(box, step))

    def _put(self, box: Box) -> None:
        is_box = box.right - box.left >= _LEAST_SIDE and box.bottom - box.top >= _LEAST_SIDE
        self.box = box if is_box else None
        self.update()
        self.changed.emit()


def sized_for_marking(picture: QImage, ratio: float) -> QImage:
    """Return a picture as large as it is shown, on a screen of this ratio. May be called on any thread.

    Scaled anew each time it is painted, the box would follow the mouse in jerks.
    """
    if picture.isNull():
        return picture
    shown = picture.size().scaled(_MOST, Qt.AspectRatioMode.KeepAspectRatio) * ratio
    smooth = Qt.TransformationMode.SmoothTransformation
    scaled = picture.scaled(shown, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return scaled.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _moved(box: Box, step: tuple[float, float]) -> Box:
    x = min(max(step[0], -box.left), 1.0 - box.right)
    y = min(max(step[1], -box.top), 1.0 - box.bottom)
    return Box(box.left + x, box.top + y, box.right + x, box.bottom + y)


def _sized(box: Box, step: tuple[float, float]) -> Box:
    right = min(1.0, max(box.left + 2 * _STEP, box.right + step[0]))
    bottom = min(1.0, max(box.top + 2 * _STEP, box.bottom + step[1]))
    return Box(box.left, box.top, right, bottom)
