"""The models page beside the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.models import Role
from heimdex_desktop.model_desk import ModelDesk
from heimdex_desktop.settings import Preset, Settings
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.models_opener import ModelsOpener
from tests.inference.hub_server import Hub
from tests.small_models import SMALL, small_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with small_hub(monkeypatch) as hub:
        yield hub


@pytest.fixture
def opener(window: MainWindow, tmp_path: Path) -> Iterator[ModelsOpener]:
    settings = Settings(library=tmp_path, preset=Preset.COMPACT)
    made = ModelsOpener(settings, window, desk=lambda settings: ModelDesk(settings, SMALL))
    window.models_wanted.connect(made.open)
    yield made
    made.close()


def until_built(qtbot: QtBot, opener: ModelsOpener) -> None:
    page = opener.page
    assert page is not None
    qtbot.waitUntil(lambda: Role.FACE in page.sections and not opener.works.is_looking)


def test_the_button_opens_one_page_with_devices_and_wishes(
    qtbot: QtBot, window: MainWindow, opener: ModelsOpener, hub: Hub
) -> None:
    opener.show_devices({Role.SPEECH: "CPU (int8)"})
    assert opener.page is None
    window.search_bar.models_button.click()
    until_built(qtbot, opener)
    page = opener.page
    assert page is not None
    with qtbot.waitSignal(opener.choices_changed):
        opener.works.get(["hears"])
    assert page.sections[Role.SPEECH].use_line.text == "In use: hears · CPU (int8)"
    with qtbot.waitSignal(opener.settings_chosen) as chosen:
        page.presets.presets[Preset.FULL].click()
    assert chosen.args == [{"preset": Preset.FULL}]
    page.close()
    window.search_bar.models_button.click()
    assert opener.page is page
    assert page.isVisible()


def test_what_a_variable_decides_is_known(
    qtbot: QtBot, window: MainWindow, opener: ModelsOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEIMDEX_SPEECH_MODEL", "hears")
    opener.open()
    until_built(qtbot, opener)
    assert opener.page is not None
    assert opener.page.sections[Role.SPEECH].lock.isVisibleTo(opener.page)
    assert not opener.page.sections[Role.VISION].lock.isVisibleTo(opener.page)
