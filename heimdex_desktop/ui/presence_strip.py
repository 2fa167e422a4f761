"""Under the player: a thin row for everybody who is seen in the video, coloured where that is."""

import colorsys
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from heimdex_desktop.domain.people_facts import PersonSpans
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.people_seam import Presence
from heimdex_desktop.ui.scene_card_delegate import small_font
from heimdex_desktop.ui.theme import DARK, tones_for
from heimdex_desktop.ui.wording import counted, plain, span_text, tooltip

_ROW_PX = 16
_BAR_PX = 8
_NAME_PX = 84
_LEFT_PX = 14
_RIGHT_PX = 12
_LEAST_PX = 3
_MOST_ROWS = 6
_GOLDEN = 0.618034
"""Hues so far apart, in turns, stay apart however many there are."""


class PresenceStrip(QWidget):
    """Nothing where nobody is known. A click jumps: `sought` carries the moment in milliseconds.

    With the keyboard, Up and Down choose a row, Left and Right go to where they are seen before and after.
    """

    sought = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[PersonSpans, ...] = ()
        self._length_ms = 0
        self._at_ms = 0
        self._row = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.hide()

    @property
    def people(self) -> Sequence[PersonSpans]:
        """Those whose rows are shown: who is seen longest comes first, and the rest is left out."""
        return self._people

    def show_presence(self, presence: Presence) -> None:
        """Show who is seen in the video."""
        longest_first = sorted(presence.people, key=lambda one: -sum(span.length_ms for span in one.spans))
        self._people = tuple(one for one in longest_first if one.spans)[:_MOST_ROWS]
        self._row = min(self._row, max(0, len(self._people) - 1))
        names = ", ".join(plain(one.name) for one in self._people)
        self.setAccessibleName(f"Who is seen when: {names}")
        self.setVisible(bool(self._people))
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Show nobody: another video is played."""
        self.show_presence(Presence(VideoId("")))

    def show_length(self, length_ms: int) -> None:
        self._length_ms = length_ms
        self.update()

    def show_position(self, at_ms: int) -> None:
        self._at_ms = at_ms
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, len(self._people) * _ROW_PX + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        if not self._length_ms:
            return
        tones = tones_for(self.palette())
        painter = QPainter(self)
        painter.setFont(small_font(self.font()))
        for row, one in enumerate(self._people):
            box = self._bar(row)
            painter.fillRect(box, QColor(tones.line))
            colour = _colour(row, is_dark=tones is DARK)
            for span in one.spans:
                painter.fillRect(self._box_of(span, box), colour)
            painter.setPen(QColor(tones.accent if self.hasFocus() and row == self._row else tones.dim))
            name_box = QRect(_LEFT_PX, row * _ROW_PX, _NAME_PX - 6, _ROW_PX)
            name = elided(painter, plain(one.name), name_box.width())
            painter.drawText(name_box, Qt.AlignmentFlag.AlignVCenter, name)
        x_px = self._x_of(self._at_ms)
        painter.setPen(QPen(QColor(tones.text), 1))
        painter.drawLine(x_px, 0, x_px, len(self._people) * _ROW_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = event.position().toPoint()
        if event.button() is not Qt.MouseButton.LeftButton or not self._length_ms:
            return
        span = self._span_at(place)
        at_ms = self._moment_at(place.x())
        # A thin span is hit by its edge: where they are seen is meant, not right beside it.
        self.sought.emit(
            min(max(at_ms, span.start_ms), max(span.start_ms, span.end_ms - 1)) if span else at_ms
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self._row = min(max(0, self._row + step), len(self._people) - 1)
                self.update()
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self._jump(1 if event.key() == Qt.Key.Key_Right else -1)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tooltip(self.words_at(event.pos())), self)
            return True
        return super().event(event)

    def words_at(self, place: QPoint) -> str:
        """Say who a row is of, and when the span under the pointer is."""
        row = place.y() // _ROW_PX
        if not 0 <= row < len(self._people):
            return ""
        one, span = self._people[row], self._span_at(place)
        when = span_text(span) if span else counted(len(one.spans), "time")
        return plain(f"{one.name}: {when}")

    def _jump(self, direction: int) -> None:
        """Go to where the person of the row is seen next, or was seen before."""
        starts = [span.start_ms for span in self._people[self._row].spans] if self._people else []
        if direction > 0:
            found = next((start for start in starts if start > self._at_ms), None)
        else:
            found = next((start for start in reversed(starts) if start < self._at_ms - 500), None)
        if found is not None:
            self.sought.emit(found)

    def _span_at(self, place: QPoint) -> TimeSpan | None:
        row = place.y() // _ROW_PX
        if not 0 <= row < len(self._people):
            return None
        box = self._bar(row)
        under = (span for span in self._people[row].spans if _is_over(self._box_of(span, box), place.x()))
        return next(under, None)

    def _bar(self, row: int) -> QRect:
        left_px = _LEFT_PX + _NAME_PX
        width_px = max(1, self.width() - left_px - _RIGHT_PX)
        return QRect(left_px, row * _ROW_PX + (_ROW_PX - _BAR_PX) // 2, width_px, _BAR_PX)

    def _box_of(self, span: TimeSpan, bar: QRect) -> QRectF:
        left_px, right_px = self._x_of(span.start_ms), self._x_of(span.end_ms)
        return QRectF(left_px, bar.top(), max(_LEAST_PX, right_px - left_px), bar.height())

    def _x_of(self, at_ms: int) -> int:
        bar = self._bar(0)
        return bar.left() + round(bar.width() * min(1.0, at_ms / max(1, self._length_ms)))

    def _moment_at(self, x_px: int) -> int:
        bar = self._bar(0)
        share = min(1.0, max(0.0, (x_px - bar.left()) / bar.width()))
        return round(share * self._length_ms)


def _is_over(box: QRectF, x_px: int) -> bool:
    return box.left() - 1 <= x_px <= box.right() + 1


def _colour(row: int, *, is_dark: bool) -> QColor:
    """Return a colour for a row, far from those of the rows beside it."""
    red, green, blue = colorsys.hls_to_rgb((0.62 + row * _GOLDEN) % 1.0, 0.68 if is_dark else 0.45, 0.6)
    return QColor.fromRgbF(red, green, blue)
