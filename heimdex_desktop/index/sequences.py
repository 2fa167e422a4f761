"""Finds scenes that follow each other: one for each part of a question, in order, in one video.

A chain is worth the geometric mean of what its scenes are worth for their parts: it is as weak as a part that
fits badly, and a long question is not worth less than a short one. The best chain that begins with a scene is
found by dynamic programming over the scenes of its video, so no combination is missed.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from heimdex_desktop.domain.video import TimeSpan, VideoId

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Link(Generic[Kept]):
    """A scene that fits a part: where it is, what it is worth there (0..1), and whatever belongs to it."""

    video_id: VideoId
    span: TimeSpan
    score: float
    kept: Kept


@dataclass(frozen=True, slots=True)
class Chain(Generic[Kept]):
    """Scenes in order, one for each part, and what they are worth together (0..1)."""

    score: float
    links: tuple[Link[Kept], ...]


def chains(parts: Sequence[Iterable[Link[Kept]]], within_ms: int) -> list[Chain[Kept]]:
    """Return the best chain from each scene that fits the first part, best first.

    Each scene begins after the one before it began, and at most `within_ms` after that one's end.
    """
    by_video = [_by_video(part) for part in parts]
    found: list[Chain[Kept]] = []
    for video_id in by_video[0] if by_video else ():
        if all(video_id in part for part in by_video):
            found += _of_video([part[video_id] for part in by_video], within_ms)
    power = 1 / len(parts) if parts else 1.0
    scored = [Chain(chain.score**power, chain.links) for chain in found]
    return sorted(scored, key=lambda one: (-one.score, one.links[0].video_id, one.links[0].span))


def _by_video(part: Iterable[Link[Kept]]) -> dict[VideoId, list[Link[Kept]]]:
    found: defaultdict[VideoId, list[Link[Kept]]] = defaultdict(list)
    for link in sorted(part, key=lambda link: link.span):
        if link.score > 0:
            found[link.video_id].append(link)
    return dict(found)


def _of_video(parts: Sequence[Sequence[Link[Kept]]], within_ms: int) -> list[Chain[Kept]]:
    """Return the best chain from each link of the first part, with the product of its scores."""
    best = [Chain(link.score, (link,)) for link in parts[-1]]
    for part in reversed(parts[:-1]):
        best = [chain for link in part if (chain := _before(link, best, within_ms))]
    return best


def _before(link: Link[Kept], later: Sequence[Chain[Kept]], within_ms: int) -> Chain[Kept] | None:
    """Put a link before the best of the chains that it may be followed by; these are in order of time."""
    starts_ms = [chain.links[0].span.start_ms for chain in later]
    first = bisect_left(starts_ms, link.span.start_ms + 1)
    last = bisect_left(starts_ms, link.span.end_ms + within_ms + 1)
    # The first of equally good ones: the nearest in time.
    rest = max(later[first:last], key=lambda chain: chain.score, default=None)
    return Chain(link.score * rest.score, (link, *rest.links)) if rest else None
