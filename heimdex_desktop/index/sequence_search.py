"""Answers a question for scenes in order: each part by itself, then what lies around its best scenes.

A scene that fits a part only so-so is not among the best of the whole library for it, and yet may be the one
that follows. So the scenes around the best of every part are judged by all parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain as joined

from heimdex_desktop.domain.search import Channel, FoundScene, Hit, Query, QuerySequence, Reason
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.index.asking import Asking
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.candidates import Place, Snapshot
from heimdex_desktop.index.clauses import AllOf
from heimdex_desktop.index.fusion import Fusion
from heimdex_desktop.index.judging import Judged, Question, wanted
from heimdex_desktop.index.likeness import Likeness
from heimdex_desktop.index.moments import moment_of
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.sequences import Chain, Link, chains

_LOOKED_AROUND = 40
"""Around so many of the best scenes of each part the other parts are looked for."""
_MOST_BY_CONDITIONS = 2_000
"""So many scenes are looked at where no part says anything but conditions."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part made ready. Without a question it has conditions only, and what meets them fits it in full."""

    question: Question | None
    unwanted: tuple[Likeness, ...]
    only: AllOf
    candidates: tuple[Candidate, ...]
    fusion: Fusion

    @property
    def columns(self) -> tuple[VectorColumn, ...]:
        looks = tuple(one.ray.column for one in self.unwanted)
        return self.question.columns if self.question else looks

    def links(self, candidates: Sequence[Candidate]) -> list[Link[Judged]]:
        judged = self._judged(candidates)
        scores = self.fusion([one.channels for one in judged]) if self.question else [1.0] * len(judged)
        return [_link(score * one.wanted, one) for score, one in zip(scores, judged, strict=True)]

    def _judged(self, candidates: Sequence[Candidate]) -> list[Judged]:
        if self.question:
            return self.question.judge(candidates)
        shares = wanted(self.unwanted, candidates)
        return [Judged(one, None, {}, share) for one, share in zip(candidates, shares, strict=True)]


def find_sequences(
    asking: Asking, sequence: QuerySequence, snapshot: Snapshot, fusion: Fusion, limit: int
) -> list[Hit]:
    """Return a hit for each of at most `limit` scenes that begin a chain, best first."""
    make = partial(_part, asking, snapshot=snapshot, fusion=fusion)
    parts = [make(query) for query in sequence.parts]
    best = [_best(part) for part in parts]
    reach_ms = sequence.within_ms * (len(parts) - 1)
    around = [_around(link.kept.candidate, reach_ms) for links in best for link in links]
    linked = [part.links(_candidates(part, snapshot, around)) for part in parts]
    found = chains(linked, sequence.within_ms)[:limit]
    scenes = snapshot.scenes(link.kept.candidate.row for chain in found for link in chain.links)
    return [_hit(parts, rank, chain, scenes) for rank, chain in enumerate(found, 1)]


def _part(asking: Asking, query: Query, *, snapshot: Snapshot, fusion: Fusion) -> _Part:
    if not query.ranks:
        unwanted = asking.likenesses.seen_of(query.without, snapshot)
        return _Part(None, unwanted, asking.conditions.of(query, ()), (), fusion)
    found = asking.gather(query, snapshot)
    return _Part(found.question, found.question.unwanted, found.only, found.candidates, fusion)


def _best(part: _Part) -> list[Link[Judged]]:
    return sorted(part.links(part.candidates), key=lambda link: -link.score)[:_LOOKED_AROUND]


def _candidates(part: _Part, snapshot: Snapshot, around: Sequence[Place]) -> tuple[Candidate, ...]:
    if not around:
        # Conditions alone: nothing says where to look.
        return snapshot.latest(_MOST_BY_CONDITIONS, part.columns, part.only)
    return snapshot.candidates(snapshot.rows_around(around, part.only), part.columns)


def _around(candidate: Candidate, reach_ms: int) -> Place:
    span = candidate.span
    reached = TimeSpan(max(0, span.start_ms - reach_ms), span.end_ms + reach_ms)
    return candidate.video_id, reached


def _link(score: float, judged: Judged) -> Link[Judged]:
    return Link(judged.candidate.video_id, judged.candidate.span, score, judged)


def _hit(parts: Sequence[_Part], rank: int, chain: Chain[Judged], scenes: Mapping[int, FoundScene]) -> Hit:
    first, *rest = [scenes[link.kept.candidate.row] for link in chain.links]
    reasons = [_reasons(part, link, scenes) for part, link in zip(parts, chain.links, strict=True)]
    question = parts[0].question
    channels = {name: chain.links[0].kept.channels.get(name) for name in Channel}
    return Hit(
        rank=rank,
        score=chain.score,
        scene=first,
        channels={name: found.score if found else None for name, found in channels.items()},
        because=tuple(dict.fromkeys(joined.from_iterable(reasons))),
        then=tuple(rest),
        found_at_ms=moment_of(question, first, reasons[0]) if question else None,
    )


def _reasons(part: _Part, link: Link[Judged], scenes: Mapping[int, FoundScene]) -> tuple[Reason, ...]:
    scene = scenes[link.kept.candidate.row]
    return tuple(part.question.reasons(link.kept, scene)) if part.question else ()
