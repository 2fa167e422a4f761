"""Cutting a face out of a picture in the way in which an embedder has learned to see faces."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.inference.native import environment_kept


def similarity(points: NDArray[np.float32], wanted: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the shift, turn and scale, shape (2, 3), that bring points closest to the wanted ones.

    It is the least-squares solution of Umeyama (1991) for a plane. With points as complex numbers it is
    one quotient, and it can never mirror a face. Points that all coincide shrink to nothing.
    """
    have, want = (array.astype(np.float64) @ np.array([1, 1j]) for array in (points, wanted))
    have_middle, want_middle = have.mean(), want.mean()
    have = have - have_middle
    spread = float(np.sum(np.abs(have) ** 2))
    turn = np.sum(have.conj() * (want - want_middle)) / spread if spread else 0j
    shift = want_middle - turn * have_middle
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def aligned(
    picture: Picture,
    points_px: NDArray[np.float32],
    wanted_px: Sequence[tuple[float, float]],
    size_px: tuple[int, int],
) -> Picture:
    """Return a picture of `size_px` (width, height) in which the face's points lie at `wanted_px`."""
    with environment_kept():
        import cv2
    wanted = np.array(wanted_px, np.float32)
    scale = float(np.hypot(*similarity(points_px, wanted)[:, 0]))
    if 0 < scale < 0.5:
        # Warping looks at four pixels only; a large face is first made smaller by averaging.
        picture, points_px = _halved(picture, points_px, 2 * scale)
    turn = similarity(points_px, wanted)
    return np.asarray(cv2.warpAffine(picture, turn, size_px, flags=cv2.INTER_LINEAR), np.uint8)


def cut_out(picture: Picture, box_px: NDArray[np.float32], size_px: tuple[int, int]) -> Picture:
    """Return what lies in the box, stretched to `size_px` (width, height); black where that is nothing."""
    with environment_kept():
        import cv2
    height_px, width_px = picture.shape[:2]
    left, top = np.maximum(0, np.floor(box_px[:2])).astype(int)
    right, bottom = np.minimum((width_px, height_px), np.ceil(box_px[2:])).astype(int)
    if left >= right or top >= bottom:
        return np.zeros((size_px[1], size_px[0], 3), np.uint8)
    piece = np.ascontiguousarray(picture[top:bottom, left:right])
    way = cv2.INTER_AREA if piece.shape[0] > size_px[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(piece, size_px, interpolation=way), np.uint8)


def _halved(
    picture: Picture, points_px: NDArray[np.float32], scale: float
) -> tuple[Picture, NDArray[np.float32]]:
    import cv2

    height_px, width_px = (max(1, round(side_px * scale)) for side_px in picture.shape[:2])
    small = np.asarray(cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)
    ratios = np.array([width_px / picture.shape[1], height_px / picture.shape[0]], np.float32)
    # The centre of the first pixel is 0, so that a half is lost on each side.
    return small, (points_px + 0.5) * ratios - 0.5
