"""A list in which what is chosen stays chosen while things come and go around it."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.keyed_list import KeyedList, KeyedModel
from heimdex_desktop.ui.line_list import Line, LineList

if TYPE_CHECKING:
    from collections.abc import Hashable

ADD = QItemSelectionModel.SelectionFlag.Select


def lines(*keys: str) -> list[Line]:
    return [Line(key, f"line {key}") for key in keys]


@pytest.fixture
def view(qtbot: QtBot) -> KeyedList:
    made = LineList("Lines")
    qtbot.addWidget(made)
    made.resize(200, 300)
    made.show()
    made.items.show(lines(*"abcdef"))
    return made


def choose(view: KeyedList, *keys: str) -> None:
    view.clearSelection()
    for key in keys:
        row = view.items.row_of(key)
        assert row is not None
        view.selectionModel().setCurrentIndex(view.items.index(row), ADD)


def test_what_is_chosen_stays_chosen(view: KeyedList) -> None:
    choose(view, "b", "d")
    view.items.show(lines(*"xabcde"))
    assert view.chosen() == ("b", "d")
    assert view.current() == "d"


def test_where_one_stood_is_gone_so_the_next_one_is_chosen(view: KeyedList) -> None:
    choose(view, "b", "c")
    view.items.drop({"b", "c"})
    assert view.current() == "d"
    assert view.chosen() == ("d",)
    choose(view, "f")
    view.items.drop({"f"})
    assert view.current() == "e"
    view.items.show([])
    assert view.current() is None
    assert view.chosen() == ()


def test_a_key_is_about_what_is_framed_where_nothing_is_chosen(qtbot: QtBot, view: KeyedList) -> None:
    heard: list[tuple[Hashable, ...]] = []
    view.on_key(Qt.Key.Key_N, lambda: heard.append(view.chosen()))
    choose(view, "b", "c")
    qtbot.keyClick(view, Qt.Key.Key_N)
    view.clearSelection()
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert heard == [("b", "c"), ("c",)]
    view.items.show([])
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert len(heard) == 2


def test_backspace_is_del(qtbot: QtBot, view: KeyedList) -> None:
    heard: list[tuple[Hashable, ...]] = []
    view.on_key(Qt.Key.Key_Delete, lambda: heard.append(view.chosen()))
    for number, key in enumerate((Qt.Key.Key_Delete, Qt.Key.Key_Backspace)):
        choose(view, "abc"[number])
        qtbot.keyClick(view, key)
    assert heard == [("a",), ("b",)]


def test_the_same_things_only_change_their_looks(view: KeyedList) -> None:
    resets: list[str] = []
    changed: list[int] = []
    model = view.items
    model.modelReset.connect(lambda: resets.append("reset"))

    def note(first: QModelIndex) -> None:
        changed.append(first.row())

    model.dataChanged.connect(note)
    model.show([Line(key, "new" if key == "c" else f"line {key}") for key in "abcdef"])
    assert (resets, changed) == ([], [2])
    assert model.index(2).data() == "new"


def test_keys_are_orders_about_what_is_chosen(qtbot: QtBot, view: KeyedList) -> None:
    heard: list[tuple[Hashable, ...]] = []
    view.on_key(Qt.Key.Key_Y, lambda: heard.append(view.chosen()))
    choose(view, "a")
    qtbot.keyClick(view, Qt.Key.Key_Y)
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Y)
    assert heard == [("a",), tuple("abcdef")]


def test_enter_and_a_click_open_a_line(qtbot: QtBot, view: KeyedList) -> None:
    opened: list[Hashable] = []
    view.opened.connect(opened.append)
    choose(view, "c")
    qtbot.keyClick(view, Qt.Key.Key_Return)
    place = view.visualRect(view.items.index(1)).center()
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view.viewport(), left, pos=place)
    # With Ctrl, more are chosen, and nothing is opened.
    qtbot.mouseClick(view.viewport(), left, Qt.KeyboardModifier.ControlModifier, QPoint(20, 8))
    qtbot.mouseClick(view.viewport(), left, pos=QPoint(20, 290))
    assert opened == ["c", "b"]


def test_a_long_list_stays_where_it_was_scrolled_to(qtbot: QtBot, view: KeyedList) -> None:
    keys = [str(number) for number in range(2_000)]
    view.items.show(lines(*keys))
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 10_000)
    bar.setValue(9_000)
    view.items.show(lines(*keys[:1_500], "new", *keys[1_500:]))
    assert bar.value() == 9_000
    seen = view.rows_in_sight()
    assert 0 < len(seen) < 40
    top = view.indexAt(QPoint(20, 20)).row()
    assert top in seen


def test_no_more_than_is_there_is_in_sight(view: KeyedList) -> None:
    assert view.rows_in_sight() == range(6)
    view.items.show([])
    assert view.rows_in_sight() == range(0)
    assert KeyedModel().rowCount() == 0


def test_a_screen_reader_hears_a_line_and_markup_is_text(view: KeyedList) -> None:
    view.items.show([Line("a", "<b>Anna</b>", "3 scenes", tip="<i>all</i>")])
    index = view.items.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "<b>Anna</b>, 3 scenes"
    assert "&lt;i&gt;" in index.data(Qt.ItemDataRole.ToolTipRole)
