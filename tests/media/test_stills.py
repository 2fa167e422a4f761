"""Stills: all of them in place, or what was there before."""

import errno
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from heimdex_desktop.domain.errors import DiskFull, NoAccess, UnreadableVideo
from heimdex_desktop.domain.scene import Keyframe, Scene, scene_id
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.media import stills
from heimdex_desktop.media.files import write_error
from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.stills import write_stills
from tests.media.conftest import BLUE, GREEN, RED, MakeClip

VIDEO = VideoId("5c1d0d0e-3f61-5b0b-9d80-3f0a3a4b8f11")


def scenes(*moments_ms: int) -> list[Scene]:
    return [
        Scene(scene_id(VIDEO, TimeSpan(at_ms, at_ms + 400)), TimeSpan(at_ms, at_ms + 400), (Keyframe(at_ms),))
        for at_ms in moments_ms
    ]


def picture(path: Path) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR), np.uint8)


@pytest.fixture
def clip(make_clip: MakeClip) -> Path:
    return make_clip("필름 é.mp4", shots=((RED, 400), (BLUE, 400), (GREEN, 400)), size=(960, 640))


def test_every_keyframe_becomes_a_small_jpeg_with_its_picture(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "스틸" / "한글"
    fractions = list(write_stills(clip, scenes(40, 480, 1000), folder))
    assert fractions == pytest.approx([1 / 3, 2 / 3, 1])
    assert sorted(path.name for path in folder.iterdir()) == ["1000.jpg", "40.jpg", "480.jpg"]
    for at_ms, colour in ((40, RED), (480, BLUE), (1000, GREEN)):
        still = picture(folder / Keyframe(at_ms).still_name)
        assert still.shape == (320, 480, 3)
        assert np.abs(still.mean((0, 1)) - colour).max() < 12


def test_a_folder_that_is_there_is_replaced_whole(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stills"
    folder.mkdir()
    (folder / "7.jpg").write_bytes(b"old")
    list(write_stills(clip, scenes(40), folder))
    assert [path.name for path in folder.iterdir()] == ["40.jpg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([clip.name, "stills"])


def test_stopping_half_way_leaves_what_was_there(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stills"
    list(write_stills(clip, scenes(40), folder))
    writing = write_stills(clip, scenes(480, 1000), folder)
    next(writing)
    writing.close()
    assert [path.name for path in folder.iterdir()] == ["40.jpg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([clip.name, "stills"])


def test_what_a_crash_left_behind_is_cleared_away(clip: Path, tmp_path: Path) -> None:
    for name in ("stills.draft", "stills.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "9.jpg").write_bytes(b"half")
    folder = tmp_path / "stills"
    folder.mkdir()
    list(write_stills(clip, scenes(40), folder))
    assert [path.name for path in folder.iterdir()] == ["40.jpg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([clip.name, "stills"])


def test_no_scene_makes_an_empty_folder(clip: Path, tmp_path: Path) -> None:
    assert list(write_stills(clip, [], tmp_path / "stills")) == []
    assert list((tmp_path / "stills").iterdir()) == []


def test_a_file_that_is_no_video_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "noise.mkv"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(UnreadableVideo):
        list(write_stills(path, scenes(0), tmp_path / "stills"))
    assert [found.name for found in tmp_path.iterdir()] == ["noise.mkv"]


def test_a_place_that_cannot_be_written_is_told_with_its_name(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "cabinet").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(NoAccess, match="cabinet"):
        list(write_stills(clip, scenes(40), tmp_path / "cabinet" / "stills"))


def test_a_full_drive_is_told_and_leaves_nothing(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> Iterator[None]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stills.Path, "write_bytes", full)
    with pytest.raises(DiskFull, match="full"):
        list(write_stills(clip, scenes(40), tmp_path / "stills"))
    assert [found.name for found in tmp_path.iterdir()] == [clip.name]


def test_every_other_fault_is_a_matter_of_access() -> None:
    error = write_error("The stills", Path("films"), fault=PermissionError(errno.EACCES, "denied"))
    assert isinstance(error, NoAccess)
    assert str(error).startswith("The stills cannot be written to “films”. ")
