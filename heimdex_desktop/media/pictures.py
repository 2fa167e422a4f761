"""Turning what a decoder gives into upright pictures with square pixels."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Shape (height, width, 3), blue-green-red, 0..255, upright, with square pixels."""

_PLAUSIBLE_ASPECT = (Fraction(1, 8), Fraction(8))
_HD_HEIGHT_PX = 720
_UNSPECIFIED_COLOURS = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """How a stream is shown: its size as displayed, and the quarter turns left that make it upright."""

    width_px: int
    height_px: int
    quarter_turns_left: int

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn from stored to upright: 0, 90, 180 or 270."""
        return -90 * self.quarter_turns_left % 360

    def fitted(self, max_side_px: int | None) -> "Shape":
        """Shrink so that the longer side is at most `max_side_px`; never enlarge."""
        longer = max(self.width_px, self.height_px)
        if max_side_px is None or longer <= max_side_px:
            return self
        return Shape(
            max(1, round(self.width_px * max_side_px / longer)),
            max(1, round(self.height_px * max_side_px / longer)),
            self.quarter_turns_left,
        )


def shape_of(frame: VideoFrame, stream: VideoStream) -> Shape:
    """Work out how a frame is displayed: pixels made square along the width, then turned upright."""
    low, high = _PLAUSIBLE_ASPECT
    aspect = stream.sample_aspect_ratio
    if not aspect or not low <= aspect <= high:
        aspect = Fraction(1)
    width_px, height_px = max(1, round(frame.width * aspect)), frame.height
    turns = round(frame.rotation / 90) % 4
    if turns % 2:
        width_px, height_px = height_px, width_px
    return Shape(width_px, height_px, turns)


class Developer:
    """Makes pictures of one size out of frames, however the frames change along the way.

    The picture is shrunk while still in the decoder's colours: at 320 px that takes 0.4 ms for a
    1080p frame, a fifth of converting first and shrinking after.
    """

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._reformatter = VideoReformatter()

    def develop(self, frame: VideoFrame) -> Picture:
        width_px, height_px = self._shape.width_px, self._shape.height_px
        if self._shape.quarter_turns_left % 2:
            width_px, height_px = height_px, width_px
        flat = self._reformatter.reformat(
            frame,
            width=width_px,
            height=height_px,
            format="bgr24",
            src_colorspace=_colour_matrix(frame),
            interpolation=Interpolation.AREA,
            threads=1,
        )
        stored = np.asarray(flat.to_ndarray(), dtype=np.uint8)
        return np.ascontiguousarray(np.rot90(stored, self._shape.quarter_turns_left))


def _colour_matrix(frame: VideoFrame) -> int | None:
    """High definition that does not name its colours means BT.709, as every player assumes."""
    if frame.colorspace == _UNSPECIFIED_COLOURS and frame.height >= _HD_HEIGHT_PX:
        return Colorspace.ITU709
    return None
