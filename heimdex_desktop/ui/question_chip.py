"""The chip in the search row: what a person points at beside the words, until they take it away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import ElidedLabel
from heimdex_desktop.ui.wording import plain

_WIDEST_PX = 260


class QuestionChip(QFrame):
    """Shows a few words with a button that takes them away; hidden while there is nothing to show."""

    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("questionChip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.caption = ElidedLabel(self)
        self.remove_button = IconButton("close", "Search without this (Esc in the empty field)", self)
        self.remove_button.clicked.connect(self.removed)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 2, 2)
        row.setSpacing(4)
        row.addWidget(self.caption, 1)
        row.addWidget(self.remove_button)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show these words; a long file name loses its middle."""
        text = plain(text)
        self.caption.show_text(text)
        words_px = self.caption.fontMetrics().horizontalAdvance(text) + 4
        self.caption.setFixedWidth(min(_WIDEST_PX, words_px))
        self.show()
