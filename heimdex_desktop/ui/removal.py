"""Asks before videos are taken out of the library, and what is to become of the files beside them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from heimdex_desktop.pipeline.board import VideoRow
from heimdex_desktop.ui.wording import counted, plain

_NAME_CHARS = 48
_STAYS = "The video file is never touched."
_COMES_BACK = "What was found stays in a file beside it, and is taken up when the video is added again."


def ask_to_remove(window: QWidget, rows: Sequence[VideoRow], agreed: Callable[[bool], None]) -> QMessageBox:
    """Ask over a window, without stopping it; `agreed` hears whether the files beside the videos go too."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("Remove from library")
    box.setText(_question(rows))
    box.setInformativeText(_consequences(rows))
    switch = QCheckBox(_switch_words(rows), box)
    if any(row.video_id for row in rows):
        # Of a file that is no video, nothing was found.
        box.setCheckBox(switch)
    yes = box.addButton("Remove", QMessageBox.ButtonRole.AcceptRole)
    yes.clicked.connect(lambda: agreed(switch.isChecked()))
    # Enter on a dialog that just came up must not agree to anything.
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.open()
    return box


def _question(rows: Sequence[VideoRow]) -> str:
    what = f"“{_short(rows[0])}”" if len(rows) == 1 else counted(len(rows), "video")
    return f"Remove {what} from the library?"


def _consequences(rows: Sequence[VideoRow]) -> str:
    if len(rows) == 1:
        return f"It leaves the list and the search. {_STAYS} {_COMES_BACK}"
    stay = _STAYS.replace("The video file is", "The video files are")
    return f"They leave the list and the search. {stay} {_COMES_BACK.replace('beside it', 'beside each')}"


def _switch_words(rows: Sequence[VideoRow]) -> str:
    # An ampersand would be taken for the mark of a key.
    name = _short(rows[0]).replace("&", "&&") if len(rows) == 1 else "NAME"
    which = "the file beside the video that holds"
    if len(rows) > 1:
        which = "the files beside the videos that hold"
    return f"Also delete {which} what was found\n({name}.heimdex.json and .npz)"


def _short(row: VideoRow) -> str:
    """Return the name of a video for a line that does not wrap."""
    name = plain(row.location.name)
    return name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1].rstrip()}…"
