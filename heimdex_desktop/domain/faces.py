"""A face in a picture: where it is, how well it can be seen, and what tells it from others."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.scene import Box, SceneId

Points = tuple[tuple[float, float], ...]
"""Left eye, right eye, nose, left and right corner of the mouth, as seen in the picture: left has the
smaller x of an upright face. In shares (0..1) of the picture's width and height."""

_LOOK_EVERY_MS = 1_000
_MOST_LOOKS = 12
"""Of a longer scene the pictures lie further apart: a face that matters is seen for seconds."""

DECIMALS = 5
"""So exactly are places in a picture kept: a hundredth of a pixel."""


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How much a face can be trusted.

    `size_px` is its shorter side, `sharpness` 0 (blurred) to 1, `frontality` 0 (profile) to 1 (straight on).
    """

    size_px: int
    sharpness: float
    frontality: float

    @property
    def score(self) -> float:
        """One number in 0..1 for weighing observations."""
        return min(1.0, self.size_px / 112) * self.sharpness * self.frontality


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """One face in one picture. `vector` (unit length, float32) is personal: it is never shown or logged."""

    box: Box
    points: Points
    confidence: float
    quality: FaceQuality
    vector: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face and where in a video it was seen."""

    scene_id: SceneId
    at_ms: int
    face: FaceObservation


def look_count(length_ms: int) -> int:
    """Return in how many pictures, evenly apart, faces are looked for in a scene of this length."""
    return min(_MOST_LOOKS, max(1, length_ms // _LOOK_EVERY_MS))
