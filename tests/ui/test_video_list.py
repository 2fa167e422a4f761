"""The side list: its model, its buttons and its menu."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.work import Failure
from heimdex_desktop.pipeline.board import Overall, RowState, VideoRow
from heimdex_desktop.ui.video_list import VideoList
from heimdex_desktop.ui.video_list_model import RowAction, VideoListModel, can, quick_action, row_at
from heimdex_desktop.ui.video_row_delegate import button_rect
from tests.ui.fakes import row

KEYS = st.lists(st.sampled_from("abcdef"), max_size=6)


@pytest.fixture
def side(qtbot: QtBot) -> VideoList:
    made = VideoList(VideoListModel())
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def model_of(side: VideoList) -> VideoListModel:
    model = side.rows.model()
    assert isinstance(model, VideoListModel)
    return model


def acts_of(side: VideoList) -> list[tuple[RowAction, str]]:
    acts: list[tuple[RowAction, str]] = []

    def note(action: RowAction, each: VideoRow) -> None:
        acts.append((action, each.key))

    side.acted.connect(note)
    return acts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(st.booleans(), KEYS), max_size=8))
def test_the_model_keeps_one_row_per_key(qapp: QApplication, changes: list[tuple[bool, list[str]]]) -> None:
    model = VideoListModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    expected: dict[str, VideoRow] = {}
    for number, (is_taking, keys) in enumerate(changes):
        if is_taking:
            rows = [row(key, scene_count=number) for key in keys]
            model.take(rows)
            expected |= {each.key: each for each in rows}
        else:
            model.drop(keys)
            expected = {key: each for key, each in expected.items() if key not in keys}
    assert [row_at(model.index(place)) for place in range(model.rowCount())] == list(expected.values())
    assert model.scene_count == sum(each.scene_count for each in expected.values())
    assert tester.model() is model


@pytest.mark.parametrize("state", list(RowState))
def test_what_can_be_done_in_each_state(state: RowState) -> None:
    each = row("a", state)
    assert can(each, RowAction.REMOVE)
    assert can(each, RowAction.SHOW_IN_FOLDER)
    assert not (can(each, RowAction.CANCEL) and can(each, RowAction.RETRY))


def test_retry_is_a_button_only_where_it_helps() -> None:
    failed = row("a", RowState.FAILED)
    assert quick_action(failed) is RowAction.RETRY
    hopeless = replace(failed, failure=Failure("X", "Broken.", retry_helps=False))
    assert quick_action(hopeless) is None
    assert can(hopeless, RowAction.RETRY)


@pytest.mark.parametrize(
    ("state", "action"), [(RowState.RUNNING, RowAction.CANCEL), (RowState.FAILED, RowAction.RETRY)]
)
def test_a_click_on_the_button_of_a_row(
    qtbot: QtBot, side: VideoList, state: RowState, action: RowAction
) -> None:
    wanted = row("b", state)
    model_of(side).take([row("a"), wanted])
    place = button_rect(side.rows.visualRect(model_of(side).index(1))).center()
    with qtbot.waitSignal(side.acted) as acted:
        qtbot.mouseClick(side.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert acted.args == [action, wanted]


def test_keys_act_on_every_chosen_video(qtbot: QtBot, side: VideoList) -> None:
    rows = [row("a", RowState.FAILED), row("b"), row("c", RowState.FAILED)]
    model_of(side).take(rows)
    acts = acts_of(side)
    side.rows.selectAll()
    qtbot.keyClick(side.rows, Qt.Key.Key_F5)
    assert acts == [(RowAction.RETRY, "a"), (RowAction.RETRY, "c")]
    acts.clear()
    with qtbot.waitSignal(side.removal_wanted) as wanted:
        qtbot.keyClick(side.rows, Qt.Key.Key_Delete)
    assert wanted.args == [tuple(rows)]
    assert acts == []
    side.rows.clearSelection()
    with qtbot.assertNotEmitted(side.removal_wanted):
        qtbot.keyClick(side.rows, Qt.Key.Key_Delete)


def test_the_keyboard_is_seen_on_the_list_before_anything_is_chosen(qtbot: QtBot, side: VideoList) -> None:
    model_of(side).take([row("a"), row("b")])
    side.pause_button.setVisible(True)
    side.pause_button.setFocus()
    before = side.rows.viewport().grab().toImage()
    side.rows.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(side.rows.hasFocus)
    assert side.rows.chosen() == ()
    assert side.rows.viewport().grab().toImage() != before


def test_the_menu_offers_what_makes_sense(side: VideoList) -> None:
    model_of(side).take([row("a", RowState.FAILED)])
    side.rows.selectAll()
    menu = side.rows.menu()
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert enabled == {
        "Cancel": False,
        "Retry": True,
        "Show in folder": True,
        "Why is it not among the results?": True,
        "Remove from library…": True,
    }
    acts = acts_of(side)
    next(action for action in menu.actions() if action.text() == "Retry").trigger()
    assert acts == [(RowAction.RETRY, "a")]


def test_only_one_folder_is_opened(side: VideoList) -> None:
    model_of(side).take([row("a"), row("b")])
    side.rows.selectAll()
    acts = acts_of(side)
    side.rows.act(RowAction.SHOW_IN_FOLDER)
    assert len(acts) == 1


def test_pause_and_resume(qtbot: QtBot, side: VideoList) -> None:
    side.show_overall(Overall(3, 1))
    with qtbot.waitSignal(side.pause_wanted):
        side.pause_button.click()
    side.show_overall(Overall(3, 1, paused=True))
    with qtbot.waitSignal(side.resume_wanted):
        side.pause_button.click()
    side.show_overall(Overall(3, 2, left_out=1))
    assert not side.pause_button.isVisible()


def test_every_state_can_be_painted(qtbot: QtBot, side: VideoList) -> None:
    failure = Failure("X", "It <i>broke</i>.", "Do this.")
    names = {state: f"{state}-{'long' * 30}<b>.mp4" for state in RowState}
    rows = [replace(row(str(state), state, name=names[state]), failure=failure) for state in RowState]
    model_of(side).take(rows)
    side.rows.selectAll()
    assert not side.grab().isNull()
