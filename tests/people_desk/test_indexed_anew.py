"""What was said of faces holds when their video is indexed anew, by the same model or by another one."""

from dataclasses import replace

import pytest

from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.library.face_vectors import FaceStore
from tests.people_desk.studio import FACE_SPACE, Studio, keep, photo_of


def scenes_of(studio: Studio, person: PersonId) -> int:
    return studio.desk.page(person).card.scene_count


def look_anew(studio: Studio, who: str, name: str) -> FaceRef:
    """Keep the faces of a film as another indexing may find them: another sight of somebody is clearest."""
    video, store = studio.video(name), FaceStore(studio.places)
    (before,) = studio.faces_of(who, name)
    kept = store.load(video.id)
    assert kept
    faces = [
        replace(seen, face=replace(seen.face, quality=replace(seen.face.quality, sharpness=sharpness)))
        for seen in kept.faces
        for sharpness in [0.5 if seen.at_ms == before.at_ms else 0.9]
    ]
    keep(studio.places, video.id, faces, fingerprint=kept.fingerprint)
    studio.desk.refresh()
    (after,) = studio.faces_of(who, name)
    assert after != before
    return after


def test_a_rejection_is_remembered_when_more_is_said_of_the_face_after_an_indexing(studio: Studio) -> None:
    studio.film("one.mp4", "dora\nemil")
    dora, emil = studio.desk.create("Dora"), studio.desk.create("Emil")
    studio.desk.add_photo(dora, photo_of("dora"), 0)
    assert scenes_of(studio, dora) == 1
    studio.desk.reject(dora, studio.faces_of("dora", "one.mp4"))
    assert scenes_of(studio, dora) == 0
    again = look_anew(studio, "dora", "one.mp4")
    studio.desk.reject(emil, [again])
    assert scenes_of(studio, dora) == 0
    studio.desk.free([again])
    assert scenes_of(studio, dora) == 1, "freed of all that was said of it, at whatever sight"


def test_after_an_indexing_the_later_word_about_a_face_counts(studio: Studio) -> None:
    studio.film("one.mp4", "dora\nemil")
    dora, emil = studio.desk.create("Dora"), studio.desk.create("Emil")
    studio.desk.confirm(dora, studio.faces_of("dora", "one.mp4"))
    again = look_anew(studio, "dora", "one.mp4")
    studio.desk.confirm(emil, [again])
    assert (scenes_of(studio, dora), scenes_of(studio, emil)) == (0, 1)
    studio.desk.ignore([again])
    assert (scenes_of(studio, dora), scenes_of(studio, emil)) == (0, 0)


@pytest.mark.parametrize("chosen", [FACE_SPACE, None], ids=["chosen", "latest"])
def test_forgetting_somebody_in_old_videos_leaves_all_others_recognised(
    studio: Studio, chosen: EmbeddingSpace | None
) -> None:
    studio.film("old.mp4", "ann\nann")
    studio.film("new.mp4", "bob\nbob")
    store = FaceStore(studio.places)
    for name, space in (("old.mp4", replace(FACE_SPACE, revision="0")), ("new.mp4", FACE_SPACE)):
        kept = store.load(studio.video(name).id)
        assert kept
        store.save(studio.video(name).id, replace(kept, space=space))
    desk = studio.new_desk(space=chosen)
    ann, bob = desk.create("Ann"), desk.create("Bob")
    desk.confirm(ann, studio.faces_of("ann", "old.mp4"))
    desk.add_photo(bob, photo_of("bob"), 0)
    assert desk.page(bob).card.scene_count == 2
    desk.forget(ann)
    assert desk.page(bob).card.scene_count == 2
    assert studio.new_desk(space=chosen).page(bob).card.scene_count == 2
