"""What is known of a video is gathered from sidecar, catalogue and index, and forgotten together."""

import shutil
from pathlib import Path

import pytest

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import Box, SeenPerson
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Failure, StageRecord
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces
from heimdex_desktop.pipeline.board import RowState
from heimdex_desktop.pipeline.shelf import subtitle_state
from heimdex_desktop.pipeline.stages import FACES, PUBLISH, SCENES, STILLS, WORDS
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


def _with_a_face(shop: Workshop) -> tuple[VideoId, FaceRef]:
    """Let the one video have been looked at for faces, with one that is kept."""
    (video,) = shop.catalogue.videos()
    face = FaceRef(video.id, 500, Box(0.1, 0.1, 0.5, 0.5))
    FaceStore(shop.places).save(video.id, VideoFaces(None, "f", ()))
    with FaceCrops(shop.places).anew(video.id) as draft:
        draft.add(face, b"a face")
    shop.catalogue.save_local(video.id, FACES, StageRecord("f", 1.0))
    return video.id, face


@pytest.mark.parametrize("lost", ["faces", "crops"])
def test_faces_are_due_again_when_a_part_of_them_was_deleted(lost: str, indexed: Workshop) -> None:
    _with_a_face(indexed)
    (video,) = indexed.catalogue.videos()
    specs = {spec.name: spec for spec in indexed.specs}
    record = indexed.shelf.record(video)
    assert FACES in indexed.shelf.known(record, specs).records
    place = indexed.places.root / lost
    shutil.rmtree(place)
    place.mkdir()
    assert FACES not in indexed.shelf.known(record, specs).records


def test_a_forgotten_video_leaves_no_face(indexed: Workshop) -> None:
    video_id, face = _with_a_face(indexed)
    indexed.runner.forget(video_id)
    assert not FaceCrops(indexed.places).crop(face).exists()
    assert list(indexed.places.faces.iterdir()) == []
    assert list(indexed.places.crops.iterdir()) == []


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


def test_a_removed_video_leaves_its_sidecar_unless_that_is_asked_for(
    indexed: Workshop, films: Path, reopen: Open
) -> None:
    def beside() -> set[str]:
        return {file.name for file in films.iterdir()}

    (video,) = indexed.catalogue.videos()
    sidecar, vectors = f"{video.home.name}.heimdex.json", f"{video.home.name}.heimdex.npz"
    indexed.indexing.remove(video.id)
    indexed.finish()
    assert {sidecar, vectors} <= beside()
    again = reopen()
    again.add(films / "trip.mp4")
    others = films / "other.mp4.heimdex.json"
    others.write_bytes((films / sidecar).read_bytes())
    again.indexing.remove(video.id, with_sidecar=True)
    again.finish()
    assert beside() == {"trip.mp4", "trip.srt", others.name}
    assert again.shelf.sidecars.load(video) is None


def test_its_faces_and_who_is_seen_in_it_go_with_a_video(indexed: Workshop) -> None:
    (video,) = indexed.catalogue.videos()
    FaceStore(indexed.places).save(video.id, VideoFaces(None, "", ()))
    somebody = SeenPerson("0d26e7c8-0d26-4d26-8d26-0d26e7c80d26", "Anna", 0.9, 2)
    indexed.shelf.seen.save(video.id, {scene.id: (somebody,) for scene in indexed.shelf.record(video).scenes})
    assert indexed.places.faces_of(video.id).is_file()
    assert indexed.places.seen_of(video.id).is_file()
    indexed.indexing.remove(video.id)
    indexed.finish()
    assert not indexed.places.faces_of(video.id).exists()
    assert not indexed.places.seen_of(video.id).exists()


def test_a_video_removed_with_its_sidecar_just_before_the_end_is_gone_all_the_same(
    indexed: Workshop, films: Path
) -> None:
    (video,) = indexed.catalogue.videos()
    indexed.indexing.remove(video.id, with_sidecar=True)
    indexed.indexing.close()
    assert not list(films.glob("*.heimdex.*"))
