"""Searches that a person keeps: saved from the search row, shown in the side list, asked again by a click."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import Channel, SavedSearch
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.saved_list import SavedList
from tests.ui.fakes import FakeBridge, row

_SEA = SavedSearch("Sea", "waves tag:beach")
_QUIET = SavedSearch("Quiet", "forest", {Channel.SAID: 0.5})


@pytest.fixture
def saved(window: MainWindow, bridge: FakeBridge) -> SavedList:
    bridge.rows_changed.emit((row("a"),))
    bridge.saved_searches_changed.emit((_SEA, _QUIET))
    return window.side.saved


def texts(saved: SavedList) -> list[tuple[str, str]]:
    items = [saved.rows.topLevelItem(place) for place in range(saved.rows.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item]


def kept(bridge: FakeBridge) -> list[tuple[object, ...]]:
    return [call[1:] for call in bridge.calls if call[0] == "keep"]


def click(qtbot: QtBot, saved: SavedList, place: int) -> None:
    middle = saved.rows.visualRect(saved.rows.model().index(place, 0)).center()
    qtbot.mouseClick(saved.rows.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def finish(qtbot: QtBot, saved: SavedList, editor: QLineEdit) -> None:
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    # Qt takes the text over a moment later.
    qtbot.waitUntil(lambda: saved.rows.findChild(QLineEdit) is None)


def rename(qtbot: QtBot, saved: SavedList, place: int, name: str) -> None:
    saved.rows.menu(place).actions()[0].trigger()
    editor = saved.rows.findChild(QLineEdit)
    assert editor
    editor.setText(name)
    finish(qtbot, saved, editor)


def test_without_saved_searches_there_is_no_list(window: MainWindow, bridge: FakeBridge) -> None:
    bridge.rows_changed.emit((row("a"),))
    bridge.saved_searches_changed.emit(())
    assert not window.side.saved.isVisible()
    bridge.saved_searches_changed.emit((_SEA,))
    assert window.side.saved.isVisible()


def test_the_star_keeps_the_question_with_its_faders(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    star = window.search_bar.save_button
    assert not star.isEnabled()
    qtbot.keyClicks(window.search_bar.field, " red boat ")
    window.faders.show_faders({Channel.SEEN: 2.0})
    star.click()
    assert kept(bridge) == [(_SEA, _QUIET, SavedSearch("red boat", "red boat", {Channel.SEEN: 2.0}))]
    assert texts(saved)[-1] == ("red boat", "")
    assert "red boat" in window.notice.text


def test_a_key_saves_too_and_the_same_question_is_kept_once(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    window.search_bar.field.setText("forest")
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert kept(bridge) == [(_SEA, SavedSearch("Quiet", "forest"))]


def test_before_the_saved_ones_are_known_none_is_saved_over_them(
    window: MainWindow, bridge: FakeBridge
) -> None:
    window.search_bar.field.setText("forest")
    assert not window.search_bar.save_button.isEnabled()
    window.saved_actions.save()
    assert kept(bridge) == []
    bridge.saved_searches_changed.emit(())
    assert window.search_bar.save_button.isEnabled()


def test_a_click_asks_with_text_and_faders_at_once_and_once(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    bridge.calls.clear()
    click(qtbot, saved, 1)
    assert bridge.calls == [("turn", {Channel.SAID: 0.5}), ("search", "forest")]
    assert window.search_bar.field.text() == "forest"
    assert window.faders.isVisible(), "what turns the answer is seen"
    assert not window.completions.isVisible()
    click(qtbot, saved, 0)
    assert bridge.calls[2:] == [("turn", {}), ("search", "waves tag:beach")]
    qtbot.wait(200)
    assert len(bridge.calls) == 4


def test_the_keyboard_asks_too(qtbot: QtBot, bridge: FakeBridge, saved: SavedList) -> None:
    saved.rows.setFocus()
    saved.rows.setCurrentIndex(saved.rows.model().index(0, 0))
    qtbot.keyClick(saved.rows, Qt.Key.Key_Return)
    assert ("search", "waves tag:beach") in bridge.calls


def test_counts_stand_beside_the_names(bridge: FakeBridge, saved: SavedList) -> None:
    bridge.hits_counted.emit({"Sea": 3})
    bridge.hits_counted.emit({"Quiet": 500})
    assert texts(saved) == [("Sea", "3"), ("Quiet", "500+")]
    bridge.hits_counted.emit({"Sea": 0, "gone": 2})
    assert texts(saved) == [("Sea", "0"), ("Quiet", "500+")]


def test_a_count_does_not_outlive_what_was_counted(
    window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    bridge.hits_counted.emit({"Sea": 3, "Quiet": 4})
    window.search_bar.field.setText("forest")
    window.saved_actions.save()
    assert texts(saved) == [("Sea", "3"), ("Quiet", "")]
    saved.rows.menu(0).actions()[1].trigger()
    window.search_bar.field.setText("Sea")
    window.saved_actions.save()
    assert texts(saved) == [("Quiet", ""), ("Sea", "")]


def test_a_search_can_be_renamed_and_keeps_its_count(
    qtbot: QtBot, bridge: FakeBridge, saved: SavedList
) -> None:
    bridge.hits_counted.emit({"Sea": 3})
    rename(qtbot, saved, 0, "  The   sea ")
    assert kept(bridge) == [(SavedSearch("The sea", "waves tag:beach"), _QUIET)]
    assert texts(saved) == [("The sea", "3"), ("Quiet", "")]


@pytest.mark.parametrize(("typed", "name"), [("", "Sea"), ("Sea", "Sea"), ("Quiet", "Quiet (2)")])
def test_a_name_is_never_empty_and_never_two_searches(
    qtbot: QtBot, saved: SavedList, typed: str, name: str
) -> None:
    rename(qtbot, saved, 0, typed)
    assert texts(saved) == [(name, ""), ("Quiet", "")]


def test_a_count_that_comes_while_a_name_is_typed_leaves_it_alone(
    qtbot: QtBot, bridge: FakeBridge, saved: SavedList
) -> None:
    saved.rows.menu(0).actions()[0].trigger()
    editor = saved.rows.findChild(QLineEdit)
    assert editor
    editor.setText("Ocean")
    bridge.hits_counted.emit({"Sea": 3})
    assert editor.text() == "Ocean"
    finish(qtbot, saved, editor)
    assert texts(saved)[0] == ("Ocean", "3")


def test_a_search_can_be_deleted_by_menu_and_key(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    saved.rows.menu(0).actions()[1].trigger()
    assert kept(bridge) == [(_QUIET,)]
    saved.rows.setCurrentIndex(saved.rows.model().index(0, 0))
    qtbot.keyClick(saved.rows, Qt.Key.Key_Delete)
    assert kept(bridge)[-1] == ()
    assert not saved.isVisible()


def test_names_are_shown_as_they_are(bridge: FakeBridge, saved: SavedList) -> None:
    bridge.saved_searches_changed.emit((SavedSearch("<b>\n밤</b>", "<i>night</i>"),))
    item = saved.rows.topLevelItem(0)
    assert item
    assert item.text(0) == "<b> 밤</b>"
    assert "&lt;i&gt;" in item.toolTip(0)


def test_a_deleted_search_can_be_brought_back(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    saved.rows.menu(0).actions()[1].trigger()
    assert kept(bridge)[-1] == (_QUIET,)
    notice = window.notice
    assert notice.text == "Deleted “Sea”."
    assert notice.act_button.text() == "Undo"
    notice.act_button.click()
    assert kept(bridge)[-1] == (_SEA, _QUIET)
    assert not notice.isVisible()
    count = len(kept(bridge))
    notice.act_button.click()
    assert len(kept(bridge)) == count, "once"


def test_undo_belongs_to_its_sentence_and_takes_no_name_away(
    window: MainWindow, bridge: FakeBridge, saved: SavedList
) -> None:
    saved.rows.menu(1).actions()[1].trigger()
    saved.save("Quiet", {})
    window.notice.act_button.click()
    assert [search.name for search in saved.searches] == ["Sea", "Quiet (2)", "Quiet"]
    saved.rows.menu(0).actions()[1].trigger()
    bridge.notice.emit("Something else.")
    assert not window.notice.act_button.isVisible()
