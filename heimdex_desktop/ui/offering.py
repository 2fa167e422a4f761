"""What a drop or a clipboard holds: videos and folders to add, or a picture that is a question."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from heimdex_desktop.library.file_kinds import PICTURE_EXTENSIONS

PictureSource = Path | bytes | QImage
"""A picture that is still to be read: a file, what a file would hold, or pixels of another program."""

# The first that is there is taken, as it came: what it is made into is made beside the window.
_PICTURE_FORMATS = ("image/png", "image/jpeg", "image/webp")


@dataclass(frozen=True, slots=True)
class Offering:
    """`paths` are to be added. Of a picture in a browser there may be nothing but its address."""

    paths: tuple[Path, ...] = ()
    pictures: tuple[PictureSource, ...] = ()
    is_address: bool = False

    @classmethod
    def of_paths(cls, paths: list[Path]) -> "Offering":
        """Tell pictures from everything else, by their names."""
        pictures = tuple(path for path in paths if path.suffix.casefold() in PICTURE_EXTENSIONS)
        return cls(tuple(path for path in paths if path not in pictures), pictures)


def offering_in(content: QMimeData) -> Offering:
    """Return what is offered; files come before pixels. Pixels are copied, not looked at."""
    paths = paths_in(content)
    if paths:
        return Offering.of_paths(paths)
    encoded = next((name for name in _PICTURE_FORMATS if content.hasFormat(name)), None)
    if encoded:
        return Offering(pictures=(bytes(content.data(encoded).data()),))
    pixels = content.imageData() if content.hasImage() else None
    if isinstance(pixels, QImage) and not pixels.isNull():
        return Offering(pictures=(pixels,))
    return Offering(is_address=_is_address_of_picture(content))


def is_welcome(content: QMimeData) -> bool:
    """Tell whether something that hovers over the window can be taken, without copying any of it."""
    return bool(paths_in(content)) or has_picture(content) or _is_address_of_picture(content)


def has_picture(content: QMimeData) -> bool:
    """Tell whether there are pixels to be had, or files of which each is a picture."""
    paths = paths_in(content)
    if paths:
        return not Offering.of_paths(paths).paths
    return content.hasImage() or any(content.hasFormat(name) for name in _PICTURE_FORMATS)


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


def _is_address_of_picture(content: QMimeData) -> bool:
    urls = content.urls() if content.hasUrls() else []
    if not any(url.scheme() in {"http", "https"} for url in urls):
        return False
    names = [Path(url.path()).suffix.casefold() for url in urls]
    return "<img" in content.html() or any(name in PICTURE_EXTENSIONS for name in names)
