"""Photos of people are kept privately, come back as they were, and go without a trace."""

import os
import stat
import uuid
from dataclasses import replace

import numpy as np
import pytest

from heimdex_desktop.domain.faces import FaceObservation, FaceQuality
from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.domain.scene import Box, EmbeddingSpace
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.library.places import Places

ONE, OTHER = (PhotoId(str(uuid.uuid5(uuid.NAMESPACE_OID, name))) for name in ("one", "other"))
SPACE = EmbeddingSpace("facenet", "r1", 4)
FACE = FaceObservation(
    box=Box(0.0, 0.125, 0.5, 1.0),
    points=((0.1, 0.2), (0.3, 0.2), (0.2, 0.33333), (0.12, 0.4), (0.28, 0.4)),
    confidence=0.98765,
    quality=FaceQuality(57, 0.5, 0.25),
    vector=np.array([0.5, 0.5, -0.5, 0.5], np.float32),
)
JPEG = b"a picture"


@pytest.fixture
def store(places: Places) -> PhotoStore:
    store = PhotoStore(places)
    store.save(Photo(ONE, SPACE, FACE), JPEG)
    return store


def test_a_photo_comes_back(store: PhotoStore) -> None:
    assert store.picture(ONE).read_bytes() == JPEG
    kept = store.load(ONE)
    assert kept == Photo(ONE, SPACE, FACE)
    assert kept is not None
    assert kept.face.vector is not None
    np.testing.assert_allclose(kept.face.vector, np.array([0.5, 0.5, -0.5, 0.5]), atol=1e-6)
    assert store.ids() == [ONE]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_can_read_it(store: PhotoStore, places: Places) -> None:
    modes = {stat.S_IMODE(file.stat().st_mode) for file in places.photos.iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b"{}", b'{"space": {"model": "m", "revision": "r", "dimensions": 4}}']
)
def test_a_damaged_face_is_none(store: PhotoStore, places: Places, damaged: bytes) -> None:
    (places.photos / f"{ONE}.json").write_bytes(damaged)
    assert store.load(ONE) is None


@pytest.mark.parametrize("vector", [np.ones(3, np.float32), np.full(4, np.nan, np.float32), None])
def test_a_vector_of_another_space_is_refused(store: PhotoStore, vector: np.ndarray | None) -> None:
    with pytest.raises(ValueError, match="of its space"):
        store.save_face(Photo(ONE, SPACE, replace(FACE, vector=vector)))


def test_a_photo_is_new_until_it_is_settled(store: PhotoStore, places: Places) -> None:
    store.save(Photo(OTHER, SPACE, FACE), JPEG)
    assert store.new() == {ONE, OTHER}
    assert store.files() == sorted((*store.files_of(ONE), *store.files_of(OTHER)))
    store.settle(ONE)
    assert PhotoStore(places).new() == {OTHER}
    assert store.ids() == sorted([ONE, OTHER])


def test_a_picture_that_is_gone_or_empty_is_none(store: PhotoStore) -> None:
    assert store.has_picture(ONE)
    assert store.is_picture(ONE, JPEG)
    assert not store.is_picture(ONE, b"a quarrel")
    store.picture(ONE).write_bytes(b"")
    assert not store.has_picture(ONE)
    store.picture(ONE).unlink()
    assert not store.has_picture(ONE)
    assert not store.is_picture(ONE, JPEG)
