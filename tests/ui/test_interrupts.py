"""Ctrl+C in a terminal ends the program in good order."""

import signal
import sys

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.interrupts import Interrupts


@pytest.mark.skipif(sys.platform == "win32", reason="a program cannot send itself Ctrl+C there")
def test_a_signal_quits_and_is_given_back(qtbot: QtBot, qapp: QCoreApplication) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupts = Interrupts()
    with qtbot.waitSignal(qapp.aboutToQuit, raising=True):
        QTimer.singleShot(0, lambda: signal.raise_signal(signal.SIGINT))
        qapp.exec()
    interrupts.close()
    assert signal.getsignal(signal.SIGINT) is before
