"""A plain list of lines, each with a few words at its right end; a click is an order."""

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from heimdex_desktop.ui.keyed_list import ITEM_ROLE, Index, KeyedList, KeyedModel
from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.portraits import paint_cell
from heimdex_desktop.ui.theme import tones_for

_PADDING_PX = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list."""

    key: Hashable
    title: str
    detail: str = ""
    tip: str = ""

    @property
    def spoken(self) -> str:
        return f"{self.title}, {self.detail}" if self.detail else self.title


class LineDelegate(QStyledItemDelegate):
    """Paints a `Line`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(ITEM_ROLE)
        if not isinstance(line, Line):
            return
        tones = tones_for(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_cell(painter, option.rect.adjusted(2, 1, -2, -1), option.state, tones)
        painter.setFont(option.font)
        box = option.rect.adjusted(_PADDING_PX, 0, -_PADDING_PX, 0)
        room_px = painter.fontMetrics().horizontalAdvance(line.detail) + _PADDING_PX
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(tones.dim))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, line.detail)
        painter.setPen(QColor(tones.text))
        painter.drawText(box, middle, elided(painter, line.title, box.width() - room_px, middle=True))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return QSize(80, QFontMetrics(option.font).height() + 14)


class LineList(KeyedList):
    """`opened` tells also of a plain click on a line."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(KeyedModel(), name, parent)
        self.items.setParent(self)
        self.setItemDelegate(LineDelegate(self))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseReleaseEvent(event)
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        is_on_line = self.indexAt(event.position().toPoint()).isValid()
        if event.button() is Qt.MouseButton.LeftButton and is_plain and is_on_line:
            self.opened.emit(self.current())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        # Its first click was the order already.
        event.accept()
