"""Takes in videos and folders: dropped, pasted or chosen in a dialog."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from heimdex_desktop.library.file_kinds import PLAIN_EXTENSIONS, SHARED_EXTENSIONS

_OVERLAY = QSize(560, 220)


def paths_in(dropped: QMimeData) -> list[Path]:
    """Return the local files and folders in a drop or a clipboard, each once, in order.

    Text counts when every line of it is an absolute path or a file URL, quoted or not.
    """
    urls = dropped.urls() if dropped.hasUrls() else []
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile()]
    if not paths and dropped.hasText():
        paths = paths_in_text(dropped.text())
    return list(dict.fromkeys(paths))


def paths_in_text(text: str) -> list[Path]:
    """Return the paths a text consists of; nothing when any line of it is something else."""
    lines = [line.strip().strip("\"'") for line in text.splitlines()]
    paths = [_path_in_line(line) for line in lines if line]
    known = [path for path in paths if path is not None]
    return known if len(known) == len(paths) else []


def _path_in_line(line: str) -> Path | None:
    if line.startswith("file:"):
        local = QUrl(line).toLocalFile()
        return Path(local) if local else None
    if "\0" in line:
        return None
    path = Path(line)
    return path if path.is_absolute() else None


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

    A drop may land anywhere in the window; while something hovers over it, an overlay says so.
    """

    arrived = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._last_folder: Path | None = None
        self.overlay = _overlay(window)
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
        """Take what was copied, if it is files, folders or their paths."""
        self._take(paths_in(QGuiApplication.clipboard().mimeData()))

    def _first_folder(self) -> Path:
        """Return where a dialog begins: where the last one ended, else where the system keeps films."""
        return self._last_folder or films_folder()

    def _take_chosen(self, paths: list[Path]) -> None:
        if paths:
            self._last_folder = paths[0].parent
        self._take(paths)

    def _take(self, paths: list[Path]) -> None:
        if paths:
            self.arrived.emit(paths)

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
        if not paths_in(event.mimeData()):
            return False
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
        paths = paths_in(event.mimeData())
        if not paths:
            return False
        # A file manager that is told "move" would delete the originals.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._take(paths)
        return True


def _overlay(window: QWidget) -> QWidget:
    overlay = QWidget(window)
    overlay.setObjectName("dropOverlay")
    overlay.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    overlay.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    title = QLabel("Drop videos or folders to add them")
    title.setProperty("tone", "title")
    detail = QLabel("They stay where they are. Nothing leaves this computer.")
    detail.setProperty("tone", "dim")
    column = QVBoxLayout(overlay)
    column.addStretch()
    column.addWidget(title, alignment=Qt.AlignmentFlag.AlignCenter)
    column.addWidget(detail, alignment=Qt.AlignmentFlag.AlignCenter)
    column.addStretch()
    overlay.hide()
    return overlay
