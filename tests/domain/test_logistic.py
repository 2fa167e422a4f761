"""A model's opinion of a cosine grows with it, and is weighed evenly against another measure."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.logistic import Logistic, pooled

_COSINES = st.floats(-1, 1)
_SHARES = st.floats(0, 1)
_INSIDE = st.floats(1e-9, 1 - 1e-9)
_LOGISTICS = st.builds(Logistic, st.floats(1, 200), st.floats(-30, 0), st.floats(-15, 0))


@given(_LOGISTICS, _COSINES, _COSINES)
def test_an_opinion_is_inside_a_share_and_follows_the_cosine(
    logistic: Logistic, one: float, other: float
) -> None:
    low, high = logistic.opinion(np.array(sorted((one, other)), np.float32))
    assert 0.0 < low <= high < 1.0


@given(st.floats(1, 200), st.floats(-30, 0), st.floats(-15, 0), _COSINES, st.floats(-5, 5))
def test_how_rare_pairs_were_in_the_training_changes_nothing(
    scale: float, bias: float, prior: float, cosine: float, rarer: float
) -> None:
    """A larger batch moves the bias and what it starts from alike."""
    one, other = Logistic(scale, bias, prior), Logistic(scale, bias - rarer, prior - rarer)
    there = np.array([cosine])
    np.testing.assert_allclose(one.opinion(there), other.opinion(there), rtol=1e-9, atol=1e-12)


def test_it_is_even_where_the_evidence_makes_up_for_one_in_a_hundred() -> None:
    logistic = Logistic(100.0, -16.0, -10.0)
    even = (math.log(99) + 6.0) / 100.0
    assert logistic.opinion(np.array(even)) == pytest.approx(0.5)
    assert logistic.opinion(np.array(0.06)) == pytest.approx(0.01)


@given(_SHARES, _SHARES, _INSIDE, _INSIDE)
def test_a_pool_follows_both_and_lies_between(one: float, other: float, mine: float, yours: float) -> None:
    shares, opinions = np.array(sorted((one, other))), np.array(sorted((mine, yours)))
    low, high = pooled(shares, opinions)
    assert 0.0 <= low <= high <= 1.0
    slack = 1e-9
    assert min(shares[0], opinions[0]) - slack <= low <= max(shares[0], opinions[0]) + slack


@given(_INSIDE)
def test_equal_doubt_on_both_sides_is_even_and_certainty_stays(share: float) -> None:
    assert pooled(np.array(share), np.array(1 - share)) == pytest.approx(0.5)
    assert pooled(np.array([0.0, 1.0]), np.array([share, share])).tolist() == [0.0, 1.0]
