"""What is known of a video is gathered from sidecar, catalogue and index, and forgotten together."""

import shutil
from pathlib import Path

import pytest

from heimdex_desktop.domain.work import Failure, StageRecord
from heimdex_desktop.pipeline.board import RowState
from heimdex_desktop.pipeline.shelf import subtitle_state
from heimdex_desktop.pipeline.stages import PUBLISH, SCENES, STILLS, WORDS
from tests.pipeline.conftest import Open
from tests.pipeline.workshop import Workshop, write_video


@pytest.fixture
def indexed(shop: Workshop, films: Path) -> Workshop:
    write_video(films / "trip.mp4")
    shop.add(films)
    shop.ran.clear()
    return shop


@pytest.mark.parametrize(("lost", "made_again"), [("stills", [STILLS]), ("lancedb", [])])
def test_what_was_deleted_is_made_again_without_watching(
    lost: str, made_again: list[str], indexed: Workshop, reopen: Open
) -> None:
    shutil.rmtree(indexed.places.root / lost)
    again = reopen()
    again.indexing.recall()
    again.finish()
    assert again.ran == made_again
    assert again.row("trip.mp4").state is RowState.DONE
    assert again.found("onions")


def test_a_lost_catalogue_costs_no_watching(indexed: Workshop, films: Path, reopen: Open) -> None:
    file = indexed.places.catalogue_file
    indexed.close()
    file.unlink()
    again = reopen()
    again.add(films)
    assert SCENES not in again.ran
    assert again.found("onions")


def test_a_failure_stays_here_and_success_travels_with_the_video(indexed: Workshop) -> None:
    (video,) = indexed.catalogue.videos()
    failure = StageRecord("other", 0.0, Failure("NoAccess", "It may not be read."))
    indexed.catalogue.save_local(video.id, WORDS, failure)
    known = indexed.shelf.known(indexed.shelf.record(video), {spec.name: spec for spec in indexed.specs})
    assert known.records[WORDS] == failure
    assert known.records[SCENES].failure is None
    assert PUBLISH in known.records
    assert (known.duration_ms, known.scene_count) == (4_000, 2)
    travels = indexed.sidecars.load(video)
    assert travels
    assert travels.stages[WORDS].failure is None


def test_what_the_catalogue_lost_leaves_the_index(indexed: Workshop, films: Path) -> None:
    (old,) = indexed.catalogue.videos()
    write_video(films / "trip.mp4", "another film altogether")
    indexed.catalogue.identify(films / "trip.mp4")
    indexed.shelf.drop_orphans()
    assert old.id not in indexed.publisher.video_ids()


def test_the_subtitle_state_follows_the_files(tmp_path: Path) -> None:
    video, file = tmp_path / "a.mp4", tmp_path / "a.srt"
    assert subtitle_state({}) == subtitle_state({video: (file,)})
    file.write_text("one", encoding="utf-8")
    one = subtitle_state({video: (file,)})
    assert one not in {subtitle_state({}), ""}
    assert one == subtitle_state({video: (file,)})
    file.write_text("three", encoding="utf-8")
    assert one != subtitle_state({video: (file,)})
