"""Finds the video players on this computer and writes the command that opens one at a moment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from heimdex_desktop.domain.errors import MachineError


class PlayerKind(StrEnum):
    """A player whose start-time flag is known; SYSTEM opens the file at its beginning."""

    VLC = "VLC"
    MPV = "mpv"
    MPC_HC = "MPC-HC"
    IINA = "IINA"
    POTPLAYER = "PotPlayer"
    SYSTEM = "the default player"


@dataclass(frozen=True, slots=True)
class ExternalPlayer:
    """A player that was found; `program` is what to start."""

    kind: PlayerKind
    program: PurePath


@dataclass(frozen=True, slots=True)
class _Place:
    kind: PlayerKind
    command: str = ""
    paths: tuple[str, ...] = ()


_WINDOWS_ROOTS = ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA")
_WINDOWS = (
    _Place(PlayerKind.VLC, "vlc", (r"VideoLAN\VLC\vlc.exe",)),
    _Place(PlayerKind.MPV, "mpv", (r"mpv\mpv.exe", r"MPV Player\mpv.exe", r"Programs\mpv\mpv.exe")),
    _Place(PlayerKind.MPC_HC, "mpc-hc64", (r"MPC-HC\mpc-hc64.exe", r"MPC-HC\mpc-hc.exe")),
    _Place(
        PlayerKind.POTPLAYER,
        "PotPlayerMini64",
        (r"DAUM\PotPlayer\PotPlayerMini64.exe", r"DAUM\PotPlayer\PotPlayerMini.exe"),
    ),
)
_MACOS = (
    _Place(PlayerKind.IINA, "iina", ("IINA.app/Contents/MacOS/iina-cli",)),
    _Place(PlayerKind.VLC, "", ("VLC.app/Contents/MacOS/VLC",)),
    _Place(PlayerKind.MPV, "mpv", ("mpv.app/Contents/MacOS/mpv",)),
)
_LINUX = (_Place(PlayerKind.VLC, "vlc"), _Place(PlayerKind.MPV, "mpv"))
_SYSTEM_OPENERS = {"win32": "explorer", "darwin": "open"}


@dataclass(frozen=True, slots=True)
class Machine:
    """What the search for players asks of a computer; `platform` is a value of `sys.platform`."""

    platform: str
    which: Callable[[str], str | None]
    exists: Callable[[PurePath], bool]
    environment: Mapping[str, str]


def this_machine() -> Machine:
    """Describe the computer this program runs on."""
    return Machine(sys.platform, shutil.which, lambda path: Path(path).is_file(), os.environ)


def find_players(machine: Machine) -> tuple[ExternalPlayer, ...]:
    """Return the players that are installed, best first; the system's default is always the last.

    A player in the search path is preferred over one in the usual folders: the person put it there.
    """
    opener = ExternalPlayer(
        PlayerKind.SYSTEM, PurePosixPath(_SYSTEM_OPENERS.get(machine.platform, "xdg-open"))
    )
    return (*_installed(machine), opener)


def _installed(machine: Machine) -> Iterator[ExternalPlayer]:
    places = {"win32": _WINDOWS, "darwin": _MACOS}.get(machine.platform, _LINUX)
    flavour = PureWindowsPath if machine.platform == "win32" else PurePosixPath
    for place in places:
        on_path = machine.which(place.command) if place.command else None
        if on_path:
            yield ExternalPlayer(place.kind, flavour(on_path))
            continue
        candidates = _candidates(place, machine)
        program = next((candidate for candidate in candidates if machine.exists(candidate)), None)
        if program is not None:
            yield ExternalPlayer(place.kind, program)


def _candidates(place: _Place, machine: Machine) -> Iterator[PurePath]:
    environment = machine.environment
    if machine.platform == "win32":
        roots = [PureWindowsPath(environment[name]) for name in _WINDOWS_ROOTS if name in environment]
    else:
        own = environment.get("HOME")
        roots = [PurePosixPath("/Applications"), *([PurePosixPath(own, "Applications")] if own else [])]
    for root in roots:
        for path in place.paths:
            yield root / path


def command_for(player: ExternalPlayer, path: PurePath, at_ms: int) -> list[str]:
    """Write the command line that opens `path` (absolute) at `at_ms` milliseconds.

    Sources of the flags:
    VLC `--start-time=<seconds>` (float): wiki.videolan.org/VLC_command-line_help
    mpv `--start=<seconds>`: mpv manual, "Playback Control"; `--` ends its options
    MPC-HC `/start <milliseconds>`: its command-line switches dialog, `mpc-hc.exe /?`
    IINA `--mpv-<option>=<value>`: `iina-cli --help`, which passes mpv options on; without `--no-stdin` it
    takes our closed input for a stream to play (github.com/iina/iina/issues/4936)
    PotPlayer `/seek=hh:mm:ss.ms`: CmdLine.txt in its folder
    """
    seconds = f"{at_ms / 1000:.3f}"
    arguments = {
        PlayerKind.VLC: [f"--start-time={seconds}", str(path)],
        PlayerKind.MPV: [f"--start={seconds}", "--", str(path)],
        PlayerKind.MPC_HC: [str(path), "/start", str(at_ms)],
        PlayerKind.IINA: ["--no-stdin", f"--mpv-start={seconds}", str(path)],
        PlayerKind.POTPLAYER: [str(path), f"/seek={_with_hours(at_ms)}"],
        PlayerKind.SYSTEM: [str(path)],
    }
    return [str(player.program), *arguments[player.kind]]


def launch(player: ExternalPlayer, path: Path, at_ms: int) -> None:
    """Open `path` in a player that lives on when this program ends.

    Raises MachineError when the player cannot be started.
    """
    try:
        if sys.platform == "win32" and player.kind is PlayerKind.SYSTEM:
            # Explorer splits its arguments at commas; this call takes any name.
            os.startfile(path)  # noqa: S606
            return
        start_detached(command_for(player, path, at_ms))
    except OSError as error:
        sentence = f"“{path.name}” could not be opened in {player.kind}."
        raise MachineError(sentence, "Open it from its folder instead.") from error


def start_detached(command: list[str] | str) -> None:
    """Start a program on its own, without a shell and without our input and output; raises OSError."""
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(  # noqa: S603
            command,
            creationflags=flags,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return
    subprocess.Popen(  # noqa: S603
        command,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _with_hours(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
