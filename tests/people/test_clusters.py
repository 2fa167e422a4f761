"""Unknown faces come in groups of one person each, the one seen most first."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.people import clusters
from heimdex_desktop.people.clusters import groups_of
from heimdex_desktop.people.tracks import FaceTrack
from tests.people.faces import THRESHOLD, direction, track, unit


def test_groups_are_one_person_each_and_lone_faces_join_none() -> None:
    names = ["ann"] * 5 + ["bob"] * 3 + ["cem"] * 2 + ["dora"]
    tracks = [track(name, number, frames=3 if name == "bob" else 2) for number, name in enumerate(names)]
    groups = groups_of(tracks, THRESHOLD)
    assert [{names[place] for place in group.tracks} for group in groups] == [{"ann"}, {"bob"}, {"cem"}]
    assert [(len(group.tracks), group.frame_count) for group in groups] == [(5, 10), (3, 9), (2, 4)]


def test_two_faces_in_one_picture_do_not_vouch_for_each_other() -> None:
    together = [track("ann", 1), track("ann", 1, left=0.6)]
    apart = [track("ann", 1), track("ann", 3, left=0.6)]
    assert groups_of(together, THRESHOLD) == []
    assert len(groups_of(apart, THRESHOLD)) == 1


def test_somebody_else_who_is_like_both_does_not_make_two_faces_in_one_picture_one_person() -> None:
    tracks = [track("ann", 1), track("ann", 1, left=0.6), track("ann", 2)]
    (group,) = groups_of(tracks, THRESHOLD)
    assert len(group.tracks) == 2
    assert 2 in group.tracks


@pytest.mark.parametrize("at_once", [2_000, 8])
def test_a_blurred_face_that_is_like_two_people_does_not_make_them_one(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "_MOST_AT_ONCE", at_once)
    names = ["ann"] * 6 + ["bob"] * 6 + ["both"]
    tracks = [track(name, number) for number, name in enumerate(names)]
    blurred = unit(direction("ann") + direction("bob"))
    tracks[-1] = FaceTrack(tracks[-1].video_id, tracks[-1].scene_id, tracks[-1].faces, blurred)
    near = np.stack([one.vector for one in tracks]) @ blurred
    assert (near >= THRESHOLD).all(), "it hangs all of them together"
    one, other = groups_of(tracks, THRESHOLD)
    for group in (one, other):
        assert len({names[place] for place in group.tracks} - {"both"}) == 1
    assert len(one.tracks) + len(other.tracks) == 13


def test_one_who_is_seen_for_long_is_a_group_alone() -> None:
    tracks = [track("ann", 1, frames=8), track("bob", 2, frames=2), track("cem", 3, frames=6)]
    assert [group.tracks for group in groups_of(tracks, THRESHOLD)] == [(0,), (2,)]


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_faces_make_no_group(count: int) -> None:
    assert groups_of([track("ann", number) for number in range(count)], THRESHOLD) == []


def test_somebody_who_is_seen_everywhere_takes_little_memory() -> None:
    """All pairs of so many tracks would take a gigabyte, and twice that where two are in one picture."""
    ann = [track("ann", number) for number in range(4_000)]
    # As far from each other as can be, so that they are not compared in the first piece of the work.
    tracks = [track("bob", 0, left=0.4), *ann, track("bob", 0, left=0.7)]
    tracemalloc.start()
    groups = groups_of(tracks, THRESHOLD)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [sorted(group.tracks) for group in groups] == [list(range(1, 4_001))]
    assert peak < 200 * 1024**2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), max_size=40), st.sampled_from([1, 3, 7]))
def test_it_does_not_matter_how_many_are_compared_at_once(seen: list[tuple[int, int]], rows: int) -> None:
    tracks = [track(f"person {who}", number, left=0.1 * who) for who, number in dict.fromkeys(seen)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "_ROWS_AT_ONCE", rows)
        found = groups_of(tracks, THRESHOLD)
    assert found == groups_of(tracks, THRESHOLD)


def test_a_group_holds_at_most_one_face_of_a_picture() -> None:
    tracks = [*(track("ann", number) for number in range(8)), track("ann", 0, left=0.6)]
    (group,) = groups_of(tracks, THRESHOLD)
    assert len(group.tracks) == 8
    assert len({0, 8} & set(group.tracks)) == 1
