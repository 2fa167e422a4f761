"""Counts, times and reasons in words."""

import html
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.search import Channel, Reason
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.domain.work import Failure
from heimdex_desktop.pipeline.board import Overall, RowState, VideoRow
from heimdex_desktop.ui.wording import (
    clock,
    counted,
    exact_moment,
    failures_text,
    overall_status,
    path_and_time,
    plain,
    remaining,
    row_status,
    row_third_line,
    row_tooltip,
    scene_times,
    span_text,
    tooltip,
    why,
)
from tests.ui.fakes import hit


@pytest.mark.parametrize(
    ("at_ms", "written"), [(0, "0:00"), (59_999, "0:59"), (61_000, "1:01"), (3_600_000, "1:00:00")]
)
def test_clock(at_ms: int, written: str) -> None:
    assert clock(at_ms) == written


def test_a_span_is_never_shown_shorter_than_it_is() -> None:
    assert span_text(TimeSpan(62_400, 68_001)) == "1:02–1:09"


@given(st.integers(0, 10**9))
def test_exact_moment_loses_nothing(at_ms: int) -> None:
    hours, minutes, seconds = exact_moment(at_ms).split(":")
    assert int(hours) * 3_600_000 + int(minutes) * 60_000 + round(float(seconds) * 1000) == at_ms


def test_path_and_time() -> None:
    path = Path("/films/a b.mp4")
    assert path_and_time(path, 83_400) == f"{path} 00:01:23.400"


@pytest.mark.parametrize(
    ("eta_s", "words"),
    [
        (None, ""),
        (math.inf, ""),
        (3, "a few seconds left"),
        (40, "less than a minute left"),
        (61, "about 1 min left"),
        (130, "about 2 min left"),
        (3_600, "about 1 h left"),
        (5_400, "about 1 h 30 min left"),
    ],
)
def test_remaining(eta_s: float | None, words: str) -> None:
    assert remaining(eta_s) == words


@given(st.floats(0, 10**7))
def test_minutes_never_reach_sixty(eta_s: float) -> None:
    assert " 60 min" not in remaining(eta_s)


def test_counted() -> None:
    assert [counted(number, "scene") for number in (0, 1, 1204)] == ["0 scenes", "1 scene", "1,204 scenes"]


@given(st.text())
def test_plain_text_has_one_line_and_keeps_its_length(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert "\n" not in shown
    assert "\0" not in shown


def test_markup_in_a_tooltip_is_shown_not_obeyed() -> None:
    assert "<b>" not in tooltip("<b>film</b>.mp4")
    assert tooltip("") == ""


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason(Channel.SAID, "exact words", ("sea",)), "said · words"),
        (Reason(Channel.SAID, "meaning"), "said · meaning"),
        (Reason(Channel.TAGS, "tag", ("night", "close-up")), "tag · night, close-up"),
        (Reason(Channel.TEXT, "exact words", ("Exit",)), "on screen · Exit"),
        (Reason(Channel.TEXT, "similar spelling", ("Castellano", "Ex1t")), "on screen · Castellano, Ex1t"),
        (Reason(Channel.SEEN, ""), "seen"),
        (Reason(Channel.WHO, "face", ("Minji",), 0.934), "who · Minji 93 %"),
    ],
)
def test_why(reason: Reason, words: str) -> None:
    assert why(reason) == words


FAILED = VideoRow(
    "k", None, Path("/films/a.mp4"), RowState.FAILED, failure=Failure("X", "It broke.", "Copy it again.")
)


def test_a_failed_row_says_why_and_what_to_do() -> None:
    assert row_status(FAILED) == "It broke."
    assert row_third_line(FAILED) == "Copy it again."
    assert "Copy it again." in row_tooltip(FAILED)


def test_a_running_row_says_what_is_done_and_how_long_it_takes() -> None:
    running = VideoRow("k", None, Path("/a.mp4"), RowState.RUNNING, stage="Reading subtitles", eta_s=130)
    assert row_status(running) == "Reading subtitles · about 2 min left"


@pytest.mark.parametrize("state", list(RowState))
def test_every_state_has_words(state: RowState) -> None:
    assert row_status(VideoRow("k", None, Path("/a.mp4"), state))


@pytest.mark.parametrize(
    ("overall", "words"),
    [
        (Overall(), "No videos yet"),
        (Overall(12, 3, eta_s=250), "3 of 12 videos · about 4 min left"),
        (Overall(12, 3, eta_s=250, paused=True), "3 of 12 videos · paused"),
        (Overall(12, 2, failed=1), "3 of 12 videos"),
        (Overall(12, 12), "12 videos, 248 scenes, everything indexed"),
        (Overall(12, 12, waiting=1), "12 videos, 248 scenes, 1 waits for a model"),
        (Overall(12, 10, failed=2), "10 of 12 videos indexed · 248 scenes"),
        (Overall(12, 11, left_out=1), "11 of 12 videos indexed · 248 scenes"),
        (Overall(12, 3, left_out=1, eta_s=250), "4 of 12 videos · about 4 min left"),
    ],
)
def test_the_line_about_everything_is_honest(overall: Overall, words: str) -> None:
    assert overall_status(overall, 248) == words


def test_failures_are_counted() -> None:
    said = [failures_text(Overall(3, 1, failed=failed)) for failed in (0, 1, 2)]
    assert said == ["", "1 video needs a look", "2 videos need a look"]


def test_a_row_that_waits_for_a_model_says_for_which() -> None:
    note = "Speech recognition waits for its model whisper-small (486 MB): run “heimdex models”."
    row = VideoRow("k", None, Path("/a.mp4"), RowState.WAITING_FOR_MODEL, note=note, scene_count=7)
    assert row_status(row) == "7 scenes · waiting for a model"
    assert row_third_line(row) == note
    assert html.escape(note) in row_tooltip(row)


def test_a_reason_does_not_repeat_the_name_above_it() -> None:
    failure = Failure("NoVideoStream", "“talk.mp4” holds sound but no picture.", "Only videos can be added.")
    row = VideoRow("k", None, Path("/films/talk.mp4"), RowState.FAILED, failure=failure)
    assert row_status(row) == "Holds sound but no picture."


def test_a_card_says_what_follows_and_what_stands_behind_it() -> None:
    alone, later = hit(0, start_ms=8_000), hit(1, start_ms=30_000)
    assert scene_times(alone) == "0:08–0:12"
    assert scene_times(replace(alone, then=(later.scene,))) == "0:08–0:12 → 0:30–0:34"
    assert scene_times(replace(alone, near=(later.scene,), copies=(later.scene,))) == "0:08–0:12 +2"
