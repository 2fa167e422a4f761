"""Events from any thread arrive on the UI thread, all of them, in order, without stalling it."""

import threading
import time

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from heimdex_desktop.pipeline.events import Advanced, Event
from heimdex_desktop.ui.inbox import Inbox

EVENTS = 500


def test_everything_arrives_in_order_on_the_ui_thread(qtbot: QtBot) -> None:
    got: list[Event] = []
    threads: set[QThread] = set()

    def receive(event: Event) -> None:
        got.append(event)
        threads.add(QThread.currentThread())

    inbox = Inbox(receive)

    def post(first: int) -> None:
        for number in range(first, first + EVENTS):
            inbox.post(Advanced(number, 0.5))

    posters = [threading.Thread(target=post, args=(first,)) for first in (0, EVENTS)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    qtbot.waitUntil(lambda: len(got) == 2 * EVENTS)
    numbers = [event.task_number for event in got if isinstance(event, Advanced)]
    assert [number for number in numbers if number < EVENTS] == list(range(EVENTS))
    assert [number for number in numbers if number >= EVENTS] == list(range(EVENTS, 2 * EVENTS))
    assert threads == {QThread.currentThread()}


def test_a_flood_leaves_the_window_time_to_breathe(qtbot: QtBot) -> None:
    got: list[float] = []

    def receive(_: Event) -> None:
        time.sleep(0.002)
        got.append(time.monotonic())

    inbox = Inbox(receive)
    for number in range(30):
        inbox.post(Advanced(number, 0.5))
    turns: list[int] = []

    def breathe() -> bool:
        turns.append(len(got))
        return len(got) == 30

    qtbot.waitUntil(breathe)
    assert len(set(turns)) > 3, "the event loop had its turn in between"


def test_an_event_that_posts_another_is_answered_too(qtbot: QtBot) -> None:
    got: list[Event] = []

    def receive(event: Event) -> None:
        got.append(event)
        if len(got) < 3:
            inbox.post(event)

    inbox = Inbox(receive)
    inbox.post(Advanced(1, 0.5))
    qtbot.waitUntil(lambda: len(got) == 3)
