"""How long the rest of a transfer takes."""

import pytest

from heimdex_desktop.ui.transfer_pace import TransferPace


def steadily(
    pace: TransferPace, *, seconds: int, bytes_per_s: int, start_s: float = 0, start: int = 0
) -> None:
    for tenth in range(seconds * 10 + 1):
        pace.note(start_s + tenth / 10, start + tenth * bytes_per_s // 10)


def test_a_steady_transfer_is_foretold() -> None:
    pace = TransferPace()
    steadily(pace, seconds=10, bytes_per_s=1_000_000)
    assert pace.eta_s(40_000_000) == pytest.approx(30, rel=0.02)
    assert pace.eta_s(10_000_000) == 0


def test_nothing_is_said_before_it_is_known() -> None:
    pace = TransferPace()
    assert pace.eta_s(1000) is None
    steadily(pace, seconds=1, bytes_per_s=1_000_000)
    assert pace.eta_s(40_000_000) is None


def test_what_was_here_before_makes_nothing_faster() -> None:
    pace = TransferPace()
    pace.note(0, 1000)
    pace.note(0.1, 500_000_000)
    steadily(pace, seconds=5, bytes_per_s=1_000_000, start_s=0.1, start=500_000_000)
    assert pace.eta_s(510_000_000) == pytest.approx(5, rel=0.1)


def test_it_follows_a_line_that_became_slow() -> None:
    pace = TransferPace()
    steadily(pace, seconds=30, bytes_per_s=10_000_000)
    steadily(pace, seconds=20, bytes_per_s=100_000, start_s=30, start=300_000_000)
    assert pace.eta_s(303_000_000) == pytest.approx(10, rel=0.05)


def test_the_time_in_which_bytes_are_compared_does_not_count() -> None:
    pace = TransferPace()
    steadily(pace, seconds=5, bytes_per_s=1_000_000)
    for second in range(5, 60):
        pace.note(second, 5_000_000, is_checking=True)
    assert pace.eta_s(10_000_000) == pytest.approx(5, rel=0.05)
    steadily(pace, seconds=5, bytes_per_s=1_000_000, start_s=60, start=5_000_000)
    assert pace.eta_s(20_000_000) == pytest.approx(10, rel=0.05)


def test_where_nothing_comes_there_is_no_estimate() -> None:
    pace = TransferPace()
    steadily(pace, seconds=20, bytes_per_s=0)
    assert pace.eta_s(1000) is None
