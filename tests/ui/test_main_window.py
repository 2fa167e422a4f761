"""The whole window against its seam."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, QUrl
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Answer, Channel, LikeScene, Verdict
from heimdex_desktop.pipeline.board import Overall, RowState, Switch
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.results_page import WEAK_LINE
from heimdex_desktop.ui.video_list_model import RowAction
from tests.ui.fakes import VIDEO_ID, FakeBridge, answer, hit, row

HITS = tuple(hit(number) for number in range(12))


def fill(bridge: FakeBridge) -> None:
    bridge.rows_changed.emit((row("a"), row("b", RowState.FAILED)))
    bridge.overall_changed.emit(Overall(2, 1, failed=1, fraction=1.0))


def ask(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.search_bar.field.clear()
    qtbot.keyClicks(window.search_bar.field, text)
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Return)


def questions(bridge: FakeBridge) -> list[object]:
    return [call[1] for call in bridge.calls if call[0] == "search"]


def test_until_the_library_is_open_it_is_not_called_empty(
    unopened_window: MainWindow, bridge: FakeBridge
) -> None:
    window = unopened_window
    assert window.centre.waiting.opening.isVisible()
    assert window.status.line.text() == ""
    bridge.overall_changed.emit(Overall())
    assert not window.empty.isVisible()
    assert window.status.line.text() == ""
    bridge.opened.emit()
    assert window.empty.isVisible()
    assert window.status.line.text() == "No videos yet"


def test_a_library_that_is_refused_stays_so_until_it_is_open(
    unopened_window: MainWindow, bridge: FakeBridge
) -> None:
    waiting = unopened_window.centre.waiting
    bridge.refused.emit("Another program has it. Close it.")
    assert waiting.reason.isVisible()
    assert waiting.reason.text() == "Another program has it. Close it."
    assert not waiting.opening.isVisible()
    waiting.again_button.click()
    assert bridge.calls == [("open",)]
    assert not waiting.again_button.isEnabled()
    bridge.refused.emit("Another program has it. Close it.")
    assert waiting.again_button.isEnabled()
    fill(bridge)
    bridge.opened.emit()
    assert not waiting.isVisible()
    assert unopened_window.results.isVisible()


def test_the_cursor_is_in_the_search_field_at_the_start(
    unopened_window: MainWindow, bridge: FakeBridge
) -> None:
    assert unopened_window.search_bar.field.hasFocus()
    bridge.opened.emit()
    assert unopened_window.search_bar.field.hasFocus()


def test_an_empty_library_says_what_to_do(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    assert window.empty.isVisible()
    assert not window.side.isVisible()
    window.empty.sample_button.click()
    assert bridge.calls == [("sample",)]


def test_rows_bring_the_list_and_their_end_the_invitation(window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    assert window.side.isVisible()
    assert not window.empty.isVisible()
    assert window.status.line.text() == "1 of 2 videos indexed · 6 scenes"
    assert window.status.failures.text() == "1 video needs a look"
    bridge.rows_removed.emit(("a", "b"))
    assert window.empty.isVisible()


def test_typing_asks_once_after_a_pause(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    qtbot.keyClicks(window.search_bar.field, "sea")
    assert questions(bridge) == []
    qtbot.waitUntil(lambda: questions(bridge) == ["sea"])


def test_enter_asks_at_once(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    ask(qtbot, window, "sea")
    assert questions(bridge) == ["sea"]
    qtbot.wait(180)
    assert questions(bridge) == ["sea"]


def test_enter_again_leads_to_the_answer(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    ask(qtbot, window, "sea")
    bridge.answered.emit(answer("sea", *HITS))
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Return)
    assert questions(bridge) == ["sea"]
    assert window.results.grid.hasFocus()


def test_only_the_answer_to_the_newest_question_is_shown(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    ask(qtbot, window, "sea")
    ask(qtbot, window, "mountain")
    bridge.answered.emit(answer("sea", *HITS))
    assert not window.results.grid.isVisible()
    bridge.answered.emit(answer("mountain", *HITS[:2]))
    assert window.results.grid.isVisible()
    assert window.scenes.rowCount() == 2
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Escape)
    bridge.answered.emit(answer("mountain", *HITS))
    assert window.scenes.rowCount() == 2


def test_without_a_question_the_newest_scenes_are_shown(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    bridge.library_changed.emit()
    assert questions(bridge) == [""]
    bridge.answered.emit(answer("", *HITS))
    assert window.scenes.rowCount() == len(HITS)
    assert window.results.count.text().startswith(f"The newest {len(HITS)} scenes.")
    bridge.answered.emit(answer(""))
    assert not window.results.grid.isVisible()


def test_more_to_search_asks_again(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    ask(qtbot, window, "sea")
    bridge.library_changed.emit()
    qtbot.waitUntil(lambda: questions(bridge) == ["sea", "sea"])


def test_the_verdict_is_told(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    ask(qtbot, window, "<b>sea")
    bridge.answered.emit(answer("<b>sea", *HITS, verdict=Verdict.WEAK))
    assert window.results.verdict.isVisible()
    assert window.results.verdict.text() == WEAK_LINE
    bridge.answered.emit(answer("<b>sea", *HITS))
    assert not window.results.verdict.isVisible()
    bridge.answered.emit(answer("<b>sea", *HITS, verdict=Verdict.NONE))
    assert window.results.nothing.text() == "Nothing convincing for “<b>sea”."
    assert window.results.nothing.textFormat() is Qt.TextFormat.PlainText
    window.results.anyway_button.click()
    assert window.scenes.rowCount() == len(HITS)
    bridge.answered.emit(answer("<b>sea", *HITS[:3], verdict=Verdict.NONE))
    assert window.scenes.rowCount() == 3


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("@Katy @Bush", "No scene shows Katy and Bush together."),
        ("@Katy", "No scene shows Katy."),
        ("@Ann @Bob @Cem", "No scene shows Ann, Bob and Cem together."),
        ("@Katy OR @Bush", "No scene shows the people of “@Katy OR @Bush”."),
        ("@Katy -@Bush", "No scene shows the people of “@Katy -@Bush”."),
    ],
)
def test_of_people_alone_no_other_words_are_advised(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, typed: str, told: str
) -> None:
    fill(bridge)
    ask(qtbot, window, typed)
    bridge.answered.emit(Answer(parse(typed), 12, Verdict.NONE))
    assert window.results.nothing.text() == told
    assert "words" not in window.results.advice.text()


def test_with_words_beside_people_other_words_are_advised(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    ask(qtbot, window, "@Katy snow")
    bridge.answered.emit(Answer(parse("@Katy snow"), 12, Verdict.NONE))
    assert window.results.nothing.text() == "Nothing convincing for “@Katy snow”."
    assert "words" in window.results.advice.text()


def test_what_was_typed_tells_questions_apart(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    ask(qtbot, window, '"the sea"')
    weak = Answer(parse('"the sea"'), 12, Verdict.NONE, HITS)
    bridge.answered.emit(weak)
    assert window.results.nothing.text() == 'Nothing convincing for “"the sea"”.'
    window.results.anyway_button.click()
    assert window.results.is_showing_hits()
    ask(qtbot, window, "the sea")
    bridge.answered.emit(Answer(parse("the sea"), 12, Verdict.NONE, HITS))
    assert not window.results.is_showing_hits()


def test_without_any_hit_there_is_nothing_to_show_anyway(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    ask(qtbot, window, "sea")
    bridge.answered.emit(answer("sea", verdict=Verdict.NONE))
    assert window.results.nothing.isVisible()
    assert not window.results.anyway_button.isVisible()


def test_the_keyboard_leads_from_question_to_scene(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    window.side.rows.setFocus()
    qtbot.keyClick(window.side.rows, Qt.Key.Key_Slash)
    assert window.search_bar.field.hasFocus()
    qtbot.keyClicks(window.search_bar.field, "a/b")
    assert window.search_bar.field.text() == "a/b"
    ask(qtbot, window, "sea")
    bridge.answered.emit(answer("sea", *HITS))
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Down)
    assert window.results.grid.hasFocus()
    qtbot.keyClick(window.results.grid, Qt.Key.Key_Return)
    assert window.player.isVisible()
    qtbot.keyClick(window.player, Qt.Key.Key_Escape)
    assert not window.player.isVisible()
    assert window.results.grid.hasFocus()


def test_the_videos_that_need_a_look_are_shown_one_after_the_other(
    window: MainWindow, bridge: FakeBridge
) -> None:
    failed = RowState.FAILED
    bridge.rows_changed.emit((row("a"), row("b", failed), row("c"), row("d", failed)))
    bridge.overall_changed.emit(Overall(4, 2, failed=2, fraction=1.0))
    window.search_bar.side_button.click()
    shown: list[str] = []
    for _ in range(3):
        window.status.failures.click()
        assert window.side.rows.isVisible()
        shown += [each.key for each in window.side.rows.chosen()]
    assert shown == ["b", "d", "b"]
    bridge.overall_changed.emit(Overall(4, 4, fraction=1.0))
    assert not window.status.failures.isVisible()


def test_the_queue_is_spoken_of_only_while_there_is_one(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    bridge.rows_changed.emit((row("a"), row("b", RowState.QUEUED)))
    ask(qtbot, window, "sea")
    bridge.answered.emit(answer("sea", verdict=Verdict.NONE))
    assert "queue" in window.results.advice.text()
    bridge.rows_changed.emit((row("b", RowState.FAILED),))
    bridge.answered.emit(answer("sea", verdict=Verdict.NONE))
    assert "queue" not in window.results.advice.text()


def test_the_line_above_the_newest_scenes_wraps_in_a_narrow_window(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    window.resize(640, 600)
    bridge.answered.emit(answer("", *HITS))
    line = window.results.count
    qtbot.waitUntil(lambda: line.width() < line.fontMetrics().horizontalAdvance(line.text()))
    qtbot.waitUntil(lambda: line.height() >= 2 * line.fontMetrics().height())


def test_a_notice_does_not_move_the_invitation(window: MainWindow, bridge: FakeBridge) -> None:
    place = window.empty.geometry()
    bridge.notice.emit("Something to know.")
    assert window.notice.isVisible()
    # Lays out what has changed, as the next event would.
    QApplication.sendPostedEvents()
    assert window.empty.geometry() == place
    window.notice.dismiss()


def test_a_video_can_be_cancelled_and_retried(window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    for action in (RowAction.CANCEL, RowAction.RETRY):
        window.side.acted.emit(action, row("b"))
    assert bridge.calls == [("cancel", "b"), ("retry", "b")]


def fill_with_videos(bridge: FakeBridge) -> None:
    bridge.rows_changed.emit(tuple(replace(row(key), video_id=VIDEO_ID) for key in ("a", "b")))


def removal_question(window: MainWindow) -> QMessageBox:
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def press(box: QMessageBox, words: str) -> None:
    next(button for button in box.buttons() if button.text().replace("&", "") == words).click()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_removing_a_video_is_asked_about_and_leaves_what_lies_beside_it(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill_with_videos(bridge)
    window.side.rows.setCurrentIndex(window.videos.index(0))
    qtbot.keyClick(window.side.rows, Qt.Key.Key_Delete)
    box = removal_question(window)
    name = window.side.rows.chosen()[0].location.name
    assert name in box.text()
    assert "never touched" in box.informativeText()
    assert box.checkBox().text().endswith(f"({name}.heimdex.json and .npz)")
    assert not box.checkBox().isChecked()
    assert box.buttonRole(box.defaultButton()) is QMessageBox.ButtonRole.RejectRole
    press(box, "Cancel")
    assert bridge.calls == []
    qtbot.keyClick(window.side.rows, Qt.Key.Key_Delete)
    press(removal_question(window), "Remove")
    assert bridge.calls == [("remove", "a", False)]


def test_many_videos_are_removed_after_one_question_with_their_sidecars(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill_with_videos(bridge)
    window.side.rows.selectAll()
    window.side.rows.act(RowAction.REMOVE)
    box = removal_question(window)
    assert box.text() == "Remove 2 videos from the library?"
    box.checkBox().click()
    press(box, "Remove")
    assert bridge.calls == [("remove", "a", True), ("remove", "b", True)]


def test_of_a_file_that_is_no_video_nothing_lies_beside_it(window: MainWindow, bridge: FakeBridge) -> None:
    bridge.rows_changed.emit((row("x", RowState.FAILED),))
    window.side.rows.selectAll()
    window.side.rows.act(RowAction.REMOVE)
    box = removal_question(window)
    assert box.checkBox() is None
    press(box, "Remove")
    assert bridge.calls == [("remove", "x", False)]


def test_pause_and_resume_reach_the_work(window: MainWindow, bridge: FakeBridge) -> None:
    bridge.rows_changed.emit((row("a", RowState.RUNNING),))
    bridge.overall_changed.emit(Overall(1, 0, fraction=0.2, eta_s=120))
    window.status.button.click()
    bridge.overall_changed.emit(Overall(1, 0, fraction=0.2, paused=True))
    assert window.status.line.text() == "0 of 1 video · paused"
    window.status.button.click()
    assert bridge.calls == [("pause",), ("resume",)]


def test_pasting_files_adds_them_even_in_the_search_field(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    QApplication.clipboard().setMimeData(copied)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_V, control)
    qtbot.keyClick(window.empty.add_button, Qt.Key.Key_V, control)
    assert bridge.calls == [("add", tmp_path), ("add", tmp_path)]
    assert window.search_bar.field.text() == ""


def test_copying_a_scene_puts_path_and_time_on_the_clipboard(window: MainWindow) -> None:
    window.results.grid.copy_wanted.emit(hit(1, start_ms=83_400))
    expected = f"{Path('/films/trip.mp4')} 00:01:23.400"
    assert QApplication.clipboard().text() == expected
    assert expected in window.notice.text
    assert window.notice.isVisible()
    window.notice.dismiss()


def test_the_moment_of_a_scene_is_found_before_it_is_copied(window: MainWindow, bridge: FakeBridge) -> None:
    bridge.found_at_ms = 85_250
    window.results.grid.copy_wanted.emit(hit(1, start_ms=83_400))
    assert QApplication.clipboard().text().endswith(" 00:01:25.250")
    window.player.copy_wanted.emit(hit(1, start_ms=83_400), 84_000)
    assert QApplication.clipboard().text().endswith(" 00:01:24.000"), "what the player shows"
    window.notice.dismiss()


def test_a_file_that_is_gone_is_told_without_a_dialog(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    with qtbot.waitSignal(window.launcher.said):
        window.results.grid.reveal_wanted.emit(hit(0, path=tmp_path / "drive" / "a.mp4"))
    assert window.notice.text == "The drive with “a.mp4” is not connected. Connect it and try again."


def test_the_side_list_can_be_put_away(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    window.search_bar.side_button.click()
    assert not window.side.isVisible()
    fill(bridge)
    assert not window.side.isVisible()
    window.search_bar.side_button.click()
    assert window.side.isVisible()


def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    assert window.search_bar.field.accessibleName()
    for button in (window.search_bar.side_button, window.side.pause_button, window.player.close_button):
        assert button.accessibleName()
        assert button.toolTip()


def test_ten_thousand_rows_and_hits_do_not_hold_up_the_window(
    window: MainWindow, bridge: FakeBridge, qtbot: QtBot
) -> None:
    bridge.rows_changed.emit(tuple(row(str(number)) for number in range(10_000)))
    ask(qtbot, window, "sea")
    bridge.answered.emit(answer("sea", *(hit(number) for number in range(5_000))))
    bar = window.results.grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100_000)
    bar.setValue(bar.maximum())
    assert not window.grab().isNull()


def test_a_change_of_model_is_told_and_can_be_gone_back_from(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    moving = Switch("text", "intfloat/multilingual-e5-small", 12, 40)
    bridge.overall_changed.emit(Overall(40, 12, fraction=0.3, switches=(moving,)))
    assert window.status.switch.isVisible()
    assert window.status.switch.text() == "Search by meaning moves to multilingual-e5-small: 12 of 40 videos"
    qtbot.mouseClick(window.status.back_button, Qt.MouseButton.LeftButton)
    assert bridge.calls[-1] == ("back", "text")
    bridge.overall_changed.emit(Overall(40, 40, fraction=1.0))
    assert not window.status.switch.isVisible()
    assert not window.status.back_button.isVisible()


def test_the_page_about_models_is_wanted_by_button_and_key(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.models_wanted):
        window.search_bar.models_button.click()
    with qtbot.waitSignal(window.models_wanted):
        qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)


def test_faders_are_out_of_the_way_and_turn_the_answer(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    assert not window.faders.isVisible()
    qtbot.mouseClick(window.search_bar.faders_button, Qt.MouseButton.LeftButton)
    assert window.faders.isVisible()
    window.faders.sliders[Channel.SEEN].setValue(200)
    assert bridge.calls[-1] == ("turn", {Channel.SEEN: 2.0})
    qtbot.mouseClick(window.search_bar.faders_button, Qt.MouseButton.LeftButton)
    assert not window.faders.isVisible()
    assert bridge.calls[-1] == ("turn", {}), "what is out of sight turns nothing"


def test_what_was_not_understood_is_told_above_the_answer(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    ask(qtbot, window, "sea after:tomorrowish")
    bridge.answered.emit(Answer(parse("sea after:tomorrowish"), 3, Verdict.GOOD, HITS))
    assert window.results.notes.isVisible()
    assert "tomorrowish" in window.results.notes.text()
    ask(qtbot, window, "sea")
    bridge.answered.emit(Answer(parse("sea"), 3, Verdict.GOOD, HITS))
    assert not window.results.notes.isVisible()


def test_similar_scenes_are_asked_for_with_a_chip(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge
) -> None:
    fill(bridge)
    ask(qtbot, window, "sea")
    window.results.grid.similar_wanted.emit(HITS[2])
    like = LikeScene(HITS[2].scene.id)
    assert bridge.calls[-1] == ("search", "", like)
    assert window.search_bar.field.text() == ""
    chip = window.search_bar.chip
    assert chip.isVisible()
    assert chip.caption.text == "Similar to 0:10–0:14 of trip.mp4"
    bridge.answered.emit(replace(answer("", *HITS[:3]), beside=like))
    assert window.results.grid.model().rowCount() == 3
    assert window.results.count.text() == "3 scenes"
    ask(qtbot, window, "night")
    assert bridge.calls[-1] == ("search", "night", like)
    chip.remove_button.click()
    assert bridge.calls[-1] == ("search", "night")
    assert not chip.isVisible()


def test_more_from_a_video_is_left_with_escape(qtbot: QtBot, window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    window.results.grid.video_wanted.emit(HITS[0])
    assert bridge.calls[-1] == ("search", "", OfVideo(HITS[0].scene.video_id))
    assert window.search_bar.chip.caption.text == "In trip.mp4"
    qtbot.keyClicks(window.search_bar.field, "x")
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Escape)
    assert window.search_bar.chip.isVisible(), "the first one empties the field"
    qtbot.keyClick(window.search_bar.field, Qt.Key.Key_Escape)
    assert not window.search_bar.chip.isVisible()
    assert bridge.calls[-1] == ("search", "")


def test_nothing_similar_is_said_so(window: MainWindow, bridge: FakeBridge) -> None:
    fill(bridge)
    window.results.grid.similar_wanted.emit(HITS[0])
    like = LikeScene(HITS[0].scene.id)
    bridge.answered.emit(replace(answer("", HITS[1], verdict=Verdict.NONE), beside=like))
    assert window.results.nothing.text() == "No other scene is convincingly similar."
    window.results.anyway_button.click()
    assert window.results.is_showing_hits()
