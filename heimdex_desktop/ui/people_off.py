"""What the page of people says while faces are not looked for: what it would do, and how to agree to it."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.ui.faces_section import ConsentDialog
from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.model_wording import set_by
from heimdex_desktop.ui.people_wording import OFF_SENTENCES
from heimdex_desktop.ui.theme import tones_for

_ICON_PX = 72


class PeopleOff(QWidget):
    """`consented` tells that a person read what is computed and agrees; with `is_locked` nobody can here."""

    consented = Signal()
    left = Signal()

    def __init__(self, library: Path, *, is_locked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self.agree_button = QPushButton("Read what it means, and decide…")
        self.agree_button.setProperty("kind", "primary")
        self.agree_button.setAutoDefault(True)
        self.agree_button.clicked.connect(self.ask)
        self.agree_button.setEnabled(not is_locked)
        self.lock = label(f"It is {set_by('faces')}." if is_locked else "", tone="dim")
        self.lock.setVisible(is_locked)
        self.back_button = QPushButton("Back to the scenes")
        self.back_button.clicked.connect(self.left)
        self._lay_out()

    def ask(self) -> None:
        """Ask whether a person agrees."""
        consent = ConsentDialog(self._library, self)
        consent.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        consent.accepted.connect(self.consented)
        consent.open()

    def _lay_out(self) -> None:
        picture = QLabel()
        tones = tones_for(self.palette())
        picture.setPixmap(IconSet().pixmap("people", tones.accent, size_px=_ICON_PX, ratio=2.0))
        picture.setFixedSize(QSize(_ICON_PX, _ICON_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(64, 24, 64, 24)
        column.setSpacing(12)
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(picture, alignment=centre)
        column.addWidget(label("Find people by their faces", tone="title"), alignment=centre)
        for sentence in OFF_SENTENCES:
            told = label(sentence, wraps=True, tone="dim")
            told.setAlignment(centre)
            column.addWidget(told)
        column.addSpacing(6)
        for part in (self.agree_button, self.lock, self.back_button):
            column.addWidget(part, alignment=centre)
        column.addStretch(3)
