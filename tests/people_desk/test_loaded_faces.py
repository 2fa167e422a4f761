"""The faces that the desk has in memory are those that were kept; reading them leaves Python as it was."""

import gc
from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.faces import SeenFace
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces
from heimdex_desktop.library.places import Places
from heimdex_desktop.people.tracks import tracks_of
from heimdex_desktop.people_desk.loaded_faces import LoadedFaces
from tests.people.faces import THRESHOLD, face, video_id
from tests.people_desk.studio import FACE_SPACE, Studio

NAMES = ("Anna", "Ben", "Chloé")


@pytest.fixture
def places(studio: Studio) -> Places:
    return studio.places


@pytest.fixture(params=[True, False], ids=["collector on", "collector off"])
def is_collecting(request: pytest.FixtureRequest) -> Generator[bool]:
    wanted: bool = request.param
    if not wanted:
        gc.disable()
    yield wanted
    gc.enable()


def _keep(places: Places, count: int) -> None:
    for number in range(count):
        FaceStore(places).save(video_id(number), VideoFaces(FACE_SPACE, "", _faces(number), THRESHOLD))


def _faces(number: int) -> tuple[SeenFace, ...]:
    moments = [(scene, name, 1_000 * at) for scene in range(4) for at in range(5) for name in NAMES]
    return tuple(
        face(name, at_ms, left=0.1 + 0.3 * NAMES.index(name), scene_number=10 * number + scene)
        for scene, name, at_ms in moments
    )


def _bare(faces: Sequence[SeenFace]) -> list[SeenFace]:
    return [replace(one, face=replace(one.face, points=(), vector=None)) for one in faces]


def test_what_is_in_memory_follows_from_what_is_kept(places: Places) -> None:
    _keep(places, 3)
    store, loaded = FaceStore(places), LoadedFaces(FaceStore(places), None)
    assert loaded.take_up()
    kept = {one: store.load(one) for one in store.states()}
    assert loaded.face_count == sum(len(faces.faces) for faces in kept.values() if faces)
    wanted = [
        track for one, faces in kept.items() if faces for track in tracks_of(one, faces.faces, THRESHOLD)
    ]
    assert len(wanted) == 3 * 4 * len(NAMES)
    for track, same in zip(loaded.tracks, wanted, strict=True):
        assert (track.video_id, track.scene_id, track.ref) == (same.video_id, same.scene_id, same.ref)
        assert list(track.faces) == _bare(same.faces)
        assert np.array_equal(track.vector, same.vector)


def test_garbage_is_collected_after_reading_as_before(places: Places, is_collecting: bool) -> None:
    _keep(places, 2)
    LoadedFaces(FaceStore(places), None).take_up()
    assert gc.isenabled() == is_collecting


def test_garbage_is_collected_also_after_faces_that_could_not_be_read(
    places: Places, is_collecting: bool
) -> None:
    _keep(places, 1)
    places.faces_of(video_id(1)).mkdir()
    with pytest.raises(NoAccess):
        LoadedFaces(FaceStore(places), None).take_up()
    assert gc.isenabled() == is_collecting
