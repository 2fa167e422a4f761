"""Paints people and faces: a picture, a name below it, and a few words more."""

import functools
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.keyed_list import ITEM_ROLE, Index, KeyedList, KeyedModel
from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.scene_card_delegate import small_font
from heimdex_desktop.ui.shaped_pictures import fill_shape, read_shaped
from heimdex_desktop.ui.theme import Tones, tones_for
from heimdex_desktop.ui.thumbnails import Thumbnails

_KEPT_BYTES = 32 * 1024 * 1024
_PADDING_PX = 10
_CORNER_PX = 8
_DIM = 0.45
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform


@dataclass(frozen=True, slots=True)
class Portrait:
    """Somebody or a face in a list. With `is_sentence`, a long `detail` loses its end, else its middle."""

    key: Hashable
    picture: Path | None
    title: str
    detail: str = ""
    tip: str = ""
    is_dim: bool = False
    is_sentence: bool = False

    @property
    def spoken(self) -> str:
        parts = dict.fromkeys((self.title, self.detail, self.tip))
        return ", ".join(part for part in parts if part)


class PortraitPainter:
    """Paints pictures of people as they come. For the UI thread only."""

    def __init__(self, pictures: "PortraitSource") -> None:
        self._pictures = pictures
        self._icons = IconSet()
        self._nobody: dict[tuple[int, str, bool], QPixmap] = {}

    def paint(
        self, painter: QPainter, box: QRect, picture: Path | None, tones: Tones, *, is_round: bool
    ) -> None:
        """Paint a picture into a square, or what stands for one that is not there (yet).

        Whoever paints shapes after it turns `Antialiasing` on again.
        """
        ratio = painter.device().devicePixelRatioF()
        side_px = round(box.width() * ratio)
        shaped = self._pictures.picture(picture, side_px, is_round=is_round) if picture else None
        # Its edges are smooth already. With hints, Qt divides pictures of 96 rows and more among threads and
        # waits for them: ten times as long, on a busy computer half a millisecond for each.
        painter.setRenderHints(_SMOOTH, on=False)
        painter.drawPixmap(box, shaped or self._nobody_of(side_px, tones, is_round=is_round))

    def _nobody_of(self, side_px: int, tones: Tones, *, is_round: bool) -> QPixmap:
        key = (side_px, tones.line, is_round)
        if key not in self._nobody:
            icon = self._icons.pixmap("person", tones.dim, size_px=side_px // 2)
            self._nobody[key] = _nobody(icon, side_px, QColor(tones.line), is_round=is_round)
        return self._nobody[key]


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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
        self.setItemDelegate(PortraitDelegate(pictures.painter, is_round=is_round, parent=self))
        self.setViewMode(PortraitGrid.ViewMode.IconMode)
        self.setMovement(PortraitGrid.Movement.Static)
        self.setResizeMode(PortraitGrid.ResizeMode.Adjust)
        self.setGridSize(QSize(cell_px, self._height_px()))
        pictures.arrived.connect(self._repaint)

    def _height_px(self) -> int:
        lines_px = QFontMetrics(self.font()).height() + QFontMetrics(small_font(self.font())).height()
        return 3 + self._cell_px - 3 + lines_px + 10

    def _repaint(self, arrived: tuple[Path, ...]) -> None:
        if not self.isVisible():
            return
        came = frozenset(arrived)
        for row in self.rows_in_sight():
            index = self.items.index(row)
            portrait = index.data(ITEM_ROLE)
            if isinstance(portrait, Portrait) and portrait.picture in came:
                self.update(index)


class PortraitSource(QObject):
    """The pictures of people for all lists of a window: decoded and shaped beside the UI thread.

    `arrived` carries the paths (`tuple[Path, ...]`) that have a picture now, or have none.
    """

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shapes: dict[tuple[int, bool], Thumbnails] = {}
        self.painter = PortraitPainter(self)

    def picture(self, path: Path, side_px: int, *, is_round: bool) -> QPixmap | None:
        """Return the square picture of this side in device pixels, or None and have it made."""
        shape = side_px, is_round
        if shape not in self._shapes:
            read = functools.partial(read_shaped, is_round=is_round)
            made = self._shapes[shape] = Thumbnails(self, read=read, kept_bytes=_KEPT_BYTES)
            made.arrived.connect(self.arrived)
        return self._shapes[shape].picture(path, QSize(side_px, side_px))

    def close(self) -> None:
        """Stop decoding, and wait for the pictures at hand."""
        for thumbnails in self._shapes.values():
            thumbnails.close()


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
        painter.drawText(
            below, centre, elided(painter, portrait.detail, box.width(), middle=not portrait.is_sentence)
        )


def _nobody(icon: QPixmap, side_px: int, colour: QColor, *, is_round: bool) -> QPixmap:
    """Draw what stands for a picture that is not there (yet)."""
    canvas = QPixmap(side_px, side_px)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour)
    fill_shape(painter, side_px, is_round=is_round)
    painter.drawPixmap(canvas.rect().center() - icon.rect().center(), icon)
    painter.end()
    return canvas
