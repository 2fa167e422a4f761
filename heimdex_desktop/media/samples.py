"""What a picture looks like in numbers, measured now and then while a video is watched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.media.colours import colour_shares
from heimdex_desktop.media.frames import Frame
from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.transitions import Glimpse

SAMPLE_EVERY_MS = 500
MOTION_LAG_MS = 200
"""Motion is the difference of two pictures this far apart."""

_MAX_SAMPLES = 20_000
_DETAIL_SIDE_PX = 256
_PALETTE_SHAPE = (3, 4)
_FLAT_GRADIENT = 6.0
_EDGE_GRADIENT = 60.0
_SAME_COLOUR = 6.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a video.

    `lightness` is the mean CIELAB L (0..100) and `dark_end`, `bright_end` its 5th and 95th percentile;
    `chroma` is the 90th percentile of the distance from grey (0..about 130). `sharpness` is the variance
    of the Laplacian at a fixed size (0 is a plain area; Pech-Pacheco et al., "Diatom autofocusing in
    brightfield microscopy", 2000). `motion` is the mean delta E against the picture 0.2 s before.
    `flat` and `edges` are the shares (0..1) of pixels with next to no and with a strong gradient,
    `plain` the share that has nearly the picture's median colour.
    `palette` holds the CIELAB means of 3 x 4 fields, rounded to whole numbers.
    """

    at_ms: int
    lightness: float = 50.0
    dark_end: float = 10.0
    bright_end: float = 90.0
    chroma: float = 20.0
    sharpness: float = 100.0
    motion: float = 0.0
    flat: float = 0.0
    edges: float = 0.0
    plain: float = 0.0
    colours: Mapping[str, float] = field(default_factory=dict[str, float])
    palette: tuple[int, ...] = (50, 0, 0) * 12


def sample_of(frame: Frame, seen: Glimpse, *, motion: float) -> Sample:
    """Measure a frame; `seen` is its glimpse, `motion` its difference to the picture 0.2 s before."""
    lightness = seen[..., 0]
    chroma = np.hypot(seen[..., 1], seen[..., 2])
    dark_end, bright_end = np.percentile(lightness, (5, 95))
    grey = _grey(frame)
    gradient = _gradient(grey)
    return Sample(
        at_ms=frame.at_ms,
        lightness=float(lightness.mean()),
        dark_end=float(dark_end),
        bright_end=float(bright_end),
        chroma=float(np.percentile(chroma, 90)),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        motion=motion,
        flat=float((gradient < _FLAT_GRADIENT).mean()),
        edges=float((gradient > _EDGE_GRADIENT).mean()),
        plain=_plain(seen),
        colours=colour_shares(frame.image),
        palette=_palette(seen),
    )


def unlikeness(one: Sequence[Sample], other: Sequence[Sample]) -> float:
    """Say how different two stretches look: the mean delta E of their average palettes, 0 is alike."""
    if not one or not other:
        return 0.0
    means = [np.mean([sample.palette for sample in side], axis=0).reshape(-1, 3) for side in (one, other)]
    return float(np.linalg.norm(means[0] - means[1], axis=1).mean())


class Sampler:
    """Decides which frames to measure: two a second, and ever fewer of a very long video.

    When 20,000 samples are there, every second one is dropped and the step doubles, so that memory
    is bounded whatever length the file claims.
    """

    def __init__(self, *, every_ms: int = SAMPLE_EVERY_MS, most: int = _MAX_SAMPLES) -> None:
        self._every_ms = every_ms
        self._most = most
        self._next_ms = 0
        self._samples: list[Sample] = []

    def wants(self, at_ms: int) -> bool:
        return at_ms >= self._next_ms

    def keep(self, sample: Sample) -> None:
        self._samples.append(sample)
        if len(self._samples) > self._most:
            self._samples = self._samples[::2]
            self._every_ms *= 2
        self._next_ms = self._samples[-1].at_ms + self._every_ms

    @property
    def samples(self) -> tuple[Sample, ...]:
        return tuple(self._samples)


def _grey(frame: Frame) -> NDArray[np.uint8]:
    """Shrink or enlarge to one width or height, because sharpness depends on the size it is measured at."""
    height_px, width_px = frame.image.shape[:2]
    ratio = _DETAIL_SIDE_PX / max(height_px, width_px)
    size_px = (max(8, round(width_px * ratio)), max(8, round(height_px * ratio)))
    grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY)
    return cast("NDArray[np.uint8]", cv2.resize(grey, size_px, interpolation=cv2.INTER_AREA))


def _gradient(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0) / 4
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1) / 4
    return cast("NDArray[np.float32]", cv2.magnitude(across, down))


def _plain(seen: Glimpse) -> float:
    distance = np.linalg.norm(seen - np.median(seen, axis=(0, 1)), axis=2)
    return float((distance < _SAME_COLOUR).mean())


def _palette(seen: Glimpse) -> tuple[int, ...]:
    rows, columns = _PALETTE_SHAPE
    fields = seen.reshape(rows, seen.shape[0] // rows, columns, seen.shape[1] // columns, 3)
    return tuple(int(value) for value in np.rint(fields.mean(axis=(1, 3))).ravel())
