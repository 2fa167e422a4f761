"""Whose file it is: what marks a file as written by this program, and why one may not be used."""

import re
from dataclasses import dataclass
from datetime import datetime

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of

MAJOR, MINOR = 1, 0
VERSION = f"{MAJOR}.{MINOR}"


class Broken(ForeignSidecar):
    """The file was ours but cannot be read any more."""


class NotOurs(ForeignSidecar):
    """The file was written by another program."""


class Newer(ForeignSidecar):
    """The file was written by a later version, in a way that this one does not know."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The video that a file speaks about, and when the file was written."""

    video_id: VideoId
    saved_at: datetime


def broken(name: str) -> Broken:
    return Broken(f"“{name}” is damaged and is not used.", "What it held is found anew.")


def own_fields(value: object, *, name: str) -> Fields:
    """Take a parsed file as an object; raises NotOurs where it is sound JSON of another shape."""
    try:
        return fields_of(value)
    except MalformedError as error:
        raise _not_ours(name) from error


def check_format(fields: Fields, marker: str, *, name: str) -> None:
    """Raise NotOurs without the marker, Newer for a later major version; a later minor one can be read.

    A later minor version only adds to the format; raises MalformedError when the version is none.
    """
    if fields.content.get("format") != marker:
        raise _not_ours(name)
    major = _major(fields.text("version"))
    if major > MAJOR:
        raise Newer(
            f"“{name}” was written by a newer version of Heimdex.",
            "It is left as it is: update Heimdex to use it.",
        )
    if major < MAJOR:
        message = "there was never such a version"
        raise MalformedError(message)


def _not_ours(name: str) -> NotOurs:
    return NotOurs(f"“{name}” was not written by Heimdex.", "It is left as it is.")


def _major(version: str) -> int:
    numbers = re.fullmatch(r"([0-9]{1,6})\.([0-9]{1,6})", version)
    if numbers is None:
        message = "version is not a version"
        raise MalformedError(message)
    return int(numbers[1])
