"""A video that was moved or copied takes its sidecar and vectors with it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.scene import EmbeddingSpace, Scene, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.identity import video_id
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.vectors import SceneVectors


@pytest.fixture
def store(tmp_path: Path) -> SidecarStore:
    places = Places(tmp_path / "library")
    places.create()
    return SidecarStore(places)


def kept(store: SidecarStore, path: Path) -> Video:
    """Save a record and vectors for a file and return its video."""
    video = Video(video_id(path), (path,), path.stat().st_size)
    span = TimeSpan(0, 2000)
    scene = Scene(scene_id(video.id, span), span)
    store.save(VideoRecord(video, datetime.now(UTC), (scene,)))
    matrix = np.ones((1, 1), np.float32)
    store.save_vectors(video, "text", SceneVectors(EmbeddingSpace("m", "1", 1), "f", (scene.id,), matrix))
    return video


def test_a_moved_video_is_known_when_its_old_folder_is_gone(store: SidecarStore, tmp_path: Path) -> None:
    old = tmp_path / "old" / "clip.mp4"
    old.parent.mkdir()
    old.write_bytes(b"some video")
    video = kept(store, old)
    new = tmp_path / "clip renamed.mp4"
    old.rename(new)
    store.bring_along(Video(video.id, (new, old), video.size_bytes))
    shutil.rmtree(old.parent)
    moved = Video(video.id, (new,), video.size_bytes)
    assert (tmp_path / "clip renamed.mp4.heimdex.json").is_file()
    record = store.load(moved)
    assert record
    assert len(record.scenes) == 1
    assert store.load_vectors(moved, "text") is not None


def test_nothing_is_written_where_nothing_is_missing(store: SidecarStore, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"some video")
    video = kept(store, path)
    before = (tmp_path / "clip.mp4.heimdex.json").stat().st_mtime_ns
    store.bring_along(video)
    assert (tmp_path / "clip.mp4.heimdex.json").stat().st_mtime_ns == before


def test_a_foreign_file_beside_the_copy_stays(store: SidecarStore, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"some video")
    video = kept(store, path)
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(b"some video")
    foreign = tmp_path / "copy.mp4.heimdex.json"
    foreign.write_text('{"mine": true}')
    store.bring_along(Video(video.id, (path, copy), video.size_bytes))
    assert foreign.read_text() == '{"mine": true}'
