"""Says in our words why the computer would not let us read a file; loads no decoder."""

from pathlib import Path

from heimdex_desktop.domain.errors import FileGone, HeimdexError, NoAccess, UnreadableVideo


def access_error(path: Path, fault: OSError) -> HeimdexError:
    """Say in our words why the computer would not let us read a file."""
    if isinstance(fault, FileNotFoundError | NotADirectoryError):
        return FileGone(
            f"“{path.name}” is not there any more.", "Connect its drive or put it back, then try again."
        )
    if isinstance(fault, IsADirectoryError) or is_folder(path):
        return UnreadableVideo(
            f"“{path.name}” is a folder, not a video.", "Drop the folder to add what is in it."
        )
    if isinstance(fault, PermissionError):
        return NoAccess(
            f"“{path.name}” may not be read.", "Give yourself permission to read it, then try again."
        )
    return NoAccess(f"“{path.name}” could not be read from its drive.", "Check the drive, then try again.")


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder; one that the system does not let us look at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False
