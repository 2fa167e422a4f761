"""A picture model's own opinion of a cosine, and how another measure is weighed together with it.

SigLIP's pairwise sigmoid loss (Zhai et al., 2023) teaches a model the chance that a text and a picture are
a pair in a batch of its training, where nearly all are none. So the chance of a right pair is small, and the
more so the less a text says: what is true of many pictures points at none. What travels is the evidence.
`scale * cosine + bias` tends to the log of how much more often the two go together than by accident, plus
the log-odds that any two in the batch do (Levy & Goldberg, 2014, show it for the same loss over words), and
these are where the bias starts from (Zhai et al., 3.2). They are taken away, and the odds of a library put
in their place: one picture in a hundred is what a text is about. With a scale of 113 and a bias of -17, as
SigLIP 2 models have, the opinion is even at a cosine of 0.10, where the chance itself is below 0.005.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]
"""Numbers in 0..1, of any shape."""

_PICTURES_FOR_ONE = 100
_LIBRARY_LOG_ODDS = -math.log(_PICTURES_FOR_ONE - 1)
_MOST_LOG_ODDS = 30.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """What a model learnt to think of a cosine: `1 / (1 + exp(-(scale * cosine + bias)))` in its training.

    `prior` is the log-odds, before training, that two of a batch are a pair.
    """

    scale: float
    bias: float
    prior: float

    def opinion(self, cosines: NDArray[np.floating]) -> Shares:
        """Return for each cosine the chance that the picture is what the text is about, inside 0..1."""
        evidence = self.scale * np.asarray(cosines, np.float64) + self.bias - self.prior
        log_odds = np.clip(evidence + _LIBRARY_LOG_ODDS, -_MOST_LOG_ODDS, _MOST_LOG_ODDS)
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def pooled(shares: NDArray[np.floating], opinions: Shares) -> Shares:
    """Return the middle, by log-odds, of a measure (0..1) and a model's opinion (0..1, neither end reached).

    That is the logarithmic pool of two equal experts (Genest & Zidek, 1986): where one doubts, the other has
    to be sure. A measure of 0 or of 1 stays what it is.
    """
    measured = np.asarray(shares, np.float64)
    for_it, against = np.sqrt(measured * opinions), np.sqrt((1.0 - measured) * (1.0 - opinions))
    return np.asarray(for_it / (for_it + against))
