"""The measures of the benchmark: known rankings have known values, and noise is no regression."""

import math
from pathlib import Path

import pytest

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Verdict
from tests.benchmarks import quality_figures
from tests.benchmarks.asking import CALIBRATED, WAYS, Asked
from tests.benchmarks.libraries import Wanted
from tests.benchmarks.measures import MEASURES, estimates, gain_over, percentiles_ms, score
from tests.benchmarks.quality_figures import Figures, regressions, save

_A, _B, _C, _X = (SceneId(letter) for letter in "abcx")


def _measured(ranking: list[set[SceneId]], right: set[SceneId]) -> dict[str, float]:
    return dict(zip(MEASURES, score(ranking, right), strict=True))


def test_the_right_scene_first_is_perfect() -> None:
    assert set(score([{_A}, {_X}], {_A})) == {1.0}


def test_the_right_scene_third() -> None:
    found = _measured([{_X}, {_B}, {_A}], {_A})
    assert (found["R@1"], found["R@5"]) == (0.0, 1.0)
    assert found["MRR"] == pytest.approx(1 / 3)
    assert found["nDCG"] == pytest.approx(1 / math.log2(4))


def test_a_scene_that_a_hit_carries_counts_at_its_rank() -> None:
    assert set(score([{_A, _B}], {_B})) == {1.0}
    assert set(score([{_A, _B}, {_X}], {_A, _B})) == {1.0}


def test_recall_is_a_share_of_what_so_many_hits_can_hold() -> None:
    found = _measured([{_A}, {_X}, {_B}], {_A, _B, _C})
    assert found["R@1"] == 1.0
    assert found["R@5"] == pytest.approx(2 / 3)
    assert found["nDCG"] == pytest.approx((1 + 0.5) / (1 + 1 / math.log2(3) + 0.5))


def test_nothing_found_is_worth_nothing() -> None:
    assert set(score([], {_A})) == {0.0}
    assert set(score([{_X}], {_A})) == {0.0}


def test_the_interval_holds_the_mean_and_narrows_with_more_queries() -> None:
    few = estimates([(1.0,) * 5, (0.0,) * 5] * 5)["MRR"]
    many = estimates([(1.0,) * 5, (0.0,) * 5] * 500)["MRR"]
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5


def test_a_gain_is_measured_query_by_query() -> None:
    better, worse = [(1.0,) * 5, (0.5,) * 5], [(0.9,) * 5, (0.4,) * 5]
    gain = gain_over(better, worse)["nDCG"]
    assert gain.low == pytest.approx(0.1)
    assert gain.high == pytest.approx(0.1)


def test_percentiles() -> None:
    assert percentiles_ms(list(range(101))) == (50.0, 95.0, 99.0)


def _asked(value: float, verdict: Verdict, *, hopeless: bool = False) -> Asked:
    scores = {} if hopeless else dict.fromkeys(WAYS, (value,) * len(MEASURES))
    return Asked(Wanted("text"), verdict, value, scores, {CALIBRATED: 5.0})


def _figures(values: list[float], verdict: Verdict = Verdict.GOOD) -> Figures:
    return Figures.of([_asked(value, verdict) for value in values])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(quality_figures, "FILE", tmp_path / "figures.toml")
    return tmp_path / "figures.toml"


def test_the_same_figures_are_no_regression(file: Path) -> None:
    figures = {"words": _figures([1.0, 0.5, 0.0, 1.0])}
    save("anywhere", figures)
    assert regressions("anywhere", figures) == []
    assert "date" in file.read_text("utf-8")


@pytest.mark.usefixtures("file")
def test_one_query_less_is_noise_and_many_are_not() -> None:
    save("anywhere", {"words": _figures([1.0] * 20)})
    assert regressions("anywhere", {"words": _figures([1.0] * 19 + [0.0])}) == []
    worse = regressions("anywhere", {"words": _figures([1.0] * 10 + [0.0] * 10)})
    assert len(worse) == len(MEASURES)


@pytest.mark.usefixtures("file")
def test_more_false_verdicts_are_a_regression_on_either_side() -> None:
    hopeless = [[_asked(0.1, verdict, hopeless=True)] * 20 for verdict in (Verdict.NONE, Verdict.GOOD)]
    save("anywhere", {"words": _figures([1.0] * 20), "nothing": Figures.of(hopeless[0])})
    assert regressions("anywhere", {"words": _figures([1.0] * 20, Verdict.NONE)})
    assert regressions("anywhere", {"nothing": Figures.of(hopeless[1])})
    assert not regressions("anywhere", {"nothing": Figures.of(hopeless[0])})


@pytest.mark.usefixtures("file")
def test_keeping_one_part_leaves_the_other_and_unknown_sets_are_told() -> None:
    save("anywhere", {"words": _figures([1.0])})
    save("with media", {"photos": _figures([1.0])})
    assert regressions("anywhere", {"words": _figures([1.0])}) == []
    assert regressions("with media", {"words": _figures([1.0])}) == [
        "words: no figures are kept. Measure with --write."
    ]
