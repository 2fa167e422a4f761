"""Faces are cut out with a margin, whatever their place in the picture."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from heimdex_desktop.domain.scene import Box
from heimdex_desktop.media.jpegs import CROP_SIDE_PX, face_crop, jpeg_of

SHARES = st.floats(0, 1)


def _seen(jpeg: bytes) -> np.ndarray:
    """Return what a JPEG shows, in BGR."""
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))[..., ::-1]


def _with_face(width_px: int, height_px: int, box: Box) -> np.ndarray:
    """Return a grey picture in which the face is red."""
    picture = np.full((height_px, width_px, 3), 128, np.uint8)
    rows = slice(round(box.top * height_px), round(box.bottom * height_px))
    picture[rows, round(box.left * width_px) : round(box.right * width_px)] = (0, 0, 255)
    return picture


def test_a_picture_becomes_a_jpeg_of_its_colours() -> None:
    seen = _seen(jpeg_of(np.full((30, 40, 3), (200, 100, 50), np.uint8), 90))
    assert seen.shape == (30, 40, 3)
    assert np.allclose(seen, (200, 100, 50), atol=4)


def test_a_face_is_in_the_middle_with_some_margin() -> None:
    box = Box(0.4, 0.4, 0.6, 0.6)
    crop = _seen(face_crop(_with_face(500, 500, box), box))
    assert crop.shape == (CROP_SIDE_PX, CROP_SIDE_PX, 3)
    red = crop[..., 2] > 190
    assert red.mean() == pytest.approx(1 / 1.6**2, abs=0.03)
    rows, columns = np.nonzero(red)
    assert (rows.mean(), columns.mean()) == pytest.approx((79.5, 79.5), abs=1.5)


@pytest.mark.parametrize("box", [Box(0, 0, 0.2, 0.2), Box(0.8, 0, 1, 0.2), Box(0.8, 0.8, 1, 1)])
def test_at_the_edge_it_is_moved_inwards(box: Box) -> None:
    crop = _seen(face_crop(_with_face(500, 500, box), box))
    assert (crop[..., 2] > 190).mean() == pytest.approx(1 / 1.6**2, abs=0.03)
    assert crop.min(axis=2).max() > 100, "grey is there"
    assert not (crop.max(axis=2) < 60).any(), "and no black"


def test_what_fills_a_tall_picture_is_seen_whole() -> None:
    box = Box(0, 0.1, 1, 0.9)
    crop = _seen(face_crop(_with_face(100, 400, box), box))
    red = crop[..., 2] > 190
    assert red.any(axis=1).mean() == pytest.approx(1.0, abs=0.03)
    assert red.any(axis=0).mean() == pytest.approx(100 / 320, abs=0.03)
    assert (crop[:, :40].max(axis=2) < 60).all()


@given(
    st.tuples(st.integers(1, 90), st.integers(1, 90)), st.tuples(SHARES, SHARES), st.tuples(SHARES, SHARES)
)
def test_any_box_of_any_picture_can_be_cut_out(
    size_px: tuple[int, int], across: tuple[float, float], down: tuple[float, float]
) -> None:
    (left, right), (top, bottom) = sorted(across), sorted(down)
    picture = np.full((size_px[1], size_px[0], 3), 90, np.uint8)
    before = picture.copy()
    crop = _seen(face_crop(picture, Box(left, top, right, bottom)))
    assert crop.shape == (CROP_SIDE_PX, CROP_SIDE_PX, 3)
    assert crop.max() > 60, "something of the picture is in it"
    assert np.array_equal(picture, before)
