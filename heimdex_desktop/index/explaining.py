"""Says where a scene that a person expected stands in an answer."""

from collections.abc import Sequence

from heimdex_desktop.domain.filters import Condition, Content, Has, Not, OfVideo, PersonCount
from heimdex_desktop.domain.people import AllOf, holds
from heimdex_desktop.domain.query_text import written_filter, written_people
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Answer, Channel, FoundScene, Query, WhyNot
from heimdex_desktop.index.judging import Judged
from heimdex_desktop.index.who import IdsOf


def explained(
    expected: Judged,
    scene: FoundScene,
    scores: Sequence[float],
    answer: Answer,
    *,
    unmet: tuple[str, ...] | None,
) -> WhyNot:
    """Compare a scene with all others that were judged; `scores` are its own first, then those of the others.

    `unmet` are the conditions about people that it does not meet, None where it meets all that is asked.
    """
    mine, *others = scores
    meets = unmet is None
    channels = {channel: expected.channels.get(channel) for channel in Channel}
    return WhyNot(
        scene=scene,
        rank=1 + sum(score > mine for score in others) if meets else None,
        judged=len(scores),
        score=mine,
        best=max(scores),
        channels={channel: found.score if found else None for channel, found in channels.items()},
        shown_at=_shown_at(scene.id, answer) if meets else None,
        unmet=unmet or (),
    )


def unmet_people(query: Query, scene: FoundScene, ids_of: IdsOf) -> tuple[str, ...]:
    """Return those conditions about people that a scene does not meet, as they are typed."""
    there = {one.person_id for one in scene.people}
    parts = query.people.parts if isinstance(query.people, AllOf) else (query.people,)
    people = (
        written_people(who)
        for who in parts
        if who and not holds(who, lambda name: not there.isdisjoint(ids_of(name)))
    )
    conditions = (one for one in query.filters if not isinstance(one, OfVideo))
    counts = (written_filter(one) for one in conditions if not _counts(one, scene.people_count))
    return (*people, *counts)


def _counts(condition: Condition | Not, people: int | None) -> bool:
    """Say whether a number of people (None: nobody looked) meets a condition, if that is about people."""
    match condition:
        case Not(PersonCount() | Has(Content.FACES) as inner):
            return not _counts(inner, people)
        case PersonCount(comparison, count):
            return people is not None and comparison.holds(people, count)
        case Has(Content.FACES):
            return bool(people)
        case _:
            return True


def _shown_at(scene_id: SceneId, answer: Answer) -> int | None:
    for hit in answer.hits:
        if scene_id in {scene.id for scene in (hit.scene, *hit.near, *hit.copies)}:
            return hit.rank
    return None
