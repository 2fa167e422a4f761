"""Keeps pictures within a memory bound, dropping the one that was not used for longest."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from PySide6.QtGui import QPixmap

_BYTES_PER_PIXEL = 4
Key = TypeVar("Key", bound=Hashable)


class PictureCache(Generic[Key]):
    """Pictures by key, at most `limit_bytes` together, but always at least one. For the UI thread only."""

    def __init__(self, limit_bytes: int) -> None:
        self.used_bytes = 0
        self._limit_bytes = limit_bytes
        self._pictures: OrderedDict[Key, QPixmap] = OrderedDict()

    def __contains__(self, key: Key) -> bool:
        return key in self._pictures

    def get(self, key: Key) -> QPixmap | None:
        """Return the picture, which now counts as used."""
        picture = self._pictures.get(key)
        if picture is not None:
            self._pictures.move_to_end(key)
        return picture

    def put(self, key: Key, picture: QPixmap) -> tuple[Key, ...]:
        """Keep a picture in place of the one before; return the keys that had to go for it."""
        self._drop(key)
        self._pictures[key] = picture
        self.used_bytes += _size_bytes(picture)
        gone: list[Key] = []
        while self.used_bytes > self._limit_bytes and len(self._pictures) > 1:
            oldest = next(iter(self._pictures))
            self._drop(oldest)
            gone.append(oldest)
        return tuple(gone)

    def _drop(self, key: Key) -> None:
        picture = self._pictures.pop(key, None)
        if picture is not None:
            self.used_bytes -= _size_bytes(picture)


def _size_bytes(picture: QPixmap) -> int:
    return picture.width() * picture.height() * _BYTES_PER_PIXEL
