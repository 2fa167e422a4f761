"""Puts hits together that a person would take for one: scenes next to each other, and copies of a scene.

A scene that touches a better hit of the same video is shown with it, not beside it. Only direct neighbours
are: a whole conversation about one thing stays several hits, each of which plays its own moment. A scene of
another place is a copy when it holds the same words and looks the same, as where a film was encoded again or
a title sequence recurs; without vectors of its picture, many equal words and about the same length tell.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from heimdex_desktop.domain.scene import VISION
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.judging import Judged

_TOUCHES_WITHIN_MS = 500
_SAME_LOOK_FROM = 0.97
_WORDS_THAT_TELL = 8
_SAME_LENGTH_WITHIN = 0.1

Ranked = tuple[float, Judged]


@dataclass(slots=True)
class Group:
    """A hit: its best scene with the score, the scenes next to it, and copies of it."""

    score: float
    best: Judged
    near: list[Candidate] = field(default_factory=list[Candidate])
    copies: list[Candidate] = field(default_factory=list[Candidate])


def grouped(ranked: Sequence[Ranked], limit: int) -> list[Group]:
    """Return at most `limit` hits of scenes ranked best first; what fits none of them is left out."""
    groups: list[Group] = []
    by_video: defaultdict[str, list[Group]] = defaultdict(list)
    by_words: defaultdict[str, list[Group]] = defaultdict(list)
    for score, judged in ranked:
        candidate = judged.candidate
        beside, alike = by_video[candidate.video_id], by_words[candidate.said]
        if near := next((group for group in beside if _touches(group.best.candidate, candidate)), None):
            near.near.append(candidate)
        elif same := next((group for group in alike if _is_copy(group.best.candidate, candidate)), None):
            same.copies.append(candidate)
        elif len(groups) < limit:
            group = Group(score, judged)
            for place in (groups, beside, alike):
                place.append(group)
    return groups


def _touches(best: Candidate, other: Candidate) -> bool:
    """Tell whether two scenes of one video follow each other."""
    gap_ms = max(best.span.start_ms, other.span.start_ms) - min(best.span.end_ms, other.span.end_ms)
    return gap_ms <= _TOUCHES_WITHIN_MS


def _is_copy(best: Candidate, other: Candidate) -> bool:
    """Tell whether two scenes with the same words are the same scene."""
    likeness = _likeness_of_looks(best, other)
    if likeness is not None:
        return likeness >= _SAME_LOOK_FROM
    return len(best.words) >= _WORDS_THAT_TELL and _is_as_long(best, other)


def _likeness_of_looks(one: Candidate, two: Candidate) -> float | None:
    for column, vector in one.vectors.items():
        if column.role == VISION and column in two.vectors:
            return float(np.dot(vector, two.vectors[column]))
    return None


def _is_as_long(one: Candidate, two: Candidate) -> bool:
    lengths_ms = sorted(each.span.length_ms for each in (one, two))
    return lengths_ms[0] >= (1 - _SAME_LENGTH_WITHIN) * lengths_ms[1]
