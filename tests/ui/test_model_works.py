"""Works on models beside the UI thread, with the real desk and a hub on this computer."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.models import ModelState, Role
from heimdex_desktop.model_desk import DeskFacts, ModelDesk, ModelFacts
from heimdex_desktop.settings import Preset, Settings
from heimdex_desktop.ui.model_news import WorkKind, WorkNews, WorkState
from heimdex_desktop.ui.model_works import ModelWorks
from tests.inference.hub_server import Hub
from tests.small_models import SMALL, SPEECH, small_hub

WEIGHTS = "model.bin"
ALL_BYTES = sum(map(len, SPEECH.values()))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with small_hub(monkeypatch) as hub:
        yield hub


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path, preset=Preset.COMPACT)


@pytest.fixture
def works(qapp: object, settings: Settings) -> Iterator[ModelWorks]:
    made = ModelWorks(settings, desk=lambda settings: ModelDesk(settings, SMALL), stalled_after_ms=200)
    yield made
    made.close()


@pytest.fixture
def heard(works: ModelWorks) -> list[WorkNews]:
    """All news, in the order they came."""
    news: list[WorkNews] = []
    works.news_changed.connect(news.append)
    return news


def model(facts: DeskFacts | None, name: str) -> ModelFacts:
    assert facts is not None
    return next(each for role in facts.roles for each in role.models if each.entry.name == name)


def until(qtbot: QtBot, works: ModelWorks, name: str, state: WorkState) -> WorkNews:
    """Wait until the work on a model stands so, and how the models stand then is known."""
    qtbot.waitUntil(lambda: name in works.news and works.news[name].state is state)
    return works.news[name]


def look(qtbot: QtBot, works: ModelWorks) -> DeskFacts:
    with qtbot.waitSignal(works.facts_changed):
        works.look()
    assert works.facts is not None
    return works.facts


def holding(hub: Hub) -> Callable[[], None]:
    """Let the hub stop in the middle of the weights; return what lets it go on."""
    hub.breaks_after, hub.hangs = 300_000, True

    def go_on() -> None:
        hub.breaks_after, hub.hangs = 0, False
        hub.release.set()

    return go_on


def test_facts_are_gathered_off_the_ui_thread(qtbot: QtBot, settings: Settings) -> None:
    threads: list[QThread] = []

    def desk(settings: Settings) -> ModelDesk:
        threads.append(QThread.currentThread())
        return ModelDesk(settings, SMALL)

    works = ModelWorks(settings, desk=desk)
    facts = look(qtbot, works)
    works.close()
    assert [each.role for each in facts.roles] == list(Role)
    assert threads != [QThread.currentThread()]


def test_a_list_that_cannot_be_used_is_told(qtbot: QtBot, settings: Settings, tmp_path: Path) -> None:
    from heimdex_desktop.inference.model_list import known_models

    works = ModelWorks(settings, desk=lambda settings: ModelDesk(settings, known_models(tmp_path / "none")))
    with qtbot.waitSignal(works.refused) as refused:
        works.look()
    works.close()
    assert refused.args is not None
    assert "Install Heimdex again" in refused.args[0]


def test_a_download_ends_with_a_model_that_is_ready(
    qtbot: QtBot, hub: Hub, works: ModelWorks, heard: list[WorkNews]
) -> None:
    assert model(look(qtbot, works), "hears").standing.state is ModelState.MISSING
    with qtbot.waitSignal(works.choices_changed):
        works.get(["hears"])
    assert (heard[0].state, heard[-1].state) == (WorkState.QUEUED, WorkState.DONE)
    assert heard[-1].sentence == "hears is ready."
    assert model(works.facts, "hears").standing.state is ModelState.READY


def test_what_is_not_chosen_changes_no_choice(qtbot: QtBot, hub: Hub, works: ModelWorks) -> None:
    look(qtbot, works)
    changed: list[bool] = []
    works.choices_changed.connect(lambda: changed.append(True))
    with qtbot.waitSignal(works.facts_changed):
        works.get(["hears-well"])
    assert model(works.facts, "hears-well").standing.state is ModelState.READY
    assert changed == []


def test_downloads_run_one_after_another(
    qtbot: QtBot, hub: Hub, works: ModelWorks, heard: list[WorkNews]
) -> None:
    go_on = holding(hub)
    works.get(["hears", "hears-well", "hears"])
    until(qtbot, works, "hears", WorkState.STALLED)
    assert works.news["hears-well"].state is WorkState.QUEUED
    assert not any("hears-well" in path for path, _ in hub.asked)
    go_on()
    until(qtbot, works, "hears-well", WorkState.DONE)
    ended = [news.work.name for news in heard if news.state is WorkState.DONE]
    assert ended == ["hears", "hears-well"]


def test_a_download_that_hangs_is_called_so_and_others_are_looked_after(
    qtbot: QtBot, hub: Hub, works: ModelWorks, tmp_path: Path
) -> None:
    go_on = holding(hub)
    works.get(["hears"])
    news = until(qtbot, works, "hears", WorkState.STALLED)
    assert (news.eta_s, news.total_bytes) == (None, ALL_BYTES)
    works.remove("hears-well")
    until(qtbot, works, "hears-well", WorkState.DONE)
    go_on()
    until(qtbot, works, "hears", WorkState.DONE)


def test_a_cancelled_download_keeps_what_came_and_goes_on(qtbot: QtBot, hub: Hub, works: ModelWorks) -> None:
    go_on = holding(hub)
    works.get(["hears", "hears-well"])
    until(qtbot, works, "hears", WorkState.STALLED)
    works.cancel("hears")
    works.cancel("hears-well")
    assert works.news["hears"].state is WorkState.STOPPING
    assert works.news["hears-well"].state is WorkState.CANCELLED
    go_on()
    with qtbot.waitSignal(works.facts_changed):
        until(qtbot, works, "hears", WorkState.CANCELLED)
    found = model(look(qtbot, works), "hears")
    assert found.standing.state is ModelState.DOWNLOADING
    came = found.standing.here_bytes - len(SPEECH["config.json"])
    assert came >= 300_000
    hub.asked.clear()
    works.get(["hears"])
    until(qtbot, works, "hears", WorkState.DONE)
    assert hub.starts(WEIGHTS) == ([came] if came < len(SPEECH[WEIGHTS]) else [])
    assert not any("hears-well" in path for path, _ in hub.asked)


def test_a_flipped_byte_is_a_sentence_and_again_helps(qtbot: QtBot, hub: Hub, works: ModelWorks) -> None:
    hub.sent_instead[WEIGHTS] = b"\xff" + SPEECH[WEIGHTS][1:]
    works.get(["hears"])
    news = until(qtbot, works, "hears", WorkState.FAILED)
    assert "is not the published file" in news.sentence
    assert "Try again." in news.sentence
    hub.sent_instead.clear()
    works.again("hears")
    assert until(qtbot, works, "hears", WorkState.DONE).work.kind is WorkKind.GET


def test_a_full_disk_is_a_sentence(
    qtbot: QtBot, hub: Hub, works: ModelWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    full: Callable[[Any], Any] = lambda _: SimpleNamespace(free=1000)  # noqa: E731
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", full)
        works.get(["hears"])
        news = until(qtbot, works, "hears", WorkState.FAILED)
    assert "not enough room for hears" in news.sentence
    assert "Free 2" in news.sentence
    assert hub.starts(WEIGHTS) == []


def test_offline_is_a_sentence(
    qtbot: QtBot, hub: Hub, works: ModelWorks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert look(qtbot, works).offline_by == "HF_HUB_OFFLINE"
    works.get(["hears"])
    assert "HF_HUB_OFFLINE" in until(qtbot, works, "hears", WorkState.FAILED).sentence
    assert hub.asked == []


def test_import_check_and_remove(qtbot: QtBot, works: ModelWorks, tmp_path: Path) -> None:
    bundle = tmp_path / "brought"
    bundle.mkdir()
    for name, content in SPEECH.items():
        (bundle / name).write_bytes(content)
    works.bring_in("hears", bundle)
    until(qtbot, works, "hears", WorkState.DONE)
    weights = tmp_path / "models" / "hears" / WEIGHTS
    assert weights.read_bytes() == SPEECH[WEIGHTS]
    works.check("hears")
    qtbot.waitUntil(lambda: "every byte was read" in works.news["hears"].sentence)
    weights.write_bytes(b"\xff" + SPEECH[WEIGHTS][1:])
    works.check("hears")
    assert f"“{WEIGHTS}”" in until(qtbot, works, "hears", WorkState.FAILED).sentence
    assert model(look(qtbot, works), "hears").standing.state is ModelState.BROKEN
    works.remove("hears")
    assert "513 kB are free again" in until(qtbot, works, "hears", WorkState.DONE).sentence
    assert model(look(qtbot, works), "hears").standing.state is ModelState.MISSING


def test_an_import_of_something_else_is_a_sentence(qtbot: QtBot, works: ModelWorks, tmp_path: Path) -> None:
    works.bring_in("hears", tmp_path / "no such folder")
    assert "is not there" in until(qtbot, works, "hears", WorkState.FAILED).sentence


def test_other_settings_are_looked_at(qtbot: QtBot, works: ModelWorks, settings: Settings) -> None:
    look(qtbot, works)
    changed: list[bool] = []
    works.choices_changed.connect(lambda: changed.append(True))
    with qtbot.waitSignal(works.facts_changed):
        works.use(Settings(library=settings.library, preset=Preset.FULL))
    assert works.facts is not None
    assert works.facts.settings.preset is Preset.FULL
    assert changed == [], "whoever changes settings knows"


def test_closing_stops_what_runs_and_what_is_queued(qtbot: QtBot, hub: Hub, works: ModelWorks) -> None:
    go_on = holding(hub)
    works.get(["hears", "hears-well"])
    until(qtbot, works, "hears", WorkState.STALLED)
    hub.release.set()
    works.close()
    go_on()
    assert not any("hears-well" in path for path, _ in hub.asked)


def test_a_bug_ends_the_work_with_a_sentence(
    qtbot: QtBot, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(settings: Settings) -> ModelDesk:
        raise RuntimeError("a bug")

    works = ModelWorks(settings, desk=broken)
    with qtbot.waitSignal(works.refused) as refused:
        works.get(["hears"])
    works.close()
    assert works.news["hears"].state is WorkState.FAILED
    assert "The log file says more" in works.news["hears"].sentence
    assert refused.args is not None
    assert "The log file says more" in refused.args[0]
    assert [record.getMessage() for record in caplog.records] == ["a lane's job broke"] * 2
    caplog.clear()
