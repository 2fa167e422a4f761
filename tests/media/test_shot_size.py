"""Shot sizes follow the convention of film, and are few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.media.shot_size import CLOSE_UP, MEDIUM, SHOT_SIZES, WIDE, shot_sizes_of


@pytest.mark.parametrize(
    ("face_height", "size"),
    [(0.03, WIDE), (0.08, WIDE), (0.16, MEDIUM), (0.25, MEDIUM), (0.42, CLOSE_UP), (1.0, CLOSE_UP)],
)
def test_a_clear_case_has_one_tag(face_height: float, size: str) -> None:
    assert shot_sizes_of([face_height]) == {size: 1.0}


def test_a_picture_in_between_is_a_little_of_both() -> None:
    assert shot_sizes_of([0.34]) == {MEDIUM: 0.5, CLOSE_UP: 0.5}
    assert shot_sizes_of([0.12]) == {WIDE: 0.5, MEDIUM: 0.5}


def test_a_scene_without_faces_has_none() -> None:
    assert shot_sizes_of([]) == {}


def test_a_scene_has_the_sizes_of_all_its_pictures() -> None:
    assert shot_sizes_of([0.05, 0.6]) == {WIDE: 1.0, CLOSE_UP: 1.0}


@given(st.floats(0, 1))
def test_any_face_tells_something_and_doubt_is_left_out(face_height: float) -> None:
    sizes = shot_sizes_of([face_height])
    assert sizes.keys() <= SHOT_SIZES
    assert 1 <= len(sizes) <= 2
    assert all(0.35 <= score <= 1 for score in sizes.values())


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_face_is_never_a_wider_shot(one: float, other: float) -> None:
    smaller, larger = (shot_sizes_of([height]) for height in sorted((one, other)))
    assert larger.get(WIDE, 0) <= smaller.get(WIDE, 0)
    assert larger.get(CLOSE_UP, 0) >= smaller.get(CLOSE_UP, 0)
