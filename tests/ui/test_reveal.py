"""Showing a file in the system's file manager."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.reveal import reveal_command, show_in_folder


def test_explorer_gets_quotes_around_the_path_only() -> None:
    path = Path("C:/films/a, b.mp4")
    assert reveal_command("win32", path) == f'explorer /select,"{path}"'


def test_finder_is_asked_to_reveal() -> None:
    path = Path("/films/a.mp4")
    assert reveal_command("darwin", path) == ["open", "-R", str(path)]


class _Opener(QObject):
    """Takes the place of the desktop's opener for file URLs."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open_url(self, url: QUrl) -> None:
        self.opened.append(url)


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is how Linux desktops are asked")
def test_without_a_file_manager_to_ask_the_folder_is_opened(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = _Opener()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    # Its stub asks for bytes, the call itself for a name.
    QDesktopServices.setUrlHandler("file", opener, "open_url")  # pyright: ignore[reportArgumentType]
    try:
        show_in_folder(tmp_path / "영화.mp4")
        qtbot.waitUntil(lambda: len(opener.opened) == 1)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert Path(opener.opened[0].toLocalFile()) == tmp_path
