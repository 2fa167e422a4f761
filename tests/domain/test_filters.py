"""What filters mean, where that is more than comparing two values."""

from datetime import date
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from heimdex_desktop.domain.filters import Comparison, InFolder, Period, SpokenIn

_HOME = PurePosixPath("/home/Mina")
_FILM = PurePosixPath("/home/mina/My Films/Été/snow.mp4")


@pytest.mark.parametrize(
    ("folder", "is_met"),
    [
        ("films", True),
        ("MY  FILMS/e\u0301té", True),
        ("my films/ete", False),
        ("Été/", True),
        ("snow", False),
        ("/home/mina", True),
        ("/mina", False),
        ("~", True),
        ("~/My", True),
        ("~/Films", False),
        ("~mina", False),
        ("\\home\\mina\\", True),
    ],
)
def test_in_a_folder(folder: str, *, is_met: bool) -> None:
    assert InFolder(folder).holds(_FILM, _HOME) is is_met


@pytest.mark.parametrize(
    ("folder", "is_met"), [("c:/films", True), ("C:\\Films\\", True), ("d:/films", False)]
)
def test_in_a_folder_of_windows(folder: str, *, is_met: bool) -> None:
    location = PureWindowsPath("C:\\Films\\snow.mp4")
    assert InFolder(folder).holds(location, PureWindowsPath("C:\\Users\\Mina")) is is_met


def test_a_language_is_met_by_its_regions() -> None:
    assert SpokenIn("pt").holds("pt-BR")
    assert SpokenIn("pt-br").holds("pt-BR")
    assert not SpokenIn("pt-br").holds("pt")
    assert not SpokenIn("pt").holds("ptx")
    assert not SpokenIn("pt").holds(None)


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        (Period(2024), date(2024, 1, 1), date(2025, 1, 1)),
        (Period(2024, 12), date(2024, 12, 1), date(2025, 1, 1)),
        (Period(2024, 2, 29), date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_a_period_is_half_open(period: Period, first: date, end: date) -> None:
    assert (period.first, period.end) == (first, end)


@pytest.mark.parametrize("parts", [(2023, 2, 29), (2024, 13), (9999,), (9999, 12, 31), (0,)])
def test_a_day_there_is_not_makes_no_period(parts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"year|month|day|range"):
        Period(*parts)


@pytest.mark.parametrize(
    ("comparison", "met"),
    [
        (Comparison.EQUAL, [2]),
        (Comparison.LESS, [1]),
        (Comparison.AT_MOST, [1, 2]),
        (Comparison.MORE, [3]),
        (Comparison.AT_LEAST, [2, 3]),
    ],
)
def test_comparisons(comparison: Comparison, met: list[int]) -> None:
    assert [number for number in (1, 2, 3) if comparison.holds(number, 2)] == met
