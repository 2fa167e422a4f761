"""What was said of a face holds for its track, also after the video is indexed anew."""

from dataclasses import replace

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.people.statements import track_at
from tests.people.faces import track


def test_what_was_said_is_found_by_video_moment_and_place() -> None:
    left, right, later = track("ann", 1), track("bob", 1, left=0.6), track("ann", 1, at_ms=60_000)
    tracks = [left, right, later]
    assert [track_at(one.ref, tracks, range(3)) for one in (left, right, later)] == [0, 1, 2]
    assert track_at(left.ref, tracks, ()) is None


def test_it_is_found_when_the_face_has_moved_a_little() -> None:
    seen = track("ann", 1)
    moved = FaceRef(seen.video_id, seen.ref.at_ms + 700, Box(0.12, 0.22, 0.33, 0.52))
    assert track_at(moved, [seen], [0]) == 0
    for far in (
        FaceRef(seen.video_id, seen.ref.at_ms + 9_000, seen.ref.box),
        FaceRef(seen.video_id, seen.ref.at_ms, Box(0.6, 0.2, 0.8, 0.5)),
    ):
        assert track_at(far, [seen], [0]) is None


def test_at_any_distance_the_nearest_at_its_place_is_found() -> None:
    tracks = [track("ann", 1), track("bob", 1, at_ms=20_000), track("cem", 1, at_ms=9_000, left=0.6)]
    face = FaceRef(tracks[0].video_id, 8_000, tracks[0].ref.box)
    assert track_at(face, tracks, range(3)) is None
    assert track_at(face, tracks, range(3), within_ms=None) == 0
    assert track_at(replace(face, at_ms=17_000), tracks, range(3), within_ms=None) == 1
    assert track_at(replace(face, box=Box(0.3, 0.7, 0.4, 0.9)), tracks, range(3), within_ms=None) is None
