"""Drawn pictures with words about them: what the tiny model learns from and test clips are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.media.opencv import cv2

MOST = 4
_SUBPIXELS = 4
_GROUND_FROM = 0.74


class Colour(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"
    WHITE = "white"


class Shape(StrEnum):
    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    STAR = "star"
    RING = "ring"
    CROSS = "cross"
    HEART = "heart"


class Hour(StrEnum):
    DAY = "day"
    NIGHT = "night"


class Ground(StrEnum):
    GRASS = "grass"
    SAND = "sand"
    SNOW = "snow"
    SEA = "sea"


class Size(StrEnum):
    SMALL = "small"
    BIG = "big"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a picture shows: `count` equal shapes; a single one also has a size and a side."""

    colour: Colour
    shape: Shape
    count: int
    hour: Hour
    ground: Ground
    size: Size | None = None
    side: Side | None = None

    @property
    def is_kept_back(self) -> bool:
        """Whether no training picture may show this mix of colour, shape and number: one in five."""
        return (list(Colour).index(self.colour) + 2 * list(Shape).index(self.shape) + self.count) % 5 == 0


_CHOICES: dict[str, Sequence[object]] = {
    "colour": tuple(Colour),
    "shape": tuple(Shape),
    "count": tuple(range(1, MOST + 1)),
    "hour": tuple(Hour),
    "ground": tuple(Ground),
    "size": tuple(Size),
    "side": tuple(Side),
}
FACETS = tuple(field.name for field in fields(Sight))
"""What can be said of a sight, in the order of `numbers_of`."""


def all_sights() -> tuple[Sight, ...]:
    """Return every sight there is, in a fixed order."""
    several = (
        Sight(colour, shape, count, hour, ground)
        for colour, shape, count, hour, ground in product(Colour, Shape, range(2, MOST + 1), Hour, Ground)
    )
    single = (
        Sight(colour, shape, 1, hour, ground, size, side)
        for colour, shape, hour, ground, size, side in product(Colour, Shape, Hour, Ground, Size, Side)
    )
    return (*several, *single)


def numbers_of(sight: Sight) -> NDArray[np.int8]:
    """Return a sight as one small number a facet; -1 for a facet that it does not have."""
    said = [getattr(sight, facet) for facet in FACETS]
    return np.array(
        [
            -1 if value is None else _CHOICES[facet].index(value)
            for facet, value in zip(FACETS, said, strict=True)
        ],
        np.int8,
    )


