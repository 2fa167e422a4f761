"""Pictures as JPEG: whole ones, and the face cut out of one."""

from typing import cast

import numpy as np

from heimdex_desktop.domain.scene import Box
from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.pictures import Picture

CROP_SIDE_PX = 160

_CROP_QUALITY = 85
_WITH_MARGIN = 1.6
"""So much longer than the face's longer side a crop is: with hair and chin, people are known better."""


def jpeg_of(picture: Picture, quality: int) -> bytes:
    """Return a picture as JPEG of a quality in 1..100."""
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return encoded.tobytes()


def face_crop(picture: Picture, box: Box) -> bytes:
    """Return the face in `box` with some margin, as a JPEG of 160 x 160 px.

    Where the margin would reach beyond the picture, the crop is moved inwards; what lies beyond all the same
    is black.
    """
    left, top, side_px = _square(picture, box)
    square = np.zeros((side_px, side_px, 3), np.uint8)
    piece = picture[max(0, top) : top + side_px, max(0, left) : left + side_px]
    square[max(0, -top) :, max(0, -left) :][: piece.shape[0], : piece.shape[1]] = piece
    way = cv2.INTER_AREA if side_px > CROP_SIDE_PX else cv2.INTER_CUBIC
    return jpeg_of(
        cast("Picture", cv2.resize(square, (CROP_SIDE_PX, CROP_SIDE_PX), interpolation=way)), _CROP_QUALITY
    )


def _square(picture: Picture, box: Box) -> tuple[int, int, int]:
    """Return left, top and side, in pixels, of the square to be cut out; the first two may be below 0."""
    height_px, width_px = picture.shape[:2]
    longer_px = max((box.right - box.left) * width_px, (box.bottom - box.top) * height_px)
    side_px = max(1, round(max(longer_px, min(longer_px * _WITH_MARGIN, width_px, height_px))))
    left = _moved_in((box.left + box.right) / 2 * width_px - side_px / 2, side_px, width_px)
    top = _moved_in((box.top + box.bottom) / 2 * height_px - side_px / 2, side_px, height_px)
    return left, top, side_px


def _moved_in(start_px: float, side_px: int, length_px: int) -> int:
    """Return where to start so that the square lies inside, or in the middle where it is the larger."""
    if side_px >= length_px:
        return (length_px - side_px) // 2
    return min(max(0, round(start_px)), length_px - side_px)
