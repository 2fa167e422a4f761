"""Telling videos by name and by their first bytes, on made-up starts and on real files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.library.file_kinds import looks_like_video, starts_like_video

STARTS_OF_VIDEOS = {
    "mp4": b"\0\0\0\x20ftypisom",
    "old quicktime": b"\0\0\0\x08wide\0\0\0\0mdat",
    "matroska": b"\x1aE\xdf\xa3\x01",
    "avi": b"RIFF\x00\x10\x00\x00AVI LIST",
    "flv": b"FLV\x01\x05",
    "asf": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9",
    "ogg": b"OggS\0\x02",
    "program stream": b"\0\0\x01\xba\x44",
    "transport stream": (b"G" + bytes(187)) * 5,
    "transport stream cut at the start": bytes(100) + (b"G" + bytes(187)) * 5,
    "blu-ray": (bytes(4) + b"G" + bytes(187)) * 5,
}
STARTS_OF_OTHERS = {
    "empty": b"",
    "wav": b"RIFF\x00\x10\x00\x00WAVEfmt ",
    "heic": b"\0\0\0\x20ftypheic",
    "m4a": b"\0\0\0\x20ftypM4A ",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n",
    "text": b"The free encyclopedia",
    "a G here and there": b"GET / HTTP/1.1\r\nHost: GOOGLE\r\n" * 40,
    "one packet": b"G" + bytes(187),
}


@pytest.mark.parametrize("start", STARTS_OF_VIDEOS.values(), ids=STARTS_OF_VIDEOS)
def test_containers_are_known_by_their_start(start: bytes) -> None:
    assert starts_like_video(start)


@pytest.mark.parametrize("start", STARTS_OF_OTHERS.values(), ids=STARTS_OF_OTHERS)
def test_other_files_are_known_by_their_start(start: bytes) -> None:
    assert not starts_like_video(start)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40), st.integers(1, 40))
def test_text_is_no_video(line: str, times: int) -> None:
    assert not starts_like_video(f"# {line}\n".encode() * times)


@pytest.mark.parametrize("name", ["aquarium.mp4", "archery.avi", "glass_lotus.webm", "pancake_flip.mkv"])
def test_real_clips_are_known_without_their_extension(real_media: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / Path(name).stem
    copy.write_bytes((real_media / "clips" / name).read_bytes()[:4096])
    assert looks_like_video(copy)


def test_real_pictures_are_not(real_media: Path, tmp_path: Path) -> None:
    for picture in (real_media / "faces_robust").iterdir():
        copy = tmp_path / picture.stem
        copy.write_bytes(picture.read_bytes()[:4096])
        assert not looks_like_video(copy), picture.name
