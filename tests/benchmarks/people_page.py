"""Scroll the page of people in the real window: `python -m tests.benchmarks.people_page`.

People and unknown faces are made up, their pictures are JPEG files of 160 px, each face its own, and decoded
as the program does. A person turns the wheel through each list, then pulls its bar from place to place. What
is measured is for how long the window's own thread computes in each turn of its loop, from one tick of a 4 ms
timer to the next, such as with painting and taking pictures that were decoded. While a turn takes long, the
window answers nothing.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.people_facts import (
    FaceCard,
    PeopleFacts,
    PersonCard,
    PersonPage,
    PhotoCard,
    UnknownGroup,
)
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.app import SWITCH_EVERY_S, settle
from heimdex_desktop.ui.keyed_list import KeyedList
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.people_bridge import PeopleBridge
from heimdex_desktop.ui.people_opener import PeopleOpener
from heimdex_desktop.ui.people_page import PeoplePage
from tests.benchmarks.responsiveness import WorkTicks
from tests.benchmarks.start_up import SCREENLESS
from tests.ui.fakes import FakeBridge

_CROP_PX = 160
_DRAWN = 300
_STEP_MS = 40
_PULL_MS = 150
_NOTCH = 120
_SHARES = (0.5, 0.95, 0.99, 1.0)
_LIMIT_MS = 8.0
_FIRST_NAMES = ("Anna", "Ben", "Chloé", "민지", "Dmitri", "Eun-ji", "Farid", "Greta", "Hiro", "Ines")


class Turns:
    """Takes what a piece of use did to the turns of the window's loop, and prints it as a row."""

    def __init__(self) -> None:
        self._ticks = WorkTicks()
        print(f"{'work of the UI thread in a turn':42}{'turns':>7}", end="")
        print("".join(f"{name:>9}" for name in ("p50 ms", "p95 ms", "p99 ms", "max ms", "> 8 ms")))

    @contextmanager
    def row(self, name: str) -> Generator[None]:
        let_go_by(300)
        self._ticks.take_stalls()
        yield
        let_go_by(300)
        # A turn in which nothing happened says nothing.
        ranked = sorted(work for _, work in self._ticks.take_stalls() if work > 0.2) or [0.0]
        numbers = [ranked[min(len(ranked) - 1, int(share * len(ranked)))] for share in _SHARES]
        print(f"{name:42}{len(ranked):7}" + "".join(f"{number:9.1f}" for number in numbers), end="")
        print(f"{sum(work > _LIMIT_MS for work in ranked):9}", flush=True)

    def stop(self) -> None:
        self._ticks.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how smoothly the page of people scrolls.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--groups", type=int, default=2_000)
    parser.add_argument("--faces-a-group", type=int, default=12)
    parser.add_argument("--faces", type=int, default=600, help="faces on the page of one person")
    parser.add_argument("--steps", type=int, default=120, help="turns of the wheel in each list")
    asked = parser.parse_args()
    for name, value in SCREENLESS.items():
        os.environ.setdefault(name, value)
    sys.setswitchinterval(SWITCH_EVERY_S)
    app = QApplication(["benchmark"])
    with tempfile.TemporaryDirectory() as folder:
        crops = Crops(Path(folder))
        facts = PeopleFacts(
            tuple(_person(number, crops) for number in range(asked.people)),
            tuple(_group(number, asked.faces_a_group, crops) for number in range(asked.groups)),
        )
        page = _page(facts.people[0], asked.faces, crops)
        _measure(Path(folder), facts, page, asked.steps)
    app.quit()


def _measure(folder: Path, facts: PeopleFacts, page: PersonPage, steps: int) -> None:
    window = MainWindow(FakeBridge())
    people = PeopleBridge(window)
    opener = PeopleOpener(Settings(library=folder / "library", faces=True), window, people)
    window.resize(1280, 800)
    window.show()
    let_go_by(500)
    settle()
    turns = Turns()
    with turns.row("the page opens, empty"):
        opener.open()
    assert opener.page
    with turns.row("everybody comes, first paint"):
        people.people_changed.emit(facts)
    with turns.row("the same again"):
        people.people_changed.emit(PeopleFacts(facts.people, facts.groups))
    with turns.row("somebody was named: a group less"):
        people.people_changed.emit(PeopleFacts(facts.people, facts.groups[1:], undo="a name"))
    overview = opener.page.overview
    for name in ("a", "an", "ann", "an", "a", ""):
        with turns.row(f"filter: {name or 'empty'}"):
            overview.field.setText(name)
    for name, view in (("people", overview.grid), ("groups", overview.unknown.rows)):
        _scroll(turns, name, view, steps)
    with turns.row("a person's page opens"):
        opener.page.show_person(page.card.id)
        people.page_ready.emit(page)
    with turns.row("its faces are shown"):
        opener.page.person.tabs.setCurrentWidget(opener.page.person.faces)
    _scroll(turns, "faces of a person", opener.page.person.faces.grid, steps)
    turns.stop()
    _time_calls(opener.page, facts, page)
    window.close()
    opener.close()


