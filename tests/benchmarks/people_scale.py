"""Print how naming people gets on with many faces: `python -m tests.benchmarks.people_scale --faces 100000`.

Unit vectors are made up in clusters, one around each person; most people are known by photos, the others are
not. The faces are kept and read as the product does that; no sidecar and no search index is written.
"""

import argparse
import resource
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.faces import FaceObservation, FaceQuality, SeenFace
from heimdex_desktop.domain.people_events import Confirmed, Made, PersonId, PhotoAdded, PhotoId
from heimdex_desktop.domain.scene import Box, EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.people.tracks import tracks_of
from heimdex_desktop.people_desk.cards import person_cards
from heimdex_desktop.people_desk.memory import Memory
from heimdex_desktop.people_desk.scenes_of import ScenesOf

_DIMENSIONS = 512
_SPACE = EmbeddingSpace("made up", "1", _DIMENSIONS)
_THRESHOLD = 0.4
_SPREAD = 0.9
_FACES_A_VIDEO = 1_000
_MOMENTS_A_SCENE = 8
_PHOTOS = 3
_UNKNOWN_SHARE = 0.2
_POINTS = ((0.3, 0.4), (0.6, 0.4), (0.45, 0.5), (0.35, 0.7), (0.55, 0.7))
T = TypeVar("T")


def _unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def _near(direction: Vectors, rng: np.random.Generator) -> Vectors:
    noise = _unit(rng.standard_normal(_DIMENSIONS).astype(np.float32))
    return _unit(direction + _SPREAD * noise)


def _an_id() -> str:
    return str(uuid.uuid4())


def _face(direction: Vectors, left: float, rng: np.random.Generator) -> FaceObservation:
    box = Box(left, 0.2, round(left + 0.2, 5), 0.5)
    return FaceObservation(
        box, _POINTS, 0.9, FaceQuality(112, float(rng.uniform(0.2, 1)), 0.9), _near(direction, rng)
    )


def _video(directions: Vectors, rng: np.random.Generator) -> Iterator[SeenFace]:
    """Yield the faces of a video: in each scene two people, each followed through some pictures."""
    for number in range(_FACES_A_VIDEO // (2 * _MOMENTS_A_SCENE)):
        scene = SceneId(_an_id())
        cast = rng.choice(len(directions), 2, replace=False)
        for moment in range(_MOMENTS_A_SCENE):
            at_ms = number * 10_000 + moment * 1_000
            for place, who in enumerate(cast):
                yield SeenFace(scene, at_ms, _face(directions[who], 0.1 + 0.5 * place, rng))


def _make(places: Places, face_count: int, directions: Vectors, known: Sequence[int]) -> None:
    rng = np.random.default_rng(1)
    store, photos, journal = FaceStore(places), PhotoStore(places), PeopleJournal(places)
    for _ in range(max(1, face_count // _FACES_A_VIDEO)):
        faces = tuple(_video(directions, rng))
        store.save(VideoId(_an_id()), VideoFaces(_SPACE, "", faces, _THRESHOLD))
    for number in known:
        person = PersonId(_an_id())
        added: list[PhotoAdded] = []
        for _ in range(_PHOTOS):
            photo = Photo(PhotoId(_an_id()), _SPACE, _face(directions[number], 0.1, rng))
            photos.save(photo, b"a picture")
            added.append(PhotoAdded(person, photo.id))
        journal.add((Made(person, f"Person {number}"), *added))


def _timed(what: str, do: Callable[[], T]) -> T:
    started = perf_counter()
    found = do()
    print(f"| {what} | {perf_counter() - started:.2f} s |")
    return found


def _measure_reading(store: FaceStore) -> None:
    kept = _timed("reading the files of faces", lambda: {one: store.load(one) for one in store.states()})
    found = [(one, faces.faces) for one, faces in kept.items() if faces]
    _timed(
        "following faces through scenes",
        lambda: [tracks_of(video_id, faces, _THRESHOLD) for video_id, faces in found],
    )


def _measure(places: Places) -> None:
    print("| what | time |\n|---|---|")
    _measure_reading(FaceStore(places))
    catalogue = Catalogue(places.catalogue_file)
    scenes = ScenesOf(catalogue, SidecarStore(places))
    what = "the start: all of it, matched and written down"
    memory = _timed(what, lambda: Memory(places, scenes, None, None))
    _timed("matching everybody again", memory.follow)
    groups = _timed("the groups of unknown faces", lambda: memory.groups)
    _timed("the cards of everybody", lambda: person_cards(memory.view, PhotoStore(places)))
    person = next(iter(memory.book.gallery.people))
    place = memory.view.unknown[0]

    def confirm() -> tuple[VideoId, ...]:
        memory.book.write((Confirmed(person, (memory.faces.tracks[place].ref,)),))
        return memory.follow()

    changed = _timed("one more face confirmed", confirm)
    sure = sum(match.is_sure for match in memory.view.recognised.matches)
    print(
        f"\n{len(memory.faces.tracks):,} tracks, {sure:,} of them named, {len(groups):,} groups;"
        f" the confirmed face changed {len(changed)} videos."
        f" Most memory used: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MiB."
    )
    catalogue.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--faces", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=200, help="who are known; a quarter more are not")
    asked = parser.parse_args()
    rng = np.random.default_rng(0)
    count = round(asked.people / (1 - _UNKNOWN_SHARE))
    directions = _unit(rng.standard_normal((count, _DIMENSIONS)).astype(np.float32))
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder) / "library")
        places.create()
        _make(places, asked.faces, directions, range(asked.people))
        _measure(places)


if __name__ == "__main__":
    main()
