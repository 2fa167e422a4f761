"""A track gets the name of whom it is likest to, if that is sure enough, and a person's word is obeyed."""

import math

import numpy as np
import pytest

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.people.gallery import Said
from heimdex_desktop.people.matching import (
    SURE_FROM,
    Scale,
    TrackMatch,
    matches,
    scale_of,
    strangers_among,
)
from tests.people.faces import THRESHOLD, direction, track, unit

ANN, BOB = PersonId("ann"), PersonId("bob")
PEOPLE = {person: direction(person) for person in (ANN, BOB)}
SCALE = Scale(THRESHOLD)
NOTHING = Said()


def named(found: list[TrackMatch]) -> list[tuple[int, str, bool]]:
    return [(match.track, match.person, match.is_sure) for match in found]


def test_tracks_are_matched_and_strangers_are_left_out() -> None:
    tracks = [track("ann", 1), track("stranger", 2), track("bob", 3)]
    found = matches(tracks, [NOTHING] * 3, PEOPLE, SCALE)
    assert named(found) == [(0, ANN, True), (2, BOB, True)]
    assert all(SURE_FROM <= match.confidence <= 1 for match in found)


def test_the_threshold_is_worth_seven_tenths_and_a_stranger_nothing() -> None:
    worth = Scale(0.4, 0.02).confidence(np.array([-0.5, 0.02, 0.4, 0.9], np.float32))
    assert worth[1:3].tolist() == pytest.approx([0.01, 0.7], abs=1e-4)
    assert worth[0] < 0.001
    assert worth[3] > 0.99
    assert all(np.diff(worth) > 0)


def test_what_a_person_said_is_obeyed() -> None:
    tracks = [track("ann", number) for number in range(3)]
    said = [Said(is_of=BOB), Said(is_not_of=frozenset({ANN})), Said(is_ignored=True)]
    found = matches(tracks, said, PEOPLE, SCALE)
    assert named(found) == [(0, BOB, True)]
    assert found[0].is_said
    assert found[0].confidence == 1


def test_nobody_is_seen_twice_in_one_picture() -> None:
    clear, alike = track("ann", 1, left=0.1), track("ann", 1, left=0.6)
    found = matches([clear, alike], [NOTHING] * 2, PEOPLE, SCALE)
    assert len(found) == 1
    surer = max((clear, alike), key=lambda one: float(one.vector @ PEOPLE[ANN]))
    assert [clear, alike][found[0].track] is surer
    later = track("ann", 1, left=0.6, at_ms=30_000)
    assert len(matches([clear, later], [NOTHING] * 2, PEOPLE, SCALE)) == 2
    told = matches([clear, alike], [NOTHING, Said(is_of=ANN)], PEOPLE, SCALE)
    assert named(told) == [(1, ANN, True)]


def test_between_two_who_are_alike_a_person_is_asked() -> None:
    twins = {ANN: direction("ann"), BOB: unit((direction("ann") + 0.05 * direction("x")).astype(np.float64))}
    (found,) = matches([track("ann", 1)], [NOTHING], twins, SCALE)
    assert not found.is_sure
    assert found.confidence > SURE_FROM


def test_a_few_mirrors_do_not_keep_everybody_from_being_recognised() -> None:
    rng = np.random.default_rng(1)
    unlike = rng.normal(0.02, 0.1, 1_000).astype(np.float32)
    doubles = np.array([0.97, 0.95, 0.9, 0.99, 0.93], np.float32)
    assert scale_of(0.4, np.concatenate([unlike, doubles])) == scale_of(0.4, unlike)
    alike = rng.normal(0.25, 0.12, 2_000).astype(np.float32)
    assert scale_of(0.4, np.concatenate([alike, doubles])).threshold < 0.7


def test_a_family_of_look_alikes_raises_the_threshold() -> None:
    rng = np.random.default_rng(1)
    unlike = rng.normal(0.02, 0.1, 2_000).astype(np.float32)
    assert scale_of(0.45, unlike).threshold == pytest.approx(0.45)
    alike = rng.normal(0.25, 0.12, 2_000).astype(np.float32)
    raised = scale_of(0.4, alike)
    assert 0.5 < raised.threshold < 0.7
    assert np.mean(raised.confidence(alike) >= SURE_FROM) <= 0.002
    assert scale_of(0.4, alike[:50]) == Scale(0.4), "too few to tell"


def test_strangers_are_those_who_meet() -> None:
    tracks = [track("ann", 1), track("bob", 1, left=0.6), track("cem", 2), track("dora", 1, at_ms=60_000)]
    assert len(strangers_among(tracks)) == 1
    assert math.isclose(strangers_among(tracks)[0], float(tracks[0].vector @ tracks[1].vector), abs_tol=1e-6)


def test_nothing_to_match_is_nothing_matched() -> None:
    assert matches([], [], PEOPLE, SCALE) == []
    assert matches([track("ann", 1)], [NOTHING], {}, SCALE) == []
