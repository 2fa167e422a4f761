"""The built-in player, in a process of its own.

Qt's player brings its own FFmpeg, PyAV another: in one process they disturb each other (an encrypted
clip comes out in the clear, and the process crashes as it ends). The product keeps them apart too.
"""

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from tests.ui import player_panel_apart

ROOT = Path(__file__).resolve().parents[2]
_SOUND_HZ = 16_000


def test_the_player_with_a_real_clip(tmp_path: Path) -> None:
    clips = {
        player_panel_apart.CLIP_VARIABLE: _write_clip(tmp_path / "회색 grey.mp4"),
        player_panel_apart.UNSEEN_VARIABLE: _write_unseen_clip(tmp_path / "unseen.mp4"),
    }
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", player_panel_apart.__file__],
        cwd=ROOT,
        env={**os.environ, **{variable: str(clip) for variable, clip in clips.items()}},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


def _write_clip(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = _add_pictures(container)
        for packet in _grey_packets(stream, count=600):
            container.mux(packet)
    return path


def _write_unseen_clip(path: Path) -> Path:
    """Write a minute of silence beside pictures of nothing but zeros."""
    with av.open(str(path), "w") as container:
        pictures = _add_pictures(container)
        sound = container.add_stream("aac", rate=_SOUND_HZ)
        for packet in _grey_packets(pictures, count=600):
            packet.update(bytes(packet.size))
            container.mux(packet)
        for number in range(60 * _SOUND_HZ // 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = _SOUND_HZ, number * 1024
            container.mux(sound.encode(frame))
        container.mux(sound.encode())
    return path


def _add_pictures(container: OutputContainer) -> VideoStream:
    stream = container.add_stream("mpeg4", rate=10)
    stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
    return stream


def _grey_packets(stream: VideoStream, *, count: int) -> "list[av.Packet[VideoStream]]":
    packets: list[av.Packet[VideoStream]] = []
    for number in range(count):
        picture = np.full((36, 64, 3), number // 3, dtype=np.uint8)
        packets += stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24"))
    return packets + stream.encode()
