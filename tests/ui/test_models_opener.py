"""The models page beside the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.models import Role
from heimdex_desktop.model_desk import ModelDesk
from heimdex_desktop.settings import Preset, Settings
from heimdex_desktop.ui.app import connect_models
from heimdex_desktop.ui.bridge import Bridge
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
    qtbot.waitUntil(lambda: page.is_complete and not opener.works.is_looking)


def test_the_button_opens_one_page_with_devices_and_wishes(
    qtbot: QtBot, window: MainWindow, opener: ModelsOpener, hub: Hub
) -> None:
    opener.show_devices({Role.SPEECH: "the CPU (int8)"})
    assert opener.page is None
    window.search_bar.models_button.click()
    until_built(qtbot, opener)
    page = opener.page
    assert page is not None
    with qtbot.waitSignal(opener.choices_changed):
        opener.works.get(["hears"])
    assert page.sections[Role.SPEECH].use_line.text == "In use: hears, on the CPU (int8)"
    with qtbot.waitSignal(opener.settings_chosen) as chosen:
        page.presets.presets[Preset.FULL].click()
    assert chosen.args == [{"preset": Preset.FULL}]
    page.close()
    window.search_bar.models_button.click()
    assert opener.page is page
    assert page.isVisible()


def test_devices_are_asked_for_while_they_are_not_known(
    qtbot: QtBot, opener: ModelsOpener, tmp_path: Path
) -> None:
    with qtbot.waitSignal(opener.devices_wanted):
        opener.open()
    opener.show_devices({Role.SPEECH: "the CPU (int8)"})
    with qtbot.assertNotEmitted(opener.devices_wanted):
        opener.open()
    with qtbot.waitSignal(opener.devices_wanted):
        opener.use(Settings(library=tmp_path))
    until_built(qtbot, opener)


def test_nobody_looks_at_models_before_the_page_is_opened(qtbot: QtBot, opener: ModelsOpener) -> None:
    with qtbot.assertNotEmitted(opener.devices_wanted):
        opener.use(Settings())
    assert not opener.works.is_looking


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "settings.toml"
    place.write_text('text_model = "none"\n', encoding="utf-8")
    monkeypatch.setattr("heimdex_desktop.settings.settings_file", lambda: place)
    return place


@pytest.fixture
def real_bridge(settings_file: Path, tmp_path: Path) -> Iterator[Bridge]:
    made = Bridge(Settings(library=tmp_path / "library", text_model="none"))
    yield made
    made.close()


@pytest.fixture
def connected(window: MainWindow, real_bridge: Bridge) -> Iterator[ModelsOpener]:
    """The page as the program connects it, with the real list of models."""
    made = ModelsOpener(real_bridge.settings, window)
    connect_models(made, window, real_bridge)
    yield made
    made.close()


def test_what_is_chosen_is_written_down_used_and_shown(
    qtbot: QtBot, connected: ModelsOpener, real_bridge: Bridge, settings_file: Path
) -> None:
    with qtbot.waitSignal(real_bridge.opened):
        real_bridge.open()
    connected.open()
    until_built(qtbot, connected)
    page = connected.page
    assert page is not None
    page.presets.presets[Preset.COMPACT].click()
    qtbot.waitUntil(lambda: "“What is said”" in page.waiting.text())
    assert 'preset = "compact"' in settings_file.read_text("utf-8")
    assert page.presets.presets[Preset.COMPACT].isChecked()
    qtbot.waitUntil(lambda: "on the CPU" in page.sections[Role.TEXT_READER].use_line.text)


def test_what_a_variable_decides_is_known(
    qtbot: QtBot, window: MainWindow, opener: ModelsOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEIMDEX_SPEECH_MODEL", "hears")
    opener.open()
    until_built(qtbot, opener)
    assert opener.page is not None
    assert opener.page.sections[Role.SPEECH].lock.isVisibleTo(opener.page)
    assert not opener.page.sections[Role.VISION].lock.isVisibleTo(opener.page)
