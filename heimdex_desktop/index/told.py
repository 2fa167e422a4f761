"""What is told of a scene that is shown, in one text: reading a column for each took four times as long."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from heimdex_desktop.domain.scene import Box, SceneId, SeenPerson, Sight
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan, VideoId

Places = Mapping[VideoId, tuple[Path, ...]]
"""Where the copies of each video lie; they may change, so no scene holds them."""


def told_of(scene: FoundScene) -> str:
    """Write down a scene as it is shown, but for the places of its video."""
    return json.dumps(
        {
            "id": scene.id,
            "video": scene.video_id,
            "from": scene.span.start_ms,
            "to": scene.span.end_ms,
            "said": scene.transcript,
            "said_at": scene.said_at_ms,
            "said_from": scene.said_from,
            "language": scene.language,
            "screen": scene.screen_text,
            "screen_at": scene.screen_at_ms,
            "tags": dict(scene.tags),
            "still": scene.still,
            "people": [_person_told(one) for one in scene.people],
            "faces": scene.people_count,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def scene_told(text: str, places: Places) -> FoundScene:
    """Read what `told_of` wrote."""
    told: Mapping[str, Any] = json.loads(text)
    video_id = VideoId(told["video"])
    return FoundScene(
        id=SceneId(told["id"]),
        video_id=video_id,
        locations=places.get(video_id, ()),
        span=TimeSpan(told["from"], told["to"]),
        transcript=told["said"],
        language=told["language"],
        tags=told["tags"],
        still=told["still"],
        screen_text=told["screen"],
        said_at_ms=tuple(told["said_at"]),
        said_from=tuple(told["said_from"]),
        screen_at_ms=tuple(told["screen_at"]),
        people=tuple(_person(*one) for one in told["people"]),
        people_count=told["faces"],
    )


def _person_told(one: SeenPerson) -> Sequence[object]:
    sight = one.sight
    seen = (sight.first_ms, sight.best_ms, *_edges(sight.best)) if sight else ()
    return one.person_id, one.confidence, one.frame_count, *seen


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _person(person: str, sure: float, count: int, *seen: Any) -> SeenPerson:
    if not seen:
        return SeenPerson(person, "", sure, count)
    first_ms, best_ms, *edges = seen
    return SeenPerson(person, "", sure, count, Sight(first_ms, best_ms, Box(*edges)))
