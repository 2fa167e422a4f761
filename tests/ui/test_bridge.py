"""The bridge opens the library behind the window's back, and leaves nothing behind when it closes."""

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.models import Role
from heimdex_desktop.domain.query_completion import Offers
from heimdex_desktop.domain.search import Channel, SavedSearch
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.saved_searches import keep, recall
from heimdex_desktop.pipeline.board import Overall, RowState, VideoRow
from heimdex_desktop.pipeline.runner import StageRunner
from heimdex_desktop.settings import DeviceWish, Preset, Settings
from heimdex_desktop.ui.bridge import Bridge
from tests.people_desk.studio import wait_for_a_drive
from tests.pipeline.workshop import write_video

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


def test_what_there_is_to_choose_from_is_told_once_the_library_is_open(
    qtbot: QtBot, make_bridge: MakeBridge
) -> None:
    bridge = make_bridge()
    with qtbot.waitSignal(bridge.offers_known) as got:
        bridge.open()
    assert got.args == [Offers()]


def test_saved_searches_come_back_with_what_they_find_now(
    qtbot: QtBot, make_bridge: MakeBridge, settings: Settings
) -> None:
    saved = (SavedSearch("food", "onions", {Channel.SAID: 0.5}),)
    first = make_bridge()
    with qtbot.waitSignal(first.saved_searches_changed) as got:
        first.open()
    assert got.args == [()]
    with qtbot.waitSignal(first.hits_counted, timeout=20_000) as counted:
        first.keep_searches(saved)
    assert counted.args == [{"food": 0}]
    first.close()
    second = make_bridge()
    with qtbot.waitSignal(second.saved_searches_changed) as again:
        second.open()
    assert again.args == [saved]


def test_nothing_is_written_over_saved_searches_that_were_not_read_yet(
    make_bridge: MakeBridge, settings: Settings
) -> None:
    settings.library.mkdir()
    places = Places(settings.library)
    keep(places, [SavedSearch("food", "onions")])
    bridge = make_bridge()
    bridge.keep_searches([])
    bridge.close()
    assert recall(places).searches == (SavedSearch("food", "onions"),)


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
    with qtbot.waitSignal(bridge.refused) as got:
        bridge.open()
    assert got.args
    assert settings.library.name in got.args[0]


