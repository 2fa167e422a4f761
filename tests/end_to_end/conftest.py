"""A small library made from scratch, through the command line, once for all tests that only read it."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from heimdex_desktop.__main__ import main

DARK, BRIGHT, RED = (18, 14, 10), (240, 240, 235), (40, 40, 220)
HARBOUR = """1
00:00:00,200 --> 00:00:01,800
We left the harbour before sunrise.

2
00:00:04,200 --> 00:00:05,600
My grandmother's soup needs two onions and a little patience.
"""
MEETING = """WEBVTT

00:00:00.300 --> 00:00:01.800
The budget meeting was moved to Thursday evening.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def heimdex(*words: str | Path, library: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command in this process, where the libraries are loaded already."""
    out, err = io.StringIO(), io.StringIO()
    chosen = {"HEIMDEX_LIBRARY": str(library), **(environment or {})}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in chosen.items():
            patch.setenv(name, value)
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
    return Run(code, out.getvalue(), err.getvalue())


def heimdex_apart(*words: str | Path, library: Path) -> Run:
    """Run a command as a person would, in a process of its own."""
    result = subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "HEIMDEX_LIBRARY": str(library), "PYTHONUTF8": "1"},
        timeout=1_800,
    )
    return Run(result.returncode, result.stdout, result.stderr)


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "heimdex_desktop", *map(str, words)]


def write_film(path: Path, shots: Sequence[tuple[tuple[int, int, int], int]]) -> Path:
    """Write a clip of plain colours (BGR) with a moving bar; each shot lasts so many milliseconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        number = 0
        for colour, length_ms in shots:
            for _ in range(length_ms // 100):
                picture = np.empty((120, 160, 3), np.uint8)
                picture[:] = colour
                left = number * 3 % 150
                picture[50:70, left : left + 10] = [255 - part for part in colour]
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
                number += 1
        container.mux(stream.encode(None))
    return path


@dataclass(frozen=True, slots=True)
class Sample:
    """A folder of videos that was indexed into a library, and how that run went."""

    videos: Path
    library: Path
    run: Run

    def copy(self, to: Path) -> "Sample":
        """Copy videos and library, for a test that changes them; the copied library is not used as is."""
        shutil.copytree(self.videos, to / "videos")
        return Sample(to / "videos", to / "library", self.run)


def make_videos(folder: Path) -> Path:
    """Write the videos, good and bad, that the sample library is made from."""
    write_film(folder / "harbour.mp4", [(DARK, 2500), (BRIGHT, 2500), (RED, 2500)])
    (folder / "harbour.en.srt").write_text(HARBOUR, encoding="utf-8")
    write_film(folder / "회의 “quoted” 🙂.mkv", [(BRIGHT, 2500)])
    (folder / "회의 “quoted” 🙂.vtt").write_text(MEETING, encoding="utf-8")
    (folder / "inner").mkdir()
    shutil.copy(folder / "harbour.mp4", folder / "inner" / "copy of harbour.mp4")
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "letter.mp4").write_text("Dear reader, this is no video.", encoding="utf-8")
    (folder / "notes.txt").write_text("not touched", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    videos = make_videos(folder / "my videos")
    library = folder / "library"
    run = heimdex_apart("index", videos, "--json", library=library)
    return Sample(videos, library, run)


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Let the programs started here hear Ctrl+C, also where this one was told to be deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
