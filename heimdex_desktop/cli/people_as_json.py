"""People and unknown faces as the command `heimdex people` prints them in JSON."""

from typing import Any

from heimdex_desktop.domain.people_facts import PersonCard, UnknownGroup


def card_as_json(card: PersonCard) -> dict[str, Any]:
    """Return somebody by name, and how often they are seen."""
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
    """Return the faces of somebody unknown, and where each is seen."""
    faces = [
        {
            "video_id": card.face.video_id,
            "video": card.video_name,
            "at_s": card.face.at_ms / 1000,
            "crop": str(card.crop) if card.crop else None,
        }
        for card in group.faces
    ]
    return {"frames": group.frame_count, "faces": faces}
