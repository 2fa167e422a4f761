"""The part of the models page about one role: what fills it now, and the models that could."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.models import NONE, Role
from heimdex_desktop.ui.labels import ElidedLabel, label, set_tone
from heimdex_desktop.ui.model_row import ModelRow
from heimdex_desktop.ui.model_wording import ROLE_SENTENCES, ROLE_TITLES, role_use, set_by
from heimdex_desktop.ui.wording import plain

if TYPE_CHECKING:
    from heimdex_desktop.model_desk import ModelFacts, RoleFacts


class RoleSection(QWidget):
    """Shows RoleFacts, with the rows that were added.

    `chosen` brings the role and a value for its setting, None for as the preset says.
    """

    chosen = Signal(object, object)

    def __init__(self, role: "RoleFacts", *, is_locked: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role: Role = role.role
        self._is_locked = is_locked
        self.use_line = ElidedLabel()
        self.lock = label(set_by(role.setting), tone="dim")
        self.lock.setVisible(is_locked)
        self.preset_button = self._quiet_button(None)
        self.none_button = self._quiet_button(NONE)
        self.none_button.setText("Leave out")
        self.none_button.setAccessibleName(f"Leave out: {ROLE_TITLES[self.role]}")
        self.rows: dict[str, ModelRow] = {}
        self._column = QVBoxLayout(self)
        self._lay_out()

    def add_row(self, facts: "ModelFacts") -> ModelRow:
        """Make the row of one more model, below the others."""
        row = self.rows[facts.entry.name] = ModelRow(facts.entry.name)
        row.show_facts(facts, is_locked=self._is_locked)
        self._column.addWidget(row)
        return row

    def show_role(self, role: "RoleFacts", *, is_agreed: bool, device: str) -> None:
        """Show what fills the role; `is_agreed` = faces may be looked for, `device` = where it runs."""
        words, tone = role_use(role, is_agreed=is_agreed, device=device)
        self.use_line.show_text(words)
        set_tone(self.use_line, tone)
        self.preset_button.setText(plain(f"As the preset says: {_named(role.by_preset)}"))
        self.preset_button.setVisible(bool(role.wanted) and not self._is_locked)
        self.none_button.setVisible(not role.choice.is_none and not self._is_locked)
        for facts in role.models:
            if row := self.rows.get(facts.entry.name):
                row.show_facts(facts, is_locked=self._is_locked)

    def _quiet_button(self, value: str | None) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "quiet")
        button.clicked.connect(lambda: self.chosen.emit(self.role, value))
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.use_line, 1)
        for part in (self.lock, self.preset_button, self.none_button):
            line.addWidget(part)
        self._column.setContentsMargins(0, 14, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(label(ROLE_TITLES[self.role], tone="head"))
        self._column.addWidget(label(ROLE_SENTENCES[self.role], tone="dim", wraps=True))
        self._column.addLayout(line)


def _named(name: str) -> str:
    return "nothing" if name == NONE else name
