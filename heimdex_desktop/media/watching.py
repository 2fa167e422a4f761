"""Watch a video once, from end to end, and note all that scenes are made from."""

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.scene import Shot
from heimdex_desktop.media.frames import Frame, read_frames
from heimdex_desktop.media.samples import MOTION_LAG_MS, SAMPLE_EVERY_MS, Sample, Sampler, sample_of
from heimdex_desktop.media.shots import ShotFinder

_WATCHED_SIDE_PX = 320
_REPORT_EVERY_S = 0.25
_LONE_FRAME_MS = 40
_LONGEST_LAST_FRAME_MS = 1000
# The whole is done only when the last frame is seen, whatever length the file claims.
_NEARLY_DONE = 0.99


@dataclass(frozen=True, slots=True)
class Watched:
    """All that was seen: `duration_ms` is the end of the last frame, the shots tile it."""

    duration_ms: int
    shots: tuple[Shot, ...]
    samples: tuple[Sample, ...]


def watch(
    path: Path, duration_ms: int, *, sample_every_ms: int = SAMPLE_EVERY_MS
) -> Generator[float, None, Watched]:
    """Decode the video once; yield the fraction done (0..1) about four times a second, return what was seen.

    `duration_ms` is what the file claims and serves the fraction only. Closing the generator closes
    the file. Memory is bounded for any length. Raises as `read_frames` does.
    """
    viewer = _Viewer(sample_every_ms)
    reported_s = time.monotonic()
    with closing(read_frames(path, max_side_px=_WATCHED_SIDE_PX)) as frames:
        for frame in frames:
            viewer.see(frame)
            if time.monotonic() - reported_s >= _REPORT_EVERY_S:
                yield min(frame.at_ms / max(1, duration_ms), _NEARLY_DONE)
                reported_s = time.monotonic()
    yield 1.0
    return viewer.watched()


class _Viewer:
    def __init__(self, sample_every_ms: int) -> None:
        self._finder = ShotFinder()
        self._sampler = Sampler(every_ms=sample_every_ms)
        self._last_ms: int | None = None
        self._gap_ms = _LONE_FRAME_MS

    def see(self, frame: Frame) -> None:
        self._finder.see(frame)
        if self._sampler.wants(frame.at_ms):
            trail = self._finder.trail
            self._sampler.keep(sample_of(frame, trail[-1][1], motion=trail.motion(MOTION_LAG_MS)))
        if self._last_ms is not None and frame.at_ms > self._last_ms:
            self._gap_ms = min(frame.at_ms - self._last_ms, _LONGEST_LAST_FRAME_MS)
        self._last_ms = frame.at_ms

    def watched(self) -> Watched:
        end_ms = (self._last_ms or 0) + self._gap_ms
        return Watched(end_ms, self._finder.shots(end_ms), self._sampler.samples)
