"""How the channels of a scene become one score, and how convincing the best score is.

The owner's weights (0.5 said, 0.35 seen, 0.15 tags) apply to scores that were brought to 0..1, and are
renormalised over the channels that the scene has and that the query speaks to. A channel that speaks to
only a share of the query weighs by that share: a colour in a long sentence must not outvote the sentence.
And what no channel of a scene could answer stays unanswered: a scene is worth at most the share that its
channels cover (each covers a part of what the others leave).

A query mostly speaks to one side of a scene. So words about something else take nothing away from what is
shown, and a picture of something else takes nothing away from what is said: a scene is worth at least what
its words are worth alone, and what its looks are worth alone. The two sides are two witnesses. Each alone is
enough, and both together are surer, so their chances are joined; the larger of the two would leave a scene
that shows one half of a query and says the other no better than one that does only the first. (Measured:
with the larger, of scenes that answer both halves 15 % came first, joined 85 %.)

Looks are guesses, so they are worth four fifths at most: no guess about a picture beats the spoken words.
Neither does a guess about their meaning, which above the limit of what is good is held below the same.

Text on screen has no weight in the owner's formula. It is not a guess about a picture but a second way in
which the words of a query stand in a scene, so it is joined with what is said (each alone is enough) and
weighs with it: a scene whose screen holds the whole query earns what one earns that says it. A weight of
its own beside the others, such as the 0.35 of what is seen, would let a doubtful picture or other spoken
words outvote letters that answer in full. A screen that holds a part of the query lifts the ceiling of a
silent scene by that part, and one that holds nothing of it (a watermark, a ticker) changes nothing.

A person may turn each channel up or down: a fader of 1 leaves it as it is, 0 takes it away. Turned down,
its scores count for less; turned up, its weight and what it is worth alone count for more.
"""

from collections.abc import Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Protocol

from heimdex_desktop.domain.search import Channel, Channels, Evidence, Verdict

WEIGHTS: Mapping[Channel, float] = {Channel.SAID: 0.5, Channel.SEEN: 0.35, Channel.TAGS: 0.15}
_WORDS = {Channel.SAID, Channel.TEXT}
_MOST_OF_GUESSES = 0.8
_PERSON_BOOST = 0.3
_RANK_CONSTANT = 60
GOOD_FROM = 0.5
WEAK_FROM = 0.25

Faders = Mapping[Channel, float]
"""How much a person wants of each channel, 0 and up; 1 for those that are left out."""

AS_IT_IS: Faders = MappingProxyType({})


class Fusion(Protocol):
    """A way to make one score in 0..1 of the channels of each scene of an answer."""

    def __call__(self, scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]: ...


