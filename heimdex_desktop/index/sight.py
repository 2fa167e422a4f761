"""What a cosine between a query and a picture is worth, on the scale from 0 to 1 that all channels share.

Cosines of a text with pictures are small, differ from picture to picture (some lie near every text) and
from model to model. So each picture is its own yardstick: the query is compared with some sixty unrelated
looks on the same picture, and counts by how far it stands out of them, z = (cosine - median) / deviation
(1.4826 * median absolute deviation). Among N pictures the best of nothing stands out too: the largest of N
normal deviates has its median at q(0.5^(1/N)), with q the normal quantile, and reaches the upper quartile at
q(0.75^(1/N)). A z is worth 0.5 one such step above that median, so that neither a large library nor a lucky
picture passes for an answer; below and above, the way to 0 and 1 is slow (x / (1 + |x|) of the half steps),
so that what stands out more always comes first. N starts at a hundred: a library of three pictures is judged
as strictly. No number here was fitted to a model.

Looks say how a picture is compared with other texts, not whether it is near enough at all. A model that has
an opinion of its own (see `domain.logistic`) says that: what a z is worth and the opinion are pooled, so
that a right picture in company of similar looks is not lost, and one that only chance lifted is not good.
Both ways were measured on drawn pictures (`tests/benchmarks/own_opinion.py`). There the opinion alone did
better still, but the model of the tests was taught that every true text belongs to a picture. SigLIP's
models are taught so of one text only, and doubt others: in the example that Hugging Face's documentation of
SigLIP gives, two cats get 0.20 and the remote control beside them 0.0000.

A model to which most of the looks are the same (it was taught few words) has no such yardstick. There, the
query's cosines with the other pictures of the library are it. It is not asked for its opinion either: of
words that it was never taught it was as sure as of others.

A model that never learnt a script puts its words anywhere. It is asked only in scripts in which it finds
common things by their names, each compared with the English names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
_KNOWN_FROM = 0.5
_SAME_FROM = 0.99
_FEWEST_LOOKS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One query's view of pictures: how near each lies, seen against unrelated looks or against the library.

    `looks` (n, dimensions) are None where `others`, the query's cosines with pictures, are the yardstick.
    `logistic` is what the model itself thinks of a cosine, where it is asked.
    """

    query: NDArray[np.float32]
    looks: Vectors | None
    others: NDArray[np.float32]
    middle: float
    step: float
    logistic: Logistic | None = None

    def worth(self, picture: NDArray[np.float32]) -> float:
        """Return what the picture's nearness is worth, 0..1; `picture` has unit length."""
        return float(self.worths(picture[None])[0])

    def worths(self, pictures: Vectors) -> Shares:
        """Return what the nearness of each picture is worth, shape (n,), 0..1; all have unit length."""
        others = self.others[None] if self.looks is None else pictures @ self.looks.T
        median = np.median(others, axis=1)
        spread = _NORMAL_CONSISTENCY * np.median(np.abs(others - median[:, None]), axis=1)
        cosines = pictures @ self.query
        z = (cosines - median) / np.maximum(spread, _SMALLEST_DEVIATION)
        half_steps = (z - self.middle) / (_SLOPE_STEPS * self.step)
        measured = np.asarray(0.5 * (1.0 + half_steps / (1.0 + np.abs(half_steps))), np.float64)
        return measured if self.logistic is None else pooled(measured, self.logistic.opinion(cosines))


class Sights:
    """Makes the sight of a query with one encoder; unrelated looks are encoded once."""

    def __init__(self, encoder: TextEncoder, unrelated: Sequence[str] = LOOKS) -> None:
        self._encoder = encoder
        self._unrelated = unrelated
        self._looks: Vectors | None = None
        self._knows: dict[Script, bool] = {}

    def sight(self, text: str, picture_count: int, sample: Callable[[int], Vectors]) -> Sight | None:
        """Return the sight of a query among so many pictures; None in a script that the model cannot read.

        `sample(n)` returns up to n vectors of pictures. May raise what the encoder raises.
        """
        if not self.reads(script_of(text)):
            return None
        middle, step = best_of_nothing(max(_SMALLEST_LIBRARY, picture_count))
        query = self._encoder.encode([text], Purpose.QUERY)[0]
        looks = self.prepare()
        if len(looks) >= _FEWEST_LOOKS:
            return Sight(query, looks, query[:0], middle + step, step, self._encoder.logistic)
        return among(query, sample(SAMPLE_SIZE), picture_count)

    def prepare(self) -> Vectors:
        """Encode the unrelated looks, once, which the first query would wait for.

        Returns those that the model tells apart, shape (n, dimensions).
        """
        if self._looks is None:
            self._looks = _distinct(self._encoder.encode(self._unrelated, Purpose.QUERY))
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
    middle, step = best_of_nothing(max(_SMALLEST_LIBRARY, count))
    cosines = others @ vector if len(others) else np.zeros(1, np.float32)
    different = cosines[cosines < _SAME_FROM]
    return Sight(vector, None, different if len(different) else cosines, middle + step, step)


def best_of_nothing(count: int) -> tuple[float, float]:
    """Return the median of the largest of `count` normal deviates, and the way to its upper quartile."""
    normal = NormalDist()
    middle, upper = (normal.inv_cdf(share ** (1 / count)) for share in (0.5, 0.75))
    return middle, upper - middle


def _distinct(vectors: Vectors) -> Vectors:
    """Leave out vectors that are the same as an earlier one."""
    same = np.triu(vectors @ vectors.T > _SAME_FROM, k=1).any(axis=0)
    return vectors[~same]
