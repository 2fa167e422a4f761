"""What a cosine between a query and a picture is worth, on the scale from 0 to 1 that all channels share.

Cosines of a text with pictures are small, and differ from model to model. So the yardstick is what some
sixty unrelated looks reach on pictures of the library: the query counts by how far it stands out of them,
z = (cosine - median) / deviation (1.4826 * median absolute deviation). Among N pictures the best of nothing
stands out too: the largest of N normal deviates has its median at q(0.5^(1/N)), with q the normal quantile,
and reaches the upper quartile at q(0.75^(1/N)). A z is worth 0.5 one such step above that median, so that
neither a large library nor a lucky picture passes for an answer. N starts at a hundred: a library of three
pictures is judged as strictly. Below, the way to 0 is slow (x / (1 + |x|) of the half steps). Above, what is
missing to 1 is half of the limit's share in z, so that what stands out more comes first by as much, and a
tag does not outvote a picture that is clearly nearer. No number here was fitted to a model.

Cosines of a model may have longer tails than normal ones. Then the looks themselves tell what the best of
nothing is: the best picture of each. But a library may really show some of the looks, the more the larger it
is; up to a half of them do no harm, since the first quartile of the best is taken (and the way to it from
the middle of those below for the step). The larger of both rules counts.

The deviation is one for the library. That of sixty looks on a single picture is known only roughly, and to
divide by it mixed up what the cosine had put in order: of 82 photos, 56 % came first by it and 78 % by the
cosine; of drawn pictures told in part, nDCG@10 was 0.80 and 0.94. To take away each picture's own median,
for pictures that lie near every text, made no difference that could be measured.

Looks say how a picture is compared with other texts, not whether it is near enough at all. A model that has
an opinion of its own (see `domain.logistic`) says that: what a z is worth and the opinion are pooled, so
that a right picture in company of similar looks is not lost, and one that only chance lifted is not good.
Both ways were measured on drawn pictures (`tests/benchmarks/own_opinion.py`). There the opinion alone did
better still, but the model of the tests was taught that every true text belongs to a picture. SigLIP's
models are taught so of one text only, and doubt others: in the example that Hugging Face's documentation of
SigLIP gives, two cats get 0.20 and the remote control beside them 0.0000.

A model to which most of the looks are the same (it was taught few words) has no such yardstick. There, the
query's cosines with the other pictures of the library are it. They cannot tell a library full of half-right
pictures from one where chance is wide, so there a model's own opinion is worth the more. But of words that
it was never taught it is as sure as of others. It puts them where it puts the looks that are the same to it,
at a cosine of 0.95 and more (an article more or less turns a look by as much). A query that lies there says
nothing about pictures. (Measured with the model of the tests: of 90 queries without a word that it knows all
lie above 0.97, of 320 with some all below 0.87.)

A model that never learnt a script puts its words anywhere. It is asked only in scripts in which it finds
common things by their names, each compared with the English names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.logistic import Logistic, Shares, pooled
from heimdex_desktop.index.background import Script
from heimdex_desktop.index.background_looks import LOOKS, NAMES
from heimdex_desktop.index.calibration import SAMPLE_SIZE, script_of

_NORMAL_CONSISTENCY = 1.4826
_SMALLEST_DEVIATION = 1e-4
_SMALLEST_LIBRARY = 100
_SLOPE_STEPS = 0.5
_REGROWTH = 1.25
_KNOWN_FROM = 0.5
_SAME_FROM = 0.99
_FEWEST_LOOKS = 20
_UNKNOWN_FROM = 0.95


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Where cosines of pictures with unrelated texts lie, and what the best of nothing reaches among them.

    `median` and `spread` (a deviation) are cosines; `middle` and `step` are in deviations.
    """

    median: float
    spread: float
    middle: float
    step: float

    @classmethod
    def of(cls, cosines: NDArray[np.float32], picture_count: int) -> "Yardstick":
        """Measure cosines of unrelated texts, shape (texts, pictures), in a library of so many pictures."""
        middle, step = best_of_nothing(max(_SMALLEST_LIBRARY, picture_count))
        if not cosines.size:
            return cls(0.0, _SMALLEST_DEVIATION, middle, step)
        median = float(np.median(cosines))
        spread = _NORMAL_CONSISTENCY * float(np.median(np.abs(cosines - median)))
        return cls(median, max(spread, _SMALLEST_DEVIATION), middle, step)

    def raised(self, tops: NDArray[np.float32]) -> "Yardstick":
        """Return it with the best of nothing as measured, where chance alone would not reach as far.

        `tops` are the best cosines of unrelated texts, shape (texts,).
        """
        lower, quarter = np.percentile((tops - self.median) / self.spread, (12.5, 25.0))
        return replace(self, middle=max(self.middle, quarter), step=max(self.step, quarter - lower))

    def worth(self, cosine: float) -> float:
        """Map a cosine as `worths` does."""
        return float(self.worths(np.array([cosine]))[0])

    def worths(self, cosines: NDArray[np.floating]) -> Shares:
        """Map cosines (-1..1) to 0..1 each, monotonically: 0.5 one step above the best of nothing."""
        z, limit = (np.asarray(cosines, np.float64) - self.median) / self.spread, self.middle + self.step
        half_steps = np.minimum(z - limit, 0.0) / (_SLOPE_STEPS * self.step)
        above = 1.0 - 0.5 * limit / np.maximum(z, limit)
        return np.where(z > limit, above, 0.5 * (1.0 + half_steps / (1.0 - half_steps)))


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One query's view of pictures: how near each lies, as the yardstick says.

    `logistic` is what the model itself thinks of a cosine, where it is asked.
    """

    query: NDArray[np.float32]
    yardstick: Yardstick
    logistic: Logistic | None = None

    def worth(self, picture: NDArray[np.float32]) -> float:
        """Return what the picture's nearness is worth, 0..1; `picture` has unit length."""
        return float(self.worths(picture[None])[0])

    def worths(self, pictures: Vectors) -> Shares:
        """Return what the nearness of each picture is worth, shape (n,), 0..1; all have unit length."""
        cosines = pictures @ self.query
        measured = self.yardstick.worths(cosines)
        return measured if self.logistic is None else pooled(measured, self.logistic.opinion(cosines))


