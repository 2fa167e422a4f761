"""A row says in a person's terms how a video stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.video import Video
from heimdex_desktop.domain.work import Failure, Known, Task
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.pipeline.forecast import Pace
from heimdex_desktop.pipeline.intake import Refused
from heimdex_desktop.pipeline.plan import standings
from heimdex_desktop.pipeline.rows import RowWriter, Work, offline_row, refused_row
from heimdex_desktop.pipeline.scheduler import Running, Wanted
from heimdex_desktop.pipeline.stage import Facts
from tests.pipeline.samples import SPECS, settle, video_id

NAMES = [spec.name for spec in SPECS]
VIDEO = Video(video_id(1), (Path("films/trip.mp4"),), 7)
LENGTH_MS = 60_000


def row(
    facts: Facts,
    *,
    running: tuple[str, float] | None = None,
    paused: bool = False,
    cancelled: bool = False,
    failures: tuple[Failure, ...] = (),
    pace: Pace | None = None,
    video: Video = VIDEO,
) -> VideoRow:
    lane = next((spec.lane for spec in SPECS if running and spec.name == running[0]), SPECS[0].lane)
    task = Running(Task(1, video.id, running[0], lane, ""), running[1]) if running else None
    wanted = Wanted(facts, 1, standings(SPECS, facts), cancelled)
    known = Known(facts.records, LENGTH_MS, 4)
    return RowWriter(SPECS, pace or Pace()).row(video, known, Work(wanted, task, failures, paused))


@pytest.mark.parametrize(
    ("made", "state", "stage"),
    [
        (row(Facts()), RowState.QUEUED, "Looking"),
        (row(Facts(), running=("look", 0.5)), RowState.RUNNING, "Looking"),
        (row(Facts(), paused=True), RowState.PAUSED, "Looking"),
        (row(Facts(), cancelled=True), RowState.CANCELLED, ""),
        (row(settle(Facts(), *NAMES)), RowState.DONE, ""),
        (row(settle(Facts(), *NAMES), paused=True), RowState.DONE, ""),
        (row(settle(Facts(), *NAMES), failures=(Failure("A", "B."),)), RowState.FAILED, ""),
    ],
)
def test_the_state_and_the_stage_in_words(made: VideoRow, state: RowState, stage: str) -> None:
    assert (made.state, made.stage) == (state, stage)


@given(st.integers(0, len(NAMES)), st.floats(0, 1))
def test_the_fraction_never_goes_back_as_the_work_goes_on(done: int, fraction: float) -> None:
    facts = settle(Facts(), *NAMES[:done])
    here = row(facts).fraction
    assert 0.0 <= here <= 1.0
    if done < len(NAMES):
        running = row(facts, running=(NAMES[done], fraction)).fraction
        after = row(settle(facts, NAMES[done])).fraction
        assert here <= running <= after + 1e-9


def test_the_time_left_is_told_only_when_every_pace_is_known() -> None:
    pace = Pace()
    assert row(Facts(), running=("look", 0.5), pace=pace).eta_s is None
    for name in NAMES:
        pace.learn(name, seconds=1.0, video_s=10.0)
    eta_s = row(Facts(), running=("look", 0.5), pace=pace).eta_s
    assert eta_s == pytest.approx((len(NAMES) - 0.5) * 6.0)
    assert row(Facts(), pace=pace).eta_s is None, "what waits has no time of its own"


@pytest.mark.parametrize(
    ("copies", "note"), [(0, ""), (1, f"at {Path('b')}."), (2, "and 1 more places"), (3, "and 2 more places")]
)
def test_copies_are_named_in_the_note(copies: int, note: str) -> None:
    places = tuple(Path(name) for name in "abcd"[: copies + 1])
    made = row(settle(Facts(), *NAMES), video=Video(VIDEO.id, places, 7))
    assert note in made.note
    assert bool(made.note) is bool(copies)


def test_rows_of_what_is_not_there() -> None:
    failure = Failure("UnreadableVideo", "It is empty.")
    refused = refused_row(Refused(Path("a.mp4"), failure))
    assert (refused.key, refused.video_id, refused.state) == ("a.mp4", None, RowState.FAILED)
    assert refused.failure == failure
    offline = offline_row(VIDEO, Known({}, LENGTH_MS, 4), "Its drive is not connected.")
    assert (offline.key, offline.state, offline.scene_count) == (VIDEO.id, RowState.OFFLINE, 4)
