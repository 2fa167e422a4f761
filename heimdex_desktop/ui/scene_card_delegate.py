"""Paints one scene as a card: its picture, when it is, why it matched and what is said in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Hit, HitPictures, Reason
from heimdex_desktop.ui.card_parts import (
    FACE_PX,
    Brush,
    contained,
    corners,
    paint_badge,
    paint_card,
    paint_chips,
    paint_face,
    paint_frame,
)
from heimdex_desktop.ui.card_pictures import CardPictures
from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.marked_text import draw_marked, elided, fitting_snippet
from heimdex_desktop.ui.picture_cache import PictureCache
from heimdex_desktop.ui.scene_model import Index, file_name, hit_at, pictures_at
from heimdex_desktop.ui.telling_text import telling_text
from heimdex_desktop.ui.theme import DARK, tones_for
from heimdex_desktop.ui.wording import plain, scene_times, why

_GAP_PX = 8
_PADDING_PX = 10
_SNIPPET_LINES = 3
_FILM_PX = 34
_KEPT_BYTES = 48 * 1024 * 1024
CARDS_AT_ONCE = 6
"""So many new cards take some 5 ms to draw; the others come right after, so that a key between is heard."""


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a card's looks depend on beside its hit."""

    pictures: tuple[int, ...]
    cell: tuple[int, int, float]
    state: tuple[bool, bool, bool]
    is_dark: bool
    font: str


class _Pictures(NamedTuple):
    """What of a hit's pictures is decoded."""

    still: QPixmap | None
    face: QPixmap | None


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

    def __init__(self, pictures: CardPictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = pictures
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
        pictures = self._pictures_of(pictures_at(index), picture_box(option.rect.size()), ratio)
        look = _Look(
            pictures=tuple(one.cacheKey() if one else 0 for one in pictures),
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
            card = self._draw(hit, option, pictures, ratio)
            self._cards.put(key, card)
        painter.drawPixmap(option.rect.topLeft(), card)

    def _draw(self, hit: Hit, option: QStyleOptionViewItem, pictures: _Pictures, ratio: float) -> QPixmap:
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
        brush = Brush(painter, tones, font, small_font(font))
        box = picture_box(cell)
        paint_card(brush, card, option.state)
        self._paint_picture(brush, box, pictures.still)
        if pictures.face:
            paint_face(brush, box, pictures.face)
        paint_badge(brush, QRectF(box), scene_times(hit))
        said_box = _paint_words(brush, card, QRectF(box).bottom(), hit)
        self._paint_said(brush, said_box, hit)
        paint_frame(brush, card, option.state)
        painter.end()
        return canvas

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        return option.rect.size()

    def _paint_picture(self, brush: Brush, box: QRect, picture: QPixmap | None) -> None:
        painter = brush.painter
        if picture is None:
            painter.fillRect(box, QColor(brush.tones.line))
            icon = self._icons.pixmap("film", brush.tones.dim, size_px=_FILM_PX)
            painter.drawPixmap(box.center() - QPoint(_FILM_PX, _FILM_PX) / 2, icon)
        else:
            painter.fillRect(box, QColor("#000000"))
            painter.drawPixmap(contained(box, picture), picture)
        # Corners painted over cost a hundredth of a picture drawn through a round clip.
        painter.fillPath(corners(QRectF(box)), QColor(brush.tones.window))

    def _pictures_of(self, there: HitPictures, box: QRect, ratio: float) -> _Pictures:
        box_px = QSize(round(box.width() * ratio), round(box.height() * ratio))
        return _Pictures(
            self._source.still(there.still, box_px) if there.still else None,
            self._source.face(there.face, round(FACE_PX * ratio)) if there.face else None,
        )

    def _paint_said(self, brush: Brush, box: QRectF, hit: Hit) -> None:
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


def _paint_words(brush: Brush, card: QRectF, top_px: float, hit: Hit) -> QRectF:
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
        paint_chips(brush, chips_box, reasons)
        top_px = chips_box.bottom() + 6
    said_box = QRectF(left_px, top_px, width_px, 0)
    said_box.setBottom(card.bottom() - _PADDING_PX + 2)
    return said_box
