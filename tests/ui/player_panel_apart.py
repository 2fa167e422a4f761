"""The built-in player with a real clip, and without one; test_player_panel runs it in a process apart."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.player_panel import NO_PLAYER, PlayerPanel
from tests.ui.fakes import hit

CLIP_VARIABLE = "HEIMDEX_TEST_CLIP"
UNSEEN_VARIABLE = "HEIMDEX_TEST_UNSEEN_CLIP"


@pytest.fixture(scope="module")
def clip() -> Path:
    """A minute of grey that grows lighter, made by the process that started this one."""
    return Path(os.environ[CLIP_VARIABLE])


@pytest.fixture(scope="module")
def unseen() -> Path:
    """A clip with sound whose pictures no decoder makes anything of, on any machine."""
    return Path(os.environ[UNSEEN_VARIABLE])


@pytest.fixture
def panel(qtbot: QtBot) -> PlayerPanel:
    pytest.importorskip("PySide6.QtMultimedia", reason="this machine lacks what QtMultimedia needs")
    made = PlayerPanel()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def at_ms(panel: PlayerPanel) -> int:
    assert panel.playback is not None
    return panel.playback.at_ms


def test_it_starts_where_the_scene_starts_and_obeys_keys(
    qtbot: QtBot, panel: PlayerPanel, clip: Path
) -> None:
    panel.play(hit(0, path=clip, start_ms=2_000))
    playback = panel.playback
    assert playback is not None
    positions: list[int] = []
    playback.moved.connect(positions.append)
    qtbot.waitUntil(lambda: playback.is_playing and any(position > 2_000 for position in positions))
    assert min(position for position in positions if position) >= 1_900
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not playback.is_playing)
    panel.controls.slider.sought.emit(9_000)
    qtbot.waitUntil(lambda: abs(at_ms(panel) - 9_000) < 150)
    qtbot.keyClick(panel, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: abs(at_ms(panel) - 4_000) < 300)
    qtbot.keyClick(panel, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: at_ms(panel) == 0)
    assert panel.controls.time.text() == "0:00 / 1:00"
    qtbot.keyClick(panel, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: playback.is_playing)
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not playback.is_playing


def test_it_goes_to_the_moment_that_is_found_late(qtbot: QtBot, panel: PlayerPanel, clip: Path) -> None:
    asked = hit(0, path=clip, start_ms=2_000)
    panel.play(asked)
    panel.move_to_moment(asked, replace(asked, found_at_ms=20_000))
    playback = panel.playback
    assert playback is not None
    positions: list[int] = []
    playback.moved.connect(positions.append)
    qtbot.waitUntil(lambda: playback.is_playing and any(position > 20_000 for position in positions))
    assert min(position for position in positions if position) >= 19_900, "it had not begun yet"
    panel.play(asked)
    qtbot.waitUntil(lambda: at_ms(panel) < 15_000)
    panel.move_to_moment(asked, replace(asked, found_at_ms=20_000))
    qtbot.waitUntil(lambda: at_ms(panel) >= 20_000)
    panel.close_player()


def test_it_stays_where_the_person_went_meanwhile(qtbot: QtBot, panel: PlayerPanel, clip: Path) -> None:
    asked = hit(0, path=clip, start_ms=2_000)
    panel.play(asked)
    qtbot.waitUntil(lambda: panel.playback is not None and panel.playback.is_playing)
    panel.controls.slider.sought.emit(40_000)
    panel.move_to_moment(asked, replace(asked, found_at_ms=20_000))
    panel.move_to_moment(hit(7), replace(hit(7), found_at_ms=1_000))
    qtbot.waitUntil(lambda: at_ms(panel) >= 40_000)
    panel.close_player()


def test_another_scene_of_the_same_video_plays_after_its_end(
    qtbot: QtBot, panel: PlayerPanel, clip: Path
) -> None:
    panel.play(hit(0, path=clip, start_ms=59_700))
    playback = panel.playback
    assert playback is not None
    states: list[bool] = []
    playback.playing_changed.connect(states.append)
    qtbot.waitUntil(lambda: states == [True, False])
    panel.play(hit(1, path=clip, start_ms=1_000))
    qtbot.waitUntil(lambda: playback.is_playing and 1_000 <= at_ms(panel) < 50_000)
    panel.close_player()


def test_what_is_said_is_shown_with_the_words_marked(panel: PlayerPanel, clip: Path) -> None:
    panel.play(hit(0, path=clip, said="🙂 the lighthouse <b>"))
    assert panel.said.toPlainText() == "🙂 the lighthouse <b>"
    assert [mark.cursor.selectedText() for mark in panel.said.extraSelections()] == ["lighthouse"]
    panel.close_player()


def test_a_file_that_cannot_be_played_is_a_sentence(qtbot: QtBot, panel: PlayerPanel, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all" * 100)
    panel.play(hit(0, path=broken))
    qtbot.waitUntil(lambda: "“broken.mp4” cannot be played here" in panel.problem.text())
    assert not panel.controls.isEnabled()


def test_pictures_that_never_come_are_a_sentence(
    qtbot: QtBot, panel: PlayerPanel, clip: Path, unseen: Path
) -> None:
    panel.play(hit(0, path=unseen, start_ms=0))
    qtbot.waitUntil(panel.problem.isVisible)
    assert panel.problem.text().startswith(f"“{unseen.name}” cannot be shown here.")
    assert panel.controls.isEnabled(), "what is said can still be heard"
    panel.play(hit(1, path=clip))
    assert not panel.problem.isVisible()
    panel.close_player()


def test_a_picture_that_comes_late_is_shown_after_all(qtbot: QtBot, panel: PlayerPanel, clip: Path) -> None:
    panel.play(hit(0, path=clip))
    playback = panel.playback
    assert playback is not None
    playback.unseen.emit("No picture yet.")
    assert panel.problem.isVisible()
    qtbot.waitUntil(playback.surface.isVisible)
    panel.close_player()


def test_a_missing_drive_is_a_sentence(panel: PlayerPanel, tmp_path: Path) -> None:
    panel.play(hit(0, path=tmp_path / "drive" / "a.mp4"))
    assert panel.problem.text() == "The drive with “a.mp4” is not connected. Connect it and try again."


def test_without_a_built_in_player_the_other_ways_stay(qtbot: QtBot, clip: Path) -> None:
    panel = PlayerPanel(make_playback=lambda _: None)
    qtbot.addWidget(panel)
    wanted = hit(0, path=clip, start_ms=1_500)
    panel.play(wanted)
    assert panel.problem.text() == NO_PLAYER
    for button, signal, args in (
        (panel.reveal_button, panel.reveal_wanted, [wanted, 1_500]),
        (panel.folder_button, panel.folder_wanted, [wanted]),
        (panel.copy_button, panel.copy_wanted, [wanted, 1_500]),
    ):
        with qtbot.waitSignal(signal) as asked:
            button.click()
        assert asked.args == args
    for key in (Qt.Key.Key_Space, Qt.Key.Key_L):
        qtbot.keyClick(panel, key)
