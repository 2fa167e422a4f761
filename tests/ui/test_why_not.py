"""A person who misses a scene among the results is told where it stands, and the window goes on meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.search import Beside, Channel, LikeScene, WhyNot
from heimdex_desktop.domain.work import Failure
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.seam import Expected, Explained
from heimdex_desktop.ui.video_list_model import RowAction
from heimdex_desktop.ui.why_wording import explanation, read_moment, standing, unranked
from heimdex_desktop.ui.wording import clock
from tests.ui.fakes import VIDEO_ID, FakeBridge, hit

_CHANNELS = {Channel.SAID: 0.31, Channel.SEEN: None, Channel.TAGS: 0.0, Channel.TEXT: None, Channel.WHO: None}
_ROW = VideoRow(str(VIDEO_ID), VIDEO_ID, Path("/films/trip.mp4"), RowState.DONE, scene_count=9)
_FAR = WhyNot(hit(2).scene, 57, 431, 0.31, 0.92, _CHANNELS)


def _told(found: WhyNot | None, row: VideoRow | None = _ROW, at_ms: int | None = 12_000) -> str:
    return " ".join(explanation(Explained(Expected(VIDEO_ID, at_ms), found), row))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            _FAR,
            "is number 57 of 431 that were looked at closely. It scores 0.31, the best 0.92.",
        ),
        (replace(_FAR, score=0.0), "Nothing that is known of it speaks to the search."),
        (replace(_FAR, rank=2, shown_at=1), "is among the results: it is shown with number 1."),
        (replace(_FAR, rank=None), "does not meet the conditions of the search."),
        (replace(_FAR, rank=None), "Take them out one by one"),
        (
            replace(_FAR, rank=None, unmet=("@Minji", "people:2")),
            "It does not meet @Minji, people:2. Nobody looked for faces in it yet.",
        ),
        (
            replace(_FAR, rank=None, unmet=("@Minji",), scene=replace(_FAR.scene, people_count=1)),
            "It does not meet @Minji. Seen there: nobody who is known; 1 face at once.",
        ),
    ],
)
def test_where_a_scene_stands_is_said_in_words(found: WhyNot, told: str) -> None:
    assert told in _told(found)


def test_what_is_not_indexed_is_said_with_the_reason() -> None:
    failed = replace(_ROW, state=RowState.FAILED, failure=Failure("x", "It is broken.", "Copy it again."))
    waits = replace(_ROW, state=RowState.WAITING_FOR_MODEL, note="It waits for whisper-small.")
    assert _told(None, failed) == "No scene at 0:12 can be found yet. It is broken. Copy it again."
    assert _told(None, replace(_ROW, state=RowState.RUNNING, stage="Looking")).endswith("Now: Looking.")
    assert _told(None, waits) == "No scene at 0:12 can be found yet. It waits for whisper-small."
    assert "cancelled" in _told(None, replace(_ROW, state=RowState.CANCELLED), None)
    assert "later: It waits for whisper-small." in _told(_FAR, waits)
    assert "not on the list" in _told(None, None)


@pytest.mark.parametrize("state", list(RowState))
def test_every_state_has_words(state: RowState) -> None:
    assert standing(replace(_ROW, state=state, note="A note.")).endswith(".")


@pytest.mark.parametrize(
    ("text", "beside", "is_ranked"),
    [
        ("sea", None, True),
        ("sea tag:night", None, True),
        ("", LikeScene(hit(1).scene.id), True),
        ("tag:night", LikeScene(hit(1).scene.id), True),
        ("", OfVideo(VIDEO_ID), False),
        ("", None, False),
        ("tag:night", None, False),
        ("@Minji tag:night", None, True),
        ("-@Minji", None, False),
        ("sea >> fire", None, False),
    ],
)
def test_only_an_answer_without_ranks_is_told_so(text: str, beside: Beside | None, is_ranked: bool) -> None:
    assert (unranked(text, beside) == "") is is_ranked


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("1:23", 83_000),
        ("12", 12_000),
        (" 1:02:03.5 ", 3_723_500),
        ("0:00.25", 250),
        ("1:", None),
        ("x", None),
    ],
)
def test_a_moment_is_read_as_it_is_written(text: str, at_ms: int | None) -> None:
    assert read_moment(text) == at_ms


@given(st.integers(0, 10**8))
def test_a_moment_that_the_window_wrote_is_read(at_ms: int) -> None:
    assert read_moment(clock(at_ms)) == at_ms // 1000 * 1000


@given(st.text())
def test_any_text_may_stand_for_a_moment(text: str) -> None:
    found = read_moment(text)
    assert found is None or found >= 0


@pytest.fixture
def ask(window: MainWindow, bridge: FakeBridge) -> Callable[[], None]:
    bridge.rows_changed.emit((_ROW,))
    side = window.side.rows

    def ask_by_menu() -> None:
        side.setCurrentIndex(side.model().index(0, 0))
        entries = {entry.text(): entry for entry in side.menu().actions()}
        entries[str(RowAction.EXPLAIN)].trigger()

    return ask_by_menu


def test_the_menu_of_a_video_explains_its_best_scene(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, ask: Callable[[], None]
) -> None:
    ask()
    dialog = window.why.dialog
    assert bridge.calls[-1] == ("explain", Expected(VIDEO_ID))
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert not dialog.show_button.isEnabled()
    bridge.explained.emit(Explained(Expected(VIDEO_ID), _FAR))
    assert "number 57 of 431" in dialog.sentence.text()
    assert dialog.bars.texts() == ("0.31", "says nothing", "0.00", "says nothing", "says nothing", "0.31")
    dialog.show_button.click()
    assert window.player.isVisible()
    assert window.player.name.text == "trip.mp4"
    dialog.close()


def test_another_moment_can_be_asked_for(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, ask: Callable[[], None]
) -> None:
    ask()
    dialog = window.why.dialog
    qtbot.keyClicks(dialog.moment, "1:23")
    qtbot.keyClick(dialog.moment, Qt.Key.Key_Return)
    assert bridge.calls[-1] == ("explain", Expected(VIDEO_ID, 83_000))
    bridge.explained.emit(Explained(Expected(VIDEO_ID), _FAR))
    assert dialog.sentence.text() == "Looking …", "an answer to an older question is passed over"
    bridge.explained.emit(Explained(Expected(VIDEO_ID, 83_000)))
    assert "No scene at 1:23" in dialog.sentence.text()
    assert not dialog.bars.isVisible()
    count = len(bridge.calls)
    dialog.moment.setText("soon")
    dialog.look_button.click()
    assert "no moment" in dialog.sentence.text()
    assert len(bridge.calls) == count
    dialog.close()


def test_a_file_that_is_no_video_is_explained_without_asking(window: MainWindow, bridge: FakeBridge) -> None:
    failure = Failure("UnreadableVideo", "It is no video.", "Give another.")
    row = VideoRow("/films/x.mp4", None, Path("/films/x.mp4"), RowState.FAILED, failure=failure)
    bridge.rows_changed.emit((row,))
    window.side.acted.emit(RowAction.EXPLAIN, row)
    assert window.why.dialog.detail.text() == "It is no video. Give another."
    assert [call for call in bridge.calls if call[0] == "explain"] == []
    window.why.dialog.close()


def test_the_player_asks_about_the_moment_it_shows(
    window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    bridge.rows_changed.emit((_ROW,))
    gone = hit(3, path=tmp_path / "gone.mp4")
    window.play(gone)
    entry = window.player.menu().actions()[0]
    assert entry.text().startswith("Why is this moment")
    entry.trigger()
    assert bridge.calls[-1] == ("explain", Expected(VIDEO_ID, 15_000))
    assert window.why.dialog.name.text == "gone.mp4"
    assert window.why.dialog.moment.text() == "0:15"
    window.why.dialog.close()
