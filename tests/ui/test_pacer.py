"""What is asked for often is done at once, and then once more."""

from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.pacer import Pacer


def test_the_first_time_is_at_once_and_the_rest_is_one_more(qtbot: QtBot) -> None:
    pacer = Pacer(500)
    told = QSignalSpy(pacer.due)
    for _ in range(5):
        pacer.ask()
    assert told.count() == 1
    qtbot.waitUntil(lambda: told.count() == 2)
    qtbot.wait(700)
    assert told.count() == 2


def test_after_a_rest_it_is_at_once_again(qtbot: QtBot) -> None:
    pacer = Pacer(1)
    told = QSignalSpy(pacer.due)
    pacer.ask()
    qtbot.wait(50)
    pacer.ask()
    assert told.count() == 2
    pacer.stop()


def test_stopping_forgets_what_was_asked_for(qtbot: QtBot) -> None:
    pacer = Pacer(20)
    told = QSignalSpy(pacer.due)
    pacer.ask()
    pacer.ask()
    pacer.stop()
    pacer.ask()
    qtbot.wait(100)
    assert told.count() == 1
