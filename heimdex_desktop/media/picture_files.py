"""Reads a picture file that a person gives, and says in plain words why one cannot be used."""

import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.errors import FileGone, InputError, NoAccess

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("JPEG", "PNG", "WEBP")
_LEAST_SIDE_PX = 8
_MOST_PIXELS = 80_000_000
_MOST_PIXELS_OF_A_JPEG = 500_000_000
"""Of one that is stored in rows: it is decoded at a fraction of its size, so that only time bounds it."""
_SMALLER = "Save it smaller, then try again."
_LOOKED_AT_PX = 1024
"""No picture model looks at more than half of this."""
_ORIENTATION = 0x0112
_BY_NUMBER = {"1", "P", "PA"}
_JPEG_MARK = b"\xff\xd8\xff"
_HEIC_MARKS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

# What Pillow raises for damaged files.
_UNREADABLE = (OSError, SyntaxError, ValueError)


def read_picture(path: Path, *, longest_px: int = _LOOKED_AT_PX) -> Picture:
    """Return a JPEG, PNG or WebP picture upright, at most `longest_px` on its longer side, on white ground.

    What counts is the content, whatever the file is called. Memory stays below some 1 GB.
    Raises InputError where it is none, damaged, narrower than 8 pixels or larger than 80 million (500 million
    for a JPEG that is not progressive); FileGone, NoAccess.
    """
    if path.is_dir():
        raise InputError(f"“{path.name}” is a folder.", "Give the pictures in it.")
    if path.exists() and not path.is_file():
        # Reading from a pipe or a device may never end.
        raise _no_picture(f"“{path.name}”")
    try:
        with path.open("rb") as file:
            return _read(file, f"“{path.name}”", longest_px)
    except FileNotFoundError as error:
        raise FileGone(f"{path} is not there.", "Check its name, or connect its drive.") from error
    except PermissionError as error:
        raise NoAccess(f"{path} may not be read.", "Check the rights of the file.") from error
    except OSError as error:
        raise _no_picture(f"“{path.name}”") from error


def picture_in(content: bytes) -> Picture:
    """Return the picture that a file with this content holds. Raises InputError as `read_picture` does."""
    return _read(io.BytesIO(content), "What was given", _LOOKED_AT_PX)


def _read(file: BinaryIO, name: str, longest_px: int) -> Picture:
    with _told(name, _no_picture(name)):
        opened = _opened(file, name)
    with opened, _told(name, _damaged(name)):
        _check_size(name, opened)
        return _as_bgr(opened, longest_px)


def _opened(file: BinaryIO, name: str) -> "Image":
    from PIL import Image
    from PIL.JpegImagePlugin import JpegImageFile

    start = file.read(12)
    file.seek(0)
    if start[4:8] == b"ftyp" and start[8:] in _HEIC_MARKS:
        raise InputError(
            f"{name} is a HEIC photo, which cannot be opened here.",
            "Save it as JPEG, then try again; telephones call that “Most Compatible”.",
        )
    # Pillow's own limit is far below what can be decoded at a fraction of its size.
    return JpegImageFile(file) if start.startswith(_JPEG_MARK) else Image.open(file, formats=_FORMATS)


@contextmanager
def _told(name: str, unreadable: InputError) -> Generator[None]:
    """Turn what Pillow raises into our words."""
    from PIL import Image

    try:
        # What Pillow only warns of is too large for us already.
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(f"{name} has too many pixels to open it.", _SMALLER) from error
    except _UNREADABLE as error:
        raise unreadable from error


def _no_picture(name: str) -> InputError:
    return InputError(f"{name} is no picture that can be read.", "Give a JPEG, PNG or WebP file.")


def _damaged(name: str) -> InputError:
    return InputError(
        f"{name} is damaged: a part of its picture is missing.", "Copy it anew, then try again."
    )


def _check_size(name: str, opened: "Image") -> None:
    width_px, height_px = opened.size
    size = f"{name} has {width_px} × {height_px} pixels"
    if min(width_px, height_px) < _LEAST_SIDE_PX:
        raise InputError(f"{size}: too few to see anything in it.", "Give a larger picture.")
    # A progressive one is held in memory whole while it is decoded, at whatever size.
    is_in_rows = opened.format == "JPEG" and not opened.info.get("progressive")
    if width_px * height_px > (_MOST_PIXELS_OF_A_JPEG if is_in_rows else _MOST_PIXELS):
        raise InputError(f"{size}: too many to open it.", _SMALLER)


def _as_bgr(opened: "Image", longest_px: int) -> Picture:
    from PIL import Image, ImageOps

    # A JPEG is decoded at a fraction of its size where that is enough.
    opened.draft("RGB", (longest_px, longest_px))
    seen = _shrunk(opened, longest_px)
    ground = Image.new("RGBA", seen.size, "white")
    flat = Image.alpha_composite(ground, seen).convert("RGB")
    # Only the file still says how the camera was held.
    flat.getexif()[_ORIENTATION] = opened.getexif().get(_ORIENTATION, 1)
    rgb = np.asarray(ImageOps.exif_transpose(flat))
    return np.ascontiguousarray(rgb[..., ::-1])


def _shrunk(opened: "Image", longest_px: int) -> "Image":
    """Return the picture with transparency and no larger than asked for."""
    seen = _in_eight_bits(opened)
    # Colours by number cannot be averaged. All others are shrunk first: every copy of a large picture counts.
    if seen.mode in _BY_NUMBER or "transparency" in seen.info:
        seen = seen.convert("RGBA")
    seen.thumbnail((longest_px, longest_px))
    return seen.convert("RGBA")


def _in_eight_bits(opened: "Image") -> "Image":
    """Bring greys of 16 bits to the 8 of all others; Pillow would cut them off at white."""
    from PIL import Image

    if not opened.mode.startswith("I"):
        return opened
    return Image.fromarray((np.asarray(opened) // 257).astype(np.uint8))
