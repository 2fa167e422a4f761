"""The dialog about those who are off the list of people."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import RemovedPerson
from heimdex_desktop.ui.removed_dialog import RemovedDialog

ANN = RemovedPerson(PersonId("ann"), "Ann", ("Ann", "Annie"), can_return=True)
CEM = RemovedPerson(PersonId("cem"), "Cem", ("Cem",), can_return=True)
ABE = RemovedPerson(PersonId("abe"), "Abe", ("Abe",), can_return=False)


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def dialog(over: QWidget) -> RemovedDialog:
    return RemovedDialog(over)


def rows(dialog: RemovedDialog) -> list[str]:
    items = dialog.lines.items
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(items.index(row).data(role)) for row in range(items.rowCount())]


def test_who_was_never_removed_comes_last_and_is_said_to_be_undone(dialog: RemovedDialog) -> None:
    dialog.show_people((ABE, ANN, CEM))
    dialog.show()
    assert rows(dialog) == ["Ann, Annie", "Cem", "Abe, undone"]
    assert dialog.lines.current() == ANN.id
    assert dialog.about_undone.isVisible()
    dialog.lines.stand_on(ABE.id)
    assert not dialog.back_button.isEnabled()
    dialog.show_people((ANN, CEM))
    assert not dialog.about_undone.isVisible()


def test_after_putting_back_the_keyboard_stays_in_the_list(qtbot: QtBot, dialog: RemovedDialog) -> None:
    dialog.show_people((ANN, ABE))
    dialog.show()
    dialog.back_button.setFocus()
    with qtbot.waitSignal(dialog.put_back) as back:
        dialog.back_button.click()
    assert back.args == [ANN.id]
    dialog.show_people((ABE,))
    assert dialog.focusWidget() is dialog.lines
    assert dialog.lines.current() == ABE.id
