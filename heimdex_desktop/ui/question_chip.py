"""The chip in the search row: what a person points at beside the words, until they take it away."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import ElidedLabel
from heimdex_desktop.ui.wording import plain

_WIDEST_PX = 260
_PICTURE_PX = QSize(48, 26)


class QuestionChip(QFrame):
    """Shows a few words, perhaps after a small picture, with a button that takes them away.

    Hidden while there is nothing to show.
    """

    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("questionChip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.picture = QLabel(self)
        self.caption = ElidedLabel(self)
        self.remove_button = IconButton("close", "Search without this (Esc in the empty field)", self)
        self.remove_button.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 2, 2)
        row.setSpacing(4)
        row.addWidget(self.picture)
        row.addWidget(self.caption, 1)
        row.addWidget(self.remove_button)
        self.hide()

    def show_text(self, text: str, picture: QImage | None = None) -> None:
        """Show these words; a long file name loses its middle."""
        text = plain(text)
        self.picture.setVisible(picture is not None)
        if picture is not None:
            self.picture.setPixmap(self._fitting(picture))
        self.caption.show_text(text)
        words_px = self.caption.fontMetrics().horizontalAdvance(text) + 4
        self.caption.setFixedWidth(min(_WIDEST_PX, words_px))
        self.show()

    def _fitting(self, picture: QImage) -> QPixmap:
        ratio = self.devicePixelRatioF()
        fitting = QPixmap.fromImage(
            picture.scaled(
                _PICTURE_PX * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        fitting.setDevicePixelRatio(ratio)
        return fitting
