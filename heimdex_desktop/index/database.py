"""The one door to LanceDB: opening the folder, and telling its errors in our words."""

import errno
import stat
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import lancedb
from lancedb.db import DBConnection

from heimdex_desktop.domain.errors import DiskFull, MachineError, NoAccess
from heimdex_desktop.domain.video import VideoId

_VERSIONS = "_versions"
"""The folder of a table in which LanceDB puts a file for each version, in one step."""
_MOST_OF_INDEXES_BYTES = 512 << 20
"""The index of a million scenes with vectors of 384 and 768 dimensions takes 160 MB."""
_MOST_OF_METADATA_BYTES = 128 << 20
_REPAIR = "Start Heimdex again: it makes the index anew from what is kept beside the videos."
FOREIGN_ERRORS = (RuntimeError, OSError, ValueError)
"""What LanceDB raises: RuntimeError from its engine, ValueError for a missing table, OSError for files."""


def connect(folder: Path) -> DBConnection:
    """Open a folder of tables, making it where it is missing. Raises FOREIGN_ERRORS."""
    # LanceDB would keep up to 7 GB of what it read.
    session = lancedb.Session(
        index_cache_size_bytes=_MOST_OF_INDEXES_BYTES, metadata_cache_size_bytes=_MOST_OF_METADATA_BYTES
    )
    return lancedb.connect(folder, session=session)


class Door:
    """Keeps a folder of tables open, so that what is known of its files is not read for every search."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[tuple[int, int], ...] = ()
        self._database: DBConnection | None = None

    def state(self) -> object:
        """Return what is another one after every write: which versions of which tables there are.

        Raises FOREIGN_ERRORS.
        """
        versions = [
            frozenset(version.name for version in (table / _VERSIONS).iterdir()) for table in self._tables()
        ]
        return self._stats(), versions

    def open(self) -> DBConnection:
        """Return the open folder; it is opened anew when its tables were made anew. Raises FOREIGN_ERRORS."""
        seen = self._stats()
        # Versions of a table are numbered anew then, and what is remembered of them is of the old one.
        if self._database is None or seen != self._seen:
            self._database, self._seen = connect(self._folder), seen
        return self._database

    def _stats(self) -> tuple[tuple[int, int], ...]:
        stats = [folder.stat() for folder in (self._folder, *self._tables())]
        return tuple((stat.st_ino, stat.st_mtime_ns) for stat in stats)

    def _tables(self) -> list[Path]:
        return sorted(self._folder.glob("*.lance"))


def has_table(folder: Path, name: str) -> bool:
    """Tell whether a table was made there, without opening it. Raises FOREIGN_ERRORS where that is hidden."""
    try:
        return stat.S_ISDIR((folder / f"{name}.lance").stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


@contextmanager
def our_errors(folder: Path) -> Generator[None]:
    """Turn LanceDB's errors into ours: NoAccess, DiskFull, else MachineError."""
    try:
        yield
    except FOREIGN_ERRORS as error:
        if _is_refused(error):
            sentence = f"The search index in {folder} may not be read or written."
            raise NoAccess(sentence, "Check the rights of that folder.") from error
        if _is_disk_full(error):
            sentence = f"The drive with the search index ({folder}) is full."
            raise DiskFull(sentence, "Free some space, then try again.") from error
        sentence = f"The search index in {folder} cannot be used."
        raise MachineError(sentence, _REPAIR) from error


def is_damage(error: Exception) -> bool:
    """Say whether an error speaks against the tables, and not against the drive they lie on."""
    return not (_is_refused(error) or _is_disk_full(error))


def is_video(video_id: VideoId) -> str:
    """Return the filter for a video's rows. Raises ValueError where the id is not a UUID."""
    return is_any_video([video_id])


def is_any_video(video_ids: Iterable[VideoId]) -> str:
    """Return the filter for the rows of one or more videos. Raises ValueError as `is_video` does."""
    return "video_id IN ({})".format(", ".join(quoted(str(UUID(video_id))) for video_id in video_ids))


def narrowed(search: Any, only: str) -> Any:
    """Narrow a search to what meets a condition, before anything else is looked at; "" is none."""
    return search.where(only) if only else search


def quoted(text: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


# The engine hands the system's message on as text only.
def _is_refused(error: Exception) -> bool:
    told = ("Permission denied", "Access is denied")
    return isinstance(error, PermissionError) or any(words in str(error) for words in told)


def _is_disk_full(error: Exception) -> bool:
    told = ("No space left", "not enough space on the disk")
    is_code = isinstance(error, OSError) and error.errno == errno.ENOSPC
    return is_code or any(words in str(error) for words in told)
