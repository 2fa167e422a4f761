"""How good rankings are: recall, reciprocal rank and discounted gain, with the noise of few queries.

A ranking is the list of hits, each the set of scenes that it carries: the scene itself, those beside it and
its copies. A hit with any right scene is a right hit; whatever else it carries is found at its rank too.
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Answer

RECALLS = (1, 5, 10)
MEASURES = (*(f"R@{depth}" for depth in RECALLS), "MRR", "nDCG")
_DEPTH = 10
_RESAMPLES = 1_000
_SEED = 1_000

Ranking = Sequence[AbstractSet[SceneId]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries with its bootstrap interval of 95 % (Efron, 1979)."""

    mean: float
    low: float
    high: float


def ranking_of(answer: Answer) -> Ranking:
    """Return the scenes that each hit carries."""
    return [{scene.id for scene in (hit.scene, *hit.near, *hit.copies)} for hit in answer.hits]


def score(ranking: Ranking, right: AbstractSet[SceneId]) -> tuple[float, ...]:
    """Return the measures of one query, in the order of `MEASURES`, each in 0..1.

    Recall@k is the share found of what k hits can hold; nDCG@10 discounts by log2(1 + rank) (Järvelin &
    Kekäläinen, Cumulated gain-based evaluation, 2002), where scenes that share a hit are wanted only once.
    """
    found, missing = list[int](), set(right)
    for carried in ranking:
        found.append(len(missing & carried))
        missing -= carried
    recalls = [min(1.0, sum(found[:depth]) / min(depth, len(right))) for depth in RECALLS]
    first = next((rank for rank, count in enumerate(found, 1) if count), None)
    gain = sum(1 / math.log2(1 + rank) for rank, count in enumerate(found[:_DEPTH], 1) if count)
    shared = sum(count - 1 for count in found[:_DEPTH] if count)
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(_DEPTH, len(right) - shared) + 1))
    return (*recalls, 1 / first if first else 0.0, gain / ideal)


def estimates(scores: Sequence[Sequence[float]]) -> Mapping[str, Estimate]:
    """Return each measure over queries; `scores` are what `score` gives, one for each query."""
    table = np.asarray(scores, np.float64)
    means = _resampled(table)
    low, high = np.percentile(means, (2.5, 97.5), axis=0)
    return {
        measure: Estimate(float(mean), float(one), float(other))
        for measure, mean, one, other in zip(MEASURES, table.mean(axis=0), low, high, strict=True)
    }


def gain_over(scores: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> Mapping[str, Estimate]:
    """Return by how much one ranking is better than the other on the same queries."""
    return estimates((np.asarray(scores, np.float64) - np.asarray(others, np.float64)).tolist())


def interval_of_share(flags: Sequence[bool]) -> Estimate:
    """Return the share of what is true, 0..1."""
    means = _resampled(np.asarray(flags, np.float64)[:, None])
    low, high = np.percentile(means, (2.5, 97.5))
    return Estimate(sum(flags) / len(flags), float(low), float(high))


def percentiles_ms(took_ms: Sequence[float]) -> tuple[float, float, float]:
    """Return the times that 50, 95 and 99 of 100 searches stay below."""
    middle, most, nearly_all = np.percentile(took_ms, (50, 95, 99))
    return float(middle), float(most), float(nearly_all)


def _resampled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the means of as many queries, drawn with replacement, shape (resamples, measures)."""
    rng = np.random.default_rng(_SEED)
    chosen = rng.integers(len(table), size=(_RESAMPLES, len(table)))
    return table[chosen].mean(axis=1)
