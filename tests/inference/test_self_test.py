"""A device is used only when it computes what the CPU computes, and faster."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from heimdex_desktop.inference.self_test import (
    Kind,
    Measure,
    Measured,
    NotUsed,
    Passed,
    Precision,
    first_line,
    self_test,
)
from heimdex_desktop.inference.trials import measure_speech_engine, measure_torch, speech_precisions

HALVES = (Precision.FLOAT16, Precision.BFLOAT16)
RIGHT = np.random.default_rng(0).standard_normal((4, 32)).astype(np.float32)
SECONDS = st.floats(min_value=1e-5, max_value=100.0)
REAL = [pytest.param(measure_torch, id="torch"), pytest.param(measure_speech_engine, id="speech")]


@dataclass
class Machine:
    """A computer with one GPU whose speed and results are chosen; what is not chosen raises."""

    cpu_s: float = 1.0
    gpu_s: Mapping[Precision, float] = field(default_factory=lambda: {Precision.FLOAT32: 0.1})
    results: Mapping[Precision, NDArray[np.float32]] = field(
        default_factory=dict[Precision, "NDArray[np.float32]"]
    )
    larger: Mapping[int, float] = field(default_factory=dict[int, float])
    """Seconds of a larger batch."""

    def measure(self, kind: Kind, precision: Precision, factor: int) -> Measured:
        if kind is Kind.CPU:
            return Measured(self.cpu_s / (2 if precision is Precision.INT8 else 1), RIGHT)
        if precision not in self.gpu_s or (factor > 1 and factor not in self.larger):
            raise RuntimeError("no kernel image is available for execution on the device\nmore lines")
        seconds = self.gpu_s[precision] if factor == 1 else self.larger[factor]
        return Measured(seconds, self.results.get(precision, RIGHT))


@given(SECONDS, SECONDS)
def test_a_right_device_is_used_when_it_is_faster_and_proves_it(cpu_s: float, gpu_s: float) -> None:
    verdict = self_test(Kind.CUDA, Machine(cpu_s, {Precision.FLOAT32: gpu_s}).measure)
    if gpu_s < cpu_s:
        assert isinstance(verdict, Passed)
        assert (verdict.proof.seconds, verdict.proof.cpu_seconds) == (gpu_s, cpu_s)
        assert verdict.proof.times_faster > 1
    else:
        assert isinstance(verdict, NotUsed)
        assert "not faster than the CPU" in verdict.why


WRONG = [
    pytest.param(np.zeros_like(RIGHT), id="nothing computed"),
    pytest.param(RIGHT * np.float32(1.05), id="a little off"),
    pytest.param(RIGHT[::-1].copy(), id="another order"),
    pytest.param(RIGHT[:2], id="only half of it"),
    pytest.param(np.where(RIGHT > 2, np.float32(np.nan), RIGHT), id="not a number"),
    pytest.param(np.where(RIGHT > 2, np.float32(np.inf), RIGHT), id="infinite"),
]


@pytest.mark.parametrize("result", WRONG)
def test_wrong_results_are_refused_however_fast_they_come(result: NDArray[np.float32]) -> None:
    machine = Machine(gpu_s={Precision.FLOAT32: 1e-6}, results={Precision.FLOAT32: result})
    assert self_test(Kind.MPS, machine.measure) == NotUsed("computes wrong results")


def test_a_device_that_raises_is_not_used_and_its_words_are_told() -> None:
    verdict = self_test(Kind.CUDA, Machine(gpu_s={}).measure)
    assert isinstance(verdict, NotUsed)
    assert "no kernel image is available" in verdict.why
    assert "more lines" not in verdict.why


@given(SECONDS, SECONDS, SECONDS)
def test_a_coarser_number_is_taken_only_when_it_saves_a_tenth(full: float, half: float, brain: float) -> None:
    times = {Precision.FLOAT32: full, Precision.FLOAT16: half, Precision.BFLOAT16: brain}
    verdict = self_test(Kind.CUDA, Machine(1e3, times).measure, coarser=HALVES)
    assert isinstance(verdict, Passed)
    chosen = times[verdict.precision]
    assert verdict.proof.seconds == chosen
    assert chosen == full or chosen < 0.9 * full
    assert half >= 0.9 * chosen or verdict.precision is not Precision.FLOAT32


@pytest.mark.parametrize("result", WRONG)
def test_a_coarser_number_that_is_wrong_is_not_taken(result: NDArray[np.float32]) -> None:
    times = {Precision.FLOAT32: 0.5, Precision.FLOAT16: 0.01}
    machine = Machine(gpu_s=times, results={Precision.FLOAT16: result})
    verdict = self_test(Kind.CUDA, machine.measure, coarser=HALVES)
    assert isinstance(verdict, Passed)
    assert verdict.precision is Precision.FLOAT32


def test_the_speed_to_beat_is_that_of_what_the_cpu_would_use() -> None:
    machine = Machine(cpu_s=1.0, gpu_s={Precision.FLOAT32: 0.7})
    assert isinstance(self_test(Kind.CUDA, machine.measure), Passed)
    assert isinstance(self_test(Kind.CUDA, machine.measure, on_cpu=Precision.INT8), NotUsed)


@pytest.mark.parametrize(
    ("larger", "factor"),
    [
        pytest.param({4: 0.11, 16: 0.2}, 16, id="each is cheaper"),
        pytest.param({4: 0.11, 16: 0.44}, 4, id="no gain beyond four"),
        pytest.param({4: 0.39, 16: 0.2}, 1, id="no gain at all"),
        pytest.param({4: 0.11}, 4, id="no room for sixteen"),
        pytest.param({}, 1, id="no room for four"),
    ],
)
def test_the_batch_grows_while_that_pays(larger: dict[int, float], factor: int) -> None:
    verdict = self_test(Kind.CUDA, Machine(larger=larger).measure)
    assert isinstance(verdict, Passed)
    assert verdict.batch_factor == factor


@pytest.mark.parametrize("measure", REAL)
def test_the_cpu_really_computes_the_same_result_each_time(measure: Measure) -> None:
    first, second = (measure(Kind.CPU, Precision.FLOAT32, 1) for _ in range(2))
    assert first.seconds > 0
    assert first.result.dtype == np.float32
    assert np.isfinite(first.result).all()
    assert np.linalg.norm(first.result) > 1
    np.testing.assert_allclose(first.result, second.result, atol=1e-5)


@pytest.mark.parametrize("measure", REAL)
def test_the_first_piece_does_not_depend_on_the_batch(measure: Measure) -> None:
    one, four = (measure(Kind.CPU, Precision.FLOAT32, factor) for factor in (1, 4))
    np.testing.assert_allclose(one.result, four.result, atol=1e-4)


@pytest.mark.parametrize(
    ("measure", "precision"), [(measure_torch, Precision.BFLOAT16), (measure_speech_engine, Precision.INT8)]
)
def test_coarse_numbers_are_right_within_what_is_allowed(measure: Measure, precision: Precision) -> None:
    """The CPU stands in for a device that is a hundred times as fast; its results are its own."""
    if precision is Precision.INT8 and precision not in speech_precisions(Kind.CPU):
        pytest.skip("this CPU computes no int8")

    def fast(kind: Kind, asked: Precision, factor: int) -> Measured:
        measured = measure(Kind.CPU, asked, 1)
        seconds = {Kind.CPU: 1.0}.get(kind, 0.01 if asked is Precision.FLOAT32 else 0.001)
        return Measured(seconds * factor, measured.result)

    verdict = self_test(Kind.CUDA, fast, coarser=[precision])
    assert isinstance(verdict, Passed)
    assert verdict.precision is precision
    assert verdict.batch_factor == 1


@pytest.mark.parametrize("measure", REAL)
def test_a_device_that_is_not_there_is_refused_by_the_real_engine(measure: Measure) -> None:
    """No computer has both, so one of them is always missing."""
    verdicts = [self_test(kind, measure) for kind in (Kind.CUDA, Kind.MPS)]
    assert any(isinstance(each, NotUsed) and "stops with an error" in each.why for each in verdicts)


def test_words_of_an_engine_fit_into_a_sentence() -> None:
    assert first_line("  It broke.\nat line 7") == "It broke"
    assert len(first_line("x" * 1_000)) < 200
    assert first_line("") == ""
