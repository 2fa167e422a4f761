"""How sure it is that a text is true of a picture, by their vectors and no number fitted to one model."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.logistic import Logistic, Shares, pooled
from heimdex_desktop.inference.weights import unit_rows

Scores = NDArray[np.float32]
"""Shape (pictures, tags), each in 0..1."""

Mask = NDArray[np.bool_]

_FEWEST = 10
_TINY = float(np.finfo(np.float32).tiny)


class Panel:
    """Texts of a vocabulary, ready to be compared with pictures.

    `tags` holds for each tag the mean of the unit vectors of its wordings, `neutral` the unit vectors of
    sentences that are true of every picture. At most `most` tags hold at once. `rivals` marks those that
    compete: one that is near a picture only because it means much the same as a surer one is not told beside
    it. What the surer one explains is taken out of the picture first (orthogonal matching pursuit, Pati et
    al., 1993). `logistic` is what the model itself thinks of a cosine, where it does.
    """

    def __init__(
        self, tags: Vectors, neutral: Vectors, rivals: Mask, *, most: int, logistic: Logistic | None = None
    ) -> None:
        self._wordings = tags
        self._neutral = neutral
        self._rivals = rivals
        self._most = most
        self._logistic = logistic
        units = unit_rows(tags)
        # Texts about pictures share one large direction, that of being such a text; it tells nothing apart.
        self._shared = units.mean(axis=0)
        self._apart = (units - self._shared).astype(np.float32)
        self._directions = unit_rows(self._apart)

    def outstanding(self, pictures: Vectors) -> Scores:
        """Score tags by how far each stands out from all tags of its picture.

        Were all tags untrue, their cosines would scatter, and the highest of so many would follow Gumbel's
        distribution (Fisher & Tippett, 1928). The score is the chance that it stays below this tag's.
        A tag no nearer than the neutral sentences gets 0. Where many tags are true, none stands out much: a
        model with an opinion of its own is asked too, about the mean of a tag's wordings, and the score is
        the pool of both.
        """
        rows = [self._pursue(picture, self._chances(picture)) for picture in pictures]
        return _stacked(rows, len(self._apart))

    def _chances(self, picture: Vectors) -> Callable[[Vectors], Scores]:
        whole = self._directions @ picture
        middle, spread = float(whole.mean()), max(float(whole.std()), _TINY)
        told = self._apart @ picture + self._shared @ picture > (self._neutral @ picture).mean()
        opinions = self._logistic.opinion(self._wordings @ picture) if self._logistic else None

        def measure(rest: Vectors) -> Scores:
            deviations = (self._directions @ rest - middle) / spread
            chances = chance_that_noise_stays_below(deviations.astype(np.float32), len(whole))
            return np.where(told, _judged(chances, opinions), np.float32(0))

        return measure

    def _pursue(self, picture: Vectors, measure: Callable[[Vectors], Scores]) -> Scores:
        """Measure the rivals one by one, the surest first, each by what those before it leave unexplained."""
        whole = measure(picture)
        scores = np.where(self._rivals, np.float32(0), whole)
        left, explained = self._rivals.copy(), np.zeros((0, len(picture)), np.float32)
        for _ in range(min(self._most, int(left.sum()))):
            # To take something out may lower a tag, but is no reason to believe it more.
            rest = np.asarray(picture - explained.T @ (explained @ picture), np.float32)
            measured = np.minimum(measure(rest), whole)
            best = int(np.argmax(np.where(left, measured, -1.0)))
            scores[best], left[best] = measured[best], False
            explained = _with_direction(explained, self._directions[best])
        return scores


def _judged(chances: Scores, opinions: Shares | None) -> Scores:
    return chances if opinions is None else pooled(chances, opinions).astype(np.float32)


def _stacked(rows: Sequence[Scores], tags: int) -> Scores:
    return np.array(rows, np.float32).reshape(-1, tags)


def chance_that_noise_stays_below(deviations: Vectors, count: int) -> Scores:
    """Return how likely the highest of `count` normal deviates is lower than each of these, in 0..1."""
    # For very few the series below is of no use; from about ten on it is.
    root = math.sqrt(2 * math.log(max(count, _FEWEST)))
    location = root - (math.log(root * root / 2) + math.log(4 * math.pi)) / (2 * root)
    # Far below, the chance is 0 in any case, and the inner exponential would not fit.
    return np.exp(-np.exp(-np.maximum((deviations - location) * root, -30.0))).astype(np.float32)


def _with_direction(basis: Vectors, direction: Vectors) -> Vectors:
    """Add a direction to orthonormal rows (Gram & Schmidt)."""
    rest = (direction - basis.T @ (basis @ direction)).astype(np.float32)
    return np.vstack([basis, unit_rows(rest[None])])
