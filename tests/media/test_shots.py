"""Shots: cuts where they are, and nowhere else."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from heimdex_desktop.media.frames import Frame, read_frames
from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.shots import ShotFinder

Picture = NDArray[np.uint8]
GAP_MS = 40


def view(seed: int, *, width_px: int = 96) -> Picture:
    """A soft pattern of colours, another one for every seed."""
    cells = np.random.default_rng(seed).integers(0, 256, (6, width_px // 12, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(cells, (width_px, 54), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def hold(picture: Picture, count: int) -> list[Picture]:
    return [picture] * count


def dissolve(one: Picture, other: Picture, count: int) -> Iterator[Picture]:
    for number in range(1, count + 1):
        share = number / (count + 1)
        yield np.asarray(cv2.addWeighted(one, 1 - share, other, share, 0), dtype=np.uint8)


def cuts_ms(pictures: Iterable[Picture], *, stamps_ms: Sequence[int] | None = None) -> list[int]:
    finder = ShotFinder()
    at_ms = 0
    for number, picture in enumerate(pictures):
        at_ms = stamps_ms[number] if stamps_ms else number * GAP_MS
        finder.see(Frame(at_ms, picture))
    return [shot.span.start_ms for shot in finder.shots(at_ms + GAP_MS)[1:]]


def test_a_cut_is_found_at_the_first_frame_of_the_new_shot() -> None:
    assert cuts_ms([*hold(view(1), 30), *hold(view(2), 30), *hold(view(3), 30)]) == [1200, 2400]


def test_times_are_those_of_the_frames_when_their_rate_varies() -> None:
    gaps_ms = [20] * 25 + [70] * 25 + [33] * 40
    stamps_ms = [0, *np.cumsum(gaps_ms).tolist()]
    pictures = [*hold(view(1), 40), *hold(view(2), 51)]
    assert cuts_ms(pictures, stamps_ms=stamps_ms) == [stamps_ms[40]]


def test_a_flash_is_not_a_cut() -> None:
    dark, flash = view(1) // 3, np.full_like(view(1), 250)
    assert cuts_ms([*hold(dark, 40), *hold(flash, 3), *hold(dark, 40)]) == []


def test_a_dissolve_is_found_once_near_its_middle() -> None:
    one, other = view(1), view(2)
    found = cuts_ms([*hold(one, 50), *dissolve(one, other, 12), *hold(other, 50)])
    assert len(found) == 1
    assert abs(found[0] - 56 * GAP_MS) <= 200


def test_a_fade_through_black_is_one_change() -> None:
    one, other, black = view(1), view(2), np.zeros_like(view(1))
    fade = [*dissolve(one, black, 12), *hold(black, 4), *dissolve(black, other, 12)]
    found = cuts_ms([*hold(one, 50), *fade, *hold(other, 50)])
    assert len(found) == 1
    assert 48 * GAP_MS <= found[0] <= 80 * GAP_MS


def test_a_moving_camera_is_neither_a_cut_nor_a_dissolve() -> None:
    wide = view(5, width_px=960)
    assert cuts_ms(np.ascontiguousarray(wide[:, 3 * step : 3 * step + 96]) for step in range(200)) == []


def test_one_frame_is_one_shot_and_no_frame_is_none() -> None:
    finder = ShotFinder()
    assert finder.shots(0) == ()
    finder.see(Frame(0, view(1)))
    assert [shot.span.length_ms for shot in finder.shots(40)] == [40]


@pytest.mark.parametrize("shape", [(1, 1, 3), (6, 10, 3), (320, 20, 3)])
def test_pictures_of_any_shape_are_watched(shape: tuple[int, int, int]) -> None:
    dark, light = np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)
    assert cuts_ms([*hold(dark, 20), *hold(light, 20)]) == [800]


@settings(max_examples=25)
@given(
    runs=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 25)), min_size=1, max_size=6),
    gap_ms=st.sampled_from([1, 8, 40, 900]),
)
def test_shots_always_tile_the_video(runs: list[tuple[int, int]], gap_ms: int) -> None:
    finder = ShotFinder()
    pictures = [picture for seed, count in runs for picture in hold(view(seed, width_px=24), count)]
    for number, picture in enumerate(pictures):
        finder.see(Frame(number * gap_ms, picture))
    spans = [shot.span for shot in finder.shots(len(pictures) * gap_ms)]
    assert spans[0].start_ms == 0
    assert spans[-1].end_ms == len(pictures) * gap_ms
    assert all(one.end_ms == other.start_ms for one, other in pairwise(spans))
    assert all(span.length_ms > 0 for span in spans)


def _found_s(path: Path) -> list[float]:
    finder, last_ms = ShotFinder(), 0
    for frame in read_frames(path, max_side_px=320):
        finder.see(frame)
        last_ms = frame.at_ms
    return [shot.span.start_ms / 1000 for shot in finder.shots(last_ms + 1)[1:]]


@pytest.mark.parametrize(
    "name",
    ["ai_explainer", "bikes", "cooking_sisters", "counter_colours", "hamilton", "nasa_mirror", "tv_show"],
)
def test_every_cut_of_a_real_film_is_found_and_nothing_else(real_media: Path, name: str) -> None:
    truth = json.loads((real_media / "truth" / "shots" / f"{name}.json").read_text(encoding="utf-8"))
    found_s = _found_s(real_media / truth["file"])
    cuts_s = [cut["time_s"] - truth["first_pts_s"] for cut in truth["hard_cuts"]]
    windows_s = [(window["start_s"] - 0.2, window["end_s"] + 0.2) for window in truth["gradual"]]
    hits = [min(found_s, key=lambda at_s: abs(at_s - cut_s)) for cut_s in cuts_s]
    assert hits == pytest.approx(cuts_s, abs=0.1)
    spare_s = [at_s for at_s in found_s if at_s not in hits]
    assert all(any(start_s <= at_s <= end_s for start_s, end_s in windows_s) for at_s in spare_s)


@pytest.mark.parametrize("name", ["aquarium.mp4", "basketball_gym.mp4", "baseball.mp4", "birthday.mp4"])
def test_a_single_take_has_no_cut(real_media: Path, name: str) -> None:
    assert _found_s(real_media / "clips" / name) == []
