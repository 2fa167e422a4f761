"""Who is still being forgotten: noted before it begins, so that a crash or a drive that is away ends nothing.

Only ids are in it, which mean nothing once everything else is gone.
"""

import json
from dataclasses import dataclass
from typing import cast

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import read_whole, remove, write_whole
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places


@dataclass(frozen=True, slots=True)
class Unfinished:
    """These people, or everybody (None), are to be taken out of what lies beside these videos."""

    people: frozenset[PersonId] | None = frozenset()
    videos: frozenset[VideoId] = frozenset()

    def __bool__(self) -> bool:
        return self.people is None or bool(self.people)

    def and_also(self, other: "Unfinished") -> "Unfinished":
        everybody = self.people is None or other.people is None
        people = None if everybody else (self.people or frozenset()) | (other.people or frozenset())
        return Unfinished(people, self.videos | other.videos)


class UnfinishedForgetting:
    """A private file that is there only while something is left to do."""

    def __init__(self, places: Places) -> None:
        self.file = places.people / "forgetting.json"

    def load(self) -> Unfinished:
        """Return what is left to do. Raises NoAccess."""
        content = read_whole(self.file)
        if content is None:
            return Unfinished()
        try:
            return _read(fields_of(parsed(content)))
        except (MalformedError, ValueError):
            return Unfinished()

    def save(self, unfinished: Unfinished) -> None:
        """Raises DiskFull and NoAccess."""
        if not unfinished:
            remove(self.file)
            return
        people = None if unfinished.people is None else sorted(unfinished.people)
        written = {"people": people, "videos": sorted(unfinished.videos)}
        write_whole(self.file, json.dumps(written).encode(), private=True)


def _read(fields: Fields) -> Unfinished:
    everybody = fields.content.get("people") is None
    people = None if everybody else frozenset(cast("tuple[PersonId, ...]", fields.texts("people")))
    return Unfinished(people, frozenset(cast("tuple[VideoId, ...]", fields.texts("videos"))))