def calibrated(scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
    """Return the product's own scores: each scene by itself, as this module's text says."""
    return [fuse(channels, faders) for channels in scenes]


def raw_cosines(scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
    """Return the owner's formula as it is written, over cosines as the models give them: to compare with."""
    return [_raw(channels, faders) for channels in scenes]


def reciprocal_ranks(scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
    """Return the mean of 61 / (60 + rank) over the channels, weighted, 0 for one that a scene lacks.

    (Cormack, Clarke & Buettcher, Reciprocal rank fusion outperforms Condorcet, 2009.)
    """
    totals = [0.0] * len(scenes)
    weights = {channel: _weight(channel) * faders.get(channel, 1.0) for channel in Channel}
    for channel, weight in weights.items():
        ranked = sorted({found.score for one in scenes if (found := one.get(channel)) and found.score > 0})
        rank_of = {score: place for place, score in enumerate(reversed(ranked), 1)}
        for place, one in enumerate(scenes):
            rank = rank_of.get(one[channel].score) if channel in one else None
            totals[place] += weight * (1 + _RANK_CONSTANT) / (rank + _RANK_CONSTANT) if rank else 0.0
    asked = sum(weight for channel, weight in weights.items() if any(channel in one for one in scenes))
    return [min(1.0, total / asked) if asked else 0.0 for total in totals]


def fuse(channels: Channels, faders: Faders = AS_IT_IS) -> float:
    """Return one score in 0..1, monotone in the score of every channel; 0 without any channel."""
    kept = _turned_down(channels, faders) if faders else dict(channels)
    who = kept.pop(Channel.WHO, None)
    score = _best_view(kept, faders)
    if who is None:
        return score
    return min(1.0, score + _PERSON_BOOST * who.score) if kept else who.score


def _turned_down(channels: Channels, faders: Faders) -> dict[Channel, Evidence]:
    shares = {channel: min(1.0, faders.get(channel, 1.0)) for channel in channels}
    return {
        channel: Evidence(
            found.score * shares[channel],
            # Of words on screen the score is that of the whole query, so its share goes down with it.
            found.explained * (shares[channel] if channel is Channel.TEXT else 1.0),
        )
        for channel, found in channels.items()
        if shares[channel] > 0
    }


def _best_view(channels: Channels, faders: Faders) -> float:
    words = {channel: evidence for channel, evidence in channels.items() if channel in _WORDS}
    silent = {channel: evidence for channel, evidence in channels.items() if channel is not Channel.SAID}
    looks = {channel: evidence for channel, evidence in channels.items() if channel not in _WORDS}
    sides = _either(_alone(words, faders), _alone(looks, faders))
    return max(_mean(channels, faders), _mean(silent, faders), sides)


def _alone(channels: Channels, faders: Faders) -> float:
    """Return what some channels are worth without the others, more where one is turned up."""
    up = max((max(1.0, faders.get(channel, 1.0)) for channel in channels), default=1.0)
    return min(1.0, _mean(channels, faders) * up)


def _mean(channels: Channels, faders: Faders) -> float:
    joined = _with_words_joined(channels)
    weights = {
        channel: WEIGHTS[channel] * max(1.0, faders.get(channel, 1.0)) * evidence.explained
        for channel, evidence in joined.items()
    }
    whole = sum(weights.values())
    if not whole:
        return 0.0
    mean = sum(weights[channel] * evidence.score for channel, evidence in joined.items()) / whole
    covered = 1.0 - prod(1.0 - evidence.explained for evidence in joined.values())
    return min(1.0, mean * covered * (1.0 if Channel.SAID in channels else _silent_ceiling(joined)))


def _weight(channel: Channel) -> float:
    own = {**WEIGHTS, Channel.TEXT: WEIGHTS[Channel.SAID], Channel.WHO: _PERSON_BOOST}
    return own[channel]


def _raw(channels: Channels, faders: Faders) -> float:
    total = 0.0
    for channel, found in channels.items():
        value = found.score if found.cosine is None else max(0.0, found.cosine)
        total += _weight(channel) * faders.get(channel, 1.0) * value
    return min(1.0, total)


def said(exactness: float, meaning: float | None) -> float:
    """Join exact words and meaning (0..1 each): all words are enough, and meaning makes them surer.

    An encoder has read the words too, so a part of them is no second witness. Beside a meaning it counts by
    its square: in full where all words are said, hardly where one common word of three is. (Measured in two
    thousand scenes of everyday talk: as a witness of its own, a chance word put other scenes before the
    right one, 39 % first instead of the 51 % of meaning alone.)
    """
    return exactness if meaning is None else _either(exactness**2, _held_below(meaning))


def _either(one: float, other: float) -> float:
    """Return the chance that either of two is right."""
    return 1.0 - (1.0 - one) * (1.0 - other)


def _held_below(guess: float) -> float:
    """Bring what is good of a guess from `GOOD_FROM`..1 to at most four fifths, in the same order."""
    room = (_MOST_OF_GUESSES - GOOD_FROM) / (1.0 - GOOD_FROM)
    return min(guess, GOOD_FROM + (guess - GOOD_FROM) * room)


def verdict(best: float) -> Verdict:
    """Judge the best score of an answer.

    The limits were set on real transcripts among some 160 unrelated ones with the MiniLM encoder: see the
    table of `tests/benchmarks/quality.py`.
    """
    if best >= GOOD_FROM:
        return Verdict.GOOD
    return Verdict.WEAK if best >= WEAK_FROM else Verdict.NONE


def _with_words_joined(channels: Channels) -> Channels:
    """Take text on screen for a part of what is said; without it nothing changes."""
    shown, spoken = channels.get(Channel.TEXT), channels.get(Channel.SAID)
    if shown is None:
        return channels
    others = {channel: evidence for channel, evidence in channels.items() if channel is not Channel.TEXT}
    if spoken is None:
        score = min(1.0, shown.score / shown.explained) if shown.explained else 0.0
        return {**others, Channel.SAID: Evidence(score, shown.explained)}
    return {**others, Channel.SAID: Evidence(_either(spoken.score, shown.score), spoken.explained)}


def _silent_ceiling(joined: Channels) -> float:
    """Return what a scene without speech is worth at most; `joined` holds the words on its screen."""
    if set(joined) == {Channel.SAID}:
        return 1.0
    written = joined[Channel.SAID].explained if Channel.SAID in joined else 0.0
    return _MOST_OF_GUESSES + (1.0 - _MOST_OF_GUESSES) * written
