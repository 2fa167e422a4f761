"""How the channels of a scene become one score, and how convincing the best score is.

The owner's weights (0.5 said, 0.35 seen, 0.15 tags) apply to scores that were brought to 0..1, and are
renormalised over the channels that the scene has and that the query speaks to. A channel that speaks to
only a share of the query weighs by that share: a colour in a long sentence must not outvote the sentence.
And what no channel of a scene could answer stays unanswered: a scene is worth at most the share that its
channels cover (each covers a part of what the others leave).

A query mostly speaks to one side of a scene. So words about something else take nothing away from what is
shown, and a picture of something else takes nothing away from what is said: a scene is worth at least what
its words are worth alone, and what its looks are worth alone. Looks are guesses, so they are worth four
fifths at most: no guess about a picture beats the spoken words.

Text on screen has no weight in the owner's formula. It is not a guess about a picture but a second way in
which the words of a query stand in a scene, so it is joined with what is said (each alone is enough) and
weighs with it: a scene whose screen holds the whole query earns what one earns that says it. A weight of
its own beside the others, such as the 0.35 of what is seen, would let a doubtful picture or other spoken
words outvote letters that answer in full. A screen that holds a part of the query lifts the ceiling of a
silent scene by that part, and one that holds nothing of it (a watermark, a ticker) changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from heimdex_desktop.domain.search import Channel, Verdict

WEIGHTS: Mapping[Channel, float] = {Channel.SAID: 0.5, Channel.SEEN: 0.35, Channel.TAGS: 0.15}
_WORDS = {Channel.SAID, Channel.TEXT}
_MOST_OF_LOOKS = 0.8
GOOD_FROM = 0.5
WEAK_FROM = 0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a channel says: its score, and the share of the query that it speaks to (both 0..1).

    The score is that of the share; only for text on screen it is, as for what is said, that of the whole.
    """

    score: float
    explained: float = 1.0


def fuse(channels: Mapping[Channel, Evidence]) -> float:
    """Return one score in 0..1, monotone in the score of every channel; 0 without any channel."""
    words = {channel: evidence for channel, evidence in channels.items() if channel in _WORDS}
    silent = {channel: evidence for channel, evidence in channels.items() if channel is not Channel.SAID}
    looks = {channel: evidence for channel, evidence in channels.items() if channel not in _WORDS}
    return max(_mean(channels), _mean(words), _mean(silent), _mean(looks))


def _mean(channels: Mapping[Channel, Evidence]) -> float:
    joined = _with_words_joined(channels)
    weights = {channel: WEIGHTS[channel] * evidence.explained for channel, evidence in joined.items()}
    whole = sum(weights.values())
    if not whole:
        return 0.0
    mean = sum(weights[channel] * evidence.score for channel, evidence in joined.items()) / whole
    covered = 1.0 - prod(1.0 - evidence.explained for evidence in joined.values())
    return min(1.0, mean * covered * (1.0 if Channel.SAID in channels else _silent_ceiling(joined)))


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


def _with_words_joined(channels: Mapping[Channel, Evidence]) -> Mapping[Channel, Evidence]:
    """Take text on screen for a part of what is said; without it nothing changes."""
    shown, spoken = channels.get(Channel.TEXT), channels.get(Channel.SAID)
    if shown is None:
        return channels
    others = {channel: evidence for channel, evidence in channels.items() if channel is not Channel.TEXT}
    if spoken is None:
        score = min(1.0, shown.score / shown.explained) if shown.explained else 0.0
        return {**others, Channel.SAID: Evidence(score, shown.explained)}
    return {**others, Channel.SAID: Evidence(said(spoken.score, shown.score), spoken.explained)}


def _silent_ceiling(joined: Mapping[Channel, Evidence]) -> float:
    """Return what a scene without speech is worth at most; `joined` holds the words on its screen."""
    if set(joined) == {Channel.SAID}:
        return 1.0
    written = joined[Channel.SAID].explained if Channel.SAID in joined else 0.0
    return _MOST_OF_LOOKS + (1.0 - _MOST_OF_LOOKS) * written
