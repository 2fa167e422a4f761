"""Who is seen in the scenes of a video, as it is kept in the library and written into sidecars."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import Box, Scene, SceneId, SeenPerson, Sight
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.library.json_fields import MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.scene_people import people_as_json, people_from
from heimdex_desktop.library.seen_people import SeenPeople

VIDEO = VideoId("5d26e7c8-0d26-4d26-8d26-0d26e7c80d26")
SCENE = SceneId("6d26e7c8-0d26-4d26-8d26-0d26e7c80d26")
OLDER = SeenPerson("0d26e7c8-0d26-4d26-8d26-0d26e7c80d26", "Ann", 0.9, 3)
_MOMENTS = st.integers(0, 36_000_000)
# As exact as places in a picture are kept.
_EDGES = st.integers(0, 100_000).map(lambda share: share / 100_000)
_SIGHTS = st.builds(Sight, _MOMENTS, _MOMENTS, st.builds(Box, _EDGES, _EDGES, _EDGES, _EDGES))
_PEOPLE = st.builds(
    SeenPerson,
    st.uuids().map(str),
    st.text(min_size=1, max_size=20),
    st.integers(0, 10_000).map(lambda share: share / 10_000),
    st.integers(0, 1_000),
    st.none() | _SIGHTS,
)


def _through_json(people: tuple[SeenPerson, ...]) -> tuple[SeenPerson, ...]:
    written = json.dumps(people_as_json(Scene(SCENE, TimeSpan(0, 1), people=people)))
    return people_from(fields_of(parsed(written.encode())))


@given(st.lists(_PEOPLE, max_size=3).map(tuple))
def test_people_survive_the_way_through_a_sidecar(people: tuple[SeenPerson, ...]) -> None:
    assert _through_json(people) == people


def test_what_an_older_version_wrote_is_read() -> None:
    written = people_as_json(Scene(SCENE, TimeSpan(0, 1), people=(OLDER,)))
    assert written == {
        "people": [{"person_id": OLDER.person_id, "name": "Ann", "confidence": 0.9, "frame_count": 3}]
    }
    assert _through_json((OLDER,)) == (OLDER,)


@pytest.mark.parametrize(
    "sight",
    [
        {"first_ms": 1, "best_ms": 2},
        {"first_ms": 1, "best_ms": 2, "box": [0, 0, 1]},
        {"first_ms": 1, "best_ms": 2, "box": [0, 0, 1, 1.5]},
        {"first_ms": "1", "best_ms": 2, "box": [0, 0, 1, 1]},
        None,
        [],
    ],
)
def test_a_sight_that_is_none_is_refused(sight: object) -> None:
    (person,) = json.loads(json.dumps(people_as_json(Scene(SCENE, TimeSpan(0, 1), people=(OLDER,)))))[
        "people"
    ]
    with pytest.raises(MalformedError):
        people_from(fields_of({"people": [person | {"sight": sight}]}))


def test_it_is_kept_in_the_library_and_changes_its_digest(places: Places) -> None:
    kept = SeenPeople(places)
    seen = SeenPerson(OLDER.person_id, "Ann", 0.9, 3, Sight(10, 20, Box(0.1, 0.2, 0.3, 0.4)))
    assert kept.save(VIDEO, {SCENE: (OLDER,)})
    before = kept.digest(VIDEO)
    assert kept.save(VIDEO, {SCENE: (seen,)})
    assert kept.digest(VIDEO) != before
    assert not kept.save(VIDEO, {SCENE: (seen,)})
    assert kept.load(VIDEO) == {SCENE: (seen,)}
