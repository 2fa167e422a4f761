"""Whatever goes wrong ends as the right row, with a reason, and leaves everything else alone."""

import errno
import os
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import (
    DiskFull,
    FileGone,
    NoVideoStream,
    OutOfMemory,
    UnreadableVideo,
    WorkerCrashed,
)
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.pipeline.board import RowState
from heimdex_desktop.pipeline.plan import MAX_ATTEMPTS
from heimdex_desktop.pipeline.stages import MEANING, PROBE, SCENES, STILLS, WORDS
from heimdex_desktop.pipeline.worker_process import JobBroken
from tests.pipeline.conftest import Open
from tests.pipeline.workshop import SPOKEN, Workshop, write_video

EVERYTHING = [PROBE, SCENES, STILLS, WORDS, MEANING]
LOOKS_ONLY = "dark night"


def test_a_refused_path_is_taken_when_it_was_mended(shop: Workshop, films: Path) -> None:
    films.mkdir()
    (films / "trip.mp4").write_bytes(b"")
    shop.add(films)
    refused = shop.row("trip.mp4")
    assert (refused.state, refused.key) == (RowState.FAILED, str(films / "trip.mp4"))
    assert refused.failure
    assert "empty" in refused.failure.sentence
    write_video(films / "trip.mp4")
    shop.indexing.retry(refused.key)
    changes = shop.finish()
    assert changes.removed == (refused.key,)
    assert shop.row("trip.mp4").state is RowState.DONE


