"""What the tests of the library share: small files that pass for videos, records, and vectors."""

import unicodedata
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.scene import (
    EmbeddingSpace,
    Keyframe,
    Scene,
    Segment,
    Transcript,
    TranscriptSource,
    scene_id,
)
from heimdex_desktop.domain.video import MediaInfo, SubtitleTrack, TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import Failure, StageRecord, VideoRecord
from heimdex_desktop.library.identity import video_id
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.vectors import SceneVectors

MakeVideo = Callable[..., Video]
MakeRecord = Callable[..., VideoRecord]
MakeVectors = Callable[..., SceneVectors]

MEDIA = MediaInfo(
    duration_ms=20_020,
    frame_rate=29.97,
    width_px=1280,
    height_px=720,
    rotation_deg=0,
    video_codec="h264",
    audio_codecs=("aac",),
    subtitle_tracks=(SubtitleTrack(2, "mov_text", "en"),),
    made_at=datetime(2024, 5, 1, 12, 30, tzinfo=UTC),
)
SPACE = EmbeddingSpace("intfloat/multilingual-e5-small", "ffb93f3", 384)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "library")
    made.create()
    return made


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    return folder


@pytest.fixture
def make_video() -> MakeVideo:
    """Write a file whose bytes follow from `seed`, and return it as a video at that one location."""

    def make(path: Path, *, seed: int = 0) -> Video:
        content = np.random.default_rng(seed).bytes(3000)
        path.write_bytes(content)
        return Video(video_id(path), (path,), len(content))

    return make


@pytest.fixture
def make_record() -> MakeRecord:
    """Return a record with two scenes, the first of them spoken in."""

    def make(video: Video, *, text: str = "The train leaves at noon.") -> VideoRecord:
        line = Segment(TimeSpan(1_234, 3_999), text)
        said = Transcript((line,), "en", TranscriptSource.SUBTITLE_FILE)
        first, second = TimeSpan(0, 10_010), TimeSpan(10_010, 20_020)
        return VideoRecord(
            video=Video(video.id, video.locations, video.size_bytes, MEDIA),
            created_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
            scenes=(
                Scene(
                    scene_id(video.id, first),
                    first,
                    (Keyframe(1_201),),
                    said,
                    {"night": 0.72},
                    20,
                    {"text": SPACE},
                ),
                Scene(scene_id(video.id, second), second, (Keyframe(15_000),), sampled_count=20),
            ),
            stages={
                "shots": StageRecord("f1", 1.5),
                "speech": StageRecord(
                    "f2", 0.0, Failure("OutOfMemory", "Too little memory.", "Close a program.")
                ),
            },
        )

    return make


@pytest.fixture
def make_vectors() -> MakeVectors:
    """Return unit vectors for the scenes of a video that follow from `seed`."""

    def make(video_id: VideoId, *, seed: int = 0, count: int = 3) -> SceneVectors:
        rows = np.random.default_rng(seed).normal(size=(count, SPACE.dimensions)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        ids = tuple(scene_id(video_id, TimeSpan(n * 1000, n * 1000 + 1000)) for n in range(count))
        return SceneVectors(SPACE, f"made under {seed}", ids, rows)

    return make


@pytest.fixture
def other_id() -> VideoId:
    return VideoId(str(uuid.uuid5(uuid.NAMESPACE_OID, "another video")))


@pytest.fixture(
    params=[
        "with spaces and 'quotes' \".mp4",
        "holiday 🏖️ 2024.mp4",
        unicodedata.normalize("NFC", "학습 영상.mp4"),
        unicodedata.normalize("NFD", "학습 영상.mp4"),
        "naïve café — %s {x} $HOME;#.mp4",
        "-rf.mp4",
    ],
    ids=["quotes", "emoji", "korean-nfc", "korean-nfd", "signs", "dash"],
)
def odd_name(request: pytest.FixtureRequest) -> str:
    """A file name that careless programs trip over."""
    name: str = request.param
    return name
