"""Whole files on disk: a crash leaves the old one or the new one, and errors are told in plain words."""

import errno
import hashlib
import os
import secrets
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from heimdex_desktop.domain.errors import DiskFull, FileGone, MachineError, NoAccess

_FULL = {errno.ENOSPC, errno.EDQUOT}
_GONE = {errno.ENOENT, errno.ENOTDIR}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
# No file can have such a name here, so none is there; Windows says EINVAL.
_NOT_NAMEABLE = {errno.ENAMETOOLONG, errno.EINVAL}
_DRAFT_IS_LEFT_BEHIND_AFTER_S = 60.0
_DRAFT_IS_LOCKED_AFTER_S = 2.0
"""Much later than its writer takes to lock it."""
_FOR_THE_OWNER_ONLY, _AS_THE_PERSON_WISHES = 0o600, 0o666
_REPLACE_TRIES = 10
_REPLACE_PAUSE_S = 0.02


def shown(path: Path) -> str:
    """Return the file's name as it can be shown: bytes that are no UTF-8 become a replacement sign."""
    return os.fsencode(path.name or str(path)).decode("utf-8", "replace")


def plain(error: OSError, path: Path) -> MachineError:
    """Say what the system refused in our words: DiskFull, FileGone or NoAccess."""
    name = shown(path)
    if error.errno in _FULL:
        return DiskFull(f"There is no room left on the drive for “{name}”.", "Free some space, then retry.")
    if error.errno in _GONE:
        return FileGone(
            f"“{name}” is not there.",
            "Check its name, connect its drive, or add it again from where it is now.",
        )
    if error.errno in _REFUSED:
        return NoAccess(
            f"“{name}” may not be opened or changed.", "Check the rights of the file and its folder."
        )
    if error.errno == errno.ENAMETOOLONG:
        return NoAccess(
            f"The name “{name}” is too long for its drive.", "Give it a shorter name, then retry."
        )
    reason = error.strerror or "unknown reason"
    return NoAccess(f"“{name}” cannot be used ({reason}).", "Check its drive and connection, then retry.")


@contextmanager
def told_plainly(path: Path) -> Generator[None]:
    """Turn the system's errors about `path` into ours."""
    try:
        yield
    except OSError as error:
        raise plain(error, path) from error


def settled(path: Path) -> Path:
    """Return the absolute path, links unresolved; where “..” leads, the system says, not the spelling."""
    return path.resolve() if ".." in path.parts else path.absolute()


def is_file(path: Path) -> bool:
    """Tell whether a file can be seen there; a place that cannot be looked at has none."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a folder can be seen there; a place that cannot be looked at has none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def read_whole(path: Path) -> bytes | None:
    """Return the file's content, or None where there is no file; raises NoAccess."""
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno in _GONE | _NOT_NAMEABLE:
            return None
        raise plain(error, path) from error


def write_whole(target: Path, content: bytes, *, private: bool = False) -> None:
    """Replace the file by `content`: draft, fsync, rename. A `private` one only its owner may read (POSIX).

    Whatever happens on the way, the place holds the old content or the new one, each whole. The folder
    itself is not synced: after a power cut the old file may be back, which is as good. On Windows a file
    that another program holds open cannot be replaced: that is tried for a fifth of a second, then it is
    NoAccess, and the old content stays.
    Raises DiskFull, FileGone (no such folder) and NoAccess.
    """
    draft = _free_draft(target)
    with told_plainly(target):
        try:
            # Made before it is opened, so that a private one is closed to others from its first byte on.
            draft.touch(_FOR_THE_OWNER_ONLY if private else _AS_THE_PERSON_WISHES, exist_ok=False)
            with draft.open("wb") as file:
                # The system lets go of it when this program ends, however that comes about.
                _lock(file)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _replace(draft, target)
        except BaseException:
            _remove_quietly(draft)
            raise


def move_aside(path: Path) -> Path:
    """Rename a file that is broken to the first free “name.broken-1”, “name.broken-2” …; never overwrites."""
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    with told_plainly(path):
        path.rename(aside)
    return aside


def remove(path: Path) -> None:
    """Delete the file if it is there; raises NoAccess."""
    with told_plainly(path):
        path.unlink(missing_ok=True)


def _replace(draft: Path, target: Path) -> None:
    """Rename, with patience: on Windows a virus scanner or an indexer holds new files open for a moment."""
    for _ in range(_REPLACE_TRIES - 1):
        try:
            draft.replace(target)
        except PermissionError:
            threading.Event().wait(_REPLACE_PAUSE_S)
        else:
            return
    draft.replace(target)


def _free_draft(target: Path) -> Path:
    """Name the draft by the target, so that one left by a killed run is overwritten and never piles up.

    The name is short, as a file name of 255 bytes must get a draft too. A draft that is young may belong
    to another program at work on the same file, unless that has let go of it: then a name of our own is
    taken.
    """
    stem = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    draft = target.with_name(f".heimdex-{stem}.draft")
    try:
        age_s = time.time() - draft.stat().st_mtime
    except OSError:
        return draft
    is_young = age_s < _DRAFT_IS_LEFT_BEHIND_AFTER_S
    if is_young and (age_s < _DRAFT_IS_LOCKED_AFTER_S or _may_be_in_use(draft)):
        return target.with_name(f".heimdex-{stem}-{secrets.token_hex(4)}.draft")
    _remove_quietly(draft)
    return draft


def _lock(file: IO[bytes]) -> bool:
    """Lock an open file until it is closed, and tell whether that could be done; on Windows it never can."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _may_be_in_use(draft: Path) -> bool:
    try:
        with draft.open("rb") as file:
            return not _lock(file)
    except OSError:
        return True


def _remove_quietly(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return
