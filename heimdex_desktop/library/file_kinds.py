"""Tells by name, and by the first bytes where the name says too little, whether a file may be a video."""

import re
from pathlib import Path

# fmt: off
PLAIN_EXTENSIONS = frozenset({
    ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".f4v", ".insv", ".360",
    ".mkv", ".webm", ".ogv", ".ogm", ".nut",
    ".avi", ".divx", ".wmv", ".asf", ".flv", ".rm", ".rmvb", ".dv",
    ".mpg", ".mpeg", ".mpe", ".m1v", ".m2v", ".mpv", ".vob", ".m2ts", ".m2t", ".trp", ".mxf", ".mjpeg",
})
# fmt: on
"""Extensions that only videos have."""

SHARED_EXTENSIONS = frozenset((".ts", ".mts", ".mod", ".tod"))
"""Extensions that videos share with others, such as TypeScript sources: the content decides."""

# fmt: off
PICTURE_EXTENSIONS = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff",
    ".heic", ".heif", ".avif", ".jxl", ".svg",
})
# fmt: on
"""Extensions that only single pictures have, whether they can be read here or not."""

_READ_BYTES = 1024
# A word of letters, perhaps with digits: “Interview v1.2” and “2024.05 party” have no extension.
_EXTENSION = re.compile(r"\.(?=[0-9]*[a-z])[0-9a-z_+~-]{1,12}")
_STARTS = (
    b"\x1aE\xdf\xa3",  # EBML: Matroska, WebM
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
    b"OggS",
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02",  # MXF
)
_ATOMS_OF_OLD_QUICKTIME = (b"moov", b"wide", b"free", b"skip", b"pnot")
_BRANDS_WITHOUT_VIDEO = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"mif1",
    b"avif",
    b"M4A ",
    b"M4B ",
    b"M4P ",
    b"crx ",
)
# Packets start with 0x47: plain, with a time code before each (Blu-ray, AVCHD), with error correction.
_PACKET_BYTES = (188, 192, 204)
_SYNC = 0x47


def looks_like_video(path: Path) -> bool:
    """Tell whether a file in a folder should be tried as a video; raises OSError where it cannot be read."""
    extension = path.suffix.casefold()
    if extension in PLAIN_EXTENSIONS:
        return True
    if extension in SHARED_EXTENSIONS or not _EXTENSION.fullmatch(extension):
        with path.open("rb") as file:
            return starts_like_video(file.read(_READ_BYTES))
    return False


def starts_like_video(start: bytes) -> bool:
    """Tell by the first bytes of a file (1 KiB is enough) whether it is a container that holds video."""
    if start.startswith(_STARTS):
        return True
    if start[:4] == b"RIFF":
        return start[8:12] == b"AVI "
    if start[4:8] == b"ftyp":
        return start[8:12] not in _BRANDS_WITHOUT_VIDEO
    return _is_old_quicktime(start) or _has_packets(start)


def _is_old_quicktime(start: bytes) -> bool:
    # A first atom is smaller than 16 MiB, so it starts with a zero, which no text does: “The free …”.
    return start[4:8] in _ATOMS_OF_OLD_QUICKTIME and start[:1] == b"\0"


def _has_packets(start: bytes) -> bool:
    """Find four sync bytes at the distance of transport stream packets (ISO/IEC 13818-1)."""
    # Sources full of alike lines can have a “G” there too, but no zeros.
    return b"\0" in start and any(
        all(byte == _SYNC for byte in start[first : first + 3 * size + 1 : size])
        for size in _PACKET_BYTES
        for first in range(min(size, len(start) - 3 * size))
    )
