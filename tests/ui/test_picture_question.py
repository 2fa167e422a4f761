"""A picture dropped on the window or pasted is a question, and narrows what is typed."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import LikePicture, Verdict
from heimdex_desktop.domain.work import Failure
from heimdex_desktop.ui.main_window import MainWindow
from tests.ui.fakes import FakeBridge, answer, hit, row
from tests.ui.test_intake import drop_on

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (60, 40), "blue").save(tmp_path / "lake.png")
    return tmp_path / "lake.png"


def _drop(window: MainWindow, *paths: Path) -> None:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop_on(window, content)


def _asked(bridge: FakeBridge) -> list[tuple[object, ...]]:
    return [call for call in bridge.calls if call[0] == "search"]


def _asked_by_picture(bridge: FakeBridge) -> bool:
    return bool(_asked(bridge)) and isinstance(_asked(bridge)[-1][-1], LikePicture)


@pytest.fixture
def dropped(qtbot: QtBot, window: MainWindow, bridge: FakeBridge, picture: Path) -> LikePicture:
    """The question of a picture that was dropped on a library with a video."""
    bridge.rows_changed.emit((row("a"),))
    _drop(window, picture)
    qtbot.waitUntil(lambda: _asked_by_picture(bridge))
    like = _asked(bridge)[-1][-1]
    assert isinstance(like, LikePicture)
    return like


def test_a_dropped_picture_is_asked_for_and_shown_in_a_chip(
    window: MainWindow, bridge: FakeBridge, dropped: LikePicture
) -> None:
    assert _asked(bridge)[-1] == ("search", "", dropped)
    assert [call for call in bridge.calls if call[0] == "add"] == []
    chip = window.search_bar.chip
    assert chip.caption.text == "Looks like lake.png"
    assert chip.picture.isVisible()
    assert chip.picture.pixmap().toImage().pixelColor(5, 5).blue() == 255
    bridge.answered.emit(replace(answer("", hit(1)), beside=dropped))
    assert window.results.is_showing_hits()


def test_words_beside_it_have_to_fit_too_and_it_can_be_taken_away(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, dropped: LikePicture
) -> None:
    qtbot.keyClicks(window.search_bar.field, "at night")
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Return)
    assert _asked(bridge)[-1] == ("search", "at night", dropped)
    window.search_bar.chip.remove_button.click()
    assert _asked(bridge)[-1] == ("search", "at night")
    assert not window.search_bar.chip.isVisible()


def test_words_that_stand_stay_when_a_picture_comes_beside_them(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, picture: Path
) -> None:
    bridge.rows_changed.emit((row("a"),))
    window.search_bar.field.ask("at night")
    _drop(window, picture)
    qtbot.waitUntil(lambda: _asked_by_picture(bridge))
    assert _asked(bridge)[-1][1] == "at night"


def test_pasting_into_the_search_field_asks_by_the_picture(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    bridge.rows_changed.emit((row("a"),))
    pixels = QImage(40, 30, QImage.Format.Format_RGB32)
    pixels.fill(0)
    QApplication.clipboard().setImage(pixels)
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_V, _CTRL)
    qtbot.waitUntil(lambda: _asked_by_picture(bridge))
    assert window.search_bar.chip.caption.text == "Looks like this picture"
    assert window.search_bar.field.text() == ""


def test_words_with_a_picture_of_them_are_pasted_as_words(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    bridge.rows_changed.emit((row("a"),))
    copied = QMimeData()
    copied.setText("a cell of a table")
    copied.setImageData(QImage(40, 30, QImage.Format.Format_RGB32))
    QApplication.clipboard().setMimeData(copied)
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_V, _CTRL)
    assert window.search_bar.field.text() == "a cell of a table"
    assert not window.search_bar.chip.isVisible()


def test_what_is_no_picture_is_said_and_asks_nothing(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    bridge.rows_changed.emit((row("a"),))
    (tmp_path / "lake.png").write_bytes(b"a letter")
    _drop(window, tmp_path / "lake.png")
    qtbot.waitUntil(lambda: "no picture" in window.notice.text)
    assert not window.search_bar.chip.isVisible()
    assert _asked(bridge) == []


def test_without_videos_nothing_can_look_like_it(
    window: MainWindow, bridge: FakeBridge, picture: Path
) -> None:
    _drop(window, picture)
    assert window.notice.text.startswith("There are no videos yet")
    assert _asked(bridge) == []


def test_a_question_that_cannot_be_answered_is_told_in_the_place_of_the_answer(
    window: MainWindow, bridge: FakeBridge, dropped: LikePicture
) -> None:
    trouble = Failure("ModelMissing", "No picture model is here.", "Choose one.")
    nothing = replace(answer("", verdict=Verdict.NONE), beside=dropped, trouble=trouble)
    bridge.answered.emit(nothing)
    assert window.results.nothing.text() == "No picture model is here."
    assert window.results.advice.text() == "Choose one."
    bridge.answered.emit(replace(nothing, trouble=None))
    assert window.results.nothing.text() == "No scene looks convincingly like the picture."


def test_pointing_at_a_scene_meanwhile_leaves_the_picture(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, picture: Path
) -> None:
    bridge.rows_changed.emit((row("a"),))
    _drop(window, picture)
    window.results.grid.similar_wanted.emit(hit(1))
    qtbot.wait(200)
    assert not _asked_by_picture(bridge)
    assert window.search_bar.chip.caption.text.startswith("Similar to")
    assert not window.search_bar.chip.picture.isVisible()
