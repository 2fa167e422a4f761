"""Says where a scene that a person expected stands in an answer."""

from collections.abc import Sequence

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Answer, Channel, FoundScene, WhyNot
from heimdex_desktop.index.judging import Judged


def explained(
    expected: Judged, scene: FoundScene, scores: Sequence[float], answer: Answer, *, meets: bool
) -> WhyNot:
    """Compare a scene with all others that were judged; `scores` are its own first, then those of the others.

    `meets` says whether it meets the conditions of the query.
    """
    mine, *others = scores
    channels = {channel: expected.channels.get(channel) for channel in Channel}
    return WhyNot(
        scene=scene,
        rank=1 + sum(score > mine for score in others) if meets else None,
        judged=len(scores),
        score=mine,
        best=max(scores),
        channels={channel: found.score if found else None for channel, found in channels.items()},
        shown_at=_shown_at(scene.id, answer) if meets else None,
    )


def _shown_at(scene_id: SceneId, answer: Answer) -> int | None:
    for hit in answer.hits:
        if scene_id in {scene.id for scene in (hit.scene, *hit.near, *hit.copies)}:
            return hit.rank
    return None
