"""How long the rest will take, from what the same work has taken so far."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.stage import StageSpec

_TYPICAL_VIDEO_S = 60.0
"""Stands in for the length of videos while no length is known."""


class Pace:
    """Seconds of work per second of video, learned for each stage as tasks end."""

    def __init__(self) -> None:
        self._worked_s: dict[str, float] = defaultdict(float)
        self._covered_s: dict[str, float] = defaultdict(float)

    def learn(self, stage: str, *, seconds: float, video_s: float) -> None:
        self._worked_s[stage] += seconds
        self._covered_s[stage] += video_s

    def of(self, stage: str) -> float | None:
        """Return seconds of work per second of video, or None while nothing was measured."""
        covered_s = self._covered_s.get(stage)
        return self._worked_s[stage] / covered_s if covered_s else None


class Backlog:
    """What is left to do, kept as sums so that 10,000 videos cost no more to ask than ten."""

    def __init__(self, specs: Sequence[StageSpec], slots: Mapping[Lane, int]) -> None:
        self._specs = tuple(specs)
        self._slots = dict(slots)
        self._items: dict[VideoId, tuple[float | None, frozenset[str]]] = {}
        self._known_s: dict[str, float] = defaultdict(float)
        self._unknown: dict[str, int] = defaultdict(int)
        self._lengths_s: dict[VideoId, float] = {}
        self._total_length_s = 0.0

    def put(self, video_id: VideoId, video_s: float | None, stages: Iterable[str]) -> None:
        """Note the stages left for a video of this length (None = not known yet)."""
        self.drop(video_id)
        item = (video_s, frozenset(stages))
        self._items[video_id] = item
        self._count(item, 1)
        if video_s and video_id not in self._lengths_s:
            self._lengths_s[video_id] = video_s
            self._total_length_s += video_s

    def drop(self, video_id: VideoId) -> None:
        item = self._items.pop(video_id, None)
        if item:
            self._count(item, -1)

    def eta_s(self, pace: Pace, running: Iterable[tuple[VideoId, str, float]]) -> float | None:
        """Return the seconds until all is done, or None while a needed pace was never measured.

        `running` names the tasks at work with the fraction done. Lanes work side by side, so the
        busiest lane decides.
        """
        done_s: dict[str, float] = defaultdict(float)
        for video_id, stage, fraction in running:
            done_s[stage] += fraction * (self._lengths_s.get(video_id) or self._usual_s)
        busy_s: dict[Lane, float] = defaultdict(float)
        for spec in self._specs:
            left_s = self._known_s[spec.name] + self._unknown[spec.name] * self._usual_s
            left_s = max(0.0, left_s - done_s[spec.name])
            rate = pace.of(spec.name)
            if left_s and rate is None:
                return None
            busy_s[spec.lane] += left_s * (rate or 0.0) / self._slots[spec.lane]
        return max(busy_s.values(), default=0.0)

    @property
    def _usual_s(self) -> float:
        return self._total_length_s / len(self._lengths_s) if self._lengths_s else _TYPICAL_VIDEO_S

    def _count(self, item: tuple[float | None, frozenset[str]], sign: int) -> None:
        video_s, stages = item
        for stage in stages:
            if video_s is None:
                self._unknown[stage] += sign
            else:
                self._known_s[stage] += sign * video_s
