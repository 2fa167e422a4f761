"""Models on disk: fingerprints in small steps, room, locks, and the system's refusals in plain words."""

import errno
import hashlib
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from heimdex_desktop.domain.errors import DiskFull, MachineError, NoAccess
from heimdex_desktop.domain.sizes import as_size

_PIECE_BYTES = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}
# A drive that is full to the last byte makes the rest of the computer stumble.
_SPARE_BYTES = 200_000_000


@contextmanager
def told_plainly(place: Path) -> Generator[None]:
    """Turn the system's errors about `place` into ours: DiskFull or NoAccess."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(
                f"There is no room left on the drive of {place}.",
                "Free some space, then try again: it goes on where it stopped.",
            ) from error
        reason = error.strerror or "unknown reason"
        raise NoAccess(
            f"{place} cannot be used ({reason}).", "Check the rights of the folder and its drive."
        ) from error


@contextmanager
def only_one_program(folder: Path, name: str) -> Generator[None]:
    """Hold the right to change the files of one model. Raises MachineError where another program has it."""
    with told_plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{name}.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise MachineError(
                f"Another Heimdex window or command is at work on the files of {name}.",
                "Wait until it is done, or close it, then try again.",
            ) from error
    try:
        yield
    finally:
        lock.release()


def ensure_room(folder: Path, needed_bytes: int, name: str) -> None:
    """Raise DiskFull where the drive of `folder` has not enough room for so many more bytes."""
    with told_plainly(folder):
        free_bytes = shutil.disk_usage(folder).free
    if needed_bytes and free_bytes < needed_bytes + _SPARE_BYTES:
        missing = needed_bytes + _SPARE_BYTES - free_bytes
        raise DiskFull(
            f"There is not enough room for {name}: it takes {as_size(needed_bytes)},"
            f" and {as_size(free_bytes)} are free on the drive of {folder}.",
            f"Free {as_size(missing)}, or use a library on another drive.",
        )


def free_bytes(folder: Path) -> int | None:
    """Return what is free on the drive that a folder lies on, or will lie on; None where nobody can say."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None
    return None


def pieces_of(file: Path) -> Iterator[bytes]:
    """Yield the content of a file, a mebibyte at a time. Raises NoAccess."""
    with told_plainly(file), file.open("rb") as content:
        while piece := content.read(_PIECE_BYTES):
            yield piece


def git_sha1(content: bytes) -> str:
    """Return the name that Git gives to a file with this content."""
    # Git's own fingerprint, which the hub lists for small files; nothing rests on it alone being strong.
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def size_of(file: Path) -> int:
    """Return a file's size in bytes, 0 where there is none or it cannot be seen."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0


def bytes_in(folder: Path) -> int:
    """Return what all files under a folder take."""
    return sum(size_of(Path(inner, name)) for inner, _, names in os.walk(folder) for name in names)


def remove_folder(folder: Path) -> None:
    """Delete a folder with all in it, if it is there. Raises NoAccess."""
    with told_plainly(folder):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return


def write_to_disk(file: Path, content: bytes) -> None:
    """Replace a small file by way of a draft, so that it is whole at every moment."""
    draft = file.with_name(f"{file.name}.draft")
    with told_plainly(file):
        with draft.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(file)
