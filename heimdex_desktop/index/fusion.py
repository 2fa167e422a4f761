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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.search import Channel, Channels, Verdict

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


_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What one channel says of `n` scenes: as `Evidence`, and 0 of those where it is not `there` (n each)."""

    scores: _Numbers
    explained: _Numbers
    there: NDArray[np.bool_]

    @property
    def none(self) -> "_Said":
        nothing = np.zeros_like(self.scores)
        return _Said(nothing, nothing, np.zeros_like(self.there))


_Sides = Mapping[Channel, _Said]
_Chance = TypeVar("_Chance", float, _Numbers)


class Fusion(Protocol):
    """A way to make one score in 0..1 of the channels of each scene of an answer."""

    def __call__(self, scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]: ...


def calibrated(scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
    """Return the product's own scores: each scene by itself, as this module's text says."""
    if not scenes:
        return []
    sides = _said_of_all(scenes, faders)
    who = sides.pop(Channel.WHO)
    score = _best_view(sides, faders)
    has_others = np.logical_or.reduce([said.there for said in sides.values()])
    known = np.where(has_others, np.minimum(1.0, score + _PERSON_BOOST * who.scores), who.scores)
    return np.where(who.there, known, score).tolist()


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
    return calibrated([channels], faders)[0]


def _said_of_all(scenes: Sequence[Channels], faders: Faders) -> dict[Channel, _Said]:
    """Gather what each channel says, turned down by its fader; one at 0 says nothing."""
    sides: dict[Channel, _Said] = {}
    for channel in Channel:
        share = min(1.0, faders.get(channel, 1.0))
        found = [scene.get(channel) if share > 0 else None for scene in scenes]
        numbers = np.array([(0.0, 0.0) if one is None else (one.score, one.explained) for one in found])
        scores, explained = numbers.reshape(-1, 2).T
        # Of words on screen the score is that of the whole query, so its share goes down with it.
        shown = explained * (share if channel is Channel.TEXT else 1.0)
        sides[channel] = _Said(scores * share, shown, np.array([one is not None for one in found], np.bool_))
    return sides


def _best_view(sides: _Sides, faders: Faders) -> _Numbers:
    words, looks = _without(sides, set(WEIGHTS) - _WORDS), _without(sides, _WORDS)
    both = _either(_alone(words, faders), _alone(looks, faders))
    silent = _without(sides, {Channel.SAID})
    return np.maximum(np.maximum(_mean(sides, faders), _mean(silent, faders)), both)


def _without(sides: _Sides, channels: Collection[Channel]) -> _Sides:
    return {channel: said.none if channel in channels else said for channel, said in sides.items()}


def _alone(sides: _Sides, faders: Faders) -> _Numbers:
    """Return what some channels are worth without the others, more where one is turned up."""
    ups = [np.where(said.there, max(1.0, faders.get(channel, 1.0)), 1.0) for channel, said in sides.items()]
    return np.minimum(1.0, _mean(sides, faders) * np.maximum.reduce(ups))


def _mean(sides: _Sides, faders: Faders) -> _Numbers:
    joined = {**sides, Channel.SAID: _with_words_joined(sides[Channel.SAID], sides[Channel.TEXT])}
    weighed = {channel: joined[channel] for channel in WEIGHTS}
    weights = [
        WEIGHTS[channel] * max(1.0, faders.get(channel, 1.0)) * said.explained
        for channel, said in weighed.items()
    ]
    whole = np.sum(weights, axis=0)
    total = np.sum([weight * said.scores for weight, said in zip(weights, weighed.values(), strict=True)], 0)
    mean = np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)
    covered = 1.0 - np.prod([1.0 - said.explained for said in weighed.values()], axis=0)
    ceiling = np.where(sides[Channel.SAID].there, 1.0, _silent_ceiling(joined))
    return np.minimum(1.0, mean * covered * ceiling)


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


def _either(one: _Chance, other: _Chance) -> _Chance:
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


def _with_words_joined(spoken: _Said, shown: _Said) -> _Said:
    """Take text on screen for a part of what is said; without it nothing changes."""
    share = (shown.explained > 0).astype(np.float64)
    np.divide(shown.scores, shown.explained, out=share, where=shown.explained > shown.scores)
    is_silent = shown.there & ~spoken.there
    joined = np.where(shown.there, _either(spoken.scores, shown.scores), spoken.scores)
    return _Said(
        np.where(is_silent, share, joined),
        np.where(is_silent, shown.explained, spoken.explained),
        spoken.there | shown.there,
    )


def _silent_ceiling(joined: _Sides) -> _Numbers:
    """Return what a scene without speech is worth at most; `joined` holds the words on its screen."""
    written = joined[Channel.SAID]
    has_looks = joined[Channel.SEEN].there | joined[Channel.TAGS].there
    partly = _MOST_OF_GUESSES + (1.0 - _MOST_OF_GUESSES) * written.explained
    return np.where(written.there & ~has_looks, 1.0, partly)
