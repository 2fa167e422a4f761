"""Type in the real window on a large library: `python -m tests.benchmarks.typing_speed --scenes 100000`.

The window, its search lane and its search are the program's own; the library is made up (`scale_library`)
and is loaded and indexed as the program does. Each query is typed key by key at a person's speed. For each
key it is measured how long the list takes to follow, and the longest time in which the window did nothing
until then: a stall, by a timer of 4 ms; and how much of it the window's own thread was at work: the rest it
waited for another thread, or for the computer. Keys within the pause that the search field waits for are
followed by the answer to the last of them. Vectors of queries are at hand: what encoding costs is measured by
`search_speed`, and it is done in another process.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication

from heimdex_desktop.domain.scene import TEXT
from heimdex_desktop.domain.search import Answer, Beside, Hit, HitPictures
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.pipeline.board import Overall, RowState, VideoRow
from heimdex_desktop.services import resource
from heimdex_desktop.ui.app import SWITCH_EVERY_S, settle
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.search_lane import SearchLane
from tests.benchmarks.responsiveness import WorkTicks
from tests.benchmarks.scale import Asked, Encoded, asked_of
from tests.benchmarks.scale_library import SCENES_A_VIDEO, Library, make, video_id
from tests.benchmarks.start_up import SCREENLESS
from tests.ui.fakes import FakeBridge

_STALL_MS = 16
_KEY_MS = (90, 260)
_BETWEEN_MS = 700
_STILLS = 40
_SHARES = (0.5, 0.95, 1.0)
_GIVE_UP_MS = 20_000


@dataclass(frozen=True, slots=True)
class Key:
    """What came of a key, in ms: when the list followed, the longest stall until then, the longest work."""

    text: str
    followed_ms: float
    stall_ms: float
    work_ms: float


class Backstage(FakeBridge):
    """Searches a made-up library; everything else is as good as done."""

    def __init__(self, lane: SearchLane, stills: Path) -> None:
        super().__init__(stills)
        self._lane = lane
        lane.answered.connect(self.answered)
        lane.placed.connect(self.placed)
        lane.offers_known.connect(self.offers_known)

    def search(self, text: str, beside: Beside | None = None) -> None:
        self._lane.ask(text, beside)

    def place(self, hit: Hit) -> None:
        self._lane.place(hit)

    def pictures_of(self, hit: Hit) -> HitPictures:
        number = hit.scene.span.start_ms // 8_000 % _STILLS
        return HitPictures(self.stills / f"{number}.jpg" if self.stills else None)


class Typist:
    """Types one query into a window, and notes what came of each key."""

    def __init__(self, window: MainWindow, backstage: Backstage, chance: random.Random) -> None:
        self._window = window
        self._chance = chance
        self._ticks = WorkTicks()
        self._loop = QEventLoop()
        self._rest = ""
        self._pending: list[tuple[str, float, list[tuple[float, float]]]] = []
        self.keys: list[Key] = []
        backstage.answered.connect(self._take)

    def type(self, text: str) -> None:
        """Empty the field, type, and wait until the list has followed."""
        self._window.search_bar.field.take_away()
        _let_go_by(_BETWEEN_MS)
        self._ticks.take_stalls()
        self._rest = text
        self._press()
        give_up = QTimer()
        give_up.setSingleShot(True)
        give_up.timeout.connect(self._loop.quit)
        give_up.start(_GIVE_UP_MS)
        self._loop.exec()
        give_up.stop()
        self._pending.clear()

    def stop(self) -> None:
        self._ticks.stop()

    def _press(self) -> None:
        letter, self._rest = self._rest[0], self._rest[1:]
        field = self._window.search_bar.field
        self._settle_ticks()
        self._pending.append((field.text() + letter, time.perf_counter(), []))
        none = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, 0, none, letter))
        if self._rest:
            QTimer.singleShot(self._chance.randint(*_KEY_MS), self._press)

    def _take(self, answer: Answer) -> None:
        # After what the answer brought has been painted.
        QTimer.singleShot(0, lambda: self._follow(answer.query.asked.strip()))

    def _follow(self, asked: str) -> None:
        self._settle_ticks()
        now_s = time.perf_counter()
        followed = [place for place, (text, _, _) in enumerate(self._pending) if text.strip() == asked]
        for text, pressed_s, stalls in self._pending[: followed[-1] + 1 if followed else 0]:
            stall_ms, work_ms = (max((one[n] for one in stalls), default=0.0) for n in (0, 1))
            self.keys.append(Key(text, (now_s - pressed_s) * 1000, stall_ms, work_ms))
        self._pending = self._pending[followed[-1] + 1 if followed else 0 :]
        if not self._rest and not self._pending:
            self._loop.quit()

    def _settle_ticks(self) -> None:
        stalls = self._ticks.take_stalls()
        for _, _, noted in self._pending:
            noted.extend(stalls)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how the window follows a person who types.")
    parser.add_argument("--scenes", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=30)
    asked = parser.parse_args()
    for name, value in SCREENLESS.items():
        os.environ.setdefault(name, value)
    sys.setswitchinterval(SWITCH_EVERY_S)
    with tempfile.TemporaryDirectory() as folder:
        library = _library(Path(folder) / "index", asked.scenes)
        keys = _typed(library, asked_of(library, asked.queries), Path(folder), asked.scenes)
    _print(keys, asked.scenes)


def _library(folder: Path, scene_count: int) -> Library:
    began = time.perf_counter()
    library = make(folder, scene_count, (384, 768))
    SceneStore(library.folder, library.columns).optimize()
    print(f"{scene_count:,} scenes, made and indexed in {time.perf_counter() - began:.0f} s", flush=True)
    return library


def _typed(library: Library, asked: Asked, folder: Path, scene_count: int) -> list[Key]:
    app = QApplication(["benchmark"])
    text, vision = (
        Encoded(column.space, asked.typed, vectors)
        for column, vectors in zip(library.columns, asked.vectors, strict=True)
    )
    tag_words = TagWords.load(resource("appearance_tags.toml"))
    searcher = Searcher(library.folder, lambda role, spaces: text if role == TEXT else vision, tag_words)
    for _ in searcher.load():
        pass
    searcher.warm()
    lane = SearchLane(lambda texts, pictures: searcher, None)
    backstage = Backstage(lane, _stills(folder))
    window = MainWindow(backstage)
    window.resize(1400, 900)
    window.show()
    backstage.opened.emit()
    backstage.rows_changed.emit(_rows(scene_count))
    count = scene_count // SCENES_A_VIDEO
    backstage.overall_changed.emit(Overall(total=count, done=count))
    lane.look_for_offers()
    settle()
    typist = Typist(window, backstage, random.Random(7))
    for typed in asked.typed:
        if typed.strip():
            typist.type(typed)
    typist.stop()
    window.close()
    lane.close()
    app.quit()
    return typist.keys


def _rows(scene_count: int) -> tuple[VideoRow, ...]:
    ids = (VideoId(str(video_id(number))) for number in range(scene_count // SCENES_A_VIDEO))
    done = RowState.DONE
    return tuple(VideoRow(one, one, Path(f"{one}.mp4"), done, scene_count=SCENES_A_VIDEO) for one in ids)


def _stills(folder: Path) -> Path:
    rng = np.random.default_rng(5)
    for number in range(_STILLS):
        small = QImage(16, 9, QImage.Format.Format_RGB32)
        for place in range(small.width() * small.height()):
            small.setPixelColor(place % 16, place // 16, QColor(*rng.integers(0, 256, 3).tolist()))
        small.scaled(480, 270, mode=Qt.TransformationMode.SmoothTransformation).save(
            str(folder / f"{number}.jpg")
        )
    return folder


def _let_go_by(for_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(for_ms, loop.quit)
    loop.exec()


def _print(keys: Sequence[Key], scene_count: int) -> None:
    print(f"{len(keys)} keys in a library of {scene_count:,} scenes")
    print(f"{'':34}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for name, numbers in (
        ("until the list followed a key", [key.followed_ms for key in keys]),
        ("the longest stall until then", [key.stall_ms for key in keys]),
        ("the longest work of the window", [key.work_ms for key in keys]),
    ):
        ranked = sorted(numbers) or [0.0]
        shares = (ranked[min(len(ranked) - 1, int(share * len(ranked)))] for share in _SHARES)
        print(f"{name:34}" + "".join(f"{number:9.1f}" for number in shares))
    print(f"{'keys with a stall above 16 ms':34}{sum(key.stall_ms > _STALL_MS for key in keys):9}")
    print(f"{'keys with work above 16 ms':34}{sum(key.work_ms > _STALL_MS for key in keys):9}")


if __name__ == "__main__":
    main()
