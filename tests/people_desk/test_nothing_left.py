"""Nothing of who was forgotten comes back or stays, however their faces came to be theirs."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.library import sidecar_store
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.people_desk.vector_marks import VectorMarks
from heimdex_desktop.pipeline.stages import PEOPLE, WORDS
from tests.people.faces import DIMENSIONS, direction, face
from tests.people_desk.studio import FACE_SPACE, Studio, keep, photo_of
from tests.pipeline.workshop import write_video

NAME = "Ann Zyx"


class KilledError(BaseException):
    """The program ends here."""


def made(studio: Studio, name: str, who: str) -> PersonId:
    """Make somebody known by a photo, as who they are seen to be."""
    person = studio.desk.create(name)
    studio.desk.add_photo(person, photo_of(who), 0)
    return person


def count_of_faces(studio: Studio, film: str) -> int:
    kept = FaceStore(studio.places).load(studio.video(film).id)
    return len(kept.faces) if kept else 0


def crops(studio: Studio) -> list[str]:
    return sorted(file.name for file in studio.places.crops.rglob("*.jpg"))


def is_named(studio: Studio, film: str) -> bool:
    return NAME.encode() in (studio.films / f"{film}.heimdex.json").read_bytes()


def notes(studio: Studio) -> list[Path]:
    return list(studio.places.people.glob("forgetting*"))


def test_a_mistake_that_was_corrected_does_not_hold_again(studio: Studio) -> None:
    studio.film("one.mp4", "ann cem\ncem")
    ann, bob = studio.desk.create("Ann"), studio.desk.create("Bob")
    faces = studio.faces_of("ann", "one.mp4")
    studio.desk.confirm(bob, faces)
    studio.desk.confirm(ann, faces)
    studio.settle()
    assert studio.seen("one.mp4") == [{"Ann"}, set()]
    studio.desk.forget(ann)
    studio.settle()
    assert studio.seen("one.mp4") == [set(), set()]


def test_faces_that_another_model_found_go_too(studio: Studio) -> None:
    studio.film("one.mp4", "ann\nann")
    studio.film("two.mp4", "ann\nann")
    ann = studio.desk.create(NAME)
    for film in ("one.mp4", "two.mp4"):
        studio.desk.confirm(ann, studio.faces_of("ann", film))
    store, two = FaceStore(studio.places), studio.video("two.mp4").id
    kept = store.load(two)
    assert kept
    store.save(two, replace(kept, space=EmbeddingSpace("other faces", "1", FACE_SPACE.dimensions)))
    studio.desk.refresh()
    assert studio.desk.forget(ann).left == ()
    assert count_of_faces(studio, "one.mp4") == count_of_faces(studio, "two.mp4") == 0
    assert crops(studio) == []


def test_a_crop_of_a_track_that_is_cut_otherwise_afterwards_does_not_stay(studio: Studio) -> None:
    video = studio.film("one.mp4", "ann\nann")
    scene = studio.shop.shelf.record(video).scenes[0].id
    seen = [
        face("bob", 100, left=0.1),
        *(face("ann", 200 + 100 * number, left=0.6) for number in range(5)),
        face("bob", 800, left=0.1),
    ]
    keep(studio.places, video.id, [replace(one, scene_id=scene) for one in seen])
    studio.desk.refresh()
    assert len(crops(studio)) == 3
    ann, bob = made(studio, "Ann", "ann"), made(studio, "Bob", "bob")
    assert studio.desk.forget(ann).left == ()
    assert [card.frame_count for card in studio.desk.page(bob).faces] == [2], "one track of two by now"
    assert len(crops(studio)) == 1
    assert studio.desk.forget(bob).left == ()
    assert crops(studio) == []


def test_drafts_of_faces_and_crops_go(studio: Studio) -> None:
    video = studio.film("one.mp4", "ann\nann")
    ann = made(studio, NAME, "ann")
    faces = studio.places.faces / ".heimdex-0123456789abcdef.draft"
    shutil.copy(studio.places.faces_of(video.id), faces)
    draft = studio.places.crops / f"{video.id}.draft"
    draft.mkdir()
    (draft / "1.jpg").write_bytes(b"a crop")
    assert studio.desk.forget(ann).left == ()
    assert not faces.exists()
    assert not draft.exists()


def test_a_file_with_a_vector_of_an_erased_face_is_told(studio: Studio) -> None:
    video = studio.film("one.mp4", "ann\nann")
    ann = made(studio, NAME, "ann")
    copy = studio.places.root / "copy of faces"
    content = studio.places.faces_of(video.id).read_bytes()
    # At an uneven place, as in any file that is not ours.
    copy.write_bytes(b"..." + content)
    assert studio.desk.forget(ann).left == (copy,)


def test_a_copy_of_faces_is_told_after_all_were_deleted(studio: Studio) -> None:
    video = studio.film("one.mp4", "ann bob\ncem")
    copy = studio.places.root / "copy of faces"
    shutil.copy(studio.places.faces_of(video.id), copy)
    assert studio.desk.forget_all().left == (copy,)


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_vectors_are_found_at_any_place_and_others_are_not(kind: type[np.floating]) -> None:
    marks = VectorMarks(direction(name) for name in ("ann", "bob"))
    other = direction("cem").astype(kind).tobytes()
    for place in range(4):
        held = b"x" * place + other + direction("bob").astype(kind).tobytes() + b"x"
        assert marks.stand_in(memoryview(held))
        assert not marks.stand_in(memoryview(b"x" * place + other))
    assert not marks.stand_in(memoryview(direction("bob").astype(kind).tobytes()[:20]))
    assert not VectorMarks(()).stand_in(memoryview(other))
    assert DIMENSIONS > 16


def test_who_was_killed_between_two_videos_is_forgotten_in_the_second_too(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for film in ("one.mp4", "two.mp4"):
        studio.film(film, "ann\nann")
    ann = studio.desk.create(NAME)
    studio.desk.confirm(ann, studio.faces_of("ann", "one.mp4"))
    save, saved = FaceStore.save, list[object]()

    def kill_the_second(store: FaceStore, *given: object) -> None:
        saved.append(given)
        if len(saved) == 2:
            raise KilledError
        save(store, *given)  # pyright: ignore[reportArgumentType]

    with monkeypatch.context() as patch:
        patch.setattr(FaceStore, "save", kill_the_second)
        with pytest.raises(KilledError):
            studio.desk.forget(ann)
    (note,) = notes(studio)
    assert NAME.encode() not in note.read_bytes()
    assert studio.new_desk().facts().people == ()
    assert count_of_faces(studio, "one.mp4") == count_of_faces(studio, "two.mp4") == 0
    assert crops(studio) == []
    assert notes(studio) == []


def test_faces_that_the_desk_was_not_told_of_go_too(studio: Studio) -> None:
    studio.film("one.mp4", "ann\nann")
    ann = made(studio, NAME, "ann")
    studio.shop.add(write_video(studio.films / "two.mp4", "ann\nann\ntwo"))
    assert count_of_faces(studio, "two.mp4") > 0
    studio.desk.forget(ann)
    assert count_of_faces(studio, "one.mp4") == count_of_faces(studio, "two.mp4") == 0


@pytest.mark.parametrize("way", ["removed", "undone"])
def test_who_is_off_the_list_is_found_by_name_and_forgotten_whole(studio: Studio, way: str) -> None:
    studio.film("one.mp4", "ann\nann")
    ann = studio.desk.create(NAME)
    studio.desk.confirm(ann, studio.faces_of("ann", "one.mp4"))
    assert studio.desk.removed() == ()
    if way == "removed":
        studio.desk.delete(ann)
    else:
        studio.desk.undo()
        studio.desk.undo()
    assert studio.desk.names() == {}
    assert [(one.id, one.names) for one in studio.desk.removed()] == [(ann, (NAME,))]
    studio.desk.forget(ann)
    assert studio.desk.removed() == ()
    assert count_of_faces(studio, "one.mp4") == 0
    assert crops(studio) == []


def test_forgetting_another_one_does_not_end_what_waits_for_a_drive(studio: Studio) -> None:
    studio.film("one.mp4", "ann\nann")
    studio.film("two.mp4", "bob\nbob")
    ann, bob = made(studio, NAME, "ann"), made(studio, "Bob", "bob")
    studio.settle()
    away = studio.folder / "drive"
    studio.films.rename(away)
    receipt = studio.desk.forget(ann)
    assert receipt.left == ()
    assert receipt.waiting, "the index speaks of the video as long as its sidecar cannot be read"
    assert "search index" in str(receipt)
    studio.desk.forget(bob)
    studio.desk.refresh()
    assert notes(studio), "still away"
    away.rename(studio.films)
    assert is_named(studio, "one.mp4")
    studio.desk.refresh()
    assert not is_named(studio, "one.mp4")
    assert notes(studio) == []
    index = [file for file in studio.places.lancedb.rglob("*") if file.is_file()]
    assert not [file for file in index if NAME.encode() in file.read_bytes()]


def test_who_is_made_known_after_all_was_deleted_stays_when_a_drive_is_back(studio: Studio) -> None:
    studio.film("one.mp4", "ann\nann")
    made(studio, NAME, "ann")
    studio.settle()
    away = studio.folder / "drive"
    studio.films.rename(away)
    studio.desk.forget_all()
    made(studio, "Cem", "cem")
    assert [card.name for card in studio.new_desk().facts().people] == ["Cem"]
    away.rename(studio.films)
    assert [card.name for card in studio.new_desk().facts().people] == ["Cem"]
    assert not is_named(studio, "one.mp4")


def test_a_sidecar_that_cannot_be_written_is_told_and_keeps_nobody_out(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for film in ("one.mp4", "two.mp4"):
        studio.film(film, "ann\nann")
    ann = made(studio, NAME, "ann")
    studio.settle()
    write = sidecar_store.write_whole

    def refuse(target: Path, content: bytes) -> None:
        if target.name.startswith("one.mp4"):
            raise NoAccess("“one.mp4.heimdex.json” may not be changed.", "Check its rights.")
        write(target, content)

    with monkeypatch.context() as patch:
        patch.setattr(sidecar_store, "write_whole", refuse)
        receipt = studio.desk.forget(ann)
        assert studio.films / "one.mp4.heimdex.json" in receipt.left
        assert not is_named(studio, "two.mp4")
        studio.desk = studio.new_desk()
        assert studio.desk.facts().people == ()
        assert is_named(studio, "one.mp4")
    assert notes(studio)
    assert studio.new_desk().facts().people == ()
    assert not is_named(studio, "one.mp4")
    assert notes(studio) == []


def test_without_its_journal_no_photo_is_deleted(studio: Studio) -> None:
    made(studio, NAME, "ann")
    photos = sorted(studio.places.photos.iterdir())
    assert len(photos) == 2
    studio.places.people_journal.unlink()
    studio.new_desk().facts()
    assert sorted(studio.places.photos.iterdir()) == photos


def test_a_stage_that_was_at_work_meanwhile_brings_no_name_back(studio: Studio) -> None:
    video = studio.film("one.mp4", "ann bob\nbob")
    ann = made(studio, NAME, "ann")
    made(studio, "Bob", "bob")
    studio.settle()
    assert studio.seen("one.mp4") == [{NAME, "Bob"}, {"Bob"}]
    subtitles = video.home.with_suffix(".srt")
    subtitles.write_text("1\n00:00:00,500 --> 00:00:01,500\nSomething else.\n", "utf-8")
    studio.shop.meanwhile[WORDS] = lambda _: (studio.desk.forget(ann), None)[1]
    studio.shop.indexing.look_again([video.id])
    while WORDS in studio.shop.meanwhile:
        assert studio.shop.step()
    assert studio.seen("one.mp4") == [{"Bob"}, {"Bob"}], "before anything else is done"
    studio.shop.finish()
    assert not is_named(studio, "one.mp4")


def test_naming_that_was_at_work_meanwhile_names_who_is_known_by_now(studio: Studio) -> None:
    studio.film("one.mp4", "ann bob\nbob")
    ann = made(studio, NAME, "ann")
    made(studio, "Bob", "bob")
    studio.settle()
    record = studio.shop.shelf.record(studio.video("one.mp4"))
    studio.desk.forget(ann)
    assert record.scenes[0].people, "what the stage was given"
    saved = studio.shop.shelf.save(record, record, PEOPLE)
    assert not is_named(studio, "one.mp4")
    assert [{one.name for one in scene.people} for scene in saved.scenes] == [{"Bob"}, {"Bob"}]
