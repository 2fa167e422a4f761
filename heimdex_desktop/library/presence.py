"""Whether a file is where it was: there, gone for certain, or on a drive that is not connected."""

from enum import StrEnum
from pathlib import Path

from heimdex_desktop.library.disk import is_file, is_folder


class Presence(StrEnum):
    HERE = "here"
    GONE = "gone"
    OFFLINE = "offline"


def presence(path: Path) -> Presence:
    """Look whether a file is there; without its folder nobody can tell, so that counts as offline."""
    if is_file(path):
        return Presence.HERE
    return Presence.GONE if is_folder(path.parent) else Presence.OFFLINE