def _scroll(turns: Turns, name: str, view: KeyedList, steps: int) -> None:
    with turns.row(f"{name}, by the wheel"):
        for _ in range(steps):
            _turn_wheel(view)
            let_go_by(_STEP_MS)
    chance = random.Random(3)
    bar = view.verticalScrollBar()
    with turns.row(f"{name}, by the bar"):
        for _ in range(steps // 4):
            bar.setValue(chance.randint(0, bar.maximum()))
            let_go_by(_PULL_MS)
    with turns.row(f"{name}, the same places again"):
        bar.setValue(0)
        for _ in range(steps // 2):
            _turn_wheel(view)
            let_go_by(_STEP_MS)


def _turn_wheel(view: KeyedList) -> None:
    place = QPointF(40, 40)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, -_NOTCH),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def _time_calls(people: PeoplePage, facts: PeopleFacts, page: PersonPage) -> None:
    """Print how long single calls take, of which each is at least a turn."""
    fewer = PeopleFacts(facts.people, facts.groups[1:])
    calls: tuple[tuple[str, Callable[[], None]], ...] = (
        ("show_facts, nothing before", lambda: people.overview.show_facts(facts)),
        (
            "show_facts, the same again",
            lambda: people.overview.show_facts(PeopleFacts(facts.people, facts.groups)),
        ),
        ("show_facts, a group less", lambda: people.overview.show_facts(fewer)),
        ("show_page, the same again", lambda: people.person.show_page(page)),
    )
    people.overview.show_facts(PeopleFacts())
    let_go_by(100)
    for name, call in calls:
        began = time.thread_time()
        call()
        print(f"{name:42}{(time.thread_time() - began) * 1000:9.1f} ms")
        let_go_by(100)


class Crops:
    """Pictures of faces as files, each face its own: some are drawn, the others are links to these."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "crops"
        self._folder.mkdir()
        self._count = 0
        rng = np.random.default_rng(5)
        self._drawn = [self._draw(number, rng) for number in range(_DRAWN)]

    def next(self) -> Path:
        self._count += 1
        place = self._folder / f"{self._count}.jpg"
        place.hardlink_to(self._drawn[self._count % _DRAWN])
        return place

    def _draw(self, number: int, rng: np.random.Generator) -> Path:
        small = QImage(12, 12, QImage.Format.Format_RGB32)
        for place in range(small.width() * small.height()):
            small.setPixelColor(place % 12, place // 12, QColor(*rng.integers(0, 256, 3).tolist()))
        place = self._folder / f"drawn-{number}.jpg"
        smooth = Qt.TransformationMode.SmoothTransformation
        small.scaled(_CROP_PX, _CROP_PX, mode=smooth).save(str(place), quality=90)
        return place


def _person(number: int, crops: Crops) -> PersonCard:
    name = f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]} Person{number}"
    return PersonCard(PersonId(f"person-{number}"), name, (), crops.next(), 3, 2_000 - 7 * number, 90_000)


def _group(number: int, count: int, crops: Crops) -> UnknownGroup:
    faces = tuple(_face(number * count + place, crops) for place in range(count))
    return UnknownGroup(faces, 4 * count)


def _face(number: int, crops: Crops) -> FaceCard:
    video = VideoId(f"video-{number % 40}")
    ref = FaceRef(video, number * 1_000, Box(0.4, 0.2, 0.6, 0.5))
    return FaceCard(ref, crops.next(), f"holiday {number % 40}.mp4", 0.5, 0.6, 4)


def _page(card: PersonCard, count: int, crops: Crops) -> PersonPage:
    photos = tuple(PhotoCard(PhotoId(f"photo-{number}"), crops.next(), 0.9) for number in range(5))
    return PersonPage(card, photos, faces=tuple(_face(10**6 + number, crops) for number in range(count)))


def let_go_by(for_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(for_ms, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
