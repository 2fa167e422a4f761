"""How the channels of a scene become one score, and how convincing the best score is.

Each channel was brought to 0..1 against what chance reaches in this library, so its score is a chance that
the scene answers. A query mostly speaks to one side of a scene, words or looks, and nobody knows which. So
the channels are witnesses: each alone is enough, several are surer, and one that says nothing takes nothing
away. Their chances are joined as 1 - product(1 - chance), which adds up what speaks for a scene and leaves
out what does not: words about something else are no reason against a picture, nor the other way round. Weak
evidence takes part, because a scene that shows one half of a query and hints at the other is to come before
one that only shows the first. (Measured: with what lies below "weak" left out, of scenes that answer both
halves nDCG@10 fell from 0.94 to 0.80.)

A channel that speaks to only a share of the query counts for that share: a colour in a long sentence must
not outvote the sentence.

Looks and meanings are guesses. Above the limit of what is good both are held below four fifths, in the same
way, so that neither outvotes the other and no guess beats the spoken words.

The owner's weights (0.5 said, 0.35 seen, 0.15 tags) decide in two places. What was tagged comes from the same
eyes as what is seen, so beside it it is no second witness: renormalised to the larger of the two it counts
0.15 / 0.35 there, and in full where nothing else is seen. And among scenes of the same score, such as all
that say every word, the owner's sum of weighted scores says which comes first: see `support`. As the weights
of one mean over all that a scene has, they punish a picture for what is said over it: of pictures under
other words nDCG@10 fell from 0.92 to 0.80.

Text on screen has no weight in the owner's formula. It is not a guess about a picture but a second way in
which the words of a query stand in a scene: it is one more witness, and one that holds nothing of the query
(a watermark, a ticker) changes nothing.

Somebody who is named among the words lifts a scene by the owner's 0.3, times how sure it is that they
are seen. Where their name is all that is asked, how sure that is counts by itself. A name that a scene has to
meet, beside words, explains nothing of these and so changes no score.

A person may turn each channel up or down: a fader of 1 leaves it as it is, 0 takes it away, and others
multiply its chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.search import Channel, Channels, Verdict

WEIGHTS: Mapping[Channel, float] = {Channel.SAID: 0.5, Channel.SEEN: 0.35, Channel.TAGS: 0.15}
_GUESSES = (Channel.SEEN, Channel.TAGS)
_MOST_OF_GUESSES = 0.8
_PERSON_BOOST = 0.3
_RANK_CONSTANT = 60
GOOD_FROM = 0.5
WEAK_FROM = 0.4

Faders = Mapping[Channel, float]
"""How much a person wants of each channel, 0 and up; 1 for those that are left out."""

AS_IT_IS: Faders = MappingProxyType({})

_Numbers = NDArray[np.float64]
_Score = TypeVar("_Score", float, _Numbers)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What one channel says of `n` scenes: as `Evidence`, and 0 of those where it is not `there` (n each)."""

    scores: _Numbers
    explained: _Numbers
    there: NDArray[np.bool_]


class Fusion(Protocol):
    """A way to make one score in 0..1 of the channels of each scene of an answer."""

    def __call__(self, scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]: ...


def calibrated(scenes: Sequence[Channels], faders: Faders = AS_IT_IS, /) -> list[float]:
    """Return the product's own scores: each scene by itself, as this module's text says."""
    if not scenes:
        return []
    sides = {channel: _side(channel, scenes) for channel in Channel if faders.get(channel, 1.0) > 0}
    who = sides.pop(Channel.WHO, None)
    unanswered = np.ones(len(scenes))
    for channel in sides:
        unanswered *= 1.0 - np.minimum(1.0, _chances(channel, sides) * faders.get(channel, 1.0))
    scores = 1.0 - unanswered
    return (scores if who is None else _with_people(who, scores, faders.get(Channel.WHO, 1.0))).tolist()


def _with_people(who: _Side, scores: _Numbers, fader: float) -> _Numbers:
    """Lift scores by who is seen; that decides by itself where nothing else is asked."""
    sure = np.minimum(1.0, who.scores * fader)
    lifted = np.minimum(1.0, scores + np.where(who.explained > 0, _PERSON_BOOST * sure, 0.0))
    return np.where(who.explained >= 1.0, np.maximum(lifted, sure), lifted)


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


def support(channels: Channels) -> float:
    """Return the owner's sum over scores, 0 and up: tells scenes apart that have the same score.

    All that say the whole query are worth 1, and one that shows it too should still come first.
    """
    return sum(_weight(channel) * found.explained * found.score for channel, found in channels.items())


def _side(channel: Channel, scenes: Sequence[Channels]) -> _Side:
    found = [scene.get(channel) for scene in scenes]
    numbers = np.array([(0.0, 0.0) if one is None else (one.score, one.explained) for one in found])
    return _Side(numbers[:, 0], numbers[:, 1], np.array([one is not None for one in found], np.bool_))


def _chances(channel: Channel, sides: Mapping[Channel, _Side]) -> _Numbers:
    """Return the chance that each scene answers, by one of its channels, in 0..1."""
    side = sides[channel]
    if channel not in _GUESSES:
        return side.scores
    there = {other: sides[other].there for other in _GUESSES if other in sides}
    heaviest = np.maximum.reduce([np.where(has, WEIGHTS[other], 0.0) for other, has in there.items()])
    share = np.divide(WEIGHTS[channel], heaviest, out=np.zeros(len(side.scores)), where=heaviest > 0)
    return _held_below(side.scores) * side.explained * share


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


def _held_below(guess: _Score) -> _Score:
    """Bring what is good of a guess from `GOOD_FROM`..1 to at most four fifths, in the same order."""
    room = (_MOST_OF_GUESSES - GOOD_FROM) / (1.0 - GOOD_FROM)
    held = GOOD_FROM + (guess - GOOD_FROM) * room
    return np.minimum(guess, held) if isinstance(guess, np.ndarray) else min(guess, held)


def verdict(best: float) -> Verdict:
    """Judge the best score of an answer.

    Good is what stands out of the best that chance reaches; weak reaches down to a chance of two in five. How
    often each is wrong, `tests/benchmarks/quality.py` says.
    """
    if best >= GOOD_FROM:
        return Verdict.GOOD
    return Verdict.WEAK if best >= WEAK_FROM else Verdict.NONE
