""" "Who is this?": names or ignores unknown faces, one group after another, without leaving the field."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import PersonCard, UnknownGroup
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.name_field import NameField
from heimdex_desktop.ui.portraits import PortraitSource
from heimdex_desktop.ui.unknown_list import UnknownList, UnknownRow
from heimdex_desktop.ui.wording import counted

_MOVES = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}
_HINT = "The largest groups come first. Type a name and press Enter; Up and Down go to another row."


class UnknownPanel(QWidget):
    """`named` carries a name and the faces (`tuple[FaceRef, ...]`) that have it; `ignored` faces."""

    named = Signal(str, object)
    ignored = Signal(object)

    def __init__(self, pictures: PortraitSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: dict[Hashable, UnknownGroup] = {}
        self.title = label("Who is this?", tone="head")
        self.field = NameField("Name of who is in the chosen row", self)
        self.field.setPlaceholderText("A name, then Enter")
        self.field.taken.connect(self._name)
        self.field.installEventFilter(self)
        self.name_button = QPushButton("Name")
        self.name_button.clicked.connect(lambda: self._name(self.field.name))
        self.ignore_button = QPushButton("Ignore")
        self.ignore_button.setToolTip("Nobody needs to know who this is (Del in the list)")
        self.ignore_button.clicked.connect(self._ignore)
        self.rows = UnknownList(pictures, self)
        self.rows.on_key(Qt.Key.Key_Delete, self._ignore)
        self.rows.opened.connect(lambda: self.field.setFocus(Qt.FocusReason.OtherFocusReason))
        self.rows.stood_on.connect(self._show_what_can_be_done)
        self._lay_out()
        self._show_what_can_be_done()

    def show_groups(self, groups: Sequence[UnknownGroup], people: Sequence[PersonCard]) -> None:
        """Show these groups; offer the names of these people."""
        rows = [UnknownRow(group) for group in groups if group.faces]
        self._groups = {row.key: row.group for row in rows}
        self.rows.items.show(rows)
        if self.rows.current() is None and rows:
            self.rows.stand_on(rows[0].key)
        self.title.setText(f"Who is this? {counted(len(rows), 'group')}" if rows else "Who is this?")
        self.field.offer(people)
        self._show_what_can_be_done()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let keys that move go through the field to the list, unless names are offered there."""
        if watched is not self.field or not isinstance(event, QKeyEvent) or self.field.is_offering:
            return False
        is_move = event.type() == QEvent.Type.KeyPress and Qt.Key(event.key()) in _MOVES
        if is_move:
            self.rows.keyPressEvent(event)
        return is_move

    def _name(self, name: str) -> None:
        faces = self._chosen_faces()
        if name and faces:
            self._leave_out()
            # Not `clear`: undo would bring the name back, for the next group.
            self.field.setText("")
            self.named.emit(name, faces)

    def _ignore(self) -> None:
        if faces := self._chosen_faces():
            self._leave_out()
            self.ignored.emit(faces)

    def _chosen_faces(self) -> tuple[FaceRef, ...]:
        groups = [self._groups[key] for key in self.rows.chosen()]
        return tuple(card.face for group in groups for card in group.faces)

    def _leave_out(self) -> None:
        """Go on to the next row at once: naming takes the desk a moment."""
        self.rows.items.drop(set(self.rows.chosen()))

    def _show_what_can_be_done(self) -> None:
        is_any = self.rows.current() is not None
        for part in (self.field, self.name_button, self.ignore_button):
            part.setEnabled(is_any)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.name_button)
        line.addWidget(self.ignore_button)
        head = QVBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.setSpacing(6)
        head.addWidget(self.title)
        head.addWidget(label(_HINT, tone="dim", wraps=True))
        head.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