def draw(sight: Sight, rng: Generator, *, width_px: int = 160, height_px: int = 120) -> Picture:
    """Draw a sight; every call gives other places, tones and grain."""
    picture = _backdrop(sight, rng, width_px, height_px)
    unit = min(width_px, height_px * 4 / 3)
    colour = _toned(_COLOURS[sight.colour], rng, 14)
    for x, y, radius in _places(sight, rng):
        outline = _outline(sight.shape, rng) * (radius * unit) + (x * width_px, y * height_px)
        _fill(picture, sight.shape, outline, colour)
    grain = rng.normal(0.0, rng.uniform(0.0, 5.0), picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


Bgr = tuple[int, int, int]

_COLOURS: dict[Colour, Bgr] = {
    Colour.RED: (32, 28, 214),
    Colour.ORANGE: (20, 128, 246),
    Colour.YELLOW: (30, 226, 246),
    Colour.GREEN: (50, 160, 34),
    Colour.BLUE: (210, 60, 26),
    Colour.PURPLE: (150, 36, 116),
    Colour.PINK: (190, 130, 250),
    Colour.WHITE: (248, 248, 248),
}
_SKIES: dict[Hour, Bgr] = {Hour.DAY: (232, 206, 158), Hour.NIGHT: (44, 22, 16)}
_GROUNDS: dict[Ground, Bgr] = {
    Ground.GRASS: (56, 122, 74),
    Ground.SAND: (128, 186, 218),
    Ground.SNOW: (242, 236, 232),
    Ground.SEA: (150, 96, 22),
}
_NIGHT_SHARE = 0.6


def _backdrop(sight: Sight, rng: Generator, width_px: int, height_px: int) -> NDArray[np.float64]:
    picture = np.empty((height_px, width_px, 3))
    shade = np.linspace(rng.uniform(-12, 0), rng.uniform(0, 12), height_px)[:, None, None]
    picture[:] = np.array(_toned(_SKIES[sight.hour], rng, 10)) + shade
    horizon = round(height_px * rng.uniform(_GROUND_FROM, _GROUND_FROM + 0.06))
    ground = np.array(_toned(_GROUNDS[sight.ground], rng, 12), float)
    picture[horizon:] = ground * (_NIGHT_SHARE if sight.hour is Hour.NIGHT else 1.0)
    if sight.ground is Ground.SEA:
        waves = np.sin(np.arange(height_px - horizon) * rng.uniform(1.0, 2.0) + rng.uniform(0, 6))
        picture[horizon:] += 18 * waves[:, None, None]
    return picture


def _places(sight: Sight, rng: Generator) -> list[tuple[float, float, float]]:
    """Choose the middle (in shares of the picture) and the radius of each shape, so that none overlap."""
    if sight.count == 1:
        radius = rng.uniform(0.09, 0.12) if sight.size is Size.SMALL else rng.uniform(0.20, 0.25)
        x = rng.uniform(0.24, 0.34)
        return [(x if sight.side is Side.LEFT else 1 - x, rng.uniform(0.34, 0.42), radius)]
    slots = rng.permutation(
        [(0.18, 0.19), (0.5, 0.19), (0.82, 0.19), (0.18, 0.55), (0.5, 0.55), (0.82, 0.55)]
    )
    shifts = rng.uniform(-0.03, 0.03, slots.shape)
    radius = rng.uniform(0.10, 0.13)
    return [(x, y, radius) for x, y in (slots + shifts)[: sight.count]]


def _outline(shape: Shape, rng: Generator) -> NDArray[np.float64]:
    """Return the outline around (0, 0) with radius 1 as points, y growing downwards, slightly tilted."""
    turn = rng.uniform(-0.15, 0.15)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return _points(shape) @ spin


def _points(shape: Shape) -> NDArray[np.float64]:
    if shape in {Shape.CIRCLE, Shape.RING}:
        return _around(np.ones(48))
    if shape is Shape.SQUARE:
        return np.array([(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)])
    if shape is Shape.TRIANGLE:
        return np.array([(0, -1), (0.95, 0.75), (-0.95, 0.75)])
    if shape is Shape.STAR:
        return _around(np.tile([1.1, 0.42], 5))
    if shape is Shape.CROSS:
        corner = [(0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3), (0.3, 1)]
        return np.array([*corner, *((-x, -y) for x, y in corner)])
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x = 16 * np.sin(angle) ** 3
    y = 13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle)
    return np.stack([x, -y], axis=1) / 16


def _around(radii: NDArray[np.float64]) -> NDArray[np.float64]:
    angles = np.arange(len(radii)) * (2 * np.pi / len(radii)) - np.pi / 2
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii[:, None]


def _fill(picture: NDArray[np.float64], shape: Shape, outline: NDArray[np.float64], colour: Bgr) -> None:
    mask = np.zeros(picture.shape[:2], np.uint8)
    rings = [outline]
    if shape is Shape.RING:
        rings.append((outline - outline.mean(axis=0)) * 0.55 + outline.mean(axis=0))
    points = [np.round(ring * 2**_SUBPIXELS).astype(np.int32) for ring in rings]
    cv2.fillPoly(mask, points, 255, cv2.LINE_AA, _SUBPIXELS)
    share = mask[..., None] / 255
    picture[:] = picture * (1 - share) + np.array(colour, float) * share


def _toned(colour: Bgr, rng: Generator, spread: int) -> Bgr:
    blue, green, red = (int(value) for value in np.clip(colour + rng.normal(0, spread / 2, 3), 0, 255))
    return blue, green, red