@pytest.mark.parametrize(
    ("error", "kind", "retry_helps", "told_again"),
    [
        (UnreadableVideo("It cannot be read.", "Take another."), "UnreadableVideo", False, True),
        (NoVideoStream("It has no picture."), "NoVideoStream", False, True),
        (OutOfMemory("No memory is left.", "Close something."), "OutOfMemory", True, False),
        (FileGone("It is gone."), "FileGone", True, False),
        (DiskFull("No room is left."), "DiskFull", True, False),
        (WorkerCrashed("It stopped."), "WorkerCrashed", True, False),
        (JobBroken("a trace"), "Bug", True, False),
        (RuntimeError("nobody thought of this"), "Bug", True, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_of_each_kind(
    error: Exception,
    kind: str,
    retry_helps: bool,
    told_again: bool,
    shop: Workshop,
    films: Path,
    reopen: Open,
) -> None:
    write_video(films / "trip.mp4")
    shop.trouble[PROBE] = error
    changes = shop.add(films)
    row = shop.row("trip.mp4")
    assert row.state is RowState.FAILED
    assert row.failure
    assert (row.failure.kind, row.failure.retry_helps) == (kind, retry_helps)
    assert row.failure.sentence.endswith(".")
    assert (changes.overall.failed, changes.overall.fraction, changes.overall.eta_s) == (1, 1.0, 0.0)
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert (again.ran == []) is told_again, "what the file is to blame for is not tried at every start"
    if told_again:
        assert again.row("trip.mp4").failure == row.failure
        again.indexing.retry(row.key)
        again.finish()
    assert again.row("trip.mp4").state is RowState.DONE


def test_one_failing_stage_leaves_the_others(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.trouble[STILLS] = UnreadableVideo("The pictures are broken.")
    shop.trouble[MEANING] = OutOfMemory("No memory is left.")
    shop.add(films)
    row = shop.row("trip.mp4")
    assert row.state is RowState.FAILED
    assert shop.ran == EVERYTHING
    assert shop.found("onions")
    shop.trouble.clear()
    shop.indexing.retry(row.key)
    shop.finish()
    assert shop.row("trip.mp4").state is RowState.DONE
    assert shop.ran == [*EVERYTHING, STILLS, MEANING]


def test_retry_tries_all_that_failed_also_what_is_noted_on_disk(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.trouble[STILLS] = UnreadableVideo("The pictures are broken.")
    shop.trouble[WORDS] = UnreadableVideo("The words are broken.")
    shop.add(films)
    shop.trouble.clear()
    shop.indexing.retry(shop.row("trip.mp4").key)
    shop.finish()
    assert shop.row("trip.mp4").failure is None


def test_a_file_that_crashes_the_worker_three_times_is_parked(
    shop: Workshop, films: Path, reopen: Open
) -> None:
    write_video(films / "trip.mp4")
    for _ in range(MAX_ATTEMPTS):
        shop.trouble[SCENES] = WorkerCrashed("It stopped.")
        shop.add(films)
        assert shop.ran[-1] == SCENES
        shop = reopen()
    shop.indexing.recall()
    shop.finish()
    row = shop.row("trip.mp4")
    assert shop.ran == []
    assert row.state is RowState.FAILED
    assert row.failure
    assert row.failure.kind == "Parked"
    assert "finding scenes" in row.failure.sentence
    shop.indexing.retry(row.key)
    shop.finish()
    assert shop.row("trip.mp4").state is RowState.DONE


def test_broken_subtitles_fail_the_words_and_nothing_else(shop: Workshop, films: Path) -> None:
    video = write_video(films / "trip.mp4")
    video.with_suffix(".srt").write_bytes(b"\x00\xff\xfe\x01 no subtitles at all \x00" * 40)
    shop.add(films)
    row = shop.row("trip.mp4")
    assert row.state is RowState.FAILED
    assert row.failure
    assert "trip.srt" in row.failure.sentence
    assert shop.found(LOOKS_ONLY)
    assert MEANING not in shop.ran
    video.with_suffix(".srt").write_text(SPOKEN, encoding="utf-8")
    shop.add(films)
    assert shop.row("trip.mp4").state is RowState.DONE
    assert shop.found("onions")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_is_told_and_nothing_is_lost(
    call: str, shop: Workshop, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = write_video(films / "trip.mp4")
    video.with_suffix(".srt").unlink()
    shop.add(films)
    sidecar = films / "trip.mp4.heimdex.json"
    before = sidecar.read_bytes()
    video.with_suffix(".srt").write_text(SPOKEN, encoding="utf-8")
    with monkeypatch.context() as full:
        full.setattr(os, call, _no_room)
        full.setattr(Path, "replace", _no_room)
        shop.add(films)
    row = shop.row("trip.mp4")
    assert row.state is RowState.FAILED
    assert row.failure
    assert (row.failure.kind, row.failure.retry_helps) == ("DiskFull", True)
    assert sidecar.read_bytes() == before
    assert not [path for path in films.iterdir() if path.name.startswith(".")], "no draft is left"
    assert shop.found(LOOKS_ONLY)
    shop.indexing.retry(row.key)
    shop.finish()
    assert shop.row("trip.mp4").state is RowState.DONE
    assert shop.found("onions")


def _no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_library_that_cannot_be_written_is_told(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.lock_catalogue()
    changes = shop.add(films)
    assert len(changes.troubles) == 1
    assert "cannot be opened or changed" in changes.troubles[0]
    assert shop.indexing.take_changes().troubles == (), "a trouble is told once"


def test_a_library_that_stops_being_writable_frees_its_lanes(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.trouble[SCENES] = UnreadableVideo("It cannot be read.")

    def lock(_: VideoId) -> None:
        shop.lock_catalogue()

    shop.meanwhile[SCENES] = lock
    shop.add(films)
    assert shop.row("trip.mp4").failure


def test_a_removal_that_fails_at_the_end_is_told_and_the_video_is_on_the_list_again(
    shop: Workshop, films: Path, reopen: Open, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("one.mp4", "two.mp4"):
        write_video(films / name)
    shop.add(films)
    one = shop.row("one.mp4")
    shop.indexing.remove(one.key)
    shop.lock_catalogue()
    with caplog.at_level("WARNING"):
        shop.indexing.close()
    (trouble,) = shop.indexing.take_changes().troubles
    assert trouble.startswith("“one.mp4” could not be removed: ")
    assert "remove it then" in trouble
    assert "a video was not removed" in [record.getMessage() for record in caplog.records]
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert {row.location.name for row in again.indexing.rows} == {"one.mp4", "two.mp4"}


def test_a_bug_in_an_errand_says_what_to_do(
    shop: Workshop, films: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(shop.intake, "take", broken)
    with caplog.at_level("ERROR"):
        (trouble,) = shop.add(films).troubles
    assert "Try it once more" in trouble
    assert "report it" in trouble
    assert caplog.records[0].exc_info
