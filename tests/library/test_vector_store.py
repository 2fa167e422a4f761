"""Where vectors go and from where they come back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.ownership import Owner
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.vectors import SceneVectors, to_npz

MakeVideo = Callable[..., Video]
MakeVectors = Callable[..., SceneVectors]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(places: Places) -> SidecarStore:
    return SidecarStore(places)


@pytest.fixture
def video(films: Path, make_video: MakeVideo) -> Video:
    return make_video(films / "film.mp4")


def test_vectors_are_saved_beside_the_video_and_loaded(
    store: SidecarStore, video: Video, make_vectors: MakeVectors, films: Path
) -> None:
    vectors = make_vectors(video.id)
    assert store.save_vectors(video, "text", vectors).paths == (films / "film.mp4.heimdex.npz",)
    loaded = store.load_vectors(video, "text")
    assert loaded is not None
    assert (loaded.space, loaded.fingerprint, loaded.scene_ids) == (
        vectors.space,
        vectors.fingerprint,
        vectors.scene_ids,
    )
    assert np.allclose(loaded.matrix, vectors.matrix, atol=1e-3)
    assert store.load_vectors(video, "image") is None


def test_each_role_keeps_its_vectors_when_another_is_saved(
    store: SidecarStore, video: Video, make_vectors: MakeVectors
) -> None:
    for role, seed in (("text", 1), ("image", 2), ("text", 3)):
        store.save_vectors(video, role, make_vectors(video.id, seed=seed))
    text, image = store.load_vectors(video, "text"), store.load_vectors(video, "image")
    assert text is not None
    assert image is not None
    assert (text.fingerprint, image.fingerprint) == ("made under 3", "made under 2")


def test_damaged_vectors_are_none_and_are_made_again_in_place(
    store: SidecarStore, video: Video, make_vectors: MakeVectors, films: Path
) -> None:
    (films / "film.mp4.heimdex.npz").write_bytes(b"PK\x03\x04 cut")
    assert store.load_vectors(video, "text") is None
    store.save_vectors(video, "text", make_vectors(video.id))
    assert store.load_vectors(video, "text") is not None
    assert sorted(path.name for path in films.iterdir()) == ["film.mp4", "film.mp4.heimdex.npz"]


def test_the_vectors_of_a_replaced_file_are_not_taken_but_kept(
    store: SidecarStore, video: Video, make_video: MakeVideo, make_vectors: MakeVectors, places: Places
) -> None:
    store.save_vectors(video, "text", make_vectors(video.id))
    replaced = make_video(video.home, seed=1)
    assert store.load_vectors(replaced, "text") is None
    store.save_vectors(replaced, "text", make_vectors(replaced.id))
    assert [path.name for path in places.vectors.iterdir()] == [f"{video.id}.heimdex.npz"]
    assert store.load_vectors(replace(video, locations=()), "text") is not None


def test_vectors_under_another_videos_name_are_not_taken(
    store: SidecarStore, video: Video, other_id: VideoId, make_vectors: MakeVectors, places: Places
) -> None:
    content = to_npz(Owner(other_id, NOON), {"text": make_vectors(other_id)})
    (places.vectors / f"{video.id}.heimdex.npz").write_bytes(content)
    assert store.load_vectors(video, "text") is None
