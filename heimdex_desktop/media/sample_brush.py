"""A few brushes to paint the pictures of the sample clip with."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.pictures import Picture

WIDTH_PX, HEIGHT_PX = 1280, 720

Point = tuple[float, float]
Colour = tuple[int, int, int]
"""Blue, green, red."""

# Points are given to OpenCV in sixteenths of a pixel, so that slow movement does not jerk.
_SHIFT = 4
_ONE = 1 << _SHIFT


def paint(code: str) -> Colour:
    """Turn "rrggbb" into a colour for OpenCV."""
    red, green, blue = bytes.fromhex(code)
    return blue, green, red


def gradient(*stops: tuple[float, str]) -> Picture:
    """Paint a vertical gradient; stops are (height 0..1 from the top, colour), in order."""
    heights = np.linspace(0, 1, HEIGHT_PX)
    places = [place for place, _ in stops]
    colours = np.array([paint(code) for _, code in stops], dtype=float)
    column = np.stack([np.interp(heights, places, colours[:, channel]) for channel in range(3)], axis=1)
    # A little noise hides the steps that 8 bits make in a wide sky.
    noise = np.random.default_rng(7).uniform(-0.8, 0.8, (HEIGHT_PX, WIDTH_PX, 1))
    return np.clip(column[:, np.newaxis] + noise + 0.5, 0, 255).astype(np.uint8)


def ridge(top_px: float, swing_px: float, *, seed: int, fineness: int = 5) -> NDArray[np.float64]:
    """Return the outline of hills: a height in pixels for every column."""
    random = np.random.default_rng(seed)
    along = np.linspace(0, 2 * np.pi, WIDTH_PX)
    outline = np.full(WIDTH_PX, float(top_px))
    for octave in range(fineness):
        wave = np.sin(along * (0.7 + octave * 1.3) + random.uniform(0, 2 * np.pi))
        outline += swing_px * random.uniform(0.5, 1) * wave / (1 + octave)
    return outline


def fill_below(image: Picture, outline: NDArray[np.float64], *, colour: Colour) -> None:
    """Fill everything under an outline that has a height for every column."""
    columns = np.arange(0, WIDTH_PX, 4)
    upper = [(float(column), float(outline[column])) for column in columns]
    polygon(
        image, [*upper, (WIDTH_PX, float(outline[-1])), (WIDTH_PX, HEIGHT_PX), (0, HEIGHT_PX)], colour=colour
    )


def polygon(image: Picture, points: Sequence[Point], *, colour: Colour) -> None:
    corners = np.rint(np.array(points) * _ONE).astype(np.int32)
    cv2.fillPoly(image, [corners], colour, cv2.LINE_AA, _SHIFT)


def disc(image: Picture, centre: Point, *, radius_px: float, colour: Colour) -> None:
    ellipse(image, centre, radii_px=(radius_px, radius_px), colour=colour)


def ellipse(image: Picture, centre: Point, *, radii_px: Point, colour: Colour) -> None:
    middle, axes = _fixed(centre), _fixed(radii_px)
    cv2.ellipse(image, middle, axes, 0, 0, 360, colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def stroke(image: Picture, points: Sequence[Point], *, colour: Colour, width_px: int = 2) -> None:
    corners = np.rint(np.array(points) * _ONE).astype(np.int32)
    cv2.polylines(
        image, [corners], isClosed=False, color=colour, thickness=width_px, lineType=cv2.LINE_AA, shift=_SHIFT
    )


def box(image: Picture, corner: Point, *, size_px: Point, colour: Colour) -> None:
    (left, top), (width, height) = corner, size_px
    polygon(
        image,
        [(left, top), (left + width, top), (left + width, top + height), (left, top + height)],
        colour=colour,
    )


def glow(radius_px: int, colour: Colour, *, strength: float = 1.0) -> Picture:
    """Make a soft light to be added to a picture; shape (2r, 2r, 3)."""
    reach = np.linspace(-1, 1, 2 * radius_px)
    distance = np.hypot(reach[:, np.newaxis], reach[np.newaxis])
    light = np.clip(1 - distance, 0, 1) ** 2.2 * strength
    return np.clip(light[..., np.newaxis] * np.array(colour), 0, 255).astype(np.uint8)


def add_light(image: Picture, light: Picture, *, centre: Point) -> None:
    """Add a glow to a picture where it lies inside it."""
    height, width = light.shape[:2]
    left, top = round(centre[0] - width / 2), round(centre[1] - height / 2)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(WIDTH_PX, left + width), min(HEIGHT_PX, top + height)
    if x0 < x1 and y0 < y1:
        part = image[y0:y1, x0:x1]
        part[:] = cv2.add(part, light[y0 - top : y1 - top, x0 - left : x1 - left])


def letter(image: Picture, text: str, *, centre: Point, scale: float, colour: Colour) -> None:
    """Write a line of text around a centre; `scale` 1 is about 22 px high."""
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    origin = (round(centre[0] - width / 2), round(centre[1] + height / 2))
    cv2.putText(image, text, origin, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv2.LINE_AA)


def soften(image: Picture, radius_px: float) -> Picture:
    """Blur a picture, as fog or distance does."""
    return cast("Picture", cv2.GaussianBlur(image, (0, 0), radius_px))


def _fixed(point: Point) -> tuple[int, int]:
    return round(point[0] * _ONE), round(point[1] * _ONE)
