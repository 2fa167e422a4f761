"""The top of the window: one search field that answers while a person types, and Add."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.offering import Offering, offering_in
from heimdex_desktop.ui.question_chip import QuestionChip

_TYPING_PAUSE_MS = 120


class SearchField(QLineEdit):
    """Says what is asked for: soon after typing, at once on Enter.

    `pasted` carries the `Offering` that stands on the clipboard in place of words.
    """

    asked = Signal(str)
    results_wanted = Signal()
    pasted = Signal(object)
    left = Signal()
    """Esc in an empty field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchField")
        self.setPlaceholderText("Find a moment: what was said, or how it looked")
        self.setToolTip('Search (press / or Ctrl+F). Put exact words in "quotes". Esc clears.')
        self.setAccessibleName("Search your videos")
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TYPING_PAUSE_MS)
        self._soon.timeout.connect(self._ask)
        self.textChanged.connect(self._wait_for_pause)
        self.returnPressed.connect(self._take_enter)
        self._last_asked = ""

    def ask(self, text: str) -> None:
        """Ask this at once, as if it had been typed."""
        self.setText(text)
        self._ask_now()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            if not self.text():
                self.left.emit()
            self.clear()
            self._ask_now()
        elif event.key() == Qt.Key.Key_Down:
            self.results_wanted.emit()
        elif not (event.matches(QKeySequence.StandardKey.Paste) and self._paste_files()):
            super().keyPressEvent(event)

    def show_words(self, text: str) -> None:
        """Show words without asking: they are asked together with something else."""
        self.setText(text)
        self._soon.stop()
        self._last_asked = text

    def take_away(self) -> None:
        """Empty the field without asking anything."""
        self.clear()
        self._soon.stop()
        self._last_asked = ""

    def _wait_for_pause(self) -> None:
        self._soon.start()

    def _take_enter(self) -> None:
        """Ask at once; a question that was asked already leads on to its answer."""
        if self._last_asked and self.text() == self._last_asked:
            self.results_wanted.emit()
        else:
            self._ask_now()

    def _ask_now(self) -> None:
        self._soon.stop()
        self._ask()

    def _ask(self) -> None:
        self._last_asked = self.text()
        self.asked.emit(self._last_asked)

    def _paste_files(self) -> bool:
        pasted = QGuiApplication.clipboard().mimeData()
        # Words that were copied are a question, also where an office program adds a picture of them.
        is_text = pasted.hasText() and not pasted.hasUrls()
        offering = Offering() if is_text else offering_in(pasted)
        is_taken = bool(offering.paths or offering.pictures)
        if is_taken:
            self.pasted.emit(offering)
        return is_taken


class SearchBar(QWidget):
    """The search field and its chip between the switch of the side list and the buttons for all else."""

    files_wanted = Signal()
    folder_wanted = Signal()
    side_toggled = Signal()
    faders_toggled = Signal()
    models_wanted = Signal()
    people_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.side_button = IconButton("list", "Show or hide the list of videos (Ctrl+B)", self)
        self.side_button.clicked.connect(self.side_toggled)
        self.chip = QuestionChip(self)
        self.field = SearchField(self)
        self.save_button = IconButton("star", "Save this search (Ctrl+D)", self)
        self.save_button.clicked.connect(self.save_wanted)
        self.field.left.connect(self.chip.removed)
        self.models_button = IconButton("model", "Models: what hears, sees and understands (Ctrl+,)", self)
        self.models_button.clicked.connect(self.models_wanted)
        self.people_button = IconButton("people", "People: who is who (Ctrl+Shift+P)", self)
        self.people_button.clicked.connect(self.people_wanted)
        self.faders_button = IconButton("faders", "How much each channel counts (Ctrl+T)", self)
        self.faders_button.clicked.connect(self.faders_toggled)
        self.add_button = QPushButton("Add…", self)
        self.add_button.setToolTip("Add videos or folders (Ctrl+O)")
        self.add_button.setMenu(self._add_menu())
        self._lay_out()

    def focus_field(self) -> None:
        """Put the cursor into the field, with the old question selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _add_menu(self) -> QMenu:
        menu = QMenu(self)
        for words, shortcut, signal in (
            ("Add videos…", "Ctrl+O", self.files_wanted),
            ("Add a folder…", "Ctrl+Shift+O", self.folder_wanted),
        ):
            entry = QAction(words, self)
            entry.setShortcut(QKeySequence(shortcut))
            entry.triggered.connect(signal)
            menu.addAction(entry)
            self.addAction(entry)
        return menu

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 10, 14, 10)
        row.setSpacing(10)
        row.addWidget(self.side_button)
        row.addWidget(self.chip)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(self.field, 1)
        row.addWidget(self.save_button)
        row.addWidget(self.faders_button)
        row.addWidget(self.people_button)
        row.addWidget(self.models_button)
        row.addWidget(self.add_button)
