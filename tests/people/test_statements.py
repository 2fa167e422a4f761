"""What was said of a face holds for its track, also after the video is indexed anew."""

from dataclasses import replace

from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.people.gallery import Said
from heimdex_desktop.people.statements import said_of
from tests.people.faces import track, video_id

ANN, BOB = Said(PersonId("ann")), Said(PersonId("bob"))


def test_what_was_said_is_found_by_video_moment_and_place() -> None:
    left, right, later = track("ann", 1), track("bob", 1, left=0.6), track("ann", 1, at_ms=60_000)
    elsewhere = replace(left, video_id=video_id(7))
    tracks = [left, right, later, elsewhere]
    assert said_of(tracks, {left.ref: ANN, right.ref: BOB}) == [ANN, BOB, Said(), Said()]


def test_it_is_found_when_the_face_has_moved_a_little() -> None:
    seen = track("ann", 1)
    moved = FaceRef(seen.video_id, seen.ref.at_ms + 700, Box(0.12, 0.22, 0.33, 0.52))
    assert said_of([seen], {moved: ANN}) == [ANN]
    for far in (
        FaceRef(seen.video_id, seen.ref.at_ms + 9_000, seen.ref.box),
        FaceRef(seen.video_id, seen.ref.at_ms, Box(0.6, 0.2, 0.8, 0.5)),
        FaceRef(video_id(7), seen.ref.at_ms, seen.ref.box),
    ):
        assert said_of([seen], {far: ANN}) == [Said()]


def test_of_two_words_on_one_track_the_later_counts() -> None:
    seen = track("ann", 1)
    first, second = (FaceRef(seen.video_id, one.at_ms, one.face.box) for one in seen.faces)
    assert said_of([seen], {first: ANN, second: BOB}) == [BOB]
    assert said_of([seen], {second: BOB, first: ANN}) == [ANN]
