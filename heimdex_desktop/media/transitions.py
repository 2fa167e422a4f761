"""Small pictures of the last second, and what they tell about dissolves, fades and flashes."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.pictures import Picture

Glimpse = NDArray[np.float32]
"""A picture shrunk to shape (18, 32, 3) in CIELAB: L 0..100, a and b about -100..100."""

_GLIMPSE_PX = (32, 18)
_TRAIL_MS = 1200

_LAG_MS = 720
_QUIET_MS = 200
_MIN_FRAMES = 4
_MIN_CHANGE = 14.0
_MIN_CHANGE_TO_MOTION = 2.5
_MAX_RESIDUAL = 0.35
_MAX_STEP = 0.6
_MAX_STEP_BACK = 0.12
_PROBES = 5
_SAME_DISSOLVE_MS = 400


def glimpse(image: Picture) -> Glimpse:
    """Shrink a blue-green-red picture to what an eye keeps of it at a glance."""
    small = cv2.resize(image, _GLIMPSE_PX, interpolation=cv2.INTER_AREA)
    return cast("Glimpse", cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB))


def difference(one: Glimpse, other: Glimpse) -> float:
    """Mean colour difference of two glimpses, in CIE 1976 delta E: 0 is equal, 2 is just seen."""
    gap = one - other
    return float(np.sqrt(np.einsum("ijk,ijk->ij", gap, gap)).mean())


class Trail:
    """The glimpses of the last 1.2 seconds, found by time."""

    def __init__(self) -> None:
        self._times_ms: list[int] = []
        self._glimpses: list[Glimpse] = []

    def add(self, at_ms: int, picture: Glimpse) -> None:
        self._times_ms.append(at_ms)
        self._glimpses.append(picture)
        stale = bisect_left(self._times_ms, at_ms - _TRAIL_MS)
        del self._times_ms[:stale], self._glimpses[:stale]

    @property
    def length_ms(self) -> int:
        return self._times_ms[-1] - self._times_ms[0] if self._times_ms else 0

    def place(self, at_ms: int) -> int:
        """Return the index of the first glimpse at or after a time, the last one where there is none."""
        return min(bisect_left(self._times_ms, at_ms), len(self._times_ms) - 1)

    def __getitem__(self, place: int) -> tuple[int, Glimpse]:
        return self._times_ms[place], self._glimpses[place]

    def motion(self, lag_ms: int) -> float:
        """Say how much the newest glimpse differs from the one `lag_ms` before it, in delta E."""
        if not self._times_ms:
            return 0.0
        then = self._glimpses[self.place(self._times_ms[-1] - lag_ms)]
        return difference(then, self._glimpses[-1])


@dataclass(frozen=True, slots=True)
class Dissolve:
    """One picture turning into another; `middle_ms` is its middle, `change` its size in delta E."""

    middle_ms: int
    change: float


class DissolveFinder:
    """Finds gradual changes of shot: dissolves, and fades from or to a plain picture.

    Two moments 0.72 s apart that differ, with little motion before the first and after the second,
    are a dissolve when the pictures between them are mixtures of the two (the linear production
    model of Hampapur, Jain and Weymouth, "Production model based digital video segmentation", 1995).
    A moving camera or person shows pictures in between that are no such mixture.
    """

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._run: list[Dissolve] = []
        self._found: list[Dissolve] = []

    def look(self) -> None:
        """Judge the trail as it is now; call it once after every frame."""
        seen = self._seen_now()
        if seen is None:
            return
        if self._run and seen.middle_ms - self._run[-1].middle_ms > _SAME_DISSOLVE_MS:
            self._close_run()
        self._run.append(seen)

    def found(self) -> tuple[Dissolve, ...]:
        """Return all dissolves so far, in order of time."""
        self._close_run()
        return tuple(self._found)

    def _close_run(self) -> None:
        if self._run:
            self._found.append(max(self._run, key=lambda dissolve: dissolve.change))
            self._run = []

    def _seen_now(self) -> Dissolve | None:
        trail = self._trail
        if trail.length_ms < _LAG_MS + _QUIET_MS:
            return None
        now_ms, now = trail[-1]
        end = trail.place(now_ms - _QUIET_MS)
        end_ms, after = trail[end]
        start = trail.place(end_ms - _LAG_MS)
        start_ms, before = trail[start]
        change = difference(before, after)
        if end - start < _MIN_FRAMES or change < _MIN_CHANGE:
            return None
        quiet_before = trail[trail.place(start_ms - _QUIET_MS)][1]
        motion = max(difference(quiet_before, before), difference(after, now))
        if change < _MIN_CHANGE_TO_MOTION * motion or not self._is_mixture(start, end, change=change):
            return None
        return Dissolve((start_ms + end_ms) // 2, change)

    def _is_mixture(self, start: int, end: int, *, change: float) -> bool:
        before, after = self._trail[start][1], self._trail[end][1]
        way = after - before
        length = float(np.vdot(way, way))
        shares = [0.0]
        for probe in range(1, _PROBES + 1):
            between = self._trail[start + (end - start) * probe // (_PROBES + 1)][1]
            share = float(np.vdot(between - before, way)) / length
            mixture = before + way * np.float32(share)
            if difference(between, mixture.astype(np.float32, copy=False)) > _MAX_RESIDUAL * change:
                return False
            shares.append(share)
        steps = np.diff([*shares, 1.0])
        return bool(steps.max() <= _MAX_STEP and steps.min() >= -_MAX_STEP_BACK)
