"""What stands in the middle while the library is not open: that it opens, or why it cannot and what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.wording import plain

OPENING = "Opening your library…"
_REFUSED = "Your library cannot be opened"


class WaitingPage(QWidget):
    """Says that the library opens, until it is told why it does not."""

    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opening = label(OPENING, tone="dim")
        self.title = label(_REFUSED, tone="title", wraps=True)
        self.reason = label(tone="lead", wraps=True)
        self.again_button = QPushButton("Try again")
        self.again_button.setProperty("kind", "primary")
        self.again_button.clicked.connect(self._try_again)
        self._lay_out()
        self._show_refused(is_refused=False)

    def show_refusal(self, reason: str) -> None:
        """Say why the library cannot be opened, and offer to try again; it stands until it is open."""
        self.reason.setText(plain(reason))
        self.again_button.setEnabled(True)
        self._show_refused(is_refused=True)

    def _try_again(self) -> None:
        # One click, one try: the answer brings the button back.
        self.again_button.setEnabled(False)
        self.again_wanted.emit()

    def _show_refused(self, *, is_refused: bool) -> None:
        self.opening.setVisible(not is_refused)
        for part in (self.title, self.reason, self.again_button):
            part.setVisible(is_refused)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 24, 48, 24)
        column.setSpacing(14)
        column.addStretch(2)
        for words in (self.opening, self.title, self.reason):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addWidget(self.again_button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
