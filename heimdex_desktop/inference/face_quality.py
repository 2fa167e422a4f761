"""How well a face can be seen: its size, its sharpness, and how straight it looks at the camera."""

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.faces import FaceQuality
from heimdex_desktop.inference.face_alignment import cut_out
from heimdex_desktop.inference.face_detectors import FoundFace

# Above this size what counts is blur in proportion to the face; below it, every pixel does.
_LARGEST_SIDE_PX = 64
_WINDOW_PX = 5
# Photos of people reach 0.4 to 0.65 at any size; blurred by 4 % of the face's width they reach 0.1.
_BLURRED, _SHARP = 0.1, 0.4
_GREY = np.array([0.114, 0.587, 0.299], np.float32)


def quality_of(picture: Picture, face: FoundFace) -> FaceQuality:
    """Measure a face; see FaceQuality for what the numbers mean."""
    size_px = max(1, round(face.size_px))
    side_px = min(size_px, _LARGEST_SIDE_PX)
    grey = cut_out(picture, face.box_px, (side_px, side_px)) @ _GREY
    return FaceQuality(size_px, sharpness_of(grey), frontality_of(face.points_px))


def sharpness_of(grey: NDArray[np.float32]) -> float:
    """Return 0 (blurred) to 1 (sharp) for a grey picture of at most some 64 px.

    The measure of Crete et al. (2007): blurring a sharp picture once more takes much away from the
    differences between neighbours, blurring a blurred one hardly any. Light and contrast do not matter.
    """
    lost = min(_lost_by_blurring(grey), _lost_by_blurring(grey.T))
    return min(1.0, max(0.0, (lost - _BLURRED) / (_SHARP - _BLURRED)))


def frontality_of(points_px: NDArray[np.float32]) -> float:
    """Return 1 for a face that looks straight at the camera, falling to 0 for a profile.

    On a straight face the nose lies half-way between the eyes and half-way from the eyes to the mouth;
    turning the head moves it sideways, nodding up and down. Both are measured along the line of the eyes,
    so that a tilted head is as good as an upright one. At about 45° to a side the nose is below an eye: 0.
    """
    left_eye, right_eye, nose, *corners = points_px.astype(np.float64) @ np.array([1, 1j])
    line = right_eye - left_eye
    if abs(line) < 1:
        return 0.0
    # In units of the line between the eyes: the real part runs along it, the imaginary part down the face.
    beside = ((nose - left_eye) / line).real
    down_to_nose, down_to_mouth = ((point - left_eye) / line for point in (nose, sum(corners) / 2))
    if down_to_mouth.imag <= 0:
        return 0.0
    return _nearness_to_half(beside) * _nearness_to_half(down_to_nose.imag / down_to_mouth.imag)


def _nearness_to_half(share: float) -> float:
    return float(max(0.0, 1 - (2 * share - 1) ** 2))


def _lost_by_blurring(grey: NDArray[np.float32]) -> float:
    """Return the share (0..1) of the differences along a row that averaging along it takes away."""
    if grey.shape[1] < _WINDOW_PX:
        return 0.0
    margin = _WINDOW_PX // 2
    padded = np.pad(grey.astype(np.float64), ((0, 0), (margin, margin)), mode="edge")
    averaged = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW_PX, axis=1).mean(axis=2)
    sharp, blurred = (np.abs(np.diff(rows, axis=1)) for rows in (grey.astype(np.float64), averaged))
    whole = float(sharp.sum())
    return float(np.maximum(0, sharp - blurred).sum()) / whole if whole else 0.0
