"""Paints people and faces: a picture, a name below it, and a few words more."""

from collections.abc import Generator, Hashable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.keyed_list import ITEM_ROLE, Index, KeyedList, KeyedModel
from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.picture_cache import PictureCache
from heimdex_desktop.ui.scene_card_delegate import small_font
from heimdex_desktop.ui.theme import Tones, tones_for
from heimdex_desktop.ui.thumbnails import Thumbnails

SOURCE_PX = 160
"""All pictures of people are decoded this large: at two sizes, they would take turns to be decoded."""
_KEPT_BYTES = 24 * 1024 * 1024
_PADDING_PX = 10
_CORNER_PX = 8
_DIM = 0.45
_SHAPED_AT_ONCE = 8
"""So many pictures take some 3 ms to be shaped; so a key between is heard."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """Somebody or a face in a list."""

    key: Hashable
    picture: Path | None
    title: str
    detail: str = ""
    tip: str = ""
    is_dim: bool = False

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.title, self.detail, self.tip) if part)


class PortraitPainter:
    """Gives pictures of people in the shape they are painted in. For the UI thread only."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        self._thumbnails = thumbnails
        self._shaped: PictureCache[tuple[int, int, bool]] = PictureCache(_KEPT_BYTES)
        self._icons = IconSet()
        self._left = 0
        self._is_postponed = False

    @contextmanager
    def painting(self, widget: QWidget) -> Generator[None]:
        """Paint what is in sight of a widget: many new pictures not all at once, the others right after."""
        self._left, self._is_postponed = _SHAPED_AT_ONCE, False
        yield
        if self._is_postponed:
            QTimer.singleShot(0, widget, widget.update)

    def paint(
        self, painter: QPainter, box: QRect, picture: Path | None, tones: Tones, *, is_round: bool
    ) -> None:
        """Paint a picture into a square, or what stands for one that is not there (yet)."""
        ratio = painter.device().devicePixelRatioF()
        shaped = self._shape(picture, round(box.width() * ratio), ratio, is_round=is_round)
        if shaped:
            painter.drawPixmap(box, shaped)
        else:
            self._paint_nobody(painter, box, tones, is_round=is_round)

    def _shape(self, picture: Path | None, side_px: int, ratio: float, *, is_round: bool) -> QPixmap | None:
        whole = self._thumbnails.picture(picture, source_size(ratio)) if picture else None
        if whole is None or whole.isNull():
            return None
        key = (whole.cacheKey(), side_px, is_round)
        shaped = self._shaped.get(key)
        if shaped is None and not self._left:
            self._is_postponed = True
            return None
        if shaped is None:
            self._left -= 1
            shaped = _shaped(whole, side_px, is_round=is_round)
            self._shaped.put(key, shaped)
        return shaped

    def _paint_nobody(self, painter: QPainter, box: QRect, tones: Tones, *, is_round: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tones.line))
        corner_px = box.width() / 2 if is_round else _CORNER_PX
        painter.drawRoundedRect(QRectF(box), corner_px, corner_px)
        icon_px = box.width() // 2
        icon = self._icons.pixmap("person", tones.dim, size_px=icon_px)
        painter.drawPixmap(box.center() - QPoint(icon_px, icon_px) / 2, icon)


