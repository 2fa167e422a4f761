"""Faces are kept privately, come back as they were, and can be forgotten for good."""

import io
import os
import stat
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heimdex_desktop.domain.faces import FaceObservation, FaceQuality, SeenFace
from heimdex_desktop.domain.scene import Box, EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces, as_kept
from heimdex_desktop.library.places import Places

VIDEO, OTHER = (VideoId(str(uuid.uuid5(uuid.NAMESPACE_OID, name))) for name in ("video", "other"))
SCENE = SceneId(str(uuid.uuid5(uuid.NAMESPACE_OID, "scene")))
SPACE = EmbeddingSpace("facenet", "r1", 8)
POINTS = ((0.1, 0.2), (0.3, 0.2), (0.2, 0.33333), (0.12, 0.4), (0.28, 0.4))


def _seen(number: int, *, dimensions: int = 8) -> SeenFace:
    vector = np.random.default_rng(number).normal(size=dimensions)
    face = FaceObservation(
        box=Box(0.0, 0.125, 0.5, 1.0),
        points=POINTS,
        confidence=0.98765,
        quality=FaceQuality(57, 0.5, 0.25),
        vector=(vector / np.linalg.norm(vector)).astype(np.float32) if dimensions else None,
    )
    return SeenFace(SCENE, number * 1000, face)


FACES = VideoFaces(SPACE, "made so", (_seen(1), _seen(2), _seen(3)), 0.39)


@pytest.fixture
def store(places: Places) -> FaceStore:
    return FaceStore(places)


@pytest.fixture
def kept(store: FaceStore, places: Places) -> Path:
    store.save(VIDEO, FACES)
    return places.faces_of(VIDEO)


def test_faces_come_back(store: FaceStore) -> None:
    store.save(VIDEO, FACES)
    read = store.load(VIDEO)
    assert read is not None
    assert read == FACES
    for seen, before in zip(read.faces, FACES.faces, strict=True):
        assert seen.face.vector is not None
        assert before.face.vector is not None
        assert seen.face.vector @ before.face.vector > 0.9999
        assert np.linalg.norm(seen.face.vector) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    "faces",
    [
        VideoFaces(None, "f", (_seen(1, dimensions=0), _seen(2, dimensions=0))),
        VideoFaces(None, "f", ()),
        VideoFaces(SPACE, "f", ()),
    ],
)
def test_faces_without_vectors_and_videos_without_faces_come_back(
    store: FaceStore, faces: VideoFaces
) -> None:
    store.save(VIDEO, faces)
    assert store.load(VIDEO) == faces
    assert store.holds(VIDEO)


@pytest.mark.parametrize(
    "faces", [FACES, VideoFaces(None, "f", (_seen(1, dimensions=0),)), VideoFaces(SPACE, "f", ())]
)
def test_how_faces_come_back_is_known_before(store: FaceStore, faces: VideoFaces) -> None:
    store.save(VIDEO, faces)
    read, foreseen = store.load(VIDEO), as_kept(faces)
    assert read == foreseen
    assert read is not None
    for seen, before in zip(read.faces, foreseen.faces, strict=True):
        assert np.array_equal(seen.face.vector, before.face.vector)  # type: ignore[arg-type]


def test_faces_of_a_version_that_kept_no_threshold_can_be_read(store: FaceStore, kept: Path) -> None:
    with np.load(io.BytesIO(kept.read_bytes())) as members:
        arrays = dict(members)
    header: str = arrays["heimdex"].tobytes().decode()
    older = header.replace('"threshold": 0.39, ', "")
    assert older != header
    arrays["heimdex"] = np.frombuffer(older.encode(), np.uint8)
    np.savez(kept, allow_pickle=False, **arrays)
    assert store.load(VIDEO) == replace(FACES, threshold=None)


def test_nothing_is_kept_of_a_video_that_was_never_seen(store: FaceStore) -> None:
    assert store.load(VIDEO) is None
    assert not store.holds(VIDEO)


