"""Completion while typing: the list serves the field, and never comes between a person and the question."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.query_completion import Offer, Offers
from heimdex_desktop.ui.completion_list import CompletionList
from heimdex_desktop.ui.main_window import MainWindow
from tests.ui.fakes import FakeBridge

_OFFERS = Offers(
    tags=tuple(map(Offer.of, ("night", "black and white", "beach"))),
    folders=(Offer.of("/home/me/Films"),),
    languages=(Offer.of("ko", "Korean", "한국어"),),
)


@pytest.fixture
def completions(window: MainWindow, bridge: FakeBridge) -> CompletionList:
    bridge.offers_known.emit(_OFFERS)
    return window.completions


def shown(completions: CompletionList) -> list[str]:
    return (
        [completions.item(row).text() for row in range(completions.count())] if is_open(completions) else []
    )


def is_open(completions: CompletionList) -> bool:
    return completions.isVisible()


def press(qtbot: QtBot, window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(window.search_bar.field, key)


def questions(bridge: FakeBridge) -> list[object]:
    return [call[1] for call in bridge.calls if call[0] == "search"]


def test_plain_words_open_nothing(qtbot: QtBot, window: MainWindow, completions: CompletionList) -> None:
    for letter in "sunset at sea ":
        qtbot.keyClicks(window.search_bar.field, letter)
        assert not is_open(completions)


def test_values_are_offered_under_the_field_which_keeps_the_cursor(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    field = window.search_bar.field
    qtbot.keyClicks(field, "sea tag:b")
    assert shown(completions) == ['tag:"black and white"', "tag:beach"]
    assert field.hasFocus()
    assert completions.currentRow() == -1
    assert completions.geometry().top() >= field.mapTo(window, field.rect().bottomLeft()).y()
    assert window.rect().contains(completions.geometry())
    assert completions.height() >= 2 * completions.sizeHintForRow(0)


def test_an_operator_is_completed_then_its_value(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    field = window.search_bar.field
    qtbot.keyClicks(field, "sea ta")
    assert shown(completions) == ["tag:"]
    press(qtbot, window, Qt.Key.Key_Tab)
    assert field.text() == "sea tag:"
    assert "tag:night" in shown(completions)
    qtbot.keyClicks(field, "be")
    press(qtbot, window, Qt.Key.Key_Tab)
    assert field.text() == "sea tag:beach "
    assert field.cursorPosition() == len("sea tag:beach ")
    assert not is_open(completions)
    assert field.hasFocus()


def test_before_the_library_is_known_operators_and_fixed_values_are_completed(
    qtbot: QtBot, unopened_window: MainWindow
) -> None:
    qtbot.keyClicks(unopened_window.search_bar.field, "has:s")
    assert shown(unopened_window.completions) == ["has:speech"]


def test_down_and_up_go_through_all_and_through_none(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    rows: list[int] = []
    for key in (*[Qt.Key.Key_Down] * 4, *[Qt.Key.Key_Up] * 4):
        press(qtbot, window, key)
        rows.append(completions.currentRow())
    assert rows == [0, 1, -1, 0, -1, 1, 0, -1]


def test_enter_takes_what_is_chosen_and_asks_by_itself_after_a_pause(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    press(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert window.search_bar.field.text() == "tag:beach "
    qtbot.waitUntil(lambda: questions(bridge)[-1:] == ["tag:beach"])


def test_enter_with_nothing_chosen_asks_what_is_typed(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    assert is_open(completions)
    press(qtbot, window, Qt.Key.Key_Return)
    assert questions(bridge) == ["tag:b"]
    assert not is_open(completions)


def test_escape_closes_the_list_first_and_clears_the_field_next(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not is_open(completions)
    assert window.search_bar.field.text() == "tag:b"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.search_bar.field.text() == ""


def test_a_click_takes_a_candidate_and_leaves_the_cursor_in_the_field(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    place = completions.visualItemRect(completions.item(1)).center()
    qtbot.mouseClick(completions.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.search_bar.field.text() == "tag:beach "
    assert window.search_bar.field.hasFocus()


def test_a_word_in_the_middle_is_replaced_alone_also_after_wide_letters(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    field = window.search_bar.field
    field.setText("🎬 tag: sea")
    field.setCursorPosition(len("🎬 tag:") + 1)
    qtbot.keyClicks(field, "n")
    assert shown(completions) == ["tag:night"]
    press(qtbot, window, Qt.Key.Key_Tab)
    assert field.text() == "🎬 tag:night sea"
    field.undo()
    assert field.text() == "🎬 tag:n sea"


def test_what_is_already_whole_is_not_offered(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:nigh")
    assert is_open(completions)
    qtbot.keyClicks(window.search_bar.field, "t")
    assert not is_open(completions)


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Home])
def test_moving_the_cursor_away_closes_the_list(
    qtbot: QtBot, window: MainWindow, completions: CompletionList, key: Qt.Key
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    press(qtbot, window, key)
    assert not is_open(completions)


def test_leaving_the_field_closes_the_list(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "tag:b")
    window.search_bar.add_button.setFocus()
    assert not is_open(completions)


def test_tab_leads_on_where_there_is_nothing_to_complete(
    qtbot: QtBot, window: MainWindow, completions: CompletionList
) -> None:
    qtbot.keyClicks(window.search_bar.field, "sea")
    press(qtbot, window, Qt.Key.Key_Tab)
    assert not window.search_bar.field.hasFocus()
    assert window.search_bar.field.text() == "sea"


def test_a_text_that_nobody_typed_opens_nothing(window: MainWindow, completions: CompletionList) -> None:
    window.search_bar.field.setText("tag:b")
    assert not is_open(completions)
