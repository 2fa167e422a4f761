"""Faces are graded as a person would, and brought upright without being bent."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.inference.face_alignment import aligned, cut_out, similarity
from heimdex_desktop.inference.face_detectors import FoundFace
from heimdex_desktop.inference.face_quality import frontality_of, quality_of
from tests.inference.conftest import ReadPicture
from tests.inference.face_samples import UPRIGHT

STRAIGHT = np.array(UPRIGHT, np.float32) * 100
FACE_BOX = np.array([85, 75, 165, 190], np.float32)
"""Where the face is in the photo that is graded here."""


def _sharpness(picture: Picture, box_px: NDArray[np.float32] = FACE_BOX) -> float:
    return quality_of(picture, FoundFace(box_px, STRAIGHT, 1.0)).sharpness


@pytest.fixture
def portrait(photo: ReadPicture) -> Picture:
    return photo("faces/Tony_Blair/Tony_Blair_0001.jpg")


def test_blur_takes_sharpness_away(portrait: Picture) -> None:
    blurred = [cv2.GaussianBlur(portrait, (0, 0), blur_px) for blur_px in (2, 4, 8)]
    graded = [_sharpness(np.asarray(picture, np.uint8)) for picture in (portrait, *blurred)]
    assert graded == sorted(graded, reverse=True)
    assert graded[0] > 0.8
    assert graded[-1] < 0.2


def test_sharpness_does_not_depend_on_size(portrait: Picture) -> None:
    for scale in (0.3, 0.5, 0.8):
        small = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        assert _sharpness(np.asarray(small, np.uint8), FACE_BOX * scale) > 0.8


def test_light_does_not_change_sharpness(portrait: Picture) -> None:
    blurred = np.asarray(cv2.GaussianBlur(portrait, (0, 0), 2), np.uint8)
    assert _sharpness((blurred * 0.4).astype(np.uint8)) == pytest.approx(_sharpness(blurred), abs=0.1)


def test_a_face_outside_the_picture_has_no_sharpness() -> None:
    away = np.array([500, 500, 600, 600], np.float32)
    assert _sharpness(np.full((50, 50, 3), 90, np.uint8), away) == 0


def test_a_straight_face_is_frontal() -> None:
    assert frontality_of(STRAIGHT) > 0.95


@pytest.mark.parametrize("place", [(30, 60), (70, 60), (10, 60), (50, 40), (50, 80)])
def test_a_face_that_turns_away_or_nods_is_not(place: tuple[int, int]) -> None:
    turned = STRAIGHT.copy()
    turned[2] = place
    assert frontality_of(turned) < 0.05


def test_the_further_a_face_turns_the_less_frontal_it_is() -> None:
    graded: list[float] = []
    for nose_x in (50, 55, 60, 65, 70):
        turned = STRAIGHT.copy()
        turned[2, 0] = nose_x
        graded.append(frontality_of(turned))
    assert graded == sorted(graded, reverse=True)


@given(st.floats(-180, 180), st.floats(0.1, 20))
def test_tilting_the_head_and_size_do_not_matter(turn_deg: float, scale: float) -> None:
    turn = np.deg2rad(turn_deg)
    turned = STRAIGHT @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * scale
    assert frontality_of(turned.astype(np.float32)) == pytest.approx(frontality_of(STRAIGHT), abs=0.01)


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=5, max_size=5))
def test_any_points_give_a_share(points: list[tuple[float, float]]) -> None:
    assert 0 <= frontality_of(np.array(points, np.float32)) <= 1


@given(st.floats(-180, 180), st.floats(0.05, 20), st.floats(-500, 500), st.floats(-500, 500))
def test_a_similarity_is_found_again(turn_deg: float, scale: float, x: float, y: float) -> None:
    turn = scale * np.exp(1j * np.deg2rad(turn_deg))
    wanted = (STRAIGHT @ np.array([1, 1j])) * turn + complex(x, y)
    found = similarity(STRAIGHT, np.stack([wanted.real, wanted.imag], axis=1).astype(np.float32))
    expected = [[turn.real, -turn.imag, x], [turn.imag, turn.real, y]]
    np.testing.assert_allclose(found, expected, atol=1e-2, rtol=1e-3)


def test_a_mirrored_face_is_not_mirrored_back() -> None:
    found = similarity(STRAIGHT * np.array([-1, 1], np.float32), STRAIGHT)
    assert np.linalg.det(found[:, :2]) >= 0


@pytest.mark.parametrize("side_px", [40, 120, 900])
def test_an_aligned_face_stands_where_it_is_wanted(side_px: int) -> None:
    picture = np.zeros((1000, 1000, 3), np.uint8)
    points_px = np.array(UPRIGHT, np.float32) * side_px + 30
    for x, y in points_px:
        cv2.circle(picture, (round(float(x)), round(float(y))), side_px // 20, (255, 255, 255), -1)
    chip = aligned(picture, points_px, [(x * 100, y * 100) for x, y in UPRIGHT], (100, 100))
    for x, y in STRAIGHT.astype(int):
        around = chip[y - 6 : y + 7, x - 6 : x + 7, 0].astype(float)
        ys, xs = np.mgrid[-6:7, -6:7]
        middle = np.array([(xs * around).sum(), (ys * around).sum()]) / around.sum()
        assert np.abs(middle).max() < 1.5


def test_points_that_coincide_make_a_chip_without_a_crash() -> None:
    chip = aligned(np.full((50, 50, 3), 200, np.uint8), np.zeros((5, 2), np.float32), UPRIGHT, (10, 10))
    assert chip.shape == (10, 10, 3)


def test_a_cut_out_is_what_lies_inside_the_picture() -> None:
    picture = np.zeros((50, 50, 3), np.uint8)
    picture[:20, :20] = 255
    assert cut_out(picture, np.array([-30, -30, 20, 20], np.float32), (8, 8)).min() == 255
