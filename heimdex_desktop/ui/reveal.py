"""Shows a video in the file manager of the system, chosen in its folder."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.ui.external_players import start_detached


def show_in_folder(path: Path) -> None:
    """Open the folder of `path` with the file chosen, or just the folder where that cannot be asked for.

    Raises MachineError when no file manager can be started.
    """
    try:
        if sys.platform == "linux":
            _ask_file_manager(path, otherwise=lambda: _open_folder(path))
        else:
            start_detached(reveal_command(sys.platform, path))
    except OSError as error:
        sentence = f"The folder of “{path.name}” could not be opened."
        raise MachineError(sentence, "Open it in your file manager.") from error


def reveal_command(platform: str, path: Path) -> list[str] | str:
    r"""Write the command for Windows or macOS.

    Explorer reads its own command line: quotes belong around the path, not around the whole argument
    (learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-switches-for-windows-explorer),
    and a Windows file name cannot hold a quote. macOS: `man open`, -R.
    """
    if platform == "win32":
        return f'explorer /select,"{path}"'
    return ["open", "-R", str(path)]


def _ask_file_manager(path: Path, *, otherwise: Callable[[], None]) -> None:
    """Call ShowItems (freedesktop.org/wiki/Specifications/file-manager-interface) without waiting for it."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCall, QDBusPendingCallWatcher
    except ImportError:
        otherwise()
        return
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        otherwise()
        return
    call = QDBusMessage.createMethodCall(
        "org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "ShowItems",
    )
    call.setArguments(
        [[QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)], ""]
    )
    watcher = QDBusPendingCallWatcher(QDBusPendingCall(bus.asyncCall(call)))

    def settle(done: QDBusPendingCallWatcher) -> None:
        if done.isError():
            otherwise()
        done.deleteLater()

    watcher.finished.connect(settle)


def _open_folder(path: Path) -> None:
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
        raise OSError
