"""The part of the models page about faces: nothing is looked for before a person has agreed."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.model_wording import set_by
from heimdex_desktop.ui.wording import plain

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import DeskFacts

_WHAT = (
    "Faces are looked for in the pictures of your scenes, told apart, and kept on this computer alone. Names"
    " are given on the page of people (Ctrl+Shift+P)."
)
_ENROLLMENT = (
    "Somebody is known best by photos of them. Off: no photo is added any more; who is known stays known."
)
_LICENCE = (
    "Some models may not be used for every purpose, or their licence is not clear. They can be got and used"
    " only after you say here that you may use them."
)


class FacesSection(QFrame):
    """Shows the switches. `chosen` brings the name of a setting and its new value, after consent.

    `forget_wanted` asks for all face data to be deleted. `library` is the folder in which faces are kept. A
    setting in `overruled` cannot be chosen here.
    """

    chosen = Signal(str, object)
    forget_wanted = Signal()

    def __init__(self, library: Path, overruled: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._library = library
        self.faces = self._switch("faces", "Find faces and tell them apart", overruled)
        self.enrollment = self._switch("face_enrollment", "Let people be enrolled by photos", overruled)
        self._is_enrollment_locked = "face_enrollment" in overruled
        self.licensed = self._switch(
            "faces_licensed", "I may use models whose licence forbids some uses", overruled
        )
        self.faces.clicked.connect(self._switch_faces)
        self.enrollment.clicked.connect(self._switch_enrollment)
        self.licensed.clicked.connect(self._switch_licensed)
        self.forget_button = QPushButton("Delete all face data…")
        self.forget_button.clicked.connect(self.forget_wanted)
        self._lay_out()

    def show_facts(self, facts: "DeskFacts") -> None:
        """Show what is chosen."""
        self.faces.setChecked(facts.settings.faces)
        self.enrollment.setChecked(facts.settings.face_enrollment)
        # Without faces there is nobody to be known.
        self.enrollment.setEnabled(facts.settings.faces and not self._is_enrollment_locked)
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
        consent = ConsentDialog(self._library, self)
        consent.accepted.connect(lambda: self.chosen.emit("faces", True))  # noqa: FBT003
        consent.open()

    def _switch_enrollment(self, is_on: bool) -> None:  # noqa: FBT001  (Qt gives it by position)
        self.chosen.emit("face_enrollment", is_on)

    def _switch_licensed(self, is_on: bool) -> None:  # noqa: FBT001  (Qt gives it by position)
        self.chosen.emit("faces_licensed", is_on)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        for switch, sentence in (
            (self.faces, _WHAT),
            (self.enrollment, _ENROLLMENT),
            (self.licensed, _LICENCE),
        ):
            column.addWidget(switch)
            told = label(sentence, tone="dim", wraps=True)
            told.setIndent(22)
            column.addWidget(told)
        column.addSpacing(4)
        column.addWidget(self.forget_button, alignment=Qt.AlignmentFlag.AlignLeft)


class ConsentDialog(QDialog):
    """Says what is computed of faces, where it stays and how it goes away; accepted = the person agrees."""

    def __init__(self, library: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Faces")
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        column.addWidget(label("May Heimdex look for faces in your videos?", tone="title", wraps=True))
        self.paragraphs = tuple(label(plain(text), wraps=True) for text in consent_texts(library))
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


def consent_texts(library: Path) -> tuple[str, ...]:
    """Return what a person agrees to, in paragraphs, for the library in this folder."""
    return (
        "What is computed: each face in the pictures of your scenes gets a row of numbers, by which it can be"
        " compared with other faces. Faces that are alike are grouped. When you give a name to somebody, or"
        " photos of them, every face in your videos is compared with theirs.",
        "Where it stays: the faces, small pictures of them, your photos and the numbers are kept in the"
        f" folders “faces”, “crops” and “people” of {library}, on this computer alone, readable by you alone."
        " They never leave that folder: not beside a video, not into a log, not over a network.",
        "What is written beside your videos: whether a scene is a close-up, how many people are seen in it,"
        " and the names that you gave to those who were recognised, with when they are seen and where in the"
        " picture. Whoever gets a video together with the file that Heimdex wrote beside it can read that.",
        "How it goes away: switch it off, then no more faces are looked for. “Delete all face data…” on the"
        " page about models deletes all that was found, the photos and the names, also beside your videos,"
        " and then searches every file for what might be left. A single person can be forgotten in the same"
        " way.",
        "In some countries you need to ask the people in your videos before you do this.",
    )