class Sights:
    """Makes the sight of a query with one encoder; unrelated looks are encoded once, and compared with the
    library when first needed and again when it grew or shrank by a quarter.
    """

    def __init__(self, encoder: TextEncoder, unrelated: Sequence[str] = LOOKS) -> None:
        self._encoder = encoder
        self._unrelated = unrelated
        self._looks: tuple[Vectors, Vectors] | None = None
        self._by_looks: tuple[int, Yardstick] | None = None
        self._knows: dict[Script, bool] = {}

    def sight(self, text: str, picture_count: int, sample: Callable[[int], Vectors]) -> Sight | None:
        """Return the sight of a query among so many pictures; None where the model cannot read it.

        `sample(n)` returns up to n vectors of pictures. May raise what the encoder raises.
        """
        if not self.reads(script_of(text)):
            return None
        query = self._encoder.encode([text], Purpose.QUERY)[0]
        looks = self.prepare()
        if len(looks) >= _FEWEST_LOOKS:
            return Sight(query, self._measured(looks, picture_count, sample), self._encoder.logistic)
        if self._is_unknown(query):
            return None
        measured = among(query, sample(SAMPLE_SIZE), picture_count)
        return replace(measured, logistic=self._encoder.logistic)

    def _is_unknown(self, query: NDArray[np.float32]) -> bool:
        """Say whether a query lies where the model puts the looks that it cannot tell apart."""
        return bool((self._prepared()[1] @ query >= _UNKNOWN_FROM).any())

    def _measured(self, looks: Vectors, picture_count: int, sample: Callable[[int], Vectors]) -> Yardstick:
        count, kept = self._by_looks or (0, None)
        if kept is None or not count / _REGROWTH <= picture_count <= count * _REGROWTH:
            cosines = _cosines(looks, sample(SAMPLE_SIZE))
            kept = Yardstick.of(cosines, picture_count)
            kept = kept.raised(cosines.max(axis=1)) if cosines.size else kept
            self._by_looks = picture_count, kept
        return kept

    def prepare(self) -> Vectors:
        """Encode the unrelated looks, once, which the first query would wait for.

        Returns those that the model tells apart, shape (n, dimensions).
        """
        return self._prepared()[0]

    def _prepared(self) -> tuple[Vectors, Vectors]:
        """Return the looks that the model tells apart, and those that it does not tell from another."""
        if self._looks is None:
            looks = self._encoder.encode(self._unrelated, Purpose.QUERY)
            self._looks = _distinct(looks), _same_as_others(looks)
        return self._looks

    def reads(self, script: Script | None) -> bool:
        """Say whether the model finds common things by their names in a script; Latin is taken for known."""
        if script is None or script not in NAMES:
            return True
        if script not in self._knows:
            self._knows[script] = self._finds(NAMES[script])
        return self._knows[script]

    def _finds(self, names: Sequence[tuple[str, str]]) -> bool:
        foreign = self._encoder.encode([name for name, _ in names], Purpose.QUERY)
        english = self._encoder.encode([name for _, name in names], Purpose.QUERY)
        found = (foreign @ english.T).argmax(axis=1) == np.arange(len(names))
        return bool(found.mean() >= _KNOWN_FROM)


def among(vector: NDArray[np.float32], others: Vectors, count: int) -> Sight:
    """Return the sight of a vector with `others` as its yardstick: a sample of the `count` there are.

    The vectors may stand for pictures or for texts. What is the same as it is left out of the sample: it is
    the scene that is asked about, or its copy.
    """
    cosines = _cosines(vector[None], others)
    different = cosines[:, cosines[0] < _SAME_FROM]
    return Sight(vector, Yardstick.of(different if different.size else cosines, count))


def best_of_nothing(count: int) -> tuple[float, float]:
    """Return the median of the largest of `count` normal deviates, and the way to its upper quartile."""
    normal = NormalDist()
    middle, upper = (normal.inv_cdf(share ** (1 / count)) for share in (0.5, 0.75))
    return middle, upper - middle


def _cosines(texts: Vectors, pictures: Vectors) -> Vectors:
    """Return the cosines of unit vectors, shape (texts, pictures); none without pictures."""
    return texts @ pictures.T if len(pictures) else np.zeros((len(texts), 0), np.float32)


def _same_as_others(vectors: Vectors) -> Vectors:
    """Return the vectors that are the same as another one."""
    return vectors[(vectors @ vectors.T > _SAME_FROM).sum(axis=1) > 1]


def _distinct(vectors: Vectors) -> Vectors:
    """Leave out vectors that are the same as an earlier one."""
    same = np.triu(vectors @ vectors.T > _SAME_FROM, k=1).any(axis=0)
    return vectors[~same]
