"""Names for colours, as people use them, and how much of a picture has which name.

The names are the eleven basic colour terms of Berlin and Kay ("Basic Color Terms", 1969). A colour
gets the name of the nearest example in CIELAB (ISO/CIE 11664-4), with lightness counting half: a dark
and a light green are both green. Skin and sand are examples without a name, because nobody would call
a face orange.
"""

from collections.abc import Mapping
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.pictures import Picture

COLOUR_NAMES = (
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "brown",
    "white",
    "grey",
    "black",
)
"""Every colour that has a name here; the last three have no hue."""


_NAMELESS = "skin and sand"
_EXAMPLES = {
    "red": ("d01c1f", "8e1116", "e8483f", "b22234", "5f0d10"),
    "orange": ("f58220", "e0701c", "ffa347"),
    "yellow": ("f7d917", "e3c53a", "fff27a", "c9a90a"),
    "green": ("2e8b3a", "1e4d25", "7fbf4d", "55702f", "9dd89a", "3f9f7f", "8a9a3b"),
    "blue": ("1f5fbf", "16305e", "6fb1e8", "35a0c8", "9fcdee", "2b7fa8", "3b4fc4", "0f2340", "1f4e5f"),
    "purple": ("6a2c91", "9b5fc0", "3f1a5c", "7d62c8", "b99ae0"),
    "pink": ("f48fb1", "e0408a", "f7b6cb", "ff69b4", "d98aa8"),
    "brown": ("6b4423", "8b5a2b", "4a2c17", "9a6237", "5c3a28"),
    "white": ("ffffff", "f2f2f2", "e6e8ea"),
    "grey": ("808080", "4d4d4d", "b5b5b5", "666a6e", "9a9a96", "333333"),
    "black": ("000000", "141414", "1e1e1e"),
    _NAMELESS: ("e0b196", "c99a78", "f0d5bf", "d8c3a5", "a98467", "bfae93", "8c7560", "d9a48f", "6e5a4a"),
}
_LIGHTNESS_WEIGHT = 0.5
_STEPS = 32
_STEP_WIDTH = 256 // _STEPS
_LOOK_PX = (64, 36)


def colour_shares(image: Picture) -> Mapping[str, float]:
    """Say which part of a picture (0..1) each named colour covers; colours that are absent are left out.

    `image` is blue-green-red; the shares add up to at most 1, the rest being skin and sand.
    """
    small = cast("Picture", cv2.resize(image, _LOOK_PX, interpolation=cv2.INTER_AREA))
    blue, green, red = (small[..., channel] // _STEP_WIDTH for channel in range(3))
    names = _names_by_colour()[blue, green, red]
    counts = np.bincount(names.ravel(), minlength=len(_EXAMPLES))
    shares = (counts / names.size).tolist()
    return {name: share for name, share in zip(COLOUR_NAMES, shares, strict=False) if share > 0}


@cache
def _names_by_colour() -> NDArray[np.uint8]:
    """Name every colour once: shape (32, 32, 32) over blue, green, red, values index the examples."""
    levels = (np.arange(_STEPS) * _STEP_WIDTH + _STEP_WIDTH / 2).astype(np.float32)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(1, -1, 3)
    colours = _lab(grid)
    nearest = np.full(len(colours), np.inf, dtype=np.float32)
    names = np.zeros(len(colours), dtype=np.uint8)
    for index, name in enumerate((*COLOUR_NAMES, _NAMELESS)):
        for example in _lab(np.array([[_bgr(code) for code in _EXAMPLES[name]]], dtype=np.float32)):
            distance = np.linalg.norm(colours - example, axis=1)
            closer = distance < nearest
            nearest[closer], names[closer] = distance[closer], index
    return names.reshape(_STEPS, _STEPS, _STEPS)


def _lab(bgr: NDArray[np.float32]) -> NDArray[np.float32]:
    lab = cast("NDArray[np.float32]", cv2.cvtColor(bgr / np.float32(255), cv2.COLOR_BGR2LAB))
    return lab.reshape(-1, 3) * np.array([_LIGHTNESS_WEIGHT, 1, 1], dtype=np.float32)


def _bgr(code: str) -> tuple[int, ...]:
    return tuple(reversed(bytes.fromhex(code)))
