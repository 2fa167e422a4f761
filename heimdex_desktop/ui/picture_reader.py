"""Reads a picture that is a question beside the UI thread; the newest wins."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageWriter

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.search import LikePicture
from heimdex_desktop.ui.lanes import LaneRunnable
from heimdex_desktop.ui.offering import PictureSource

if TYPE_CHECKING:
    # It brings numpy, which the window does without until it is painted.
    from heimdex_desktop.domain.contracts import Picture

_THUMBNAIL_PX = QSize(160, 96)
_MOST_PX = QSize(1024, 1024)
"""Reading makes a picture no larger than this; pixels that came without a file are made so before."""


class PictureReader(QObject):
    """`ready` carries a `LikePicture` and a small `QImage` of it, `failed` a sentence."""

    ready = Signal(object, object)
    failed = Signal(str)
    _read = Signal(int, object, object)
    _broke = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._read.connect(self._take)
        self._broke.connect(self._tell)

    def read(self, source: PictureSource) -> None:
        """Begin to read; what was begun before is passed over."""
        self._newest += 1
        number, read, broke = self._newest, self._read, self._broke

        def job() -> None:
            try:
                like = LikePicture(_picture_of(source))
            except HeimdexError as error:
                broke.emit(number, str(error))
                return
            read.emit(number, like, _thumbnail(like))

        self._pool.clear()
        self._pool.start(LaneRunnable(job))

    def forget(self) -> None:
        """Pass over whatever is still being read."""
        self._newest += 1
        self._pool.clear()

    def close(self) -> None:
        """Wait for the picture at hand, and tell of none any more."""
        self.forget()
        self._pool.waitForDone()

    def _take(self, number: int, like: LikePicture, thumbnail: QImage) -> None:
        if number == self._newest:
            self.ready.emit(like, thumbnail)

    def _tell(self, number: int, sentence: str) -> None:
        if number == self._newest:
            self.failed.emit(sentence)


def _picture_of(source: PictureSource) -> "Picture":
    from heimdex_desktop.media.picture_files import picture_in, read_picture

    if isinstance(source, Path):
        return read_picture(source)
    return picture_in(_as_file(source) if isinstance(source, QImage) else source)


def _as_file(pixels: QImage) -> bytes:
    """Write pixels as a PNG file is written: one way of reading knows all kinds of colours."""
    larger = pixels.width() > _MOST_PX.width() or pixels.height() > _MOST_PX.height()
    if larger:
        pixels = pixels.scaled(
            _MOST_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    file = QBuffer()
    file.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(file, QByteArray(b"png")).write(pixels)
    return bytes(file.data().data())


def _thumbnail(like: LikePicture) -> QImage:
    picture = like.picture
    height_px, width_px, channels = picture.shape
    whole = QImage(picture.data, width_px, height_px, channels * width_px, QImage.Format.Format_BGR888)
    return whole.scaled(
        _THUMBNAIL_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
