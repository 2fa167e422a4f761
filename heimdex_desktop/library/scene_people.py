"""Who is seen in a scene, as it is written down: in a sidecar by name, never by a vector."""

from heimdex_desktop.domain.faces import DECIMALS
from heimdex_desktop.domain.scene import Box, Scene, SeenPerson, Sight
from heimdex_desktop.library.json_fields import Fields, MalformedError

_KEY, _COUNT, _SIGHT = "people", "people_count", "sight"


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
    written: dict[str, object] = {
        "person_id": person.person_id,
        "name": person.name,
        "confidence": round(float(person.confidence), 4),
        "frame_count": int(person.frame_count),
    }
    return written if person.sight is None else written | {_SIGHT: _sight_as_json(person.sight)}


def person_from(fields: Fields) -> SeenPerson:
    """Read one person. Raises MalformedError."""
    confidence = fields.number("confidence")
    if not 0 <= confidence <= 1:
        message = f"{fields.place}.confidence does not lie between 0 and 1"
        raise MalformedError(message)
    return SeenPerson(
        person_id=fields.uuid("person_id"),
        name=fields.text("name"),
        confidence=confidence,
        frame_count=fields.whole("frame_count"),
        sight=_sight_from(fields.inner(_SIGHT)) if _SIGHT in fields.content else None,
    )


def _sight_as_json(sight: Sight) -> dict[str, object]:
    best = sight.best
    edges = [round(edge, DECIMALS) for edge in (best.left, best.top, best.right, best.bottom)]
    return {"first_ms": int(sight.first_ms), "best_ms": int(sight.best_ms), "box": edges}


def _sight_from(fields: Fields) -> Sight:
    return Sight(fields.whole("first_ms"), fields.whole("best_ms"), Box(*fields.shares("box", 4)))
