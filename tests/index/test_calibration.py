"""Cosines become comparable: measured against the best of unrelated texts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.index.background import BACKGROUNDS, Script
from heimdex_desktop.index.calibration import Calibration, Scale, script_of
from tests.index.samples import SynonymEncoder

_COSINES = st.floats(-1, 1)


def _nothing(_size: int) -> Vectors:
    return np.zeros((0, 0), np.float32)


@given(_COSINES, _COSINES, st.lists(_COSINES, min_size=1, max_size=9))
def test_worth_is_a_share_and_monotone(one: float, other: float, tops: list[float]) -> None:
    scale = Scale.of(np.array(tops, np.float32))
    low, high = sorted((one, other))
    assert 0.0 <= scale.worth(low) <= scale.worth(high) <= 1.0


def test_the_usual_best_of_nothing_is_worth_little_and_what_stands_out_much() -> None:
    scale = Scale.of(np.array([0.18, 0.2, 0.22, 0.24, 0.9], np.float32))
    assert scale.worth(scale.median) < 0.15
    assert scale.worth(scale.median + scale.deviation) == pytest.approx(0.5)
    assert scale.worth(scale.median + 3 * scale.deviation) > 0.95


def test_a_library_close_to_everything_raises_the_bar() -> None:
    encoder = SynonymEncoder()
    queries = encoder.encode(BACKGROUNDS[Script.LATIN].queries, Purpose.QUERY)
    alone = Calibration(encoder).scale("pancakes", 0, _nothing)
    crowded = Calibration(encoder).scale("pancakes", 40, lambda _size: queries)
    assert crowded.median > alone.median + 0.2


def test_an_encoder_that_mixes_everything_up_is_worth_nothing() -> None:
    class Confused(SynonymEncoder):
        def encode(self, texts: object, purpose: Purpose) -> Vectors:
            return super().encode([f"noise {number}" for number, _ in enumerate(list(texts))], purpose)  # type: ignore[call-overload]

    scale = Calibration(Confused()).scale("pancakes", 0, _nothing)
    assert scale.is_blind
    assert scale.worth(1.0) == 0.0


def test_measures_again_only_when_the_library_changed_much() -> None:
    asked: list[int] = []

    def sample(size: int) -> Vectors:
        asked.append(size)
        return _nothing(size)

    calibration = Calibration(SynonymEncoder())
    for scene_count in (100, 110, 100, 200, 190, 10):
        calibration.scale("pancakes", scene_count, sample)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("pancakes", Script.LATIN),
        ("AI 학습", Script.HANGUL),
        ("客観的 AI", Script.JAPANESE_OR_CHINESE),
        ("привет", None),
        ("", None),
    ],
)
def test_tells_scripts_apart(text: str, script: Script | None) -> None:
    assert script_of(text) is script


def test_a_script_without_a_yardstick_is_judged_by_the_strictest() -> None:
    calibration = Calibration(SynonymEncoder())
    scales = [calibration.scale(text, 0, _nothing) for text in ("pancakes", "학습", "知識")]
    assert calibration.scale("привет", 0, _nothing) in scales
