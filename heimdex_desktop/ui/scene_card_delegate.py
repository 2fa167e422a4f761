"""Paints one scene as a card: its picture, when it is, why it matched and what is said in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Hit, Reason
from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.marked_text import draw_marked, elided, fitting_snippet
from heimdex_desktop.ui.picture_cache import PictureCache
from heimdex_desktop.ui.scene_model import STILL_ROLE, Index, file_name, hit_at
from heimdex_desktop.ui.telling_text import telling_text
from heimdex_desktop.ui.theme import DARK, Tones, tones_for
from heimdex_desktop.ui.thumbnails import Thumbnails
from heimdex_desktop.ui.wording import plain, scene_times, why

_GAP_PX = 8
_PADDING_PX = 10
_CORNER_PX = 10
_SNIPPET_LINES = 3
_CHIP_PADDING_PX = 7
_CHIP_ALPHA = 44
_FILM_PX = 34
_KEPT_BYTES = 48 * 1024 * 1024
CARDS_AT_ONCE = 6
"""So many new cards take some 5 ms to draw; the others come right after, so that a key between is heard."""


@dataclass(frozen=True, slots=True)
class _Brush:
    """Everything the parts of one card are painted with."""

    painter: QPainter
    tones: Tones
    font: QFont
    small: QFont


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a card's looks depend on beside its hit."""

    still: int
    cell: tuple[int, int, float]
    state: tuple[bool, bool, bool]
    is_dark: bool
    font: str


class _Shown(NamedTuple):
    """What a drawn card is kept under."""

    scene: SceneId
    locations: tuple[Path, ...]
    text: str
    because: tuple[Reason, ...]
    times: str
    look: _Look


class SceneCardDelegate(QStyledItemDelegate):
    """Paints cards; the grid decides how wide they are, and begins each painting with `begin`.

    `postponed` tells that a card is still to be drawn, in the next painting.
    """

    postponed = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._icons = IconSet()
        self._cards: PictureCache[_Shown] = PictureCache(_KEPT_BYTES)
        self._drawn = 0

    def begin(self) -> None:
        """Begin to paint what is in sight."""
        self._drawn = 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = hit_at(index)
        if hit is None:
            return
        ratio = painter.device().devicePixelRatioF()
        still = self._picture(index.data(STILL_ROLE), picture_box(option.rect.size()), ratio)
        look = _Look(
            still=still.cacheKey() if still else 0,
            cell=(option.rect.width(), option.rect.height(), ratio),
            state=(
                bool(option.state & QStyle.StateFlag.State_Selected),
                bool(option.state & QStyle.StateFlag.State_MouseOver),
                bool(option.state & QStyle.StateFlag.State_HasFocus),
            ),
            is_dark=tones_for(option.palette) is DARK,
            font=option.font.key(),
        )
        key = _Shown(
            hit.scene.id, hit.scene.locations, telling_text(hit)[0], hit.because, scene_times(hit), look
        )
        card = self._cards.get(key)
        if card is None and self._drawn >= CARDS_AT_ONCE:
            self.postponed.emit()
            return
        if card is None:
            self._drawn += 1
            card = self._draw(hit, option, still=still, ratio=ratio)
            self._cards.put(key, card)
        painter.drawPixmap(option.rect.topLeft(), card)

    def _draw(
        self, hit: Hit, option: QStyleOptionViewItem, *, still: QPixmap | None, ratio: float
    ) -> QPixmap:
        """Draw a whole card with its gap: drawn again at each step of a scroll, it would be too slow."""
        cell = option.rect.size()
        canvas = QPixmap(cell * ratio)
        canvas.setDevicePixelRatio(ratio)
        tones, font = tones_for(option.palette), QFont(option.font)
        canvas.fill(QColor(tones.window))
        half_px = _GAP_PX // 2
        card = QRectF(QRect(QPoint(0, 0), cell)).adjusted(half_px, half_px, -half_px, -half_px)
        painter = QPainter(canvas)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        brush = _Brush(painter, tones, font, small_font(font))
        box = picture_box(cell)
        _paint_card(brush, card, option.state)
        self._paint_picture(brush, box, still)
        _paint_badge(brush, QRectF(box), scene_times(hit))
        said_box = _paint_words(brush, card, QRectF(box).bottom(), hit)
        self._paint_said(brush, said_box, hit)
        _paint_frame(brush, card, option.state)
        painter.end()
        return canvas

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return option.rect.size()

    def _paint_picture(self, brush: _Brush, box: QRect, picture: QPixmap | None) -> None:
        painter = brush.painter
        if picture is None:
            painter.fillRect(box, QColor(brush.tones.line))
            icon = self._icons.pixmap("film", brush.tones.dim, size_px=_FILM_PX)
            painter.drawPixmap(box.center() - QPoint(_FILM_PX, _FILM_PX) / 2, icon)
        else:
            painter.fillRect(box, QColor("#000000"))
            painter.drawPixmap(_contained(box, picture), picture)
        # Corners painted over cost a hundredth of a picture drawn through a round clip.
        painter.fillPath(_corners(QRectF(box)), QColor(brush.tones.window))

    def _picture(self, still: object, box: QRect, ratio: float) -> QPixmap | None:
        if not isinstance(still, Path):
            return None
        return self._thumbnails.picture(still, QSize(round(box.width() * ratio), round(box.height() * ratio)))

    def _paint_said(self, brush: _Brush, box: QRectF, hit: Hit) -> None:
        text, words = telling_text(hit)
        if text.strip():
            pieces = fitting_snippet(plain(text), words, box=box, font=brush.font)
            draw_marked(brush.painter, box, pieces, tones=brush.tones, font=brush.font)
            return
        brush.painter.setPen(QColor(brush.tones.dim))
        brush.painter.setFont(brush.small)
        tags = ", ".join(sorted(hit.scene.tags, key=lambda tag: -hit.scene.tags[tag])[:5])
        top = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        brush.painter.drawText(box, top, plain(tags) or "Nothing is said here")


