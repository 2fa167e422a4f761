"""Who is seen in a scene, as it is written down: in a sidecar by name, never by a vector."""

from heimdex_desktop.domain.scene import Scene, SeenPerson
from heimdex_desktop.library.json_fields import Fields, MalformedError

_KEY, _COUNT = "people", "people_count"


def people_as_json(scene: Scene) -> dict[str, object]:
    """Return what a scene's object gets; the count only where somebody looked."""
    written: dict[str, object] = {_KEY: [person_as_json(person) for person in scene.people]}
    return written if scene.people_count is None else written | {_COUNT: int(scene.people_count)}


def people_from(scene: Fields) -> tuple[SeenPerson, ...]:
    """Read the people of a scene's object. Raises MalformedError."""
    return tuple(person_from(person) for person in scene.inners(_KEY)) if _KEY in scene.content else ()


def people_count_from(scene: Fields) -> int | None:
    """Read how many people are seen at once, None where nobody looked. Raises MalformedError."""
    return scene.whole(_COUNT) if _COUNT in scene.content else None


def person_as_json(person: SeenPerson) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "confidence": round(float(person.confidence), 4),
        "frame_count": int(person.frame_count),
    }


def person_from(fields: Fields) -> SeenPerson:
    """Read one person. Raises MalformedError."""
    confidence = fields.number("confidence")
    if not 0 <= confidence <= 1:
        message = f"{fields.place}.confidence does not lie between 0 and 1"
        raise MalformedError(message)
    return SeenPerson(fields.uuid("person_id"), fields.text("name"), confidence, fields.whole("frame_count"))
