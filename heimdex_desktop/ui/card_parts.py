"""The parts of which a card of a scene is painted: its ground and frame, pictures, and words on them."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle

from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.theme import Tones

_CORNER_PX = 10
_CHIP_PADDING_PX = 7
_CHIP_ALPHA = 44
_ON_PICTURE_PX = 6
_RING_PX = 2
FACE_PX = 52
"""How wide the face of somebody is on the picture of a scene."""


@dataclass(frozen=True, slots=True)
class Brush:
    """Everything the parts of one card are painted with."""

    painter: QPainter
    tones: Tones
    font: QFont
    small: QFont


def corners(box: QRectF) -> QPainterPath:
    """Return what a rounded card leaves out of the upper corners of its picture."""
    path = QPainterPath()
    size_px = 2 * _CORNER_PX
    for x_px, start_deg in ((box.left(), 90), (box.right() - size_px, 0)):
        path.moveTo(box.left() if start_deg else box.right(), box.top())
        path.arcTo(QRectF(x_px, box.top(), size_px, size_px), start_deg, 90)
        path.closeSubpath()
    return path


def contained(box: QRect, picture: QPixmap) -> QRect:
    size = QSizeF(picture.size()).scaled(QSizeF(box.size()), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(0, 0, round(size.width()), round(size.height()))
    place.moveCenter(box.center())
    return place


def paint_card(brush: Brush, card: QRectF, state: QStyle.StateFlag) -> None:
    is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    tones = brush.tones
    fill = tones.selection if is_selected else tones.hover if is_hovered else tones.surface
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(QColor(fill))
    brush.painter.drawRoundedRect(card, _CORNER_PX, _CORNER_PX)


def paint_frame(brush: Brush, card: QRectF, state: QStyle.StateFlag) -> None:
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


def paint_badge(brush: Brush, picture_box: QRectF, text: str) -> None:
    painter = brush.painter
    painter.setFont(brush.small)
    metrics = painter.fontMetrics()
    width_px, height_px = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    box = QRectF(
        picture_box.right() - width_px - _ON_PICTURE_PX,
        picture_box.bottom() - height_px - _ON_PICTURE_PX,
        width_px,
        height_px,
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(box, 5, 5)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_face(brush: Brush, picture_box: QRect, face: QPixmap) -> None:
    """Paint a round face with a ring on the lower left corner of a picture, away from when it is."""
    left_px = picture_box.left() + _ON_PICTURE_PX + _RING_PX
    top_px = picture_box.bottom() - _ON_PICTURE_PX - _RING_PX - FACE_PX
    box = QRect(left_px, top_px, FACE_PX, FACE_PX)
    brush.painter.drawPixmap(box, face)
    half_px = _RING_PX / 2
    brush.painter.setPen(QPen(QColor("#ffffff"), _RING_PX))
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.drawEllipse(QRectF(box).adjusted(-half_px, -half_px, half_px, half_px))


def paint_chips(brush: Brush, box: QRectF, labels: tuple[str, ...]) -> None:
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