def picture_box(cell: QSize) -> QRect:
    """Return where in a cell the picture is, on whole pixels: on half a pixel it is blurred, and slow."""
    width_px = cell.width() - _GAP_PX
    return QRect(_GAP_PX // 2, _GAP_PX // 2, width_px, round(_picture_height_px(width_px)))


def card_height_px(width_px: int, font: QFont) -> int:
    """Return how high a card with its gap is, for a cell of this width."""
    metrics, small = QFontMetrics(font), QFontMetrics(small_font(font))
    words_px = metrics.height() + small.height() + 6 + 2 * 6 + _SNIPPET_LINES * (metrics.lineSpacing() + 2)
    return _GAP_PX + round(_picture_height_px(width_px - _GAP_PX)) + 2 * _PADDING_PX + words_px


def small_font(font: QFont) -> QFont:
    """Return the font of what is said beside the main thing."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.88)
    else:
        small.setPixelSize(round(font.pixelSize() * 0.88))
    return small


def _picture_height_px(width_px: float) -> float:
    return width_px * 9 / 16


def _corners(box: QRectF) -> QPainterPath:
    """Return what a rounded card leaves out of the upper corners of its picture."""
    path = QPainterPath()
    size_px = 2 * _CORNER_PX
    for x_px, start_deg in ((box.left(), 90), (box.right() - size_px, 0)):
        path.moveTo(box.left() if start_deg else box.right(), box.top())
        path.arcTo(QRectF(x_px, box.top(), size_px, size_px), start_deg, 90)
        path.closeSubpath()
    return path


def _contained(box: QRect, picture: QPixmap) -> QRect:
    size = QSizeF(picture.size()).scaled(QSizeF(box.size()), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(0, 0, round(size.width()), round(size.height()))
    place.moveCenter(box.center())
    return place


def _paint_card(brush: _Brush, card: QRectF, state: QStyle.StateFlag) -> None:
    is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    tones = brush.tones
    fill = tones.selection if is_selected else tones.hover if is_hovered else tones.surface
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(QColor(fill))
    brush.painter.drawRoundedRect(card, _CORNER_PX, _CORNER_PX)


def _paint_frame(brush: _Brush, card: QRectF, state: QStyle.StateFlag) -> None:
    """Paint the outline of a card: strong where the keyboard is, thin on the card that was chosen before."""
    has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
    is_marked = has_focus or bool(state & QStyle.StateFlag.State_Selected)
    pen = QPen(QColor(brush.tones.accent if is_marked else brush.tones.line), 3 if has_focus else 1)
    brush.painter.setPen(pen)
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    inset_px = pen.widthF() / 2
    brush.painter.drawRoundedRect(
        card.adjusted(inset_px, inset_px, -inset_px, -inset_px), _CORNER_PX, _CORNER_PX
    )


def _paint_badge(brush: _Brush, picture_box: QRectF, text: str) -> None:
    painter = brush.painter
    painter.setFont(brush.small)
    metrics = painter.fontMetrics()
    width_px, height_px = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    box = QRectF(
        picture_box.right() - width_px - 6, picture_box.bottom() - height_px - 6, width_px, height_px
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(box, 5, 5)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _paint_words(brush: _Brush, card: QRectF, top_px: float, hit: Hit) -> QRectF:
    """Paint the name and the reasons, if any; return where the transcript goes."""
    painter = brush.painter
    left_px, width_px = card.left() + _PADDING_PX, card.width() - 2 * _PADDING_PX
    bold = QFont(brush.font)
    bold.setWeight(QFont.Weight.DemiBold)
    painter.setFont(bold)
    painter.setPen(QColor(brush.tones.text))
    line_px = painter.fontMetrics().height()
    name_box = QRectF(left_px, top_px + _PADDING_PX, width_px, line_px)
    name = elided(painter, file_name(hit.scene), width_px, middle=True)
    painter.drawText(name_box, Qt.AlignmentFlag.AlignVCenter, name)
    top_px = name_box.bottom() + 6
    reasons = tuple(dict.fromkeys(why(reason) for reason in hit.because))
    if reasons:
        chips_box = QRectF(left_px, top_px, width_px, QFontMetrics(brush.small).height() + 6)
        _paint_chips(brush, chips_box, reasons)
        top_px = chips_box.bottom() + 6
    said_box = QRectF(left_px, top_px, width_px, 0)
    said_box.setBottom(card.bottom() - _PADDING_PX + 2)
    return said_box


def _paint_chips(brush: _Brush, box: QRectF, labels: tuple[str, ...]) -> None:
    painter, tones = brush.painter, brush.tones
    painter.setFont(brush.small)
    tint = QColor(tones.accent)
    tint.setAlpha(_CHIP_ALPHA)
    left_px = box.left()
    for label in labels:
        room_px = box.right() - left_px
        if room_px < 48:
            break
        text = elided(painter, label, room_px - 2 * _CHIP_PADDING_PX)
        width_px = painter.fontMetrics().horizontalAdvance(text) + 2 * _CHIP_PADDING_PX
        chip = QRectF(left_px, box.top(), width_px, box.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(chip, box.height() / 2, box.height() / 2)
        painter.setPen(QColor(tones.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        left_px += width_px + 5
