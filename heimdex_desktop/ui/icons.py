"""Draws the program's own icons in the colour that fits where they stand."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolButton, QWidget

from heimdex_desktop.ui.theme import tones_for

_PACKAGE = Path(__file__).resolve().parents[1]


def icon_folder() -> Path:
    """Return the folder of the icons: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / "resources" / "icons"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources" / "icons"


def app_icon() -> QIcon:
    """Return the program's icon for title bars and docks."""
    return QIcon(str(icon_folder() / "heimdex.svg"))


class IconSet:
    """Icons drawn once per name, colour and size. For the UI thread only."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, colour: str, *, size_px: int, ratio: float = 1.0) -> QPixmap:
        """Return the icon `name`, `size_px` logical pixels wide and high, for a screen of this ratio."""
        key = (name, colour, size_px, ratio)
        if key not in self._drawn:
            self._drawn[key] = _draw(name, colour, size_px=size_px, ratio=ratio)
        return self._drawn[key]


def _draw(name: str, colour: str, *, size_px: int, ratio: float) -> QPixmap:
    side_px = round(size_px * ratio)
    pixmap = QPixmap(side_px, side_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    outline = (icon_folder() / f"{name}.svg").read_bytes()
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(outline)).render(painter, QRectF(0, 0, side_px, side_px))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(colour))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class IconButton(QToolButton):
    """A button with one of our icons, redrawn when the system turns dark or light."""

    def __init__(self, icon_name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = IconSet()
        self._icon_name = icon_name
        self.setIconSize(QSize(18, 18))
        self.setProperty("kind", "quiet")
        self.show_as(icon_name, label)

    def show_as(self, icon_name: str, label: str) -> None:
        """Take another icon; the label is the tooltip and what a screen reader says."""
        self._icon_name = icon_name
        self.setToolTip(label)
        self.setAccessibleName(label)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.EnabledChange}:
            self._redraw()

    def _redraw(self) -> None:
        tones = tones_for(self.palette())
        colour = tones.text if self.isEnabled() else tones.line
        ratio = self.devicePixelRatioF()
        self.setIcon(QIcon(self._icons.pixmap(self._icon_name, colour, size_px=18, ratio=ratio)))
