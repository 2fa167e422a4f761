"""Unknown faces come in groups of one person each, the one seen most first."""

import pytest

from heimdex_desktop.people.clusters import groups_of
from tests.people.faces import THRESHOLD, track


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


def test_one_who_is_seen_for_long_is_a_group_alone() -> None:
    tracks = [track("ann", 1, frames=8), track("bob", 2, frames=2), track("cem", 3, frames=6)]
    assert [group.tracks for group in groups_of(tracks, THRESHOLD)] == [(0,), (2,)]


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_faces_make_no_group(count: int) -> None:
    assert groups_of([track("ann", number) for number in range(count)], THRESHOLD) == []


def test_long_work_can_be_ended() -> None:
    def end() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        groups_of([track("ann", number) for number in range(4)], THRESHOLD, go_on=end)
