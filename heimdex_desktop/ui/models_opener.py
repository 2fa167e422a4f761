"""Opens the models page when it is first wanted, and keeps the works behind it while the window lives."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from heimdex_desktop.domain.models import Role
from heimdex_desktop.settings import Settings, from_environment
from heimdex_desktop.ui.model_works import ModelWorks, OpenDesk, open_desk
from heimdex_desktop.ui.models_page import ModelsPage


class ModelsOpener(QObject):
    """All about models that stands beside a window.

    `settings_chosen` brings a mapping from names of settings to new values, None for the default: whoever
    writes them calls `use` with what is so then, also where that failed. `choices_changed` says that other
    models fill the roles by the same settings, since files came or went; `devices_wanted` that the page shows
    roles of which is not known where they run; `forget_faces_wanted` that all face data is to be deleted.
    """

    settings_chosen = Signal(object)
    choices_changed = Signal()
    devices_wanted = Signal()
    forget_faces_wanted = Signal()

    def __init__(self, settings: Settings, window: QWidget, *, desk: OpenDesk = open_desk) -> None:
        super().__init__(window)
        self._window = window
        self._devices: Mapping[Role, str] = {}
        self.works = ModelWorks(settings, self, desk=desk)
        self.works.choices_changed.connect(self.choices_changed)
        self.page: ModelsPage | None = None

    def open(self) -> None:
        """Show the page, made at the first time."""
        if self.page is None:
            self.page = ModelsPage(self.works, self._window, overruled=from_environment())
            self.page.settings_chosen.connect(self.settings_chosen)
            self.page.forget_faces_wanted.connect(self.forget_faces_wanted)
            self.page.show_devices(self._devices)
        self.page.open_page()
        if not self._devices:
            self.devices_wanted.emit()

    def use(self, settings: Settings) -> None:
        """Go by these settings from now on, and show them; models may run elsewhere than before."""
        self.works.use(settings)
        self.show_devices({})
        if self.page and self.page.isVisible():
            self.devices_wanted.emit()

    def show_devices(self, devices: Mapping[Role, str]) -> None:
        """Show where the model of each role runs, in a few words such as "the CPU (int8)"."""
        self._devices = devices
        if self.page:
            self.page.show_devices(devices)

    def close(self) -> None:
        """Stop what is done with models, and wait for it."""
        if self.page:
            self.page.close()
        self.works.close()
