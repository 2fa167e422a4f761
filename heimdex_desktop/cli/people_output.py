"""How people and unknown faces look: as JSON with fixed names, and as lines for a person."""

import hashlib
from collections.abc import Iterable
from typing import Any

from rich.markup import escape
from rich.table import Table

from heimdex_desktop.cli.output import clock, counted
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import PeopleFacts, PersonCard, PhotoCard, Receipt, UnknownGroup


def troubles_of(facts: PeopleFacts) -> list[str]:
    """Return what keeps faces from being told apart, with the command that helps."""
    told = [sentence for sentence in (facts.damage, facts.trouble) if sentence]
    return [*told, "Look at the photos again: heimdex people refresh"] if facts.photos_waiting else told


def table_of(people: Iterable[PersonCard]) -> Table:
    """Return the list of people as it is printed."""
    table = Table(box=None, pad_edge=False)
    for title in ("name", "other names", "photos", "scenes", "seen for"):
        table.add_column(title, overflow="fold")
    for card in people:
        hidden = " (hidden)" if card.is_hidden else ""
        counts = (str(card.photo_count), str(card.scene_count), clock(card.screen_ms))
        table.add_row(escape(card.name) + hidden, escape(", ".join(card.aliases)), *counts)
    return table


def line_of_photo(number: int, photo: PhotoCard) -> str:
    """Return a photo as it is listed: `number` is how it is called, from 1 on."""
    fits = "" if photo.agreement is None else f"  fits the others: {photo.agreement:.2f}"
    return f"{number:2}  {photo.picture}{fits}{f'  {photo.complaint}' if photo.complaint else ''}"


def mark_of(face: FaceRef) -> str:
    """Return six letters and digits that stand for a face, and for the group that it is in.

    They come from where it is seen: other than a place in the list, they stay when another group is named.
    """
    box = face.box
    place = (face.video_id, face.at_ms, box.left, box.top, box.right, box.bottom)
    return hashlib.sha256(repr(place).encode()).hexdigest()[:6]


def line_of_group(group: UnknownGroup) -> str:
    first = group.faces[0]
    place = f"{first.video_name} at {clock(first.face.at_ms)}"
    return (
        f"{mark_of(first.face)}  {counted(len(group.faces), 'face')}, clearest in {place}  {first.crop or ''}"
    )


def card_as_json(card: PersonCard) -> dict[str, Any]:
    return {
        "person_id": card.id,
        "name": card.name,
        "aliases": list(card.aliases),
        "photos": card.photo_count,
        "scenes": card.scene_count,
        "screen_s": card.screen_ms / 1000,
        "hidden": card.is_hidden,
        "picture": str(card.picture) if card.picture else None,
    }


def group_as_json(group: UnknownGroup) -> dict[str, Any]:
    faces = [
        {
            "video_id": card.face.video_id,
            "video": card.video_name,
            "at_s": card.face.at_ms / 1000,
            "crop": str(card.crop) if card.crop else None,
        }
        for card in group.faces
    ]
    return {"group": mark_of(group.faces[0].face), "frames": group.frame_count, "faces": faces}


def photo_as_json(number: int, photo: PhotoCard) -> dict[str, Any]:
    return {
        "number": number,
        "id": photo.id,
        "path": str(photo.picture),
        "agreement": None if photo.agreement is None else round(photo.agreement, 3),
        "complaint": photo.complaint,
    }


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "name": receipt.erased.name,
        "photos": receipt.erased.photos,
        "faces": receipt.erased.faces,
        "searched": receipt.searched,
        "left": [str(file) for file in receipt.left],
        "away": [str(file) for file in receipt.away],
        "mentioned": [str(file) for file in receipt.mentioned],
        "waiting": [str(file) for file in receipt.waiting],
        "unclaimed": [str(file) for file in receipt.unclaimed],
    }
