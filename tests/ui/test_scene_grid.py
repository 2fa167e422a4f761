"""The grid of found scenes and its model."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import Channel, Hit, HitPictures, Reason
from heimdex_desktop.ui import scene_card_delegate
from heimdex_desktop.ui.card_parts import FACE_PX
from heimdex_desktop.ui.card_pictures import CardPictures
from heimdex_desktop.ui.scene_card_delegate import CARDS_AT_ONCE, SceneCardDelegate, picture_box
from heimdex_desktop.ui.scene_grid import SceneGrid
from heimdex_desktop.ui.scene_model import SceneModel, hit_at
from tests.ui.fakes import hit

HITS = [hit(number) for number in range(200)]


@pytest.fixture
def pictures(qapp: QApplication) -> Iterator[CardPictures]:
    made = CardPictures()
    yield made
    made.close()


@pytest.fixture
def grid(qtbot: QtBot, pictures: CardPictures, tmp_path: Path) -> SceneGrid:
    made = SceneGrid(SceneModel(lambda hit: HitPictures(tmp_path / hit.scene.still)), pictures)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(grid: SceneGrid) -> Hit | None:
    return hit_at(grid.currentIndex())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.lists(st.integers(0, 8), unique=True, max_size=9), max_size=5))
def test_the_model_holds_what_it_was_last_shown(qapp: QApplication, answers: list[list[int]]) -> None:
    model = SceneModel(lambda _: HitPictures())
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for numbers in answers:
        hits = [HITS[number] for number in numbers]
        model.show(hits)
        assert list(model.hits) == hits
        assert model.rowCount() == len(hits)
    assert tester.model() is model


def test_what_stays_is_not_touched(qapp: QApplication) -> None:
    model = SceneModel(lambda _: HitPictures())
    model.show(HITS[:3])
    changed: list[int] = []

    def note(top: QModelIndex) -> None:
        changed.append(top.row())

    model.dataChanged.connect(note)
    model.show([HITS[0], HITS[5], HITS[2]])
    assert changed == [1]


def test_arrows_move_and_enter_plays(qtbot: QtBot, grid: SceneGrid) -> None:
    grid.show_hits(HITS, from_top=True)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert shown(grid) == HITS[1]
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    columns = grid.currentIndex().row() - 1
    assert columns >= 2
    with qtbot.waitSignal(grid.play_wanted) as played:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert played.args == [HITS[1 + columns]]
    with qtbot.waitSignal(grid.reveal_wanted):
        qtbot.keyClick(grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(grid.copy_wanted):
        qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_a_double_click_plays(qtbot: QtBot, grid: SceneGrid) -> None:
    grid.show_hits(HITS, from_top=True)
    place = grid.visualRect(grid.model().index(1, 0)).center()
    with qtbot.waitSignal(grid.play_wanted) as played:
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert played.args == [HITS[1]]


def test_news_about_the_same_question_do_not_jump(qtbot: QtBot, grid: SceneGrid) -> None:
    grid.show_hits(HITS, from_top=True)
    qtbot.waitUntil(lambda: grid.verticalScrollBar().maximum() > 1500)
    grid.setCurrentIndex(grid.model().index(60, 0))
    grid.verticalScrollBar().setValue(1234)
    grid.show_hits([hit(999), *HITS], from_top=False)
    assert grid.verticalScrollBar().value() == 1234
    assert shown(grid) == HITS[60]
    grid.show_hits(HITS[:150], from_top=True)
    assert grid.verticalScrollBar().value() == 0
    assert shown(grid) == HITS[0]


@pytest.mark.parametrize(
    ("words", "signal"),
    [
        ("Reveal scene in player", "reveal_wanted"),
        ("Play", "play_wanted"),
        ("Find similar scenes", "similar_wanted"),
        ("More from this video", "video_wanted"),
        ("Show in folder", "folder_wanted"),
        ("Copy path and time", "copy_wanted"),
    ],
)
def test_the_menu_of_a_scene(qtbot: QtBot, grid: SceneGrid, words: str, signal: str) -> None:
    grid.show_hits(HITS[:2], from_top=True)
    menu = grid.menu_for(HITS[1])
    entry = next(action for action in menu.actions() if action.text() == words)
    with qtbot.waitSignal(getattr(grid, signal)) as wanted:
        entry.trigger()
    assert wanted.args == [HITS[1]]


def test_a_right_click_opens_the_menu(qtbot: QtBot, grid: SceneGrid) -> None:
    grid.show_hits(HITS[:2], from_top=True)
    place = grid.visualRect(grid.model().index(0, 0)).center()
    click = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, grid.viewport().mapToGlobal(place))
    QApplication.sendEvent(grid.viewport(), click)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "Reveal scene in player"
    menu.close()


def test_a_right_click_beside_the_cards_opens_nothing(grid: SceneGrid) -> None:
    place = QPoint(5, 5)
    click = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, grid.viewport().mapToGlobal(place))
    QApplication.sendEvent(grid.viewport(), click)
    assert QApplication.activePopupWidget() is None


def test_a_screen_reader_hears_what_a_card_shows(grid: SceneGrid) -> None:
    grid.show_hits(HITS[:1], from_top=True)
    spoken = grid.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "trip.mp4. 0:00–0:04. said · words. we saw the lighthouse"


def test_markup_is_painted_literally_and_painting_any_text_works(qtbot: QtBot, grid: SceneGrid) -> None:
    texts = ["", "<b>bold</b>", "🙂 lighthouse 🙂 " * 30, "등대 lighthouse " * 40, "\u202egnp.exe\n\t"]
    grid.show_hits([hit(number, said=text) for number, text in enumerate(texts)], from_top=True)
    assert not grid.grab().isNull()


def test_many_new_cards_are_drawn_a_few_at_a_time_until_all_are_there(
    qtbot: QtBot, grid: SceneGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks() -> QImage:
        return grid.viewport().grab().toImage()

    grid.resize(1_300, 900)
    hits = [hit(number, said=f"card {number}") for number in range(40)]
    grid.show_hits(hits, from_top=True)
    first = looks()
    monkeypatch.setattr(scene_card_delegate, "CARDS_AT_ONCE", 40)
    whole = looks()
    assert first != whole, "not all at once"
    monkeypatch.undo()
    grid.show_hits([replace(one, because=()) for one in hits], from_top=False)
    grid.show_hits(hits, from_top=False)
    qtbot.waitUntil(lambda: looks() == whole)


def test_cards_that_had_to_wait_are_drawn_without_being_asked_for(
    qtbot: QtBot, pictures: CardPictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Hit] = []
    draw = SceneCardDelegate._draw  # pyright: ignore[reportPrivateUsage] - there is no public way

    def note(delegate: SceneCardDelegate, one: Hit, *how: Any, **more: Any) -> QPixmap:
        drawn.append(one)
        return draw(delegate, one, *how, **more)

    monkeypatch.setattr(SceneCardDelegate, "_draw", note)
    # Without stills, nothing else has it painted again.
    grid = SceneGrid(SceneModel(lambda _: HitPictures()), pictures)
    qtbot.addWidget(grid)
    grid.resize(1_300, 900)
    grid.show()
    grid.show_hits(HITS[:40], from_top=True)
    qtbot.waitUntil(lambda: len({one.rank for one in drawn}) > 2 * CARDS_AT_ONCE)


def test_the_keyboard_is_seen_on_the_grid(qtbot: QtBot, grid: SceneGrid) -> None:
    grid.show_hits(HITS[:2], from_top=True)
    grid.clearFocus()
    before = grid.viewport().grab().toImage()
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(grid.hasFocus)
    assert grid.viewport().grab().toImage() != before


def test_a_card_without_reasons_shows_more_of_what_is_said(grid: SceneGrid) -> None:
    def ink(each: Hit) -> int:
        """Return how many dark pixels stand below the picture of the first card."""
        grid.show_hits([each], from_top=True)
        image = grid.viewport().grab().toImage()
        cell = grid.gridSize()
        top = picture_box(cell).bottom()
        words = ((x, y) for x in range(12, cell.width() - 12) for y in range(top + 8, cell.height() - 12))
        return sum(image.pixelColor(x, y).lightness() < 100 for x, y in words)

    with_reasons = hit(0, said="MMMM " * 200)
    line_ink = ink(with_reasons) // 3
    assert ink(replace(with_reasons, because=())) > ink(with_reasons) + line_ink // 2


def test_pictures_made_after_the_scenes_come_with_the_same_answer(
    qtbot: QtBot, grid: SceneGrid, pictures: CardPictures, tmp_path: Path
) -> None:
    arrived: list[Path] = []
    pictures.arrived.connect(arrived.extend)
    grid.show_hits(HITS[:2], from_top=True)
    qtbot.waitUntil(lambda: {tmp_path / one.scene.still for one in HITS[:2]} <= set(arrived))
    arrived.clear()
    # Nothing is left to paint, so that only the answer can bring the picture.
    grid.viewport().repaint()
    still = tmp_path / HITS[1].scene.still
    assert QImage(48, 27, QImage.Format.Format_RGB32).save(str(still))
    grid.show_hits(HITS[:2], from_top=False)
    qtbot.waitUntil(lambda: still in arrived)
    assert pictures.still(still, picture_box(grid.gridSize()).size())


def test_the_face_of_who_is_asked_for_is_on_the_card(
    qtbot: QtBot, pictures: CardPictures, tmp_path: Path
) -> None:
    def file_of(number: int) -> Path:
        return tmp_path / f"face {number}.png"

    face = QImage(80, 80, QImage.Format.Format_RGB32)
    face.fill(QColor("#ff0000"))
    assert face.save(str(file_of(0)))
    grid = SceneGrid(
        SceneModel(lambda hit: HitPictures(tmp_path / hit.scene.still, file_of(hit.rank - 1))), pictures
    )
    qtbot.addWidget(grid)
    grid.resize(900, 600)
    grid.show()
    qtbot.waitExposed(grid)
    grid.show_hits(HITS[:2], from_top=True)
    box = picture_box(grid.gridSize())

    def reds(column: int) -> int:
        image = grid.viewport().grab().toImage()
        left = grid.visualRect(grid.model().index(column, 0)).left() + box.left()
        dots = ((x, y) for x in range(left, left + box.width()) for y in range(box.top(), box.bottom()))
        return sum(image.pixelColor(x, y) == QColor("#ff0000") for x, y in dots)

    qtbot.waitUntil(lambda: reds(0) > 0)
    round_px = math.pi / 4 * FACE_PX**2
    assert round_px * 0.9 < reds(0) < round_px * 1.1, "a circle of that width"
    assert reds(1) == 0, "nothing stands for a face that is not there"


def test_the_matched_word_is_marked_on_the_card(qtbot: QtBot, grid: SceneGrid) -> None:
    def colours(said: str) -> set[int]:
        grid.show_hits([hit(0, said=said)], from_top=True)
        image = grid.viewport().grab().toImage()
        return {image.pixel(x, y) for x in range(300) for y in range(150, 300)}

    assert colours("the lighthouse") - colours("the warehouse")


def test_a_card_shows_the_text_on_screen_that_matched(grid: SceneGrid) -> None:
    looks: list[QImage] = []
    for screen in ("Exit 4", "Exit to the harbour"):
        scene = replace(HITS[0].scene, screen_text=screen)
        reason = Reason(Channel.TEXT, "exact words", ("Exit",))
        for because in ((reason,), ()):
            grid.show_hits([replace(HITS[0], scene=scene, because=because)], from_top=True)
            looks.append(grid.grab().toImage())
    assert looks[0] != looks[2]
    assert looks[1] == looks[3], "text that did not match is not on the card"
