"""When another face model is chosen, the photos that are kept are looked at again."""

import uuid
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.library.disk import remove
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.media.jpegs import jpeg_of
from heimdex_desktop.pipeline.enrolling import Refreshed, stale
from heimdex_desktop.pipeline.photo_looks import refresh_photos
from tests.inference.face_samples import BlotFinder

OLD = EmbeddingSpace("former", "1", 3)
ONE, TWO, THREE = (PhotoId(str(uuid.uuid5(uuid.NAMESPACE_OID, name))) for name in ("one", "two", "three"))
OLD_VECTOR = np.array([0, 0.6, 0.8], np.float32)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path / "library")
    places.create()
    return places


@pytest.fixture
def store(places: Places) -> PhotoStore:
    return PhotoStore(places)


def _picture(*columns: int) -> Picture:
    """Return a picture with a bright blot from each of these columns on; the first is blue, then red."""
    picture = np.zeros((120, 160, 3), np.uint8)
    for number, left in enumerate(columns):
        picture[30:70, left : left + 30] = [(240, 20, 20), (20, 20, 240)][number % 2]
    return picture


def _keep(
    store: PhotoStore, photo: PhotoId, picture: Picture, *, face: int = 0, space: EmbeddingSpace = OLD
) -> Photo:
    """Keep a photo of the person in the face with this number, from the left."""
    found = sorted(BlotFinder().find([picture])[0], key=lambda one: one.box.left)[face]
    kept = Photo(photo, space, replace(found, vector=OLD_VECTOR))
    store.save(kept, jpeg_of(picture, 95))
    read = store.load(photo)
    assert read is not None
    return read


def _run(store: PhotoStore, finder: BlotFinder | None = None) -> tuple[Refreshed, list[float]]:
    return _rest_of(refresh_photos(store, finder or BlotFinder())(None))


def _rest_of(running: Generator[float, None, Refreshed]) -> tuple[Refreshed, list[float]]:
    fractions: list[float] = []
    while True:
        try:
            fractions.append(next(running))
        except StopIteration as end:
            return end.value, fractions


def _new_vector(store: PhotoStore, photo: PhotoId) -> np.ndarray:
    kept = store.load(photo)
    assert kept is not None
    assert kept.space == BlotFinder.space
    assert kept.face.vector is not None
    return kept.face.vector


def test_the_photos_of_another_space_are_stale(store: PhotoStore) -> None:
    old, new = _keep(store, ONE, _picture(20)), _keep(store, TWO, _picture(20), space=BlotFinder.space)
    assert stale([old, new], BlotFinder.space) == (ONE,)
    assert stale([old, new], replace(BlotFinder.space, revision="2")) == (ONE, TWO)
    assert stale([], BlotFinder.space) == ()


def test_the_face_that_was_chosen_stays_the_one(store: PhotoStore) -> None:
    _keep(store, ONE, _picture(20, 100), face=0)
    _keep(store, TWO, _picture(20, 100), face=1)
    done, fractions = _run(store)
    assert set(done.seen) == {ONE, TWO}
    assert done.lost == ()
    assert (_new_vector(store, ONE).argmax(), _new_vector(store, TWO).argmax()) == (0, 2)
    assert fractions == [0.0, 0.5, 1.0]
    assert str(done) == ""


def test_what_the_model_looked_at_already_is_left_alone(store: PhotoStore, places: Places) -> None:
    _keep(store, ONE, _picture(20))
    _run(store)
    before = {file: file.stat().st_mtime_ns for file in places.photos.iterdir()}
    done, fractions = _run(store)
    assert (done, fractions) == (Refreshed(), [0.0])
    assert {file: file.stat().st_mtime_ns for file in places.photos.iterdir()} == before


def test_a_photo_in_which_the_person_is_not_seen_any_more_stays_as_it_is(store: PhotoStore) -> None:
    kept = _keep(store, ONE, _picture(20, 100), face=0)
    store.picture(ONE).write_bytes(jpeg_of(_picture(100), 95))
    _keep(store, TWO, _picture(20))
    store.picture(TWO).write_bytes(b"not a picture")
    _keep(store, THREE, _picture(20))
    done, _ = _run(store)
    assert (set(done.seen), set(done.lost)) == ({THREE}, {ONE, TWO})
    assert store.load(ONE) == kept
    assert str(done).startswith("2 photos of people cannot be used")


def test_a_photo_whose_face_cannot_be_read_gets_it_back_where_it_is_the_only_one(
    store: PhotoStore, places: Places
) -> None:
    _keep(store, ONE, _picture(20))
    _keep(store, TWO, _picture(20, 100))
    for photo in (ONE, TWO):
        (places.photos / f"{photo}.json").write_bytes(b"{")
    done, _ = _run(store)
    assert (done.seen, done.lost) == ((ONE,), (TWO,))
    assert _new_vector(store, ONE).argmax() == 0
    assert str(done).startswith("One photo of people cannot be used")


def test_a_photo_that_is_taken_away_meanwhile_does_not_come_back(store: PhotoStore, places: Places) -> None:
    class Removing(BlotFinder):
        def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
            for file in store.files_of(ONE):
                file.unlink(missing_ok=True)
            return super().find(pictures)

    _keep(store, ONE, _picture(20))
    done, _ = _run(store, Removing())
    assert done == Refreshed()
    assert list(places.photos.iterdir()) == []


def test_a_photo_that_goes_before_its_turn_is_passed_over(store: PhotoStore, places: Places) -> None:
    for photo in (ONE, TWO, THREE):
        _keep(store, photo, _picture(20))
    running = refresh_photos(store, BlotFinder())(None)
    next(running)
    next(running)
    left = stale([kept for photo in store.ids() if (kept := store.load(photo))], BlotFinder.space)
    for file in store.files_of(left[0]):
        file.unlink(missing_ok=True)
    done, _ = _rest_of(running)
    assert done.lost == ()
    assert len(done.seen) == 2
    assert left[0] not in {file.stem for file in places.photos.iterdir()}


def test_it_can_be_stopped_between_two_photos_and_gone_on_with(store: PhotoStore) -> None:
    for photo in (ONE, TWO, THREE):
        _keep(store, photo, _picture(20))
    running = refresh_photos(store, BlotFinder())(None)
    assert [next(running) for _ in range(2)] == [0.0, pytest.approx(1 / 3)]
    running.close()
    loaded = [kept for photo in (ONE, TWO, THREE) if (kept := store.load(photo))]
    left = stale(loaded, BlotFinder.space)
    assert len(left) == 2
    done, _ = _run(store)
    assert done.seen == left


def test_without_a_face_model_nothing_is_changed(store: PhotoStore) -> None:
    class Blurred(BlotFinder):
        space = None  # type: ignore[assignment]

    kept = _keep(store, ONE, _picture(20))
    with pytest.raises(ModelMissing):
        _run(store, Blurred())
    assert store.load(ONE) == kept


def test_the_face_of_a_photo_that_is_deleted_while_it_is_written_does_not_stay(
    store: PhotoStore, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep(store, ONE, _picture(20))
    save = PhotoStore.save_face

    def save_as_somebody_is_forgotten(self: PhotoStore, photo: Photo) -> None:
        for file in self.files_of(photo.id):
            remove(file)
        save(self, photo)

    monkeypatch.setattr(PhotoStore, "save_face", save_as_somebody_is_forgotten)
    done, _ = _run(store)
    assert (done.seen, done.lost) == ((), ())
    assert list(places.photos.iterdir()) == []
