"""What every test of the window may lean on, and what makes it fail: a warning, or anything left running."""

import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, QThreadPool, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from heimdex_desktop.ui.external_players import ExternalPlayer
from heimdex_desktop.ui.launcher import Launcher
from heimdex_desktop.ui.main_window import MainWindow
from tests.ui.fakes import FakeBridge

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HERE = Path(__file__).parent
# What Qt says of the machine, not of us: no real screen, no sound server, no video acceleration.
_ABOUT_THE_MACHINE = (
    r"This plugin does not support",
    r"symbolsresolver|Couldn't (load|resolve)|pa_context_connect|PulseAudio",
    r"No HW decoder found|No audio device detected|No RHI backend|libva|vdpau",
    # A broken file is told in a sentence of ours as well.
    r"Could not open media",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a Qt warning fail a test of this folder."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*_ABOUT_THE_MACHINE))


@pytest.fixture(autouse=True)
def no_key_held(qapp: QCoreApplication) -> Iterator[None]:
    """Let go of Ctrl, which Qt believes to be held after a test that clicked keys with it."""
    yield
    if QGuiApplication.keyboardModifiers():
        QTest.keyRelease(QWidget(), Qt.Key.Key_Control)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QCoreApplication, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a thread, timer or pool task running, or that logged a warning."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    alive = [thing for thing in gc.get_objects() if issubclass(type(thing), QObject) and isValid(thing)]
    assert [timer for timer in alive if isinstance(timer, QTimer) and timer.isActive()] == []
    assert [thread for thread in alive if isinstance(thread, QThread) and _still_runs(thread)] == []
    assert [pool for pool in alive if isinstance(pool, QThreadPool) and pool.activeThreadCount()] == []
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert [record.getMessage() for record in records if record.levelno >= logging.WARNING] == []


def _still_runs(thread: QThread) -> bool:
    return thread.isRunning() and thread is not QThread.currentThread()


def _start_nothing(player: ExternalPlayer, path: Path, at_ms: int) -> None:
    """Take the place of starting another program."""


@pytest.fixture
def bridge(tmp_path: Path) -> FakeBridge:
    return FakeBridge(tmp_path)


@pytest.fixture
def unopened_window(qtbot: QtBot, bridge: FakeBridge) -> MainWindow:
    """The whole window before its library is open, shown; no other program is ever started."""
    made = MainWindow(bridge, Launcher(find=lambda: (), start=_start_nothing))
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def window(unopened_window: MainWindow, bridge: FakeBridge) -> MainWindow:
    """The whole window on a library that is open and empty."""
    bridge.opened.emit()
    return unopened_window
