"""A field for the name of somebody: those who are known are offered while a person types."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from heimdex_desktop.domain.people_facts import PersonCard
from heimdex_desktop.ui.wording import plain

_MOST_OFFERED = 8
LONGEST_NAME_CHARS = 200
_LEAST_PX = 150


class YieldingField(QLineEdit):
    """A field that leaves undo and redo to what it lies in, while it has nothing of its own to undo."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            if is_undo or (event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()):
                event.ignore()
                return True
        return super().event(event)


class NameField(YieldingField):
    """`taken` carries the name that a person entered or clicked, never an empty one."""

    taken = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("kind", "field")
        self.setAcceptDrops(False)
        self.setMaxLength(LONGEST_NAME_CHARS)
        self.setMinimumWidth(_LEAST_PX)
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        # Made here: of one that Qt makes, nobody knows whether Python or Qt deletes it.
        self.offers = QListView()
        completer.setPopup(self.offers)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_MOST_OFFERED)
        self.setCompleter(completer)
        # An entered name that was chosen from the list comes twice, and is then written into the field anew.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._tell)
        self.returnPressed.connect(self._soon.start)
        completer.activated.connect(self._soon.start)

    @property
    def name(self) -> str:
        """What is typed, on one line and without blanks around it."""
        return " ".join(plain(self.text()).split())

    def offer(self, people: Iterable[PersonCard]) -> None:
        """Offer the names of these from the next letter on."""
        names = sorted({plain(name) for card in people for name in (card.name, *card.aliases)})
        if names != self._offered.stringList():
            self._offered.setStringList(names)

    @property
    def is_offering(self) -> bool:
        """Whether names are shown, which Up and Down are for."""
        return self.offers.isVisible()

    def _tell(self) -> None:
        if self.name:
            self.taken.emit(self.name)