def test_a_bug_while_the_library_opens_is_told_too(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    bridge = Bridge(Settings(library=Path("no\0folder")))
    with qtbot.waitSignal(bridge.refused) as got:
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


def test_an_empty_library_is_told_as_open_though_no_row_comes(qtbot: QtBot, make_bridge: MakeBridge) -> None:
    bridge = make_bridge()
    with qtbot.waitSignal(bridge.opened):
        bridge.open()


def test_a_full_library_is_told_as_open_after_its_first_rows(
    qtbot: QtBot, make_bridge: MakeBridge, tmp_path: Path
) -> None:
    write_video(tmp_path / "films" / "trip.mp4")
    first = make_bridge()
    first.add_paths([tmp_path / "films"])
    with qtbot.waitSignal(first.rows_changed):
        first.open()
    first.close()
    again = make_bridge()
    told: list[str] = []
    again.rows_changed.connect(lambda: told.append("rows"))
    again.opened.connect(lambda: told.append("opened"))
    again.open()
    qtbot.waitUntil(lambda: "opened" in told)
    assert told[0] == "rows"


@pytest.fixture
def other(qtbot: QtBot, make_bridge: MakeBridge) -> Bridge:
    """Another program that works on the library."""
    made = make_bridge()
    with qtbot.waitSignal(made.opened):
        made.open()
    return made


@pytest.fixture
def refused(qtbot: QtBot, make_bridge: MakeBridge, other: Bridge) -> Bridge:
    """A bridge whose library belongs to another program."""
    made = make_bridge()
    with qtbot.waitSignal(made.refused) as got:
        made.open()
    assert got.args
    assert "Another Heimdex" in got.args[0]
    return made


def test_an_order_for_a_library_of_another_program_is_answered_with_the_reason(
    qtbot: QtBot, refused: Bridge
) -> None:
    with qtbot.waitSignals([refused.refused, refused.notice]):
        refused.add_paths([Path("film.mp4")])


def test_an_order_is_carried_out_once_the_other_program_has_ended(
    qtbot: QtBot, refused: Bridge, other: Bridge, tmp_path: Path
) -> None:
    other.close()
    (tmp_path / "empty.mp4").write_bytes(b"")
    with qtbot.waitSignal(refused.rows_changed) as got:
        refused.add_paths([tmp_path / "empty.mp4"])
    assert got.args
    assert [row.location.name for row in got.args[0]] == ["empty.mp4"]


def test_an_order_about_people_is_answered_or_carried_out_as_well(
    qtbot: QtBot, refused: Bridge, other: Bridge
) -> None:
    with qtbot.waitSignals([refused.refused, refused.notice]):
        refused.people.create("Anna")
    other.close()
    with qtbot.waitSignal(refused.people.made):
        refused.people.create("Ben")
    with qtbot.waitSignal(refused.people.people_changed) as got:
        refused.people.look()
    assert got.args
    assert [card.name for card in got.args[0].people] == ["Ben"]


def test_a_search_opens_the_library_too_once_the_other_program_has_ended(
    qtbot: QtBot, refused: Bridge, other: Bridge
) -> None:
    other.close()
    with qtbot.waitSignals([refused.opened, refused.library_changed]):
        refused.search("onions")
    with qtbot.waitSignal(refused.answered):
        refused.search("onions")


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file that is written and read, with what the bridge begins with in it."""
    place = tmp_path / "settings.toml"
    place.write_text('text_model = "none"\n', encoding="utf-8")
    monkeypatch.setattr("heimdex_desktop.settings.settings_file", lambda: place)
    return place


@pytest.fixture
def opened(qtbot: QtBot, make_bridge: MakeBridge, settings_file: Path) -> Bridge:
    made = make_bridge()
    with qtbot.waitSignals([made.opened, made.library_changed]):
        made.open()
    return made


def test_a_choice_is_written_down_and_the_library_goes_on_with_it(
    qtbot: QtBot, opened: Bridge, settings_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.mp4").write_bytes(b"")
    with qtbot.waitSignal(opened.rows_changed):
        opened.add_paths([tmp_path / "empty.mp4"])
    opened.pause()
    rows: list[VideoRow] = []
    told: list[Overall] = []
    opened.rows_changed.connect(rows.extend)
    with qtbot.waitSignal(opened.settings_changed) as got:
        opened.choose({"preset": Preset.COMPACT})
    opened.overall_changed.connect(told.append)
    assert got.args
    assert (got.args[0].preset, got.args[0].text_model) == (Preset.COMPACT, "none")
    assert 'preset = "compact"' in settings_file.read_text("utf-8")
    qtbot.waitUntil(lambda: bool(rows) and bool(told))
    assert [row.location.name for row in rows] == ["empty.mp4"], "what was refused is still shown"
    assert told[-1].paused, "what was paused stays so"
    with qtbot.waitSignal(opened.answered):
        opened.search("onions")


def test_a_removal_that_fails_when_the_library_is_closed_is_told(
    qtbot: QtBot,
    opened: Bridge,
    settings_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows: list[VideoRow] = []
    opened.rows_changed.connect(rows.extend)
    opened.add_paths([write_video(tmp_path / "one.mp4")])
    qtbot.waitUntil(lambda: bool(rows) and rows[-1].video_id is not None)

    def refuse(*_: object, **__: object) -> None:
        raise NoAccess("The index may not be changed.", "Check its rights.")

    monkeypatch.setattr(StageRunner, "forget", refuse)
    notices: list[str] = []
    opened.notice.connect(notices.append)
    opened.remove(rows[-1].key)
    opened.choose({"preset": Preset.COMPACT})
    qtbot.waitUntil(lambda: any("“one.mp4” could not be removed" in notice for notice in notices))
    assert settings_file.is_file()
    assert "a video was not removed" in [record.getMessage() for record in caplog.records]
    caplog.clear()


def test_choices_while_the_library_opens_are_all_carried_out(qtbot: QtBot, opened: Bridge) -> None:
    opened.choose({"preset": Preset.COMPACT})
    opened.choose({"tags": ("our boat",)})
    opened.choose({"device": DeviceWish.CPU})
    wanted = (Preset.COMPACT, ("our boat",), DeviceWish.CPU)

    def now() -> tuple[object, ...]:
        return (opened.settings.preset, opened.settings.tags, opened.settings.device)

    qtbot.waitUntil(lambda: now() == wanted)


def test_a_choice_that_cannot_be_written_is_told_and_the_library_stays_open(
    qtbot: QtBot, opened: Bridge, settings_file: Path
) -> None:
    settings_file.unlink()
    settings_file.mkdir()
    with qtbot.waitSignals([opened.notice, opened.library_changed]):
        opened.choose({"preset": Preset.COMPACT})
    assert opened.settings.preset is Preset.BUILTIN
    with qtbot.waitSignal(opened.answered):
        opened.search("onions")


def test_closing_in_the_middle_of_a_choice_leaves_nothing_behind(opened: Bridge, settings_file: Path) -> None:
    opened.choose({"preset": Preset.COMPACT})
    opened.close()
    assert 'preset = "compact"' in settings_file.read_text("utf-8")
    assert multiprocessing.active_children() == []


def test_where_the_models_run_is_found_out_on_demand(qtbot: QtBot, opened: Bridge) -> None:
    with qtbot.waitSignal(opened.devices_known) as got:
        opened.look_at_devices()
    assert got.args
    assert got.args[0][Role.TEXT_READER] == "the CPU (float32)"


def test_forgetting_goes_on_when_a_drive_is_back_though_faces_are_switched_off(
    qtbot: QtBot, make_bridge: MakeBridge, settings: Settings, tmp_path: Path
) -> None:
    sidecar = wait_for_a_drive(tmp_path)
    assert not settings.faces
    make_bridge().open()
    qtbot.waitUntil(lambda: b"Quorra" not in sidecar.read_bytes())
    qtbot.waitUntil(lambda: not list(Places(settings.library).people.glob("forgetting*")))