def test_saving_again_replaces(store: FaceStore) -> None:
    store.save(VIDEO, FACES)
    fewer = replace(FACES, faces=FACES.faces[:1], fingerprint="made otherwise")
    store.save(VIDEO, fewer)
    assert store.load(VIDEO) == fewer


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_only_the_owner_may_look(kept: Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_nothing_lies_beside_the_video(
    store: FaceStore, places: Places, films: Path, make_video: Callable[..., Video]
) -> None:
    video = make_video(films / "film.mp4")
    store.save(video.id, FACES)
    assert [path.name for path in films.iterdir()] == ["film.mp4"]
    assert [path.name for path in places.faces.iterdir()] == [f"{video.id}.npz"]


def test_one_video_can_be_forgotten(store: FaceStore) -> None:
    for video in (VIDEO, OTHER):
        store.save(video, FACES)
    store.forget(VIDEO)
    store.forget(VIDEO)
    assert store.load(VIDEO) is None
    assert store.load(OTHER) == FACES


def test_all_can_be_forgotten_with_what_a_killed_program_left(store: FaceStore, places: Places) -> None:
    store.save(VIDEO, FACES)
    store.save(OTHER, FACES)
    (places.faces / ".heimdex-0123.draft").write_bytes(b"half of a face")
    store.forget_all()
    assert list(places.faces.iterdir()) == []
    store.forget_all()


def test_a_library_without_the_folder_has_nothing_to_forget(tmp_path: Path) -> None:
    FaceStore(Places(tmp_path / "none")).forget_all()


def test_no_vector_is_ever_shown() -> None:
    assert "vector" not in repr(FACES)
    assert "array" not in repr(FACES)


def test_the_faces_of_another_video_are_not_taken(store: FaceStore, places: Places, kept: Path) -> None:
    kept.rename(places.faces_of(OTHER))
    assert store.load(OTHER) is None


def test_a_file_cut_anywhere_is_not_used(store: FaceStore, kept: Path) -> None:
    whole = kept.read_bytes()
    for length in range(0, len(whole), 41):
        kept.write_bytes(whole[:length])
        assert store.load(VIDEO) is None


def test_a_changed_byte_never_trips(store: FaceStore, kept: Path) -> None:
    whole = kept.read_bytes()
    refused = 0
    for offset in range(0, len(whole), 11):
        changed = bytearray(whole)
        changed[offset] ^= 0xFF
        kept.write_bytes(changed)
        refused += store.load(VIDEO) is None
    assert refused > 30


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_not_used(store: FaceStore, places: Places, content: bytes) -> None:
    places.faces_of(VIDEO).write_bytes(content)
    assert store.load(VIDEO) is None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"version": "1.0"', '"version": "2.0"'),
        ('"format": "heimdex-faces"', '"format": "heimdex-vector"'),
        ('"dimensions": 8', '"dimensions": 9'),
        ('"threshold": 0.39', '"threshold": "hi"'),
        ('"at_ms": 1000', '"at_ms": -100'),
        (f'"scene_id": "{SCENE}"', f'"scene_id": "{"x" * len(SCENE)}"'),
        ("0.98765", "1.98765"),
        ("0.33333", "5.33333"),
        ('"size_px": 57', '"size_px": ""'),
        ('"box": [0.0, 0.125, 0.5, 1.0]', '"box": [0.0, 0.125, 0.5     ]'),
    ],
)
def test_content_that_does_not_fit_is_not_used(store: FaceStore, kept: Path, right: str, wrong: str) -> None:
    with np.load(io.BytesIO(kept.read_bytes())) as members:
        arrays = dict(members)
    header: str = arrays["heimdex"].tobytes().decode()
    assert right in header
    arrays["heimdex"] = np.frombuffer(header.replace(right, wrong).encode(), np.uint8)
    np.savez(kept, allow_pickle=False, **arrays)
    assert store.load(VIDEO) is None


@pytest.mark.parametrize(
    ("space", "face"),
    [
        (SPACE, _seen(1, dimensions=0)),
        (SPACE, _seen(1, dimensions=7)),
        (None, _seen(1)),
        (SPACE, replace(_seen(1), face=replace(_seen(1).face, vector=np.full(8, np.nan, np.float32)))),
    ],
)
def test_vectors_that_do_not_fit_their_space_cannot_be_kept(
    space: EmbeddingSpace | None, face: SeenFace
) -> None:
    with pytest.raises(ValueError, match="vector of shape"):
        VideoFaces(space, "f", (face,))
