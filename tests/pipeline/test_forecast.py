"""The forecast is honest: nothing before it is known, and right when the work is even."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.pipeline.forecast import Backlog, Pace
from tests.pipeline.samples import SLOTS, SPECS, video_id


def test_nothing_is_forecast_before_the_work_was_measured() -> None:
    backlog = Backlog(SPECS, SLOTS)
    backlog.put(video_id(1), 60.0, ["look"])
    assert backlog.eta_s(Pace(), []) is None


def test_nothing_left_takes_no_time() -> None:
    assert Backlog(SPECS, SLOTS).eta_s(Pace(), []) == 0.0


def test_even_work_is_forecast_exactly_and_shared_by_the_threads_of_a_lane() -> None:
    pace = Pace()
    pace.learn("look", seconds=6.0, video_s=60.0)
    backlog = Backlog(SPECS, SLOTS)
    for number in range(10):
        backlog.put(video_id(number), 120.0, ["look"])
    assert backlog.eta_s(pace, []) == pytest.approx(10 * 12.0 / 2)
    assert backlog.eta_s(pace, [(video_id(0), "look", 0.5)]) == pytest.approx(9.5 * 12.0 / 2)


def test_videos_of_unknown_length_count_as_the_usual_one() -> None:
    pace = Pace()
    pace.learn("look", seconds=1.0, video_s=1.0)
    backlog = Backlog(SPECS, SLOTS)
    backlog.put(video_id(1), 100.0, ["look"])
    backlog.put(video_id(2), None, ["look"])
    assert backlog.eta_s(pace, []) == pytest.approx(200.0 / 2)


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(1, 1e5), st.sets(st.sampled_from(["look", "words"])))))
def test_the_sums_agree_with_counting_anew(steps: list[tuple[int, float, set[str]]]) -> None:
    pace = Pace()
    for stage in ("look", "words"):
        pace.learn(stage, seconds=1.0, video_s=2.0)
    kept = Backlog(SPECS, SLOTS)
    last: dict[int, tuple[float, set[str]]] = {}
    for number, any_length_s, stages in steps:
        length_s = last[number][0] if number in last else any_length_s
        kept.put(video_id(number), length_s, stages)
        last[number] = (length_s, stages)
    fresh = Backlog(SPECS, SLOTS)
    for number, (length_s, stages) in last.items():
        fresh.put(video_id(number), length_s, stages)
    assert kept.eta_s(pace, []) == pytest.approx(fresh.eta_s(pace, []), abs=1e-3)
