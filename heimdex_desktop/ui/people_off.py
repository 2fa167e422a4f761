"""What the page of people says while faces are not looked for: what it would do, or what is still kept."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_facts import PeopleFacts
from heimdex_desktop.ui.faces_section import ConsentDialog
from heimdex_desktop.ui.icons import IconSet
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.model_wording import set_by
from heimdex_desktop.ui.people_wording import (
    KEPT_TITLE,
    OFF_SENTENCES,
    OFF_TITLE,
    READING,
    kept_sentences,
)
from heimdex_desktop.ui.theme import tones_for

_ICON_PX = 72


class PeopleOff(QWidget):
    """`consented` tells that a person read what is computed and agrees; with `is_locked` nobody can here.

    `people_wanted` asks for the people who are kept, `forget_wanted` to delete all face data.
    """

    consented = Signal()
    people_wanted = Signal()
    forget_wanted = Signal()
    left = Signal()

    def __init__(self, library: Path, *, is_locked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self.title = label(tone="title")
        self.reading = label(READING, wraps=True, tone="dim")
        self.sentences = tuple(label(wraps=True, tone="dim") for _ in OFF_SENTENCES)
        self.agree_button = QPushButton()
        self.agree_button.setProperty("kind", "primary")
        self.agree_button.clicked.connect(self.ask)
        self.agree_button.setEnabled(not is_locked)
        self.lock = label(f"It is {set_by('faces')}." if is_locked else "", tone="dim")
        self.lock.setVisible(is_locked)
        self.people_button = QPushButton("Show people…")
        self.people_button.clicked.connect(self.people_wanted)
        self.forget_button = QPushButton("Delete all face data…")
        self.forget_button.clicked.connect(self.forget_wanted)
        self.back_button = QPushButton("Back to the scenes")
        self.back_button.clicked.connect(self.left)
        self._lay_out()
        self.show_facts(None)

    def show_facts(self, facts: PeopleFacts | None) -> None:
        """Say what is kept, or, where nothing is, what looking for faces would do; with None, neither yet."""
        kept = kept_sentences(facts) if facts else ()
        self.title.setText(KEPT_TITLE if kept else OFF_TITLE)
        self.reading.setVisible(facts is None)
        for told, sentence in zip(self.sentences, kept or OFF_SENTENCES, strict=True):
            told.setText(sentence)
            told.setVisible(facts is not None)
        self.agree_button.setText("Switch on again…" if kept else "Read what it means, and decide…")
        for button in (self.people_button, self.forget_button):
            button.setVisible(bool(kept))

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
        column.addWidget(self.title, alignment=centre)
        for told in (self.reading, *self.sentences):
            told.setAlignment(centre)
            column.addWidget(told)
        column.addSpacing(6)
        parts = (self.agree_button, self.lock, self.people_button, self.forget_button, self.back_button)
        for part in parts:
            column.addWidget(part, alignment=centre)
        column.addStretch(3)
