"""Draws text of a few lines in which matched words are marked."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from heimdex_desktop.ui.snippet import Piece, snippet
from heimdex_desktop.ui.theme import Tones

# Wrapping at words and tall scripts leave part of a box empty; how much is only seen by trying.
_SHARES = (0.96, 0.86, 0.74, 0.62, 0.5)


def draw_marked(
    painter: QPainter, box: QRectF, pieces: Sequence[Piece], *, tones: Tones, font: QFont
) -> None:
    """Draw the pieces into the box, wrapped, leaving out the lines that do not fit."""
    layout = _layout(pieces, font)
    layout.setFormats(_formats(pieces, tones))
    fitting_px, _ = _break_lines(layout, box)
    painter.save()
    painter.setClipRect(QRectF(box.left(), box.top(), box.width(), fitting_px))
    painter.setPen(QColor(tones.text))
    layout.draw(painter, box.topLeft())
    painter.restore()


def fitting_snippet(transcript: str, words: Sequence[str], *, box: QRectF, font: QFont) -> tuple[Piece, ...]:
    """Return the longest snippet that is drawn whole in the box, so that its `…` is seen."""
    limit_chars = _letters_that_fit(font, transcript, box)
    pieces: tuple[Piece, ...] = ()
    for share in _SHARES:
        pieces = snippet(transcript, words, limit_chars=round(limit_chars * share))
        _, is_whole = _break_lines(_layout(pieces, font), box)
        if is_whole:
            break
    return pieces


def _layout(pieces: Sequence[Piece], font: QFont) -> QTextLayout:
    layout = QTextLayout("".join(piece.text for piece in pieces), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    return layout


def _break_lines(layout: QTextLayout, box: QRectF) -> tuple[float, bool]:
    """Lay out lines until the box is full; return the height of those that fit, and whether all do."""
    fitting_px = 0.0
    layout.beginLayout()
    while True:
        line = layout.createLine()
        is_whole = not line.isValid()
        if is_whole:
            break
        line.setLineWidth(box.width())
        line.setPosition(QPointF(0, fitting_px))
        if fitting_px + line.height() > box.height() + 1:
            break
        fitting_px += line.height()
    layout.endLayout()
    return fitting_px, is_whole


def _letters_that_fit(font: QFont, text: str, box: QRectF) -> int:
    """Guess how many letters of this text fit into the box: scripts differ twofold in width."""
    sample = text[:80]
    metrics = QFontMetricsF(font)
    width_px = metrics.horizontalAdvance(sample) / max(1, len(sample))
    lines = max(1, int(box.height() // metrics.lineSpacing()))
    return max(16, int(lines * box.width() / max(1.0, width_px)))


def _formats(pieces: Sequence[Piece], tones: Tones) -> list[QTextLayout.FormatRange]:
    formats: list[QTextLayout.FormatRange] = []
    at = 0
    for piece in pieces:
        # Qt counts UTF-16 units, Python counts characters.
        length = len(piece.text.encode("utf-16-le")) // 2
        if piece.is_marked:
            formats.append(_marked_range(at, length, tones))
        at += length
    return formats


def _marked_range(start: int, length: int, tones: Tones) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setBackground(QColor(tones.mark))
    look.setForeground(QColor(tones.on_mark))
    look.setFontWeight(QFont.Weight.DemiBold)
    marked = QTextLayout.FormatRange()
    marked.start = start  # pyright: ignore[reportAttributeAccessIssue]
    marked.length = length  # pyright: ignore[reportAttributeAccessIssue]
    marked.format = look  # pyright: ignore[reportAttributeAccessIssue]
    return marked


def elided(painter: QPainter, text: str, width_px: float, *, middle: bool = False) -> str:
    """Cut text to a width with `…`: file names in the middle, because their ends tell them apart."""
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return painter.fontMetrics().elidedText(text, mode, int(width_px))
