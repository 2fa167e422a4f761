"""What is asked about people in small dialogs: names, and whether something is really meant."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_facts import PersonCard
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.name_field import LONGEST_NAME_CHARS, NameField
from heimdex_desktop.ui.people_names import named, taken
from heimdex_desktop.ui.people_wording import clash_sentence
from heimdex_desktop.ui.wording import plain

_WIDTH_PX = 440


class _Question(QDialog):
    """A title, a sentence, a field and two buttons; not modal to the program, gone when closed."""

    def __init__(self, parent: QWidget, title: str, sentence: str, yes: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("People")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH_PX)
        self.setModal(True)
        self.sentence = label(plain(sentence), wraps=True, tone="dim")
        self.sentence.setVisible(bool(sentence))
        self.body = QVBoxLayout()
        self.objection = label(wraps=True, tone="warn")
        self.objection.hide()
        self.buttons = QDialogButtonBox()
        self.yes_button: QPushButton = self.buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(label(plain(title), tone="title", wraps=True))
        column.addWidget(self.sentence)
        column.addLayout(self.body)
        column.addWidget(self.objection)
        column.addWidget(self.buttons)

    def tell_clash(self, names: Iterable[str], people: Sequence[PersonCard]) -> bool:
        """Tell who of these people has one of these names already; return whether anybody has."""
        clash = taken(names, people)
        self.objection.setText(clash_sentence(*clash) if clash else "")
        self.objection.setVisible(clash is not None)
        return clash is not None


class NameDialog(_Question):
    """Asks for a name; `named` carries it. With `only_known`, one of these people must be meant.

    The names of `others` are not to be had.
    """

    named = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        words: tuple[str, str, str],
        people: Sequence[PersonCard] = (),
        *,
        only_known: bool = False,
        others: Sequence[PersonCard] = (),
    ) -> None:
        title, sentence, yes = words
        super().__init__(parent, title, sentence, yes)
        self._people = tuple(people)
        self._others = tuple(others)
        self._only_known = only_known
        self.field = NameField("Name", self)
        self.field.offer(people)
        self.field.textChanged.connect(self._look)
        self.body.addWidget(self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def accept(self) -> None:
        if self.yes_button.isEnabled():
            self.named.emit(self.field.name)
            super().accept()

    def _look(self) -> None:
        name = self.field.name
        is_fit = named(name, self._people) is not None if self._only_known else bool(name)
        self.yes_button.setEnabled(not self.tell_clash([name], self._others) and is_fit)


class RenameDialog(_Question):
    """Asks for the name of somebody and for other names; `renamed` carries them: `str, tuple[str, ...]`.

    The names of `others` are not to be had.
    """

    renamed = Signal(str, object)

    def __init__(self, parent: QWidget, card: PersonCard, others: Sequence[PersonCard]) -> None:
        title = f"What is {card.name} called?"
        super().__init__(parent, title, "Other names find the same person: one in each line.", "Rename")
        self._others = tuple(others)
        self.field = QLineEdit(plain(card.name))
        self.field.setProperty("kind", "field")
        self.field.setAccessibleName("Name")
        self.field.setMaxLength(LONGEST_NAME_CHARS)
        self.field.selectAll()
        self.field.textChanged.connect(self._look)
        self.aliases = QPlainTextEdit("\n".join(plain(alias) for alias in card.aliases))
        self.aliases.setProperty("kind", "field")
        self.aliases.setAccessibleName("Other names")
        self.aliases.setPlaceholderText("Other names, such as 할머니 or a short form")
        self.aliases.setTabChangesFocus(True)
        self.aliases.setFixedHeight(96)
        self.aliases.textChanged.connect(self._look)
        self.body.addWidget(self.field)
        self.body.addWidget(self.aliases)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        if self.yes_button.isEnabled():
            self.renamed.emit(*self._names())
            super().accept()

    def _names(self) -> tuple[str, tuple[str, ...]]:
        name = _trimmed(self.field.text())
        lines = (_trimmed(line) for line in self.aliases.toPlainText().splitlines())
        return name, tuple(dict.fromkeys(line for line in lines if line and line != name))

    def _look(self) -> None:
        name, aliases = self._names()
        self.yes_button.setEnabled(not self.tell_clash((name, *aliases), self._others) and bool(name))


class TypedQuestion(_Question):
    """Asks to type a word before something is done that cannot be undone; accepted = it is meant."""

    def __init__(self, parent: QWidget, words: tuple[str, str, str], expected: str) -> None:
        title, sentence, yes = words
        super().__init__(parent, title, sentence, yes)
        self._expected = folded_name(expected)
        self.field = QLineEdit()
        self.field.setProperty("kind", "field")
        self.field.setAccessibleName(f"Type “{plain(expected)}” to go on")
        self.field.setPlaceholderText(plain(expected))
        self.field.textChanged.connect(self._look)
        self.body.addWidget(label(f"Type “{plain(expected)}” to go on:", wraps=True))
        self.body.addWidget(self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def accept(self) -> None:
        if self.yes_button.isEnabled():
            super().accept()

    def _look(self) -> None:
        typed = self.field.text()
        self.yes_button.setEnabled(bool(typed) and folded_name(typed) == self._expected)


def ask(parent: QWidget, words: tuple[str, str, str], agreed: Callable[[], None]) -> QMessageBox:
    """Ask over a window without stopping it; what is agreed to is then called."""
    title, sentence, yes = words
    box = _box(parent, title, sentence)
    box.addButton(yes, QMessageBox.ButtonRole.AcceptRole).clicked.connect(agreed)
    # Enter on a dialog that just came up must not agree to anything.
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.open()
    return box


def tell(parent: QWidget, title: str, sentence: str) -> QMessageBox:
    """Tell something that must not be overlooked."""
    box = _box(parent, title, sentence)
    box.addButton(QMessageBox.StandardButton.Close)
    box.open()
    return box


def _box(parent: QWidget, title: str, sentence: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("People")
    box.setText(plain(title))
    box.setInformativeText(plain(sentence))
    return box


def _trimmed(text: str) -> str:
    return " ".join(plain(text).split())
