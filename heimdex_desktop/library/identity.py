"""The name of a video, made from its content, so that moving or renaming the file does not change it."""

import hashlib
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from heimdex_desktop.domain.errors import UnreadableVideo
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import shown, told_plainly

SAMPLE_BYTES = 1024 * 1024
_NAMESPACE = uuid.UUID("6a1f9f0c-58c0-5a53-9d3c-2f1d7c1f8f5e")


def video_id(path: Path) -> VideoId:
    """Return the UUIDv5 (RFC 9562) over the file's size and three samples of 1 MiB: start, middle, end.

    Reading all of a 50 GB file would take minutes; two videos that agree in size and in all three samples
    do not occur outside of tests. Raises FileGone, NoAccess, and UnreadableVideo for an empty file or
    something that is not a file.
    """
    with told_plainly(path):
        facts = path.stat()
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(facts.st_mode):
            raise UnreadableVideo(
                f"“{shown(path)}” is not a file.", "Choose a video file, or add it as a folder."
            )
        if not facts.st_size:
            raise UnreadableVideo(f"“{shown(path)}” is empty (0 bytes).", "Copy or download it again.")
        with path.open("rb") as file:
            return _named(file, facts.st_size)


def _named(file: BinaryIO, size_bytes: int) -> VideoId:
    digest = hashlib.sha256(str(size_bytes).encode())
    for start in _sample_starts(size_bytes):
        file.seek(start)
        digest.update(file.read(SAMPLE_BYTES))
    return VideoId(str(uuid.uuid5(_NAMESPACE, digest.hexdigest())))


def _sample_starts(size_bytes: int) -> Iterator[int]:
    last = max(0, size_bytes - SAMPLE_BYTES)
    yield from (0, last // 2, last)
