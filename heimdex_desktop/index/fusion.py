"""How the channels of a scene become one score, and how convincing the best score is.

The owner's weights (0.5 said, 0.35 seen, 0.15 tags) apply to scores that were brought to 0..1, and are
renormalised over the channels that the scene has and that the query speaks to. A channel that speaks to
only a share of the query weighs by that share: a colour in a long sentence must not outvote the sentence.
And what no channel of a scene could answer stays unanswered: a scene is worth at most the largest share it
covers, and a scene without speech at most what a scene earns that says everything but shows none of it. So
no guess about a picture beats the spoken words. And speech about something else takes nothing away from
what is shown: a scene is worth at least what it would be if nobody spoke in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from heimdex_desktop.domain.search import Channel, Verdict

WEIGHTS: Mapping[Channel, float] = {Channel.SAID: 0.5, Channel.SEEN: 0.35, Channel.TAGS: 0.15}
GOOD_FROM = 0.5
WEAK_FROM = 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a channel says: its score, and the share of the query that it speaks to (both 0..1)."""

    score: float
    explained: float = 1.0


def fuse(channels: Mapping[Channel, Evidence]) -> float:
    """Return one score in 0..1, monotone in the score of every channel; 0 without any channel."""
    silent = {channel: evidence for channel, evidence in channels.items() if channel is not Channel.SAID}
    return max(_mean(channels), _mean(silent))


def _mean(channels: Mapping[Channel, Evidence]) -> float:
    weights = {channel: WEIGHTS[channel] * evidence.explained for channel, evidence in channels.items()}
    whole = sum(weights.values())
    if not whole:
        return 0.0
    mean = sum(weights[channel] * evidence.score for channel, evidence in channels.items()) / whole
    covered = max(evidence.explained for evidence in channels.values())
    return min(1.0, mean * covered * (1.0 if Channel.SAID in channels else _silent_ceiling(channels)))


def said(exactness: float, meaning: float | None) -> float:
    """Join exact words and meaning (0..1 each): each alone is enough, and both together are surer.

    The larger of the two ranks and judges the measured queries alike; the sum of chances also orders scenes
    that hold the same words.
    """
    return exactness if meaning is None else 1.0 - (1.0 - exactness) * (1.0 - meaning)


def verdict(best: float) -> Verdict:
    """Judge the best score of an answer.

    The limits were set on real transcripts among some 160 unrelated ones with the MiniLM encoder: see the
    table of `tests/benchmarks/search_quality.py`.
    """
    if best >= GOOD_FROM:
        return Verdict.GOOD
    return Verdict.WEAK if best >= WEAK_FROM else Verdict.NONE


def _silent_ceiling(channels: Mapping[Channel, Evidence]) -> float:
    shown = sum(WEIGHTS[channel] for channel in channels)
    return WEIGHTS[Channel.SAID] / (WEIGHTS[Channel.SAID] + shown)
