"""The bridge opens the library behind the window's back, and leaves nothing behind when it closes."""

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.pipeline.board import Overall, RowState, VideoRow
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.bridge import Bridge

MakeBridge = Callable[[], Bridge]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "library", text_model="none")


@pytest.fixture
def make_bridge(settings: Settings) -> Iterator[MakeBridge]:
    made: list[Bridge] = []

    def make() -> Bridge:
        made.append(Bridge(settings))
        return made[-1]

    yield make
    for bridge in made:
        bridge.close()


def test_orders_given_before_the_library_is_open_are_carried_out(
    qtbot: QtBot, make_bridge: MakeBridge, tmp_path: Path
) -> None:
    bridge = make_bridge()
    rows: list[VideoRow] = []
    bridge.rows_changed.connect(rows.extend)
    (tmp_path / "empty.mp4").write_bytes(b"")
    bridge.add_paths([tmp_path / "empty.mp4"])
    bridge.open()
    qtbot.waitUntil(lambda: bool(rows))
    assert rows[0].state is RowState.FAILED
    assert rows[0].failure
    assert "empty.mp4" in rows[0].failure.sentence


def test_an_order_is_told_with_the_next_overall(qtbot: QtBot, make_bridge: MakeBridge) -> None:
    bridge = make_bridge()
    with qtbot.waitSignal(bridge.library_changed):
        bridge.open()

    told: list[Overall] = []
    bridge.overall_changed.connect(told.append)
    bridge.pause()
    qtbot.waitUntil(lambda: bool(told) and told[-1].paused)
    bridge.resume()
    qtbot.waitUntil(lambda: not told[-1].paused)


def test_a_search_before_the_library_is_open_waits_for_nothing(qtbot: QtBot, make_bridge: MakeBridge) -> None:
    bridge = make_bridge()
    bridge.search("onions")
    with qtbot.waitSignal(bridge.library_changed):
        bridge.open()
    with qtbot.waitSignal(bridge.answered) as got:
        bridge.search("onions")
    assert got.args
    assert got.args[0].hits == ()


def test_a_library_that_cannot_be_used_is_told_in_a_sentence(
    qtbot: QtBot, make_bridge: MakeBridge, settings: Settings
) -> None:
    settings.library.write_text("a file where the folder should be", encoding="utf-8")
    bridge = make_bridge()
    with qtbot.waitSignal(bridge.notice) as got:
        bridge.open()
    assert got.args
    assert settings.library.name in got.args[0]


def test_a_bug_while_the_library_opens_is_told_too(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge(Settings(library=Path("no\0folder")))
    with qtbot.waitSignal(bridge.notice) as got:
        bridge.open()
    bridge.close()
    assert got.args
    assert got.args[0].startswith("Heimdex broke while it opened the library.")
    assert [record.getMessage() for record in caplog.records] == ["a lane's job broke"]
    caplog.clear()


def test_closing_while_the_library_opens_starts_nothing(qtbot: QtBot, make_bridge: MakeBridge) -> None:
    bridge = make_bridge()
    bridge.open()
    bridge.close()
    with qtbot.assertNotEmitted(bridge.library_changed, wait=200):
        pass
    assert multiprocessing.active_children() == []


def test_what_arrives_after_closing_is_passed_over(
    qtbot: QtBot, make_bridge: MakeBridge, tmp_path: Path
) -> None:
    for number in range(30):
        (tmp_path / f"empty {number}.mp4").write_bytes(b"")
    bridge = make_bridge()
    with qtbot.waitSignal(bridge.library_changed):
        bridge.open()
    bridge.add_paths([tmp_path])
    bridge.close()
    with qtbot.assertNotEmitted(bridge.rows_changed, wait=300):
        bridge.pause()
        bridge.search("onions")


def test_closing_while_the_sample_is_drawn_does_not_wait_for_it(
    qtbot: QtBot, make_bridge: MakeBridge, settings: Settings
) -> None:
    bridge = make_bridge()
    with qtbot.waitSignal(bridge.library_changed):
        bridge.open()
    with qtbot.waitSignal(bridge.notice):
        bridge.try_sample()
    with qtbot.assertNotEmitted(bridge.sample_ready, wait=200):
        bridge.close()
    assert multiprocessing.active_children() == []
    assert list((settings.library / "sample").glob("*.mp4")) == []


def test_a_library_that_another_program_works_on_answers_every_order_with_the_reason(
    qtbot: QtBot, make_bridge: MakeBridge
) -> None:
    first, second = make_bridge(), make_bridge()
    with qtbot.waitSignal(first.library_changed):
        first.open()
    told: list[str] = []
    second.notice.connect(told.append)
    second.open()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert "Another Heimdex" in told[0]
    second.add_paths([Path("film.mp4")])
    assert told == [told[0]] * 2
