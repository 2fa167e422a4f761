"""Tags for how close the camera is: close-up, medium shot or wide shot, told by the size of a face."""

from collections.abc import Mapping, Sequence

import numpy as np

CLOSE_UP, MEDIUM, WIDE = "close-up", "medium shot", "wide shot"

SHOT_SIZES = frozenset({CLOSE_UP, MEDIUM, WIDE})
"""Every tag that `shot_sizes_of` can give."""

_FLOOR = 0.35
# Film people name a shot by what of a body is in the picture: all of it in a wide (long) shot, down to the
# waist or the hip in a medium shot, head and shoulders in a close-up (Salt, 1974). A standing person is about
# 7.5 heads high and a face, from brow to chin, 0.8 of a head. So a face takes a tenth of the picture's height
# where a whole body fits, a fifth where it is cut at the waist, and two fifths where only the shoulders
# remain. Between these, a shot is a little of both: (shares of the height), (scores there).
_SCORES = {
    WIDE: ((0.09, 0.15), (1.0, 0.0)),
    MEDIUM: ((0.09, 0.15, 0.28, 0.40), (0.0, 1.0, 1.0, 0.0)),
    CLOSE_UP: ((0.28, 0.40), (0.0, 1.0)),
}


def shot_sizes_of(face_heights: Sequence[float]) -> Mapping[str, float]:
    """Return a score of 0.35..1 for each shot size that occurs.

    `face_heights` holds, for each picture of a scene that shows a face, the height of the largest one as a
    share (0..1) of the picture's height.
    """
    scores = {
        name: max((float(np.interp(height, *curve)) for height in face_heights), default=0.0)
        for name, curve in _SCORES.items()
    }
    return {name: round(score, 2) for name, score in scores.items() if score >= _FLOOR}
