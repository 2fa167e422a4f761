"""Opens the window: first paint at once, everything heavy after it."""

import gc
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QByteArray, QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication

from heimdex_desktop.settings import APP, load
from heimdex_desktop.ui.bridge import Bridge
from heimdex_desktop.ui.first_paint import FirstPaint
from heimdex_desktop.ui.interrupts import Interrupts
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.models_opener import ModelsOpener
from heimdex_desktop.ui.people_opener import PeopleOpener
from heimdex_desktop.ui.search_trouble import BROKE
from heimdex_desktop.ui.theme import follow_system

log = logging.getLogger(__name__)

_SAMPLE_QUERY = "pancake recipe"
# Python hands over its lock every 5 ms by default; with busy pool threads that makes the window stutter.
SWITCH_EVERY_S = 0.0005


def run(*, library: Path | None = None, with_sample: bool = False) -> int:
    """Show the window until it is closed, and return the exit code."""
    sys.setswitchinterval(SWITCH_EVERY_S)
    QCoreApplication.setApplicationName(APP)
    QCoreApplication.setOrganizationName(APP)
    app = QApplication([APP])
    follow_system(app)
    settings, warnings = load(library=library)
    bridge = Bridge(settings)
    window = MainWindow(bridge)
    models = ModelsOpener(settings, window)
    connect_models(models, window, bridge)
    people = PeopleOpener(settings, window, bridge.people)
    connect_people(people, models, bridge)
    sys.excepthook = _tell_of_bugs(bridge)
    _restore(window)
    FirstPaint(window).done.connect(bridge.open)
    for has_grown in (bridge.opened, bridge.loaded, bridge.people.recognised):
        has_grown.connect(settle)
    window.show()
    if with_sample:
        bridge.sample_ready.connect(lambda: window.search_bar.field.setText(_SAMPLE_QUERY))
        bridge.try_sample()
    for warning in warnings:
        bridge.notice.emit(warning)
    interrupts = Interrupts(app)
    code = app.exec()
    interrupts.close()
    _remember(window)
    window.close()
    people.close()
    models.close()
    bridge.close()
    return code


def settle() -> None:
    """Let the collector of cyclic garbage pass over all that is loaded and stays: modules, scenes, faces.

    Looking through modules takes a tenth of a second, through a hundred thousand scenes 60 ms in the middle
    of every other search, through as many faces 150 ms. Python's lock is held meanwhile: the window stands
    still.
    """
    gc.freeze()


def connect_models(models: ModelsOpener, window: MainWindow, bridge: Bridge) -> None:
    """Let what is chosen on the models page be written down and used, and the page show what came of it."""
    window.models_wanted.connect(models.open)
    models.settings_chosen.connect(bridge.choose)
    # The same settings again, with the models that are here now.
    models.choices_changed.connect(lambda: bridge.choose({}))
    bridge.settings_changed.connect(models.use)
    bridge.devices_known.connect(models.show_devices)
    # Queued: when settings have changed, the library that can tell is taken right after.
    models.devices_wanted.connect(bridge.look_at_devices, Qt.ConnectionType.QueuedConnection)


def connect_people(people: PeopleOpener, models: ModelsOpener, bridge: Bridge) -> None:
    """Let consent on the page of people be written down, and the page of models delete all face data."""
    people.settings_chosen.connect(bridge.choose)
    people.models_wanted.connect(models.open)
    models.forget_faces_wanted.connect(people.forget_all)
    bridge.settings_changed.connect(people.use)


def _restore(window: MainWindow) -> None:
    kept = QSettings()
    for name, restore in (("geometry", window.restoreGeometry), ("panels", window.restore_layout)):
        value = kept.value(name)
        if isinstance(value, QByteArray):
            restore(value)


def _remember(window: MainWindow) -> None:
    kept = QSettings()
    kept.setValue("geometry", window.saveGeometry())
    kept.setValue("panels", window.layout_state())


def _tell_of_bugs(
    bridge: Bridge,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("a bug", exc_info=(kind, error, trace))
        bridge.notice.emit(BROKE)

    return hook
