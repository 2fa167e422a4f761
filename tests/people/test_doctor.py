"""What would help to recognise somebody: which photo harms, who looks alike, which faces to add."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.people_events import PersonId, PhotoId
from heimdex_desktop.people.doctor import (
    Alike,
    Portrait,
    advice,
    agreements,
    complaints,
    harms,
    look_alikes,
    proposals,
    warning_of,
)
from heimdex_desktop.people.matching import SUGGESTED_FROM, SURE_FROM, Scale, TrackMatch
from heimdex_desktop.people.tracks import FaceTrack, centre, mean_vector
from tests.people.faces import THRESHOLD, direction, face, scene, unit, vector_of, video_id

ANN, BOB, CEM = PersonId("ann"), PersonId("bob"), PersonId("cem")
SCALE = Scale(THRESHOLD)

SEEDS = st.integers(0, 2**32 - 1)
QUALITIES = st.floats(0, 1)


def _photo(name: str, number: int, *, quality: float = 0.9, spread: float = 0.5) -> Portrait:
    vector = vector_of(face(name, number, spread=spread))
    return Portrait(PhotoId(f"{name} {number}"), vector, quality)


def _photos(name: str, count: int) -> list[Portrait]:
    return [_photo(name, number) for number in range(count)]


@st.composite
def any_photos(draw: st.DrawFn, least: int = 0) -> list[Portrait]:
    """Photos of anything at all, some the same, some opposite, some of no quality."""
    rng = np.random.default_rng(draw(SEEDS))
    pool = [unit(rng.standard_normal(6)) for _ in range(draw(st.integers(1, 4)))]
    qualities = draw(st.lists(QUALITIES, min_size=least, max_size=7))
    return [
        Portrait(
            PhotoId(str(number)),
            np.float32(draw(st.sampled_from([1, -1]))) * pool[draw(st.integers(0, len(pool) - 1))],
            quality,
        )
        for number, quality in enumerate(qualities)
    ]


def _cosine_with_rest(photo: Portrait, rest: list[Portrait]) -> float:
    """The same by the plain way: a centre for each photo that is left out."""
    middle = centre([one.vector for one in rest], [max(0.02, one.quality) for one in rest])
    return float(photo.vector @ middle)


@given(any_photos())
def test_each_photo_is_compared_with_the_centre_of_the_others(photos: list[Portrait]) -> None:
    found = agreements(photos)
    assert list(found) == [photo.id for photo in photos]
    for photo in photos:
        rest = [one for one in photos if one is not photo]
        agreement = found[photo.id]
        if not rest:
            assert agreement is None
            continue
        assert agreement is not None
        weights = [max(0.02, one.quality) for one in rest]
        if np.linalg.norm(np.average([one.vector for one in rest], axis=0, weights=weights)) > 1e-3:
            assert agreement == pytest.approx(max(0.0, _cosine_with_rest(photo, rest)), abs=1e-4)


@given(any_photos(), st.floats(0.1, 0.8))
def test_whatever_is_agreed_on_is_a_share(photos: list[Portrait], threshold: float) -> None:
    for found in (agreements(photos), agreements(photos, Scale(threshold))):
        assert all(one is None or 0 <= one <= 1 for one in found.values())
    assert complaints(photos, Scale(threshold)).keys() <= {photo.id for photo in photos}


@given(any_photos(least=2), st.floats(0.1, 0.8), SEEDS)
def test_the_order_of_photos_does_not_matter(photos: list[Portrait], threshold: float, seed: int) -> None:
    mixed = [photos[place] for place in np.random.default_rng(seed).permutation(len(photos))]
    assert agreements(mixed, Scale(threshold)) == pytest.approx(
        agreements(photos, Scale(threshold)), abs=1e-4
    )
    assert harms(mixed) == pytest.approx(harms(photos), abs=1e-3)


@given(st.integers(3, 7), SEEDS)
def test_harm_is_what_the_others_gain_without_a_photo(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    middle = rng.standard_normal(8)
    photos = [
        Portrait(PhotoId(str(n)), unit(middle + rng.standard_normal(8)), float(rng.uniform(0, 1)))
        for n in range(count)
    ]
    for photo in photos:
        others = [one for one in photos if one is not photo]
        gain = sum(
            _cosine_with_rest(other, [one for one in others if one is not other])
            - _cosine_with_rest(other, [one for one in photos if one is not other])
            for other in others
        )
        assert harms(photos)[photo.id] == pytest.approx(gain, abs=1e-3)


@given(st.integers(2, 9), st.integers(0, 10_000), st.floats(0.3, 1))
def test_a_photo_of_somebody_else_is_found_and_no_other_blamed(
    count: int, start: int, quality: float
) -> None:
    own = [_photo("ann", start + number) for number in range(count)]
    wrong = _photo("bob", start, quality=quality)
    told = complaints([*own, wrong], SCALE)
    assert list(told) == [wrong.id]
    assert harms([*own, wrong])[wrong.id] > 0


@given(st.integers(2, 9), st.integers(0, 10_000))
def test_of_photos_of_one_person_none_is_blamed(count: int, start: int) -> None:
    assert complaints([_photo("ann", start + number) for number in range(count)], SCALE) == {}


def test_the_complaint_says_how_badly_it_fits_and_what_to_do() -> None:
    photos = [*_photos("ann", 3), _photo("bob", 1)]
    agreement = agreements(photos, SCALE)[PhotoId("bob 1")]
    assert agreement is not None
    assert agreement < SUGGESTED_FROM
    told = complaints(photos, SCALE)[PhotoId("bob 1")]
    assert told == f"This photo fits the others badly ({agreement:.2f}): take it out."


def test_of_two_photos_nobody_can_tell_which_one_is_wrong() -> None:
    told = complaints([_photo("ann", 1), _photo("bob", 1)], SCALE)
    assert len(told) == 2
    assert all("add a third to see which one is wrong" in sentence for sentence in told.values())
    assert complaints(_photos("ann", 2), SCALE) == {}
    assert complaints(_photos("ann", 1), SCALE) == {}
    assert complaints([], SCALE) == {}


def test_agreement_is_as_sure_as_recognising_is() -> None:
    near, far = Portrait(PhotoId("a"), direction("ann"), 1.0), direction("bob")
    at_threshold = unit(
        (THRESHOLD * near.vector + np.sqrt(1 - THRESHOLD**2) * _across(far, near.vector)).astype(float)
    )
    other = Portrait(PhotoId("b"), at_threshold, 1.0)
    assert agreements([near, other])[near.id] == pytest.approx(THRESHOLD, abs=1e-5)
    assert agreements([near, other], SCALE)[near.id] == pytest.approx(SURE_FROM, abs=1e-4)


def _across(vector: np.ndarray, other: np.ndarray) -> np.ndarray:
    return unit((vector - (vector @ other) * other).astype(np.float64))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "There is no photo of Anna yet"),
        (1, "Anna is known by one photo alone"),
        (2, "Anna is known by 2 photos alone"),
        (3, ""),
    ],
)
def test_few_photos_are_told_to_be_few(count: int, told: str) -> None:
    sentences = advice("Anna", _photos("ann", count))
    assert len(sentences) == (1 if told else 0)
    assert all(sentence.startswith(told) for sentence in sentences)


def test_a_photo_twice_is_told() -> None:
    photos = [*_photos("ann", 3), Portrait(PhotoId("copy"), _photo("ann", 1).vector, 0.4)]
    assert advice("Anna", photos) == ("Two photos of Anna are nearly the same: add one of another moment.",)


def test_people_who_look_alike_are_named_the_most_alike_first() -> None:
    ann = direction("ann")
    people = {
        ANN: ann,
        BOB: unit((ann + 0.9 * direction("bob")).astype(np.float64)),
        CEM: unit((ann + 0.2 * direction("cem")).astype(np.float64)),
        PersonId("dora"): direction("dora"),
    }
    found = look_alikes(people, SCALE)
    assert [(pair.one, pair.other) for pair in found[:2]] == [(ANN, CEM), (ANN, BOB)]
    assert all(SUGGESTED_FROM <= pair.likeness <= 1 for pair in found)
    assert PersonId("dora") not in {one for pair in found for one in (pair.one, pair.other)}
    assert warning_of("Anna", "Ben", 0.714) == "Anna and Ben look alike (0.71): add photos of both."


@given(st.lists(SEEDS, max_size=8, unique=True), st.floats(0.1, 0.9))
def test_each_pair_is_named_once_and_nobody_is_like_themselves(seeds: list[int], threshold: float) -> None:
    people = {PersonId(str(seed)): unit(np.random.default_rng(seed).standard_normal(3)) for seed in seeds}
    found = look_alikes(people, Scale(threshold))
    named = {frozenset((pair.one, pair.other)) for pair in found}
    expected = {
        frozenset((one, other))
        for one in people
        for other in people
        if one != other
        and Scale(threshold).confidence(np.array(people[one] @ people[other], np.float32))
        >= SUGGESTED_FROM + 1e-4
    }
    assert len(named) == len(found)
    assert expected <= named
    assert all(len(pair) == 2 for pair in named)
    assert found == sorted(found, key=lambda pair: -pair.likeness)


def test_nobody_alone_looks_like_anybody() -> None:
    assert look_alikes({}, SCALE) == look_alikes({ANN: direction("ann")}, SCALE) == list[Alike]()


def _track(number: int, *, sharpness: float = 0.9) -> FaceTrack:
    seen = (face("ann", 1_000 * number, scene_number=number, sharpness=sharpness),)
    return FaceTrack(video_id(), scene(number), seen, mean_vector(seen))


def _match(track: int, confidence: float, *, person: PersonId = ANN, is_said: bool = False) -> TrackMatch:
    return TrackMatch(track, person, confidence, is_sure=confidence >= SURE_FROM, is_said=is_said)


def test_clear_faces_that_are_recognised_with_doubt_are_proposed() -> None:
    tracks = [_track(number) for number in range(8)]
    doubtful = [_match(number, 0.8 - number / 100) for number in range(7)]
    assert proposals(tracks, [*doubtful, _match(7, 0.99)], ANN) == (6, 5, 4, 3, 2)
    assert proposals(tracks, [_match(7, 0.99)], ANN) == ()


def test_unclear_faces_and_those_of_others_are_not_proposed() -> None:
    tracks = [_track(0, sharpness=0.2), _track(1), _track(2), _track(3)]
    found = [_match(0, 0.6), _match(1, 0.6, person=BOB), _match(2, 1.0, is_said=True), _match(3, 0.6)]
    assert proposals(tracks, found, ANN) == (3,)


def test_one_face_of_a_scene_is_enough() -> None:
    tracks = [_track(1), _track(1), _track(2)]
    assert proposals(tracks, [_match(0, 0.7), _match(1, 0.6), _match(2, 0.8)], ANN) == (1, 2)


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.floats(0.5, 1), QUALITIES, st.booleans(), st.booleans()), max_size=20
    )
)
def test_what_is_proposed_is_always_clear_doubtful_and_few(
    drawn: list[tuple[int, float, float, bool, bool]],
) -> None:
    tracks = [_track(number, sharpness=sharpness) for number, _, sharpness, _, _ in drawn]
    found = [
        _match(place, confidence, person=ANN if is_ann else BOB, is_said=is_said)
        for place, (_, confidence, _, is_ann, is_said) in enumerate(drawn)
    ]
    proposed = proposals(tracks, found, ANN)
    assert len(proposed) <= 5
    assert len({tracks[place].scene_id for place in proposed}) == len(proposed)
    for place in proposed:
        assert found[place].person == ANN
        assert not found[place].is_said
        assert found[place].confidence < 0.9
        assert tracks[place].quality >= 0.5
    confidences = [found[place].confidence for place in proposed]
    assert confidences == sorted(confidences)
