"""Say in our words why a file or folder could not be written."""

import errno
from pathlib import Path

from heimdex_desktop.domain.errors import DiskFull, HeimdexError, NoAccess

_FULL_DRIVE = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_error(what: str, folder: Path, *, fault: OSError) -> HeimdexError:
    """Turn a fault while writing into DiskFull or NoAccess; `what` begins the sentence ("The stills")."""
    if fault.errno in _FULL_DRIVE:
        return DiskFull(
            f"{what} cannot be written to “{folder}”: the drive is full.",
            "Free some space on that drive, then try again.",
        )
    return NoAccess(
        f"{what} cannot be written to “{folder}”.",
        "See that the drive is connected and that you may write to that folder, then try again.",
    )
