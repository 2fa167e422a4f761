"""What is done with a scene is done at its moment, and never waits for long."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import Hit
from heimdex_desktop.ui.moment_finder import MomentFinder
from tests.ui.fakes import FakeBridge, hit


class SlowBridge(FakeBridge):
    def place(self, hit: Hit) -> None:
        self.calls.append(("place", hit))


def test_it_acts_once_with_the_moment(qtbot: QtBot) -> None:
    bridge = FakeBridge()
    bridge.found_at_ms = 7_000
    finder = MomentFinder(bridge)
    done: list[int] = []
    asked = hit(1)
    finder.find(asked, lambda placed: done.append(placed.at_ms))
    bridge.placed.emit(asked, replace(asked, found_at_ms=9_000))
    assert done == [7_000]


def test_the_last_wish_counts(qtbot: QtBot) -> None:
    bridge = SlowBridge()
    finder = MomentFinder(bridge)
    done: list[Hit] = []
    first, second = hit(1), hit(2)
    finder.find(first, done.append)
    finder.find(second, done.append)
    bridge.placed.emit(first, first)
    bridge.placed.emit(second, second)
    assert done == [second]


def test_without_news_it_acts_on_what_it_knows(qtbot: QtBot) -> None:
    finder = MomentFinder(SlowBridge())
    done: list[Hit] = []
    asked = hit(1)
    finder.find(asked, done.append)
    qtbot.waitUntil(lambda: done == [asked], timeout=20_000)


def test_a_wish_can_be_forgotten(qtbot: QtBot) -> None:
    bridge = SlowBridge()
    finder = MomentFinder(bridge)
    done: list[Hit] = []
    asked = hit(1)
    finder.find(asked, done.append)
    finder.stop()
    bridge.placed.emit(asked, asked)
    assert done == []
