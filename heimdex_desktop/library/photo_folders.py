"""Finds the photos in a folder that a person gave as photos of somebody."""

from pathlib import Path

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.library.disk import is_file, told_plainly
from heimdex_desktop.library.file_kinds import PICTURE_EXTENSIONS

MOST_OF_A_FOLDER = 100
"""A folder with more pictures was hardly meant as photos of one person: each is looked at for a second."""


def pictures_in(folder: Path) -> tuple[Path, ...]:
    """Return the pictures that lie right in a folder, by name; the hidden ones are left out.

    Raises InputError where there is none, or more than `MOST_OF_A_FOLDER`; FileGone and NoAccess.
    """
    with told_plainly(folder):
        found = [
            path
            for path in folder.iterdir()
            if path.suffix.casefold() in PICTURE_EXTENSIONS
            and not path.name.startswith(".")
            and is_file(path)
        ]
    if not found:
        raise InputError(
            f"No picture lies right in the folder “{folder.name}”.", "Give photos, or the folder they lie in."
        )
    if len(found) > MOST_OF_A_FOLDER:
        raise InputError(
            f"{len(found):,} pictures lie in the folder “{folder.name}”, too many to be of one person.",
            "Give the photos that show them.",
        )
    return tuple(sorted(found))
