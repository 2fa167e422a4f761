"""Decodes stills beside the UI thread, newest request first, and keeps the pictures within a memory bound."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QSize, Qt, QThreadPool, QTimer, Signal, SignalInstance
from PySide6.QtGui import QImage, QImageReader, QPixmap

from heimdex_desktop.ui.picture_cache import PictureCache

_THREADS = 2
_KEPT_BYTES = 96 * 1024 * 1024
# A screen shows a few dozen cards: what is older than this has been scrolled past.
_WAITING_LIMIT = 160
_TAKEN_AT_ONCE = 8
"""Each comes with some painting: of more at once, the turn of the window's loop would take too long."""

Read = Callable[[Path, QSize], QImage]


@dataclass(frozen=True, slots=True)
class _Wish:
    path: Path
    box_px: QSize


class Thumbnails(QObject):
    """Pictures of stills by path, for the UI thread. They are read by `read` on other threads.

    `arrived` says which paths have one now, or have none (`tuple[Path, ...]`): few in a turn of the loop.
    """

    arrived = Signal(object)
    _decoded = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        read: Read | None = None,
        kept_bytes: int = _KEPT_BYTES,
        threads: int = _THREADS,
    ) -> None:
        super().__init__(parent)
        self._read = read or read_scaled
        self._pictures: PictureCache[Path] = PictureCache(kept_bytes)
        self._made_for: dict[Path, QSize] = {}
        self._asked: dict[Path, QSize] = {}
        self._waiting: deque[_Wish] = deque()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._made: deque[tuple[_Wish, QImage]] = deque()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._take_some)
        self._decoded.connect(self._soon.start, Qt.ConnectionType.QueuedConnection)

    @property
    def used_bytes(self) -> int:
        """Return how much the kept pictures take."""
        return self._pictures.used_bytes

    def picture(self, path: Path, box_px: QSize) -> QPixmap | None:
        """Return the picture that fits into `box_px` device pixels, or None and have it made.

        While a new size is being made, the old one is returned.
        """
        if self._made_for.get(path) != box_px and self._asked.get(path) != box_px:
            self._ask(_Wish(path, box_px))
        return self._pictures.get(path)

    def forget_waiting(self) -> None:
        """Drop what is asked for and not begun, and try missing files again: other scenes are shown now."""
        self._waiting.clear()
        self._asked.clear()
        for path in [path for path in self._made_for if path not in self._pictures]:
            del self._made_for[path]

    def close(self) -> None:
        """Stop decoding and wait for the picture at hand."""
        self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone()
        self._made.clear()
        self._soon.stop()

    def _ask(self, wish: _Wish) -> None:
        self._asked[wish.path] = wish.box_px
        self._waiting.append(wish)
        if len(self._waiting) > _WAITING_LIMIT:
            stale = self._waiting.popleft()
            self._asked.pop(stale.path, None)
        self._pool.start(_DecodeNewest(self._waiting, self._read, self._made, self._decoded))

    def _take_some(self) -> None:
        arrived: list[Path] = []
        while self._made and len(arrived) < _TAKEN_AT_ONCE:
            wish, image = self._made.popleft()
            self._keep(wish, image)
            arrived.append(wish.path)
        if self._made:
            self._soon.start()
        if arrived:
            self.arrived.emit(tuple(arrived))

    def _keep(self, wish: _Wish, image: QImage) -> None:
        if self._asked.get(wish.path) == wish.box_px:
            del self._asked[wish.path]
        self._made_for[wish.path] = wish.box_px
        if not image.isNull():
            for gone in self._pictures.put(wish.path, QPixmap.fromImage(image)):
                self._made_for.pop(gone, None)


class _DecodeNewest(QRunnable):
    """Takes the newest wish there is when its turn comes, which may not be the one it was started for."""

    def __init__(
        self,
        waiting: deque[_Wish],
        read: Read,
        made: deque[tuple[_Wish, QImage]],
        decoded: SignalInstance,
    ) -> None:
        super().__init__()
        self._waiting = waiting
        self._read = read
        self._made = made
        self._decoded = decoded

    def run(self) -> None:
        try:
            wish = self._waiting.pop()
        except IndexError:
            return
        self._made.append((wish, self._read(wish.path, wish.box_px)))
        self._decoded.emit()


def read_scaled(
    path: Path, box_px: QSize, how: Qt.AspectRatioMode = Qt.AspectRatioMode.KeepAspectRatio
) -> QImage:
    """Decode a picture so that it just fits into the box, or fills it; a null image when there is none."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        # A JPEG decoder told the size beforehand decodes a fraction of the pixels.
        reader.setScaledSize(size.scaled(box_px, how))
    image = reader.read()
    if image.isNull():
        return image
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
