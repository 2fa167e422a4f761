"""Players on three systems, and the command that opens one at a moment."""

import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.ui.external_players import (
    ExternalPlayer,
    Machine,
    PlayerKind,
    command_for,
    find_players,
    launch,
    start_detached,
    this_machine,
)

FILM = PurePosixPath("/films/a b, c.mp4")


def machine(
    platform: str,
    *,
    on_path: tuple[str, ...] = (),
    files: tuple[PurePath, ...] = (),
    environment: dict[str, str] | None = None,
) -> Machine:
    return Machine(
        platform,
        lambda name: f"/usr/bin/{name}" if name in on_path else None,
        lambda path: path in files,
        environment or {},
    )


def kinds(where: Machine) -> list[PlayerKind]:
    return [player.kind for player in find_players(where)]


def test_on_linux_players_are_found_on_the_path() -> None:
    assert kinds(machine("linux", on_path=("mpv", "vlc"))) == [
        PlayerKind.VLC,
        PlayerKind.MPV,
        PlayerKind.SYSTEM,
    ]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_any_player_the_system_opens_the_file(platform: str) -> None:
    assert kinds(machine(platform)) == [PlayerKind.SYSTEM]


def test_on_windows_players_are_found_where_they_are_installed() -> None:
    vlc = PureWindowsPath(r"C:\Program Files\VideoLAN\VLC\vlc.exe")
    pot = PureWindowsPath(r"C:\Program Files\DAUM\PotPlayer\PotPlayerMini64.exe")
    where = machine("win32", files=(vlc, pot), environment={"ProgramFiles": r"C:\Program Files"})
    players = find_players(where)
    assert [player.kind for player in players] == [PlayerKind.VLC, PlayerKind.POTPLAYER, PlayerKind.SYSTEM]
    assert players[0].program == vlc


def test_on_macos_the_persons_own_applications_count() -> None:
    iina = PurePosixPath("/Users/minji/Applications/IINA.app/Contents/MacOS/iina-cli")
    where = machine("darwin", files=(iina,), environment={"HOME": "/Users/minji"})
    assert find_players(where)[0] == ExternalPlayer(PlayerKind.IINA, iina)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (PlayerKind.VLC, ["--start-time=83.400", str(FILM)]),
        (PlayerKind.MPV, ["--start=83.400", "--", str(FILM)]),
        (PlayerKind.MPC_HC, [str(FILM), "/start", "83400"]),
        (PlayerKind.IINA, ["--no-stdin", "--mpv-start=83.400", str(FILM)]),
        (PlayerKind.POTPLAYER, [str(FILM), "/seek=00:01:23.400"]),
        (PlayerKind.SYSTEM, [str(FILM)]),
    ],
)
def test_each_player_is_told_the_moment_in_its_own_way(kind: PlayerKind, arguments: list[str]) -> None:
    player = ExternalPlayer(kind, PurePosixPath("/bin/player"))
    assert command_for(player, FILM, 83_400) == [str(player.program), *arguments]


def test_every_kind_has_a_command() -> None:
    for kind in PlayerKind:
        assert str(FILM) in command_for(ExternalPlayer(kind, PurePosixPath("p")), FILM, 0)


def test_this_machine_always_has_a_player() -> None:
    assert find_players(this_machine())[-1].kind is PlayerKind.SYSTEM


def test_a_player_that_cannot_be_started_is_told_in_words(tmp_path: Path) -> None:
    player = ExternalPlayer(PlayerKind.VLC, PurePath(tmp_path / "not there"))
    with pytest.raises(MachineError, match=r"“film\.mp4” could not be opened in VLC"):
        launch(player, tmp_path / "film.mp4", 0)


# The player is meant to outlive us, so nobody waits for it.
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_a_program_is_started_without_a_shell(qtbot: QtBot, tmp_path: Path) -> None:
    made = tmp_path / "it's $HOME & more.txt"
    start_detached(
        [sys.executable, "-c", "import sys, pathlib; pathlib.Path(sys.argv[1]).touch()", str(made)]
    )
    qtbot.waitUntil(made.exists)
