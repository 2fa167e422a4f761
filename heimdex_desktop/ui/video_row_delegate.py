"""Paints one video of the side list: its name, how far it is, and a button for the likeliest wish."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.scene_card_delegate import small_font
from heimdex_desktop.ui.theme import Tones, tones_for
from heimdex_desktop.ui.video_list_model import RowAction, quick_action, row_at
from heimdex_desktop.ui.wording import plain, row_status, row_third_line

_ICON_PX = 16
_LEFT_PX = 12
_RIGHT_PX = 10
_BAR_PX = 4
_BUTTON_PX = 24

_STATE_ICONS = {
    RowState.QUEUED: "queued",
    RowState.RUNNING: "running",
    RowState.PAUSED: "pause",
    RowState.DONE: "done",
    RowState.CANCELLED: "cancelled",
    RowState.FAILED: "failed",
    RowState.WAITING_FOR_MODEL: "model",
    RowState.OFFLINE: "cancelled",
    RowState.NOT_INDEXED: "queued",
}
_ACTION_ICONS = {RowAction.CANCEL: "close", RowAction.RETRY: "retry"}
_WITH_BAR = {RowState.RUNNING, RowState.PAUSED}


class VideoRowDelegate(QStyledItemDelegate):
    """Paints rows; `acted` carries the `RowAction` and the `VideoRow` whose button was clicked."""

    acted = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icons = IconSet()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = row_at(index)
        if row is None:
            return
        tones = tones_for(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, tones)
        self._paint_icon(painter, option.rect, _STATE_ICONS[row.state], _state_colour(row, tones))
        if _shows_button(row, option.state):
            self._paint_button(painter, option.rect, row, tones)
        _paint_lines(painter, option, row, tones)
        painter.restore()

    def sizeHint(  # noqa: N802
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002
    ) -> QSize:
        name, small = QFontMetrics(option.font), QFontMetrics(small_font(option.font))
        return QSize(120, name.height() + 2 * small.height() + 22)

    def editorEvent(  # noqa: N802
        self,
        event: QEvent,
        model: QAbstractItemModel,  # noqa: ARG002
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Catch a click on the button of a row."""
        row = row_at(index)
        if row is None or not isinstance(event, QMouseEvent):
            return False
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        action = quick_action(row)
        if action is None or not button_rect(option.rect).contains(event.position().toPoint()):
            return False
        if event.type() is QEvent.Type.MouseButtonRelease:
            self.acted.emit(action, row)
        return True

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, colour: str) -> None:
        ratio = painter.device().devicePixelRatioF()
        icon = self._icons.pixmap(name, colour, size_px=_ICON_PX, ratio=ratio)
        painter.drawPixmap(rect.left() + _LEFT_PX, rect.top() + 10, icon)

    def _paint_button(self, painter: QPainter, rect: QRect, row: VideoRow, tones: Tones) -> None:
        action = quick_action(row)
        if action is None:
            return
        button = button_rect(rect)
        ratio = painter.device().devicePixelRatioF()
        icon = self._icons.pixmap(_ACTION_ICONS[action], tones.text, size_px=_ICON_PX, ratio=ratio)
        inset_px = (_BUTTON_PX - _ICON_PX) // 2
        painter.drawPixmap(button.left() + inset_px, button.top() + inset_px, icon)


def button_rect(rect: QRect) -> QRect:
    """Return where in a row its button is."""
    return QRect(rect.right() - _RIGHT_PX - _BUTTON_PX + 4, rect.top() + 6, _BUTTON_PX, _BUTTON_PX)


def _shows_button(row: VideoRow, state: QStyle.StateFlag) -> bool:
    if quick_action(row) is RowAction.RETRY:
        return True
    pointed_at = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected
    return bool(state & pointed_at)


def _state_colour(row: VideoRow, tones: Tones) -> str:
    colours = {
        RowState.RUNNING: tones.accent,
        RowState.DONE: tones.good,
        RowState.FAILED: tones.bad,
        RowState.WAITING_FOR_MODEL: tones.warn,
    }
    return colours.get(row.state, tones.dim)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, tones: Tones) -> None:
    ground = QRectF(option.rect).adjusted(4, 1, -4, -1)
    is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tones.selection if is_selected else tones.hover))
        painter.drawRoundedRect(ground, 8, 8)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(tones.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 7, 7)


def _paint_lines(painter: QPainter, option: QStyleOptionViewItem, row: VideoRow, tones: Tones) -> None:
    rect = option.rect
    left_px = rect.left() + _LEFT_PX + _ICON_PX + 9
    width_px = rect.right() - _RIGHT_PX - left_px
    name_px = width_px - _BUTTON_PX if _shows_button(row, option.state) else width_px
    font, small = QFont(option.font), small_font(option.font)
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(QColor(tones.text))
    name = elided(painter, plain(row.location.name), name_px, middle=True)
    name_height_px = painter.fontMetrics().height()
    line = QRect(left_px, rect.top() + 8, width_px, name_height_px)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
    painter.setFont(small)
    small_px = painter.fontMetrics().height()
    line = QRect(left_px, line.bottom() + 3, width_px, small_px)
    painter.setPen(QColor(tones.bad if row.state is RowState.FAILED else tones.dim))
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided(painter, row_status(row), width_px))
    line = QRect(left_px, line.bottom() + 3, width_px, small_px)
    if row.state in _WITH_BAR:
        _paint_bar(painter, QRectF(line.left(), line.center().y() - 1, width_px, _BAR_PX), row, tones)
        return
    is_advice = row.state in {RowState.FAILED, RowState.WAITING_FOR_MODEL}
    painter.setPen(QColor(tones.dim))
    text = elided(painter, row_third_line(row), width_px, middle=not is_advice)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)


def _paint_bar(painter: QPainter, box: QRectF, row: VideoRow, tones: Tones) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tones.line))
    painter.drawRoundedRect(box, 2, 2)
    filled = QRectF(box)
    filled.setWidth(box.width() * min(1.0, max(0.0, row.fraction)))
    painter.setBrush(QColor(tones.accent if row.state is RowState.RUNNING else tones.dim))
    painter.drawRoundedRect(filled, 2, 2)