class PortraitDelegate(QStyledItemDelegate):
    """Paints a `Portrait` in each cell: round ones are people, square ones are faces and photos."""

    def __init__(self, painter: PortraitPainter, *, is_round: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = painter
        self._is_round = is_round

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        portrait = index.data(ITEM_ROLE)
        if not isinstance(portrait, Portrait):
            return
        tones = tones_for(option.palette)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        cell = option.rect.adjusted(3, 3, -3, -3)
        paint_cell(painter, cell, option.state, tones)
        side_px = cell.width() - 2 * _PADDING_PX
        box = QRect(cell.left() + _PADDING_PX, cell.top() + _PADDING_PX, side_px, side_px)
        painter.setOpacity(_DIM if portrait.is_dim else 1.0)
        self._pictures.paint(painter, box, portrait.picture, tones, is_round=self._is_round)
        painter.setOpacity(1.0)
        words = QRect(cell.left() + 6, box.bottom() + 6, cell.width() - 12, cell.bottom() - box.bottom() - 8)
        _paint_words(painter, words, portrait, QFont(option.font), tones)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return option.rect.size()


class PortraitGrid(KeyedList):
    """A grid of portraits, as many beside each other as there is room for."""

    def __init__(
        self,
        name: str,
        pictures: "PortraitSource",
        *,
        is_round: bool = False,
        cell_px: int = 124,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(KeyedModel(), name, parent)
        self.items.setParent(self)
        self._cell_px = cell_px
        self._painter = pictures.painter
        self.setItemDelegate(PortraitDelegate(pictures.painter, is_round=is_round, parent=self))
        self.setViewMode(PortraitGrid.ViewMode.IconMode)
        self.setMovement(PortraitGrid.Movement.Static)
        self.setResizeMode(PortraitGrid.ResizeMode.Adjust)
        self.setGridSize(QSize(cell_px, self._height_px()))
        pictures.thumbnails.arrived.connect(self._repaint_picture)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        with self._painter.painting(self.viewport()):
            super().paintEvent(event)

    def _height_px(self) -> int:
        lines_px = QFontMetrics(self.font()).height() + QFontMetrics(small_font(self.font())).height()
        return 3 + self._cell_px - 3 + lines_px + 10

    def _repaint_picture(self, path: Path) -> None:
        if not self.isVisible():
            return
        for row in self.rows_in_sight():
            index = self.items.index(row)
            portrait = index.data(ITEM_ROLE)
            if isinstance(portrait, Portrait) and portrait.picture == path:
                self.update(index)


class PortraitSource:
    """The pictures of people for all lists of a window; decoded beside the UI thread."""

    def __init__(self, parent: QObject) -> None:
        self.thumbnails = Thumbnails(parent, kept_bytes=64 * 1024 * 1024)
        self.painter = PortraitPainter(self.thumbnails)


def source_size(ratio: float) -> QSize:
    """Return how large, in device pixels, pictures of people are decoded at most."""
    return QSize(round(SOURCE_PX * ratio), round(SOURCE_PX * ratio))


def paint_cell(painter: QPainter, cell: QRect, state: QStyle.StateFlag, tones: Tones) -> None:
    """Paint what is behind a thing in a list, by whether it is chosen, pointed at, or the current one."""
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
    painter.setPen(QPen(QColor(tones.accent), 2) if has_focus else Qt.PenStyle.NoPen)
    if is_selected or is_hovered:
        painter.setBrush(QColor(tones.selection if is_selected else tones.hover))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if is_selected or is_hovered or has_focus:
        painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), _CORNER_PX, _CORNER_PX)


def _paint_words(painter: QPainter, box: QRect, portrait: Portrait, font: QFont, tones: Tones) -> None:
    centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
    painter.setFont(font)
    painter.setPen(QColor(tones.dim if portrait.is_dim else tones.text))
    painter.drawText(box, centre, elided(painter, portrait.title, box.width()))
    if portrait.detail:
        below = box.adjusted(0, QFontMetrics(font).height(), 0, 4)
        painter.setFont(small_font(font))
        painter.setPen(QColor(tones.dim))
        painter.drawText(below, centre, elided(painter, portrait.detail, box.width(), middle=True))


def _shaped(whole: QPixmap, side_px: int, *, is_round: bool) -> QPixmap:
    """Cut the middle square out of a picture, round or with round corners."""
    cut = whole.scaled(
        side_px,
        side_px,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    # Faces stand in the upper part of a picture taken upright.
    offset = QPoint((cut.width() - side_px) // 2, (cut.height() - side_px) // 3)
    canvas = QPixmap(side_px, side_px)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(cut))
    painter.setBrushOrigin(-offset)
    corner_px = side_px / 2 if is_round else _CORNER_PX * side_px / 100
    painter.drawRoundedRect(QRectF(0, 0, side_px, side_px), corner_px, corner_px)
    painter.end()
    return canvas
