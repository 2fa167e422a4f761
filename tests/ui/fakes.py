"""A real Qt object at the window's seam that records what is asked of it, and facts to show."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import (
    Answer,
    Beside,
    Channel,
    FoundScene,
    Hit,
    HitPictures,
    Query,
    Reason,
    SavedSearch,
    Verdict,
)
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.ui.seam import Expected

VIDEO_ID = VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, "video")))


class FakeBridge(QObject):
    """Stands behind the window: emits what a test tells it to, keeps every call."""

    opened = Signal()
    refused = Signal(str)
    rows_changed = Signal(object)
    rows_removed = Signal(object)
    overall_changed = Signal(object)
    answered = Signal(object)
    placed = Signal(object, object)
    explained = Signal(object)
    library_changed = Signal()
    offers_known = Signal(object)
    saved_searches_changed = Signal(object)
    hits_counted = Signal(object)
    settings_changed = Signal(object)
    devices_known = Signal(object)
    notice = Signal(str)

    def __init__(self, stills: Path | None = None) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []
        self.found_at_ms: int | None = None
        self.stills = stills

    def open(self) -> None:
        self.calls.append(("open",))

    def add_paths(self, paths: Sequence[Path]) -> None:
        self.calls.append(("add", *paths))

    def pause(self) -> None:
        self.calls.append(("pause",))

    def resume(self) -> None:
        self.calls.append(("resume",))

    def cancel(self, key: str) -> None:
        self.calls.append(("cancel", key))

    def retry(self, key: str) -> None:
        self.calls.append(("retry", key))

    def remove(self, key: str, *, with_sidecar: bool = False) -> None:
        self.calls.append(("remove", key, with_sidecar))

    def search(self, text: str, beside: Beside | None = None) -> None:
        self.calls.append(("search", text, *([beside] if beside else [])))

    def place(self, hit: Hit) -> None:
        self.calls.append(("place", hit))
        self.placed.emit(hit, replace(hit, found_at_ms=self.found_at_ms))

    def explain(self, expected: Expected) -> None:
        self.calls.append(("explain", expected))

    def turn(self, faders: Mapping[Channel, float]) -> None:
        self.calls.append(("turn", dict(faders)))

    def keep_searches(self, searches: Sequence[SavedSearch]) -> None:
        self.calls.append(("keep", *searches))

    def try_sample(self) -> None:
        self.calls.append(("sample",))

    def choose(self, changes: Mapping[str, object]) -> None:
        self.calls.append(("choose", dict(changes)))

    def go_back(self, role: str) -> None:
        self.calls.append(("back", role))

    def look_at_devices(self) -> None:
        self.calls.append(("devices",))

    def pictures_of(self, hit: Hit) -> HitPictures:
        return HitPictures(self.stills / hit.scene.still if self.stills and hit.scene.still else None)


def row(key: str, state: RowState = RowState.DONE, *, name: str = "", scene_count: int = 3) -> VideoRow:
    return VideoRow(key, None, Path("/films") / (name or f"{key}.mp4"), state, scene_count=scene_count)


def hit(
    number: int, *, said: str = "we saw the lighthouse", path: Path | None = None, start_ms: int | None = None
) -> Hit:
    start_ms = number * 5_000 if start_ms is None else start_ms
    scene = FoundScene(
        SceneId(str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))),
        VIDEO_ID,
        (path or Path("/films/trip.mp4"),),
        TimeSpan(start_ms, start_ms + 4_000),
        said,
        still=f"{number}.jpg",
    )
    because = (Reason(Channel.SAID, "exact words", ("lighthouse",)),)
    return Hit(number + 1, 0.9, scene, {Channel.SAID: 0.9}, because)


def answer(text: str, *hits: Hit, verdict: Verdict = Verdict.GOOD) -> Answer:
    return Answer(Query(text, tuple(text.split())), 12, verdict, hits)
