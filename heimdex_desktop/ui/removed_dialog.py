"""Shows who was taken off the list of people, to be put back on it or forgotten for good."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_facts import RemovedPerson
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.line_list import Line, LineList
from heimdex_desktop.ui.wording import plain

if TYPE_CHECKING:
    from heimdex_desktop.domain.people_events import PersonId

_WIDTH_PX, _HEIGHT_PX = 460, 360
_SENTENCE = (
    "They are found no more, but their photos and names are still kept. Put them back as they were, or forget"
    " them: then nothing is left."
)
_ABOUT_UNDONE = (
    "“Undone” are those whose adding was undone: they were never removed, so there is nothing to put back."
    " Forget them, and their names are not kept either."
)


class RemovedDialog(QDialog):
    """`put_back` and `forgotten` carry the `PersonId` it is about; `show_people` says who is listed."""

    put_back = Signal(object)
    forgotten = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("People")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.resize(_WIDTH_PX, _HEIGHT_PX)
        self._people: dict[PersonId, RemovedPerson] = {}
        self.lines = LineList("Removed people", self)
        self.lines.setSelectionMode(LineList.SelectionMode.SingleSelection)
        self.lines.stood_on.connect(self._look)
        self.about_undone = label(_ABOUT_UNDONE, tone="dim", wraps=True)
        self.back_button = QPushButton("Put back")
        self.back_button.clicked.connect(self._put_back)
        self.forget_button = QPushButton("Forget…")
        self.forget_button.clicked.connect(self._forget)
        self._lay_out()

    def show_people(self, people: Sequence[RemovedPerson]) -> None:
        """Show who is off the list now, those last who were never removed; without anybody, it closes."""
        ordered = sorted(people, key=lambda one: not one.can_return)
        self._people = {one.id: one for one in ordered}
        self.lines.items.show([_line(one) for one in ordered])
        self.about_undone.setVisible(not all(one.can_return for one in ordered))
        if ordered and self._chosen() is None:
            self.lines.stand_on(ordered[0].id)
        self._look()
        if not people:
            self.accept()

    def _chosen(self) -> RemovedPerson | None:
        return next((one for key, one in self._people.items() if key == self.lines.current()), None)

    def _look(self) -> None:
        chosen = self._chosen()
        self.back_button.setEnabled(chosen is not None and chosen.can_return)
        self.forget_button.setEnabled(chosen is not None)

    def _put_back(self) -> None:
        if chosen := self._chosen():
            # The button may be of no use for the next one: the keyboard must not come to “Forget…” by that.
            self.lines.setFocus(Qt.FocusReason.OtherFocusReason)
            self.put_back.emit(chosen.id)

    def _forget(self) -> None:
        if chosen := self._chosen():
            # Whether it is really meant is asked in its place.
            self.accept()
            self.forgotten.emit(chosen.id)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in (self.back_button, self.forget_button):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        column.addWidget(label("Removed people", tone="title"))
        column.addWidget(label(_SENTENCE, tone="dim", wraps=True))
        column.addWidget(self.lines, 1)
        column.addWidget(self.about_undone)
        column.addWidget(buttons)


def _line(one: RemovedPerson) -> Line:
    others = ", ".join(name for name in one.names if name != one.name)
    undone = "" if one.can_return else "undone"
    return Line(one.id, plain(one.name), plain(" · ".join(part for part in (others, undone) if part)))
