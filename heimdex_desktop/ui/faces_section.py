"""The part of the models page about faces: nothing is looked for before a person has agreed."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.model_wording import set_by
from heimdex_desktop.ui.wording import plain

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import DeskFacts

_WHAT = "Faces are looked for in the pictures of your scenes, and kept on this computer alone."
_LICENCE = (
    "Some models may not be used for every purpose, or their licence is not clear. They can be got and used"
    " only after you say here that you may use them."
)


class FacesSection(QFrame):
    """Shows both switches. `chosen` brings the name of a setting and its new value, after consent.

    `faces_folder` is where faces are kept. A setting in `overruled` cannot be chosen here.
    """

    chosen = Signal(str, object)

    def __init__(self, faces_folder: Path, overruled: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._folder = faces_folder
        self.faces = self._switch("faces", "Find faces and tell them apart", overruled)
        self.licensed = self._switch(
            "faces_licensed", "I may use models whose licence forbids some uses", overruled
        )
        self.faces.clicked.connect(self._switch_faces)
        self.licensed.clicked.connect(self._switch_licensed)
        self._lay_out()

    def show_facts(self, facts: "DeskFacts") -> None:
        """Show what is chosen."""
        self.faces.setChecked(facts.settings.faces)
        self.licensed.setChecked(facts.settings.faces_licensed)

    def _switch(self, setting: str, words: str, overruled: frozenset[str]) -> QCheckBox:
        is_locked = setting in overruled
        switch = QCheckBox(f"{words} ({set_by(setting)})" if is_locked else words)
        switch.setEnabled(not is_locked)
        return switch

    def _switch_faces(self, is_on: bool) -> None:  # noqa: FBT001  (Qt gives it by position)
        if not is_on:
            self.chosen.emit("faces", False)  # noqa: FBT003
            return
        # It shows what is so, and nothing is agreed to yet.
        self.faces.setChecked(False)
        consent = ConsentDialog(self._folder, self)
        consent.accepted.connect(lambda: self.chosen.emit("faces", True))  # noqa: FBT003
        consent.open()

    def _switch_licensed(self, is_on: bool) -> None:  # noqa: FBT001  (Qt gives it by position)
        self.chosen.emit("faces_licensed", is_on)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        for switch, sentence in ((self.faces, _WHAT), (self.licensed, _LICENCE)):
            column.addWidget(switch)
            told = label(sentence, tone="dim", wraps=True)
            told.setIndent(22)
            column.addWidget(told)


class ConsentDialog(QDialog):
    """Says what is computed of faces, where it stays and how it goes away; accepted = the person agrees."""

    def __init__(self, faces_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Faces")
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        column.addWidget(label("May Heimdex look for faces in your videos?", tone="title", wraps=True))
        self.paragraphs = tuple(label(plain(text), wraps=True) for text in consent_texts(faces_folder))
        for paragraph in self.paragraphs:
            column.addWidget(paragraph)
        buttons = QDialogButtonBox()
        self.agree_button = buttons.addButton("I agree", QDialogButtonBox.ButtonRole.AcceptRole)
        self.not_now_button = buttons.addButton("Not now", QDialogButtonBox.ButtonRole.RejectRole)
        # Enter on a dialog that just came up must not agree to anything.
        self.agree_button.setAutoDefault(False)
        self.not_now_button.setDefault(True)
        self.not_now_button.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.setMinimumWidth(520)


def consent_texts(faces_folder: Path) -> tuple[str, ...]:
    """Return what a person agrees to, in paragraphs."""
    return (
        "What is computed: each face in the pictures of your scenes gets a row of numbers, by which it can be"
        " compared with other faces. From the size of the faces, scenes are named close-up, medium or wide"
        " shot; only this is written down beside your videos.",
        f"Where it stays: the faces and their numbers are kept in {faces_folder} on this computer and nowhere"
        " else. They never leave the folder of the library: not beside a video, not into a log, not over a"
        " network.",
        "How it goes away: switch it off here, then no more faces are looked for. Delete that folder, and all"
        " that was found is gone.",
        "In some countries you need to ask the people in your videos before you do this.",
    )
