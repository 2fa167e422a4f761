"""Finds where a video is right now, or says why it cannot be opened."""

from collections.abc import Sequence
from pathlib import Path

from heimdex_desktop.domain.errors import FileGone


def present(locations: Sequence[Path]) -> Path:
    """Return the first place where the file is; raises FileGone when it is at none of them."""
    for path in locations:
        if _exists(path):
            return path
    if not locations:
        sentence = "It is not known where this video is."
        raise FileGone(sentence, "Add its folder again and it will be found.")
    raise gone(locations[0])


def gone(path: Path) -> FileGone:
    """Say why a file that is not there cannot be opened."""
    if _exists(path.parent):
        sentence = f"“{path.name}” is not in its folder any more."
        return FileGone(sentence, "If it was moved, add the folder it is in now.")
    sentence = f"The drive with “{path.name}” is not connected."
    return FileGone(sentence, "Connect it and try again.")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # A name the system refuses, or a share that does not answer: for a person it is not there.
        return False
