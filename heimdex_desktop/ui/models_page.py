"""The dialog about models: which are here, which are used, and getting those that are missing."""

import functools
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.domain.models import Role
from heimdex_desktop.ui.faces_section import FacesSection
from heimdex_desktop.ui.labels import ElidedLabel, label, set_tone
from heimdex_desktop.ui.model_news import WorkNews
from heimdex_desktop.ui.model_questions import ModelQuestions
from heimdex_desktop.ui.model_row import ModelAction, ModelRow
from heimdex_desktop.ui.model_wording import folder_line, get_all_text, offline_sentence, waiting_sentence
from heimdex_desktop.ui.model_works import ModelWorks
from heimdex_desktop.ui.preset_section import PresetSection
from heimdex_desktop.ui.role_section import RoleSection
from heimdex_desktop.ui.wording import plain

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import DeskFacts, ModelFacts, RoleFacts

_LOOKING = "Looking at your models…"
_LEAD = "Models run on this computer alone. Nothing is downloaded before you have said so."


class ModelsPage(QDialog):
    """Shows what `works` tells and gives it orders; works go on when the page is closed.

    `settings_chosen` brings a mapping from names of settings to their new values, None for the default; the
    page changes none itself and shows what the next facts say. Settings in `overruled` are decided by the
    environment and cannot be chosen here. `forget_faces_wanted` asks for all face data to be deleted.
    """

    settings_chosen = Signal(object)
    forget_faces_wanted = Signal()

    def __init__(
        self, works: ModelWorks, parent: QWidget | None = None, *, overruled: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        # Narrower, and its buttons would be cut off.
        self.setMinimumWidth(620)
        self.resize(760, 780)
        self._works = works
        self._overruled = overruled
        self._devices: Mapping[Role, str] = {}
        self._questions = ModelQuestions(self)
        self._to_build: deque[Callable[[], None]] = deque()
        self.sections: dict[Role, RoleSection] = {}
        self.faces: FacesSection | None = None
        self.told = label(_LOOKING, tone="dim", wraps=True)
        self.offline = label(tone="warn", wraps=True)
        self.waiting = label(wraps=True)
        self.get_all_button = QPushButton()
        self.banner = self._make_banner()
        self.presets = PresetSection(overruled)
        self.presets.chosen.connect(self._choose)
        self.folder_line = ElidedLabel()
        set_tone(self.folder_line, "dim")
        self._column = QVBoxLayout()
        self._lay_out()
        works.facts_changed.connect(self._take_facts)
        works.refused.connect(self._take_refusal)
        works.news_changed.connect(self._take_news)

    def open_page(self) -> None:
        """Show the page, in front, with what is so now."""
        self._works.look()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_devices(self, devices: Mapping[Role, str]) -> None:
        """Show where the model of each role runs, in a few words such as "the CPU (int8)"."""
        self._devices = devices
        self._show_roles()

    def row(self, name: str) -> ModelRow | None:
        """Return the row of a model, None while there is none."""
        return next((each.rows[name] for each in self.sections.values() if name in each.rows), None)

    @property
    def is_complete(self) -> bool:
        """Whether every section and row is built."""
        return bool(self.sections) and not self._to_build

    def _take_facts(self, facts: "DeskFacts") -> None:
        self.told.hide()
        self.offline.setText(offline_sentence(facts.offline_by) if facts.offline_by else "")
        self.offline.setVisible(bool(facts.offline_by))
        self.presets.show_facts(facts)
        self.presets.show()
        self.folder_line.show_text(folder_line(facts))
        self._show_banner()
        if not self.sections and not self._to_build:
            for role in facts.roles:
                self._to_build.append(functools.partial(self._add_section, role))
                names = (each.entry.name for each in role.models)
                self._to_build.extend(functools.partial(self._add_row, role.role, name) for name in names)
            QTimer.singleShot(0, self, self._build_next)
        self._show_roles()

    def _take_refusal(self, sentence: str) -> None:
        self.told.setText(plain(sentence))
        set_tone(self.told, "bad")
        self.told.show()

    def _take_news(self, news: WorkNews) -> None:
        if row := self.row(news.work.name):
            row.show_news(news)
        self._show_banner()

    def _show_banner(self) -> None:
        facts = self._works.facts
        if facts is None:
            return
        missing = self._missing(facts)
        self.waiting.setText(waiting_sentence(facts))
        self.get_all_button.setVisible(bool(missing))
        self.get_all_button.setEnabled(not facts.offline_by)
        if missing:
            self.get_all_button.setText(get_all_text(missing))
        self.banner.setVisible(bool(facts.waiting))

    def _missing(self, facts: "DeskFacts") -> "list[ModelFacts]":
        """Return what is chosen, is not here and is not on its way."""
        news = self._works.news
        return [
            each for each in facts.missing if each.entry.name not in news or news[each.entry.name].has_ended
        ]

    def _build_next(self) -> None:
        """Build one section or row, then let the window live: all at once would make it stumble."""
        if not self._to_build:
            return
        self._to_build.popleft()()
        QTimer.singleShot(0, self, self._build_next)

    def _add_section(self, role: "RoleFacts") -> None:
        if role.role is Role.FACE_DETECTOR:
            self._add_faces()
        section = RoleSection(role, is_locked=role.setting in self._overruled)
        section.chosen.connect(self._choose_for_role)
        self.sections[role.role] = section
        self._column.insertWidget(self._column.count() - 1, section)
        self._show_roles()

    def _add_row(self, role: Role, name: str) -> None:
        facts = self._works.facts
        if facts is None:
            return
        row = self.sections[role].add_row(facts.model(name))
        row.acted.connect(self._act)
        row.show_news(self._works.news.get(name))

    def _add_faces(self) -> None:
        facts = self._works.facts
        if facts is None:
            return
        self.faces = FacesSection(facts.settings.library, self._overruled)
        self.faces.chosen.connect(self._choose)
        self.faces.forget_wanted.connect(self.forget_faces_wanted)
        head = label("Faces", tone="head")
        head.setContentsMargins(0, 18, 0, 0)
        for part in (head, self.faces):
            self._column.insertWidget(self._column.count() - 1, part)

    def _show_roles(self) -> None:
        facts = self._works.facts
        if facts is None:
            return
        for role in facts.roles:
            if section := self.sections.get(role.role):
                device = self._devices.get(role.role, "")
                section.show_role(role, is_agreed=facts.settings.faces, device=device)
        if self.faces:
            self.faces.show_facts(facts)

    def _choose(self, setting: str, value: object) -> None:
        self.settings_chosen.emit({setting: value})

    def _choose_for_role(self, role: Role, value: str | None) -> None:
        facts = self._works.facts
        if facts is None:
            return
        setting = next(each.setting for each in facts.roles if each.role is role)
        changes: dict[str, object] = {setting: value}
        if role is Role.TEXT and not facts.settings.semantic_search:
            # Search by words alone leaves this role empty, whatever model is chosen.
            changes["semantic_search"] = True
        self.settings_chosen.emit(changes)

    def _act(self, action: ModelAction, name: str) -> None:
        match action:
            case ModelAction.USE:
                self._choose_for_role(self._role_of(name), name)
            case ModelAction.GET:
                self._ask_to_get(name)
            case ModelAction.IMPORT_FOLDER | ModelAction.IMPORT_FILE:
                self._bring_in(action, name)
            case ModelAction.CHECK:
                self._works.check(name)
            case ModelAction.REMOVE:
                self._ask_to_remove(name)
            case ModelAction.CANCEL:
                self._works.cancel(name)
            case ModelAction.RETRY:
                self._works.again(name)

    def _role_of(self, name: str) -> Role:
        return next(role for role, section in self.sections.items() if name in section.rows)

    def _ask_to_get(self, name: str) -> None:
        facts = self._works.facts
        if facts:
            self._questions.ask_to_get([facts.model(name)], facts, lambda: self._works.get([name]))

    def _ask_to_get_all(self) -> None:
        facts = self._works.facts
        missing = self._missing(facts) if facts else []
        if facts and missing:
            names = [each.entry.name for each in missing]
            self._questions.ask_to_get(missing, facts, lambda: self._works.get(names))

    def _ask_to_remove(self, name: str) -> None:
        facts = self._works.facts
        if facts:
            self._questions.ask_to_remove(facts.model(name), lambda: self._works.remove(name))

    def _bring_in(self, action: ModelAction, name: str) -> None:
        asks = self._questions
        path = asks.choose_folder(name) if action is ModelAction.IMPORT_FOLDER else asks.choose_file(name)
        if path:
            self._works.bring_in(name, path)

    def _make_banner(self) -> QFrame:
        banner = QFrame()
        banner.setProperty("kind", "banner")
        self.get_all_button.setProperty("kind", "primary")
        self.get_all_button.clicked.connect(self._ask_to_get_all)
        row = QHBoxLayout(banner)
        row.setContentsMargins(14, 10, 14, 10)
        row.addWidget(self.waiting, 1)
        row.addWidget(self.get_all_button)
        return banner

    def _lay_out(self) -> None:
        self._column.setContentsMargins(22, 18, 22, 18)
        self._column.setSpacing(8)
        for part in (label("Models", tone="title"), label(_LEAD, tone="dim", wraps=True)):
            self._column.addWidget(part)
        for part in (self.told, self.offline, self.banner, self.presets):
            part.setVisible(part is self.told)
            self._column.addWidget(part)
        self._column.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._column)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        close_button = QPushButton("Close")
        close_button.setAutoDefault(False)
        close_button.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setContentsMargins(22, 8, 22, 12)
        foot.addWidget(self.folder_line, 1)
        foot.addWidget(close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)
