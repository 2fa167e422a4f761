"""A face is followed through a scene, and no further; two faces in one picture are two tracks."""

from dataclasses import replace

import numpy as np
import pytest

from heimdex_desktop.domain.scene import Box
from heimdex_desktop.people.tracks import FaceTrack, overlap, tracks_of
from tests.people.faces import THRESHOLD, cosine_of, direction, face, vector_of, video_id


def names_and_times(tracks: list[FaceTrack]) -> list[list[int]]:
    return sorted([seen.at_ms for seen in track.faces] for track in tracks)


def test_one_face_is_followed_through_its_scene_and_begins_anew_in_the_next() -> None:
    faces = [face("ann", at_ms) for at_ms in (0, 1_000, 2_000)]
    later = [face("ann", at_ms, scene_number=1) for at_ms in (3_000, 4_000)]
    tracks = tracks_of(video_id(), [*faces, *later], THRESHOLD)
    assert names_and_times(tracks) == [[0, 1_000, 2_000], [3_000, 4_000]]
    assert [track.frame_count for track in tracks] in ([3, 2], [2, 3])


def test_two_people_who_change_places_keep_their_tracks() -> None:
    faces = [
        *(face("ann", at_ms, left=0.1) for at_ms in (0, 1_000)),
        *(face("bob", at_ms, left=0.6) for at_ms in (0, 1_000)),
        face("ann", 2_000, left=0.6),
        face("bob", 2_000, left=0.1),
    ]
    tracks = tracks_of(video_id(), faces, THRESHOLD)
    assert [len(track.faces) for track in tracks] == [3, 3]
    for track in tracks:
        likeness = [cosine_of(track.vector, direction(name)) for name in ("ann", "bob")]
        assert abs(likeness[0] - likeness[1]) > 0.5, "each track is of one person"
    assert tracks[0].meets(tracks[1])


def test_a_face_that_hardly_looks_alike_goes_on_where_it_stands_in_the_same_place() -> None:
    apart = [face("ann", 0, spread=1.5), face("ann", 1_000, spread=1.5)]
    cosine = cosine_of(vector_of(apart[0]), vector_of(apart[1]))
    assert THRESHOLD / 2 < cosine < THRESHOLD, "or the test is about nothing"
    assert len(tracks_of(video_id(), apart, THRESHOLD)) == 1
    moved = [apart[0], face("ann", 1_000, spread=1.5, left=0.7)]
    assert len(tracks_of(video_id(), moved, 0.99)) == 2


def test_after_a_long_absence_it_is_another_track() -> None:
    others = [face("bob", at_ms, left=0.7) for at_ms in range(0, 7_000, 1_000)]
    faces = [face("ann", 0), face("ann", 6_000)]
    assert names_and_times(tracks_of(video_id(), [*faces, *others], THRESHOLD))[:2] == [
        [0],
        list(range(0, 7_000, 1_000)),
    ]


def test_after_a_long_time_in_which_nobody_was_seen_it_is_another_track() -> None:
    seen = [face("ann", at_ms) for at_ms in (500, 1_500, 9_000, 29_500)]
    tracks = tracks_of(video_id(0), seen, THRESHOLD)
    assert sorted([one.at_ms for one in track.faces] for track in tracks) == [[500, 1_500, 9_000], [29_500]]


def test_clear_sights_count_more_than_blurred_ones() -> None:
    clear, blurred = face("ann", 0, sharpness=1.0), face("ann", 1_000, sharpness=0.01)
    (track,) = tracks_of(video_id(), [clear, blurred], 0.1)
    to_clear, to_blurred = (cosine_of(track.vector, vector_of(one)) for one in (clear, blurred))
    assert to_clear > 0.99 > to_blurred
    assert track.best is clear
    assert track.ref.at_ms == 0
    assert np.linalg.norm(track.vector) == pytest.approx(1, abs=1e-6)


def test_faces_without_vectors_have_no_tracks() -> None:
    bare = replace(face("ann", 0), face=replace(face("ann", 0).face, vector=None))
    assert tracks_of(video_id(), [bare], THRESHOLD) == []


@pytest.mark.parametrize(
    ("other", "share"),
    [(Box(0, 0, 1, 1), 1.0), (Box(0.5, 0, 1.5, 1), 1 / 3), (Box(1, 0, 2, 1), 0.0), (Box(2, 2, 3, 3), 0.0)],
)
def test_what_boxes_share(other: Box, share: float) -> None:
    assert overlap(Box(0, 0, 1, 1), other) == pytest.approx(share)
    assert overlap(other, Box(0, 0, 1, 1)) == pytest.approx(share)
