"""Opening other programs beside the UI thread."""

from pathlib import Path, PurePath

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.ui.external_players import ExternalPlayer, PlayerKind
from heimdex_desktop.ui.launcher import Launcher

VLC = ExternalPlayer(PlayerKind.VLC, PurePath("vlc"))


def test_a_scene_is_revealed_in_the_best_player_off_the_ui_thread(qtbot: QtBot, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.touch()
    started: list[tuple[ExternalPlayer, Path, int]] = []
    threads: list[QThread] = []

    def start(player: ExternalPlayer, path: Path, at_ms: int) -> None:
        started.append((player, path, at_ms))
        threads.append(QThread.currentThread())

    launcher = Launcher(find=lambda: (VLC,), start=start)
    with qtbot.waitSignal(launcher.said) as said:
        launcher.reveal((film,), 83_400)
    launcher.close()
    assert started == [(VLC, film, 83_400)]
    assert threads != [QThread.currentThread()]
    assert said.args == ["Opened “film.mp4” in VLC."]


def test_a_failure_is_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    def refuse(player: ExternalPlayer, path: Path, at_ms: int) -> None:
        raise MachineError("It did not start.", "Do this.")

    film = tmp_path / "film.mp4"
    film.touch()
    launcher = Launcher(find=lambda: (VLC,), start=refuse)
    with qtbot.waitSignal(launcher.said) as said:
        launcher.reveal((film,), 0)
    assert said.args == ["It did not start. Do this."]
    with qtbot.waitSignal(launcher.said) as said:
        launcher.show_in_folder((tmp_path / "drive" / "gone.mp4",))
    assert said.args is not None
    assert "not connected" in said.args[0]
    launcher.close()
