"""One model on the models page: its name, how it stands, what to weigh, and what can be done with it."""

import functools
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.models import ModelState
from heimdex_desktop.ui.labels import ElidedLabel, label, set_tone
from heimdex_desktop.ui.model_news import WorkNews, WorkState
from heimdex_desktop.ui.model_wording import model_about, model_state, work_line
from heimdex_desktop.ui.wording import plain, tooltip

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import ModelFacts

_BAR_STEPS = 1000


class ModelAction(Enum):
    """What a person can ask of a model."""

    USE = auto()
    GET = auto()
    IMPORT_FOLDER = auto()
    IMPORT_FILE = auto()
    CHECK = auto()
    REMOVE = auto()
    CANCEL = auto()
    RETRY = auto()


class ModelRow(QFrame):
    """Shows ModelFacts and WorkNews; `acted` brings a ModelAction and the model's name."""

    acted = Signal(object, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setProperty("kind", "card")
        self.title = ElidedLabel()
        self.title.show_text(plain(name))
        self.state = label()
        self.about = label(tone="dim", wraps=True)
        self.use_button = self._button("Use", ModelAction.USE)
        self.get_button = self._button("Get…", ModelAction.GET)
        self.more_button = QPushButton("More")
        self.more_button.setAccessibleName(f"More about {name}")
        self.import_folder, self.import_file, self.check, self.remove = self._add_menu()
        self.bar = QProgressBar()
        self.bar.setRange(0, _BAR_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(f"Progress of {name}")
        self.work_line = label(wraps=True)
        self.cancel_button = self._button("Cancel", ModelAction.CANCEL)
        self.retry_button = self._button("Retry", ModelAction.RETRY)
        self._is_at_work = False
        self._facts: ModelFacts | None = None
        self._is_locked = False
        self._lay_out()
        self.show_news(None)

    def show_facts(self, facts: "ModelFacts", *, is_locked: bool) -> None:
        """Show how the model stands; where the role `is_locked`, it cannot be chosen here."""
        self._facts = facts
        self._is_locked = is_locked
        words, tone = model_state(facts)
        self.state.setText(f"chosen, {words}" if facts.is_chosen else words)
        self.state.setToolTip(tooltip("\n".join(map(str, facts.standing.faults))))
        set_tone(self.state, tone)
        self.about.setText(model_about(facts))
        is_begun = facts.standing.state in {ModelState.DOWNLOADING, ModelState.BROKEN}
        self.get_button.setText("Go on…" if is_begun else "Get…")
        self._show_what_can_be_done()

    def show_news(self, news: WorkNews | None) -> None:
        """Show how far a work on it is, or how the last one ended."""
        self._is_at_work = news is not None and not news.has_ended
        is_failed = news is not None and news.state is WorkState.FAILED
        self.work_line.setVisible(news is not None)
        self.bar.setVisible(self._is_at_work)
        self.cancel_button.setVisible(self._is_at_work)
        self.retry_button.setVisible(is_failed)
        if news is not None:
            self.work_line.setText(work_line(news))
            set_tone(self.work_line, "bad" if is_failed else "dim")
            self.bar.setValue(round(news.fraction * _BAR_STEPS))
            self.cancel_button.setEnabled(news.state is not WorkState.STOPPING)
        self._show_what_can_be_done()

    def _show_what_can_be_done(self) -> None:
        facts = self._facts
        if facts is None:
            return
        state, has_files = facts.standing.state, bool(facts.entry.files)
        is_free = not self._is_at_work
        self.use_button.setVisible(not facts.is_chosen and state is ModelState.READY)
        self.use_button.setEnabled(not self._is_locked)
        self.get_button.setVisible(facts.can_be_got and is_free)
        self.import_folder.setVisible(has_files and state is not ModelState.NOT_LICENSED)
        self.import_file.setVisible(self.import_folder.isVisible())
        self.check.setVisible(has_files and state in {ModelState.READY, ModelState.BROKEN})
        self.remove.setVisible(has_files and facts.standing.here_bytes > 0)
        actions = (self.import_folder, self.import_file, self.check, self.remove)
        self.more_button.setVisible(is_free and any(action.isVisible() for action in actions))

    def _button(self, words: str, action: ModelAction) -> QPushButton:
        button = QPushButton(words)
        button.setAccessibleName(f"{words.rstrip('…')} {self.name}")
        button.clicked.connect(functools.partial(self._act, action))
        return button

    def _add_menu(self) -> list[QAction]:
        menu = QMenu(self)
        made: list[QAction] = []
        for words, action in (
            ("Import from a folder…", ModelAction.IMPORT_FOLDER),
            ("Import from a file or an archive…", ModelAction.IMPORT_FILE),
            ("Check every byte", ModelAction.CHECK),
            ("Remove…", ModelAction.REMOVE),
        ):
            entry = QAction(words, menu)
            entry.triggered.connect(functools.partial(self._act, action))
            menu.addAction(entry)
            made.append(entry)
        self.more_button.setMenu(menu)
        return made

    def _act(self, action: ModelAction, *_: object) -> None:
        self.acted.emit(action, self.name)

    def _lay_out(self) -> None:
        font = self.title.font()
        font.setWeight(font.Weight.DemiBold)
        self.title.setFont(font)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for part in (self.state, self.use_button, self.get_button, self.more_button):
            head.addWidget(part)
        work = QHBoxLayout()
        work.setSpacing(8)
        work.addWidget(self.work_line, 1)
        work.addWidget(self.cancel_button)
        work.addWidget(self.retry_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.bar)
        column.addLayout(work)
