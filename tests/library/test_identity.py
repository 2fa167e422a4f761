"""A video's name: the same for the same content, wherever it lies."""

import os
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import FileGone, UnreadableVideo
from heimdex_desktop.library.identity import SAMPLE_BYTES, video_id

LONG = 5 * SAMPLE_BYTES


def _changed_at(content: bytes, offset: int) -> bytes:
    changed = bytearray(content)
    changed[offset] ^= 1
    return bytes(changed)


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    path = tmp_path / "long.mp4"
    path.write_bytes(bytes(LONG))
    return path


def test_the_name_is_a_uuid_of_version_5(long_file: Path) -> None:
    assert uuid.UUID(video_id(long_file)).version == 5


def test_a_name_once_given_never_changes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"always the same")
    assert video_id(path) == "c228f7f9-b632-5cac-9dd4-5ab3c68af336"


def test_a_moved_and_renamed_file_keeps_its_name(long_file: Path, odd_name: str) -> None:
    before = video_id(long_file)
    assert video_id(long_file.rename(long_file.with_name(odd_name))) == before


@pytest.mark.parametrize("offset", [0, SAMPLE_BYTES - 1, LONG // 2, LONG - SAMPLE_BYTES, LONG - 1])
def test_a_change_in_any_sample_changes_the_name(long_file: Path, offset: int) -> None:
    before = video_id(long_file)
    long_file.write_bytes(_changed_at(bytes(LONG), offset))
    assert video_id(long_file) != before


def test_a_change_of_size_alone_changes_the_name(long_file: Path) -> None:
    before = video_id(long_file)
    long_file.write_bytes(bytes(LONG + 1))
    assert video_id(long_file) != before


@given(content=st.binary(min_size=1, max_size=64), drawn=st.data())
def test_every_byte_of_a_small_file_counts(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, drawn: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("small") / "a"
    path.write_bytes(content)
    before = video_id(path)
    path.write_bytes(_changed_at(content, drawn.draw(st.integers(0, len(content) - 1))))
    assert video_id(path) != before


def test_an_empty_file_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    with pytest.raises(UnreadableVideo, match=r"empty\.mp4” is empty \(0 bytes\)"):
        video_id(path)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"gone\.mp4"):
        video_id(tmp_path / "gone.mp4")


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(UnreadableVideo, match="not a file"):
        video_id(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes in folders are of POSIX")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(UnreadableVideo, match="not a file"):
        video_id(tmp_path / "pipe.mp4")
