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

from tests.ui import player_panel_apart

ROOT = Path(__file__).resolve().parents[2]


def test_the_player_with_a_real_clip(tmp_path: Path) -> None:
    clip = _write_clip(tmp_path / "회색 grey.mp4")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", player_panel_apart.__file__],
        cwd=ROOT,
        env={**os.environ, player_panel_apart.CLIP_VARIABLE: str(clip)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


def _write_clip(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(600):
            picture = np.full((36, 64, 3), number // 3, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path
