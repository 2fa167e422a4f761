"""Orders what was judged, and makes hits of the best."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from heimdex_desktop.domain.search import Beside, FoundScene, Hit, Query
from heimdex_desktop.index.clauses import AllOf
from heimdex_desktop.index.fusion import support
from heimdex_desktop.index.grouping import Group
from heimdex_desktop.index.judging import Judged, Question
from heimdex_desktop.index.moments import moment_of

_SHARE_OF_BEST = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all the scenes that were judged by it, so that they can be ranked anew.

    `birth` tells in which tables they stand, `scenes` holds those that were read as a whole, by row.
    """

    typed: str
    beside: Beside | None
    query: Query
    question: Question
    only: AllOf
    judged: Sequence[Judged]
    birth: bytes
    scenes: dict[int, FoundScene] = field(default_factory=dict[int, FoundScene])


def ranked(judged: Sequence[Judged], scores: Sequence[float]) -> list[tuple[float, Judged]]:
    """Sort best first, and leave out what is far behind the best."""
    in_order = sorted(zip(scores, judged, strict=True), key=by_rank)
    floor = in_order[0][0] * _SHARE_OF_BEST if in_order else 0.0
    return [(score, one) for score, one in in_order if score > 0 and score >= floor]


def by_rank(scored: tuple[float, Judged]) -> tuple[float, float, str, int]:
    """Return what sorts scenes: equal scores by all that speaks for them, then by video and time."""
    score, judged = scored
    scene = judged.candidate
    return -score, -support(judged.channels), scene.video_id, scene.span.start_ms


def rows_of(groups: Sequence[Group]) -> set[int]:
    """Return the rows of all scenes that are shown."""
    shown = (one for group in groups for one in (group.best.candidate, *group.near, *group.copies))
    return {one.row for one in shown}


def hit_of(asked: Asked, rank: int, group: Group) -> Hit:
    """Return a group as it is shown; its scenes were read before."""
    row = group.best.candidate.row
    hit = asked.question.hit(rank, group.score, group.best, asked.scenes[row])
    near, copies = (
        [asked.scenes[one.row] for one in scenes if one.row in asked.scenes]
        for scenes in (group.near, group.copies)
    )
    near.sort(key=lambda scene: scene.span.start_ms)
    found_at_ms = moment_of(asked.question, hit.scene, hit.because)
    return replace(hit, near=tuple(near), copies=tuple(copies), found_at_ms=found_at_ms)
