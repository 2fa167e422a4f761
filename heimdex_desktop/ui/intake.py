"""Takes in videos, folders and pictures: dropped, pasted or chosen in a dialog."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from heimdex_desktop.library.file_kinds import PLAIN_EXTENSIONS, SHARED_EXTENSIONS
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.offering import Offering, PictureSource, has_picture, is_welcome, offering_in
from heimdex_desktop.ui.wording import counted

_OVERLAY = QSize(560, 220)
_ADDRESS_ONLY = (
    "The browser gave only the address of that picture, and nothing is fetched from a network. "
    "Copy the picture itself and paste it here, or save it and drop the file."
)
_FOR_VIDEOS = (
    "Drop videos or folders to add them",
    "They stay where they are. Nothing leaves this computer.",
)
_FOR_PICTURES = (
    "Drop a picture to find what looks like it",
    "It is looked at, and not kept. Nothing leaves this computer.",
)


def video_filter() -> str:
    """Return the kinds of files a dialog offers: whatever may be a video, or all there are."""
    patterns = sorted(f"*{extension}" for extension in PLAIN_EXTENSIONS | SHARED_EXTENSIONS)
    # Some desktops' dialogs tell capitals apart, and cameras write them.
    patterns += [pattern.upper() for pattern in patterns]
    return f"Videos ({' '.join(patterns)});;All files (*)"


def films_folder() -> Path:
    """Return the folder for films of this system, or home where there is none."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(folder) if folder and Path(folder).is_dir() else Path.home()


class Intake(QObject):
    """Every way into the library, for a whole window. `arrived` carries `list[Path]`, never empty.

    A picture that comes alone is a question: `picture_arrived` carries it (`PictureSource`). `said` tells
    what was not taken. A drop may land anywhere in the window; while something hovers over it, an overlay
    says so.
    """

    arrived = Signal(object)
    picture_arrived = Signal(object)
    said = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._last_folder: Path | None = None
        self.overlay = _Overlay(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def choose_files(self) -> None:
        """Let the person choose videos."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self._window,
            "Add videos",
            str(self._first_folder()),
            video_filter(),
            # Three dozen patterns say less than the word before them.
            options=QFileDialog.Option.HideNameFilterDetails,
        )
        self._take_chosen([Path(name) for name in chosen])

    def choose_folder(self) -> None:
        """Let the person choose a folder."""
        chosen = QFileDialog.getExistingDirectory(
            self._window, "Add a folder of videos", str(self._first_folder())
        )
        self._take_chosen([Path(chosen)] if chosen else [])

    def paste(self) -> None:
        """Take what was copied, if it is files, folders, their paths or a picture."""
        self.take(offering_in(QGuiApplication.clipboard().mimeData()))

    def take(self, offering: Offering) -> None:
        """Add what can be added; a picture is a question where nothing else came."""
        if offering.paths:
            self.arrived.emit(list(offering.paths))
        if offering.is_address:
            self.said.emit(_ADDRESS_ONLY)
        elif offering.pictures and offering.paths:
            self.said.emit(_left_out(offering.pictures))
        elif offering.pictures:
            self.picture_arrived.emit(offering.pictures[0])
            if len(offering.pictures) > 1:
                self.said.emit("One picture at a time: the first of them is looked for.")

    def _first_folder(self) -> Path:
        """Return where a dialog begins: where the last one ended, else where the system keeps films."""
        return self._last_folder or films_folder()

    def _take_chosen(self, paths: list[Path]) -> None:
        if paths:
            self._last_folder = paths[0].parent
        self.take(Offering.of_paths(paths))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if isinstance(event, QDragLeaveEvent):
            self.overlay.hide()
            return True
        # A drag-move event is a QDropEvent too, so the type decides.
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            return self._drop(event)
        return super().eventFilter(watched, event)

    def _enter(self, event: QDragEnterEvent) -> bool:
        if not is_welcome(event.mimeData()):
            return False
        self.overlay.show_for(*(_FOR_PICTURES if has_picture(event.mimeData()) else _FOR_VIDEOS))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        room = self._window.rect()
        self.overlay.resize(_OVERLAY.boundedTo(room.size()))
        self.overlay.move(room.center() - self.overlay.rect().center())
        self.overlay.raise_()
        self.overlay.show()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.overlay.hide()
        offering = offering_in(event.mimeData())
        if offering == Offering():
            return False
        # A file manager that is told "move" would delete the originals.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take(offering)
        return True


class _Overlay(QWidget):
    """Says what becomes of what hovers over the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("dropOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.title = label(tone="title")
        self.detail = label(tone="dim")
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(self.title, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.detail, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch()
        self.hide()

    def show_for(self, title: str, detail: str) -> None:
        """Show these two lines from now on."""
        self.title.setText(title)
        self.detail.setText(detail)


def _left_out(pictures: Sequence[PictureSource]) -> str:
    first = pictures[0]
    if len(pictures) == 1:
        what = f"“{first.name}” was" if isinstance(first, Path) else "The picture was"
    else:
        what = f"{counted(len(pictures), 'picture')} were"
    return f"{what} left out. Drop a picture alone to find scenes that look like it."
