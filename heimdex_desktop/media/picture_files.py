"""Reads a picture file that a person gives as a question, and says in plain words why one cannot be used."""

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
_SMALLER = "Save it smaller, then try again."
_LOOKED_AT_PX = 1024
"""No picture model looks at more than half of this."""

# What Pillow raises for damaged files.
_UNREADABLE = (OSError, SyntaxError, ValueError)


def read_picture(path: Path) -> Picture:
    """Return a JPEG, PNG or WebP picture upright, its longer side at most 1024 pixels; transparency is white.

    Raises InputError where it is none, narrower than 8 pixels or larger than 80 million; FileGone, NoAccess.
    """
    try:
        with path.open("rb") as file:
            return _read(file, f"“{path.name}”")
    except FileNotFoundError as error:
        raise FileGone(f"{path} is not there.", "Check its name, or connect its drive.") from error
    except PermissionError as error:
        raise NoAccess(f"{path} may not be read.", "Check the rights of the file.") from error
    except OSError as error:
        raise _no_picture(f"“{path.name}”") from error


def picture_in(content: bytes) -> Picture:
    """Return the picture that a file with this content holds. Raises InputError as `read_picture` does."""
    return _read(io.BytesIO(content), "What was given")


def _read(file: BinaryIO, name: str) -> Picture:
    from PIL import Image

    with _told(name), Image.open(file, formats=_FORMATS) as opened:
        _check_size(name, *opened.size)
        return _as_bgr(opened)


@contextmanager
def _told(name: str) -> Generator[None]:
    """Turn what Pillow raises into our words."""
    from PIL import Image

    try:
        # What Pillow only warns of is too large for us already.
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(f"{name} has too many pixels to open it.", _SMALLER) from error
    except _UNREADABLE as error:
        raise _no_picture(name) from error


def _no_picture(name: str) -> InputError:
    return InputError(f"{name} is no picture that can be read.", "Give a JPEG, PNG or WebP file.")


def _check_size(name: str, width_px: int, height_px: int) -> None:
    size = f"{name} has {width_px} × {height_px} pixels"
    if min(width_px, height_px) < _LEAST_SIDE_PX:
        raise InputError(f"{size}: too few to see anything in it.", "Give a larger picture.")
    if width_px * height_px > _MOST_PIXELS:
        raise InputError(f"{size}: too many to open it.", _SMALLER)


def _as_bgr(opened: "Image") -> Picture:
    from PIL import Image, ImageOps

    # A JPEG is decoded at a fraction of its size where that is enough.
    opened.draft("RGB", (_LOOKED_AT_PX, _LOOKED_AT_PX))
    seen = ImageOps.exif_transpose(opened).convert("RGBA")
    seen.thumbnail((_LOOKED_AT_PX, _LOOKED_AT_PX))
    ground = Image.new("RGBA", seen.size, "white")
    rgb = np.asarray(Image.alpha_composite(ground, seen).convert("RGB"))
    return np.ascontiguousarray(rgb[..., ::-1])
