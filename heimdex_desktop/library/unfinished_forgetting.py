"""Who is still being forgotten: noted before it begins, so that a crash or a drive that is away ends nothing.

No name is in it, only ids and places of faces, which mean nothing once everything else is gone.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import read_whole, remove, write_whole
from heimdex_desktop.library.face_fields import face_ref_fields, face_ref_from
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places


@dataclass(frozen=True, slots=True)
class Unfinished:
    """These people, or everybody (None), are to be taken out of what lies beside these videos.

    While it `is_begun`, the library itself may still hold them too, with these faces and photos.
    """

    people: frozenset[PersonId] | None
    videos: frozenset[VideoId] = frozenset()
    faces: frozenset[FaceRef] = frozenset()
    photos: frozenset[PhotoId] = frozenset()
    is_begun: bool = False


class UnfinishedForgetting:
    """A private file that is there only while something is left to do."""

    def __init__(self, places: Places) -> None:
        self.file = places.people / "forgetting.json"

    def load(self) -> tuple[Unfinished, ...]:
        """Return what is left to do, in the order in which it was wished for. Raises NoAccess."""
        content = read_whole(self.file)
        if content is None:
            return ()
        try:
            return tuple(_read(one) for one in fields_of(parsed(content)).inners("unfinished"))
        except (MalformedError, ValueError):
            return ()

    def save(self, left: Iterable[Unfinished]) -> None:
        """Replace what is left to do, if nothing by no file. Raises DiskFull and NoAccess."""
        written = [_fields(one) for one in left]
        if written:
            write_whole(self.file, json.dumps({"unfinished": written}).encode(), private=True)
        else:
            remove(self.file)


def _fields(one: Unfinished) -> dict[str, object]:
    return {
        "people": None if one.people is None else sorted(one.people),
        "videos": sorted(one.videos),
        "faces": [face_ref_fields(face) for face in one.faces],
        "photos": sorted(one.photos),
        "is_begun": one.is_begun,
    }


def _read(fields: Fields) -> Unfinished:
    everybody = fields.content.get("people") is None
    return Unfinished(
        None if everybody else frozenset(cast("tuple[PersonId, ...]", fields.texts("people"))),
        frozenset(cast("tuple[VideoId, ...]", fields.texts("videos"))),
        frozenset(face_ref_from(one) for one in fields.inners("faces")),
        frozenset(cast("tuple[PhotoId, ...]", fields.texts("photos"))),
        fields.flag("is_begun"),
    )
