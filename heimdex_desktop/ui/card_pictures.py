"""The pictures that cards of scenes show: stills, and the faces of those who are asked for."""

import functools
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QPixmap

from heimdex_desktop.ui.shaped_pictures import read_shaped
from heimdex_desktop.ui.thumbnails import Thumbnails

_FACES_BYTES = 8 * 1024 * 1024


class CardPictures(QObject):
    """Pictures by path, decoded beside the UI thread; `arrived` tells which have one now, or have none.

    It carries `tuple[Path, ...]`.
    """

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stills = Thumbnails(self)
        # One thread: these come after the stills, and are not to take their turn.
        read = functools.partial(read_shaped, is_round=True)
        self._faces = Thumbnails(self, read=read, kept_bytes=_FACES_BYTES, threads=1)
        self._stills.arrived.connect(self.arrived)
        self._faces.arrived.connect(self.arrived)

    def still(self, path: Path, box_px: QSize) -> QPixmap | None:
        """Return the still that fits into `box_px` device pixels, or None and have it made."""
        return self._stills.picture(path, box_px)

    def face(self, path: Path, side_px: int) -> QPixmap | None:
        """Return a face in a circle, `side_px` device pixels wide, or None and have it made."""
        return self._faces.picture(path, QSize(side_px, side_px))

    def forget_waiting(self) -> None:
        """Drop what is asked for and not begun, and try missing files again: other scenes are shown now."""
        self._stills.forget_waiting()
        self._faces.forget_waiting()

    def close(self) -> None:
        """Stop decoding, and wait for the pictures at hand."""
        self._stills.close()
        self._faces.close()
