"""Gives pictures of people their shape: round ones are people, those with round corners faces and photos."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter

from heimdex_desktop.ui.thumbnails import read_scaled

_CORNER_SHARE = 0.08


def read_shaped(path: Path, box_px: QSize, *, is_round: bool) -> QImage:
    """Decode the middle square of a picture, round or with round corners; a null image when there is none.

    May be called on any thread.
    """
    side_px = box_px.width()
    whole = read_scaled(path, box_px, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    if whole.isNull():
        return whole
    # Faces stand in the upper part of a picture taken upright.
    offset = QPoint((whole.width() - side_px) // 2, (whole.height() - side_px) // 3)
    canvas = QImage(box_px, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QBrush(whole))
    painter.setBrushOrigin(-offset)
    fill_shape(painter, side_px, is_round=is_round)
    painter.end()
    return canvas


def fill_shape(painter: QPainter, side_px: int, *, is_round: bool) -> None:
    """Fill a square with the brush of the painter: a circle, or the square with its corners rounded off."""
    painter.setPen(Qt.PenStyle.NoPen)
    corner_px = side_px / 2 if is_round else side_px * _CORNER_SHARE
    painter.drawRoundedRect(QRectF(0, 0, side_px, side_px), corner_px, corner_px)
