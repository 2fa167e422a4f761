"""The whole work on a library, with real stores: every order is carried out and nothing is lost."""

import shutil
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import UnreadableVideo
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.board import RowState
from heimdex_desktop.pipeline.stages import MEANING, PROBE, PUBLISH, SCENES, STILLS, WORDS
from tests.pipeline.conftest import Open
from tests.pipeline.workshop import SPOKEN, Workshop, write_video

EVERYTHING = [PROBE, SCENES, STILLS, WORDS, MEANING]
LOOKS_ONLY = "dark night"


def test_a_dropped_folder_becomes_searchable(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    changes = shop.add(films)
    assert shop.ran == EVERYTHING
    assert [(row.state, row.scene_count, row.fraction) for row in changes.rows] == [(RowState.DONE, 2, 1.0)]
    assert (changes.overall.total, changes.overall.done, changes.overall.eta_s) == (1, 1, 0.0)
    assert changes.searchable
    first = shop.found("onions")[0]
    assert (first.scene.locations, first.scene.span.start_ms) == ((films / "trip.mp4",), 2_000)


def test_the_next_start_runs_nothing_again(shop: Workshop, films: Path, reopen: Open) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert again.ran == []
    assert again.row("trip.mp4").state is RowState.DONE


def test_what_came_into_a_folder_since_is_taken_at_the_next_start(
    shop: Workshop, films: Path, reopen: Open
) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    write_video(films / "inner" / "later.mp4")
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert again.row("later.mp4").state is RowState.DONE


def test_searchable_by_looks_before_the_words_are_read(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    seen: list[int] = []
    shop.meanwhile[WORDS] = lambda _: seen.append(len(shop.found(LOOKS_ONLY)))
    shop.add(films)
    assert seen == [1]


def test_an_offline_video_stays_searchable_and_nothing_is_due(
    shop: Workshop, films: Path, reopen: Open
) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    drive = films.rename(films.with_name("unplugged"))
    away = reopen()
    away.indexing.recall()
    changes = away.finish()
    row = away.row("trip.mp4")
    assert row.state is RowState.OFFLINE
    assert "not connected" in row.note
    assert away.ran == []
    assert away.found("onions")
    assert changes.overall.done == 1

    away.indexing.retry(row.key)
    away.finish()
    assert [row.state for row in away.indexing.rows] == [RowState.OFFLINE], "still away, and only one row"

    drive.rename(films)
    away.indexing.retry(row.key)
    away.finish()
    assert [row.state for row in away.indexing.rows] == [RowState.DONE]
    assert away.ran == []


@pytest.mark.parametrize("stage", [PROBE, SCENES, MEANING])
def test_removed_while_it_runs(stage: str, shop: Workshop, films: Path, reopen: Open) -> None:
    video = write_video(films / "trip.mp4")
    shop.meanwhile[stage] = shop.indexing.remove
    changes = shop.add(films)
    assert shop.indexing.rows == ()
    assert changes.removed
    assert shop.found("onions") == shop.found(LOOKS_ONLY) == []
    assert video.exists()
    assert shop.catalogue.videos() == ()
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert again.indexing.rows == (), "a person took it out: it does not come back by itself"
    again.add(films)
    assert again.row("trip.mp4").state is RowState.DONE, "but it does when it is dropped again"
    assert again.found("onions")


def test_dropped_again_before_the_removal_is_done(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    shop.indexing.remove(shop.row("trip.mp4").key)
    _, removal = shop.lanes.jobs.popleft()
    shop.indexing.add([films])
    while shop.lanes.jobs:
        shop.step()
    while shop.events:
        shop.step()
    assert shop.indexing.rows == ()
    removal()
    shop.finish()
    assert shop.row("trip.mp4").state is RowState.DONE
    assert shop.found("onions")


def test_a_removal_is_not_forgotten_when_the_window_closes_at_once(
    shop: Workshop, films: Path, reopen: Open
) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    shop.indexing.remove(shop.row("trip.mp4").key)
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert again.indexing.rows == ()
    assert again.found("onions") == []


def test_another_video_in_the_place_of_one_that_waits(shop: Workshop, films: Path) -> None:
    path = write_video(films / "trip.mp4", "the first film")
    shop.indexing.pause()
    shop.indexing.add([films])
    shop.go_on()
    old = shop.row("trip.mp4")
    write_video(path, "the second film")
    shop.indexing.add([films])
    shop.go_on()
    shop.indexing.resume()
    changes = shop.finish()
    assert old.key in changes.removed
    assert shop.row("trip.mp4").state is RowState.DONE


@pytest.mark.parametrize("way", ["add", "retry", "recall", "add after a restart"])
def test_a_bad_file_that_was_replaced_by_a_good_one_is_no_failure_any_more(
    shop: Workshop, films: Path, reopen: Open, way: str
) -> None:
    path = write_video(films / "trip.mp4", "a bad file")
    shop.trouble[PROBE] = UnreadableVideo("This is no video.")
    shop.add(films)
    assert shop.row("trip.mp4").state is RowState.FAILED
    shop.trouble.clear()
    write_video(path, "a good film, at last")
    shop = shop if way in {"add", "retry"} else reopen()
    if way == "retry":
        shop.indexing.retry(shop.row("trip.mp4").key)
    elif way != "add":
        shop.indexing.recall()
    if way.startswith("add"):
        shop.indexing.add([films])
    changes = shop.finish()
    assert shop.row("trip.mp4").state is RowState.DONE
    assert (changes.overall.total, changes.overall.done, changes.overall.failed) == (1, 1, 0)
    assert len(shop.found("dark night")) == 1


def test_two_copies_are_one_row_with_a_note(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    (films / "copies").mkdir()
    shutil.copy(films / "trip.mp4", films / "copies" / "again.mp4")
    shop.add(films)
    (row,) = shop.indexing.rows
    assert row.state is RowState.DONE
    both = {row.location, next(films.rglob("again.mp4")), films / "trip.mp4"}
    assert len(both) == 2
    assert str((both - {row.location}).pop()) in row.note
    assert shop.ran == EVERYTHING


def test_new_subtitles_beside_a_finished_video_are_read_at_the_next_add(shop: Workshop, films: Path) -> None:
    video = write_video(films / "trip.mp4")
    video.with_suffix(".srt").unlink()
    shop.add(films)
    assert shop.found("onions") == []
    video.with_suffix(".en.srt").write_text(SPOKEN, encoding="utf-8")
    shop.ran.clear()
    shop.add(films)
    assert shop.ran == [WORDS, MEANING]
    assert shop.found("onions")


def test_cancelled_rests_until_it_is_retried(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.meanwhile[SCENES] = shop.indexing.cancel
    overall = shop.add(films).overall
    assert shop.row("trip.mp4").state is RowState.CANCELLED
    assert (overall.left_out, overall.is_working) == (1, False)
    assert shop.ran == [PROBE, SCENES]
    shop.indexing.retry(shop.row("trip.mp4").key)
    shop.finish()
    assert shop.row("trip.mp4").state is RowState.DONE
    assert shop.ran == [PROBE, SCENES, SCENES, STILLS, WORDS, MEANING]


def test_paused_goes_on_where_it_was(shop: Workshop, films: Path) -> None:
    write_video(films / "one.mp4")
    write_video(films / "two.mp4")

    def pause(_: VideoId) -> None:
        shop.indexing.pause()

    shop.meanwhile[SCENES] = pause
    shop.indexing.add([films])
    shop.go_on()
    assert not shop.indexing.is_idle
    assert {row.state for row in shop.indexing.rows} == {RowState.PAUSED}
    assert shop.indexing.take_changes().overall.paused
    shop.indexing.resume()
    shop.finish()
    assert {row.state for row in shop.indexing.rows} == {RowState.DONE}


def test_closing_in_the_middle_loses_nothing(shop: Workshop, films: Path, reopen: Open) -> None:
    write_video(films / "trip.mp4")
    shop.indexing.add([films])
    while SCENES not in shop.ran:
        shop.step()
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert again.row("trip.mp4").state is RowState.DONE
    assert PROBE not in again.ran


def test_a_model_that_is_missing_is_waited_for(tmp_path: Path, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop = Workshop(tmp_path / "library", waits_for="The model is not here.")
    try:
        shop.add(films)
        row = shop.row("trip.mp4")
        assert (row.state, row.note) == (RowState.WAITING_FOR_MODEL, "The model is not here.")
        assert shop.found("onions")
    finally:
        shop.close()


def test_every_result_is_published_before_the_next_is_begun(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.indexing.add([films])
    lanes: list[Lane] = []
    while shop.events or shop.lanes.jobs:
        if not shop.events:
            lanes.append(shop.lanes.jobs[0][0])
        shop.step()
    media, index, model = Lane.MEDIA, Lane.INDEX, Lane.MODEL
    work = [media, media, index, media, index, media, index, model, index]
    assert lanes == [Lane.INTAKE, *work, index], "and the index is tidied at the end"
    assert PUBLISH not in shop.ran, "publishing is no worker's job"
