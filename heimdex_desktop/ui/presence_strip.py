"""Under the player: a thin row for everybody who is seen in the video, coloured where that is."""

import colorsys
from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

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
_MARGIN_PX = 4
_JUST_NOW_MS = 500
_MOST_ROWS = 6
"""So many are in sight at once: more would take the room of what is said."""
_GOLDEN = 0.618034
"""Hues so far apart, in turns, stay apart however many there are."""


class PresenceStrip(QAbstractScrollArea):
    """Nothing where nobody is known. A click jumps: `sought` carries the moment in milliseconds.

    A click on a name goes to where that person is seen next. With the keyboard, Up and Down choose a row,
    Left and Right go to where they are seen before and after. Where many are seen, it scrolls.
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
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_ROW_PX)
        self.viewport().setAutoFillBackground(False)
        self.hide()

    @property
    def people(self) -> Sequence[PersonSpans]:
        """Those of whom there are rows: who is asked for comes first, then who is seen longest."""
        return self._people

    def show_presence(self, presence: Presence, asked: Collection[str] = ()) -> None:
        """Show who is seen in the video; `asked` are the names of those who are searched for."""
        before = [one.id for one in self._people]
        seen = (one for one in presence.people if one.spans)
        self._people = tuple(
            sorted(seen, key=lambda one: (one.name not in asked, -sum(span.length_ms for span in one.spans)))
        )
        if before != [one.id for one in self._people]:
            # What was chosen and in sight is another row now.
            self._row = 0
            self.verticalScrollBar().setValue(0)
        names = ", ".join(plain(one.name) for one in self._people)
        self.setAccessibleName(f"Who is seen when: {names}")
        self.setVisible(bool(self._people))
        self.updateGeometry()
        self._show_range()
        self.viewport().update()

    def clear(self) -> None:
        """Show nobody: another video is played."""
        self.show_presence(Presence(VideoId("")))

    def show_length(self, length_ms: int) -> None:
        self._length_ms = length_ms
        self.viewport().update()

    def show_position(self, at_ms: int) -> None:
        self._at_ms = at_ms
        self.viewport().update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, min(_MOST_ROWS, len(self._people)) * _ROW_PX + _MARGIN_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._show_range()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        if not self._length_ms:
            return
        tones = tones_for(self.palette())
        painter = QPainter(self.viewport())
        painter.setFont(small_font(self.font()))
        for row, one in enumerate(self._people):
            box = self._bar(row)
            painter.fillRect(box, QColor(tones.line))
            colour = _colour(row, is_dark=tones is DARK)
            for span in one.spans:
                painter.fillRect(self._box_of(span, box), colour)
            painter.setPen(QColor(tones.accent if self.hasFocus() and row == self._row else tones.dim))
            name_box = QRect(_LEFT_PX, self._top_of(row), _NAME_PX - 6, _ROW_PX)
            name = elided(painter, plain(one.name), name_box.width())
            painter.drawText(name_box, Qt.AlignmentFlag.AlignVCenter, name)
        x_px = self._x_of(self._at_ms)
        painter.setPen(QPen(QColor(tones.text), 1))
        painter.drawLine(x_px, 0, x_px, self._top_of(len(self._people)))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = event.position().toPoint()
        if event.button() is not Qt.MouseButton.LeftButton or not self._length_ms:
            return
        row = self._row_at(place)
        if row is not None and place.x() < _LEFT_PX + _NAME_PX:
            following = self._next_of(row)
            self.sought.emit(self._people[row].spans[0].start_ms if following is None else following)
            return
        span = self._span_at(place)
        at_ms = self._moment_at(place.x())
        # A thin span is hit by its edge: where they are seen is meant, not right beside it.
        self.sought.emit(
            min(max(at_ms, span.start_ms), max(span.start_ms, span.end_ms - 1)) if span else at_ms
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        # The click was done as the button went down; a scroll area would hand this on to what is under it.
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self._row = min(max(0, self._row + step), len(self._people) - 1)
                self._show_row()
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                row, is_next = self._row, event.key() == Qt.Key.Key_Right
                at_ms = self._next_of(row) if is_next else self._last_of(row)
                if at_ms is not None:
                    self.sought.emit(at_ms)
            case _:
                super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tooltip(self.words_at(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def words_at(self, place: QPoint) -> str:
        """Say who a row is of, and when the span under the pointer is."""
        row = self._row_at(place)
        if row is None:
            return ""
        one, span = self._people[row], self._span_at(place)
        when = span_text(span) if span else counted(len(one.spans), "time")
        return plain(f"{one.name}: {when}")

    def _next_of(self, row: int) -> int | None:
        """Return when the person of a row comes into sight next, in milliseconds; None where never again."""
        spans = self._people[row].spans if self._people else ()
        return next((span.start_ms for span in spans if span.start_ms > self._at_ms), None)

    def _last_of(self, row: int) -> int | None:
        """Return when they came into sight before; where that was a moment ago, the time before that."""
        spans = self._people[row].spans if self._people else ()
        earlier = (span.start_ms for span in reversed(spans) if span.start_ms < self._at_ms - _JUST_NOW_MS)
        return next(earlier, None)

    def _show_range(self) -> None:
        """Say how far it can be scrolled."""
        room_px = self.viewport().height()
        self.verticalScrollBar().setPageStep(room_px)
        self.verticalScrollBar().setRange(0, max(0, len(self._people) * _ROW_PX - room_px))

    def _show_row(self) -> None:
        """Bring the chosen row into sight."""
        scrolled, top_px = self.verticalScrollBar(), self._row * _ROW_PX
        least_px = top_px + _ROW_PX - self.viewport().height()
        scrolled.setValue(min(max(scrolled.value(), least_px), top_px))
        self.viewport().update()

    def _row_at(self, place: QPoint) -> int | None:
        row = (place.y() + self.verticalScrollBar().value()) // _ROW_PX
        return row if 0 <= row < len(self._people) else None

    def _span_at(self, place: QPoint) -> TimeSpan | None:
        row = self._row_at(place)
        if row is None:
            return None
        box = self._bar(row)
        under = (span for span in self._people[row].spans if _is_over(self._box_of(span, box), place.x()))
        return next(under, None)

    def _top_of(self, row: int) -> int:
        return row * _ROW_PX - self.verticalScrollBar().value()

    def _bar(self, row: int) -> QRect:
        left_px = _LEFT_PX + _NAME_PX
        # It ends where the slider above does, also where a scroll bar takes the margin.
        right_px = min(self.width() - _RIGHT_PX, self.viewport().width())
        width_px = max(1, right_px - left_px)
        return QRect(left_px, self._top_of(row) + (_ROW_PX - _BAR_PX) // 2, width_px, _BAR_PX)

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
