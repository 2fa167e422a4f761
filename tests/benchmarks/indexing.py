"""How fast videos are indexed: prints seconds of work per second of video against a plain decode.

Run it with `python -m tests.benchmarks.indexing`. The same generated clips are decoded by PyAV alone,
indexed through the command line, and indexed again, all in one run. Memory is the most that any one
process of the run held at a time, where the system tells it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av

from tests.end_to_end.conftest import BRIGHT, DARK, HARBOUR, RED, command, write_film

_SHOT_MS = 2_500


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast videos are indexed.")
    parser.add_argument("--clips", type=int, default=4, help="how many clips are indexed")
    parser.add_argument("--clip-s", type=int, default=60, help="how long each is")
    parser.add_argument("--runs", type=int, default=3, help="how often everything is repeated")
    parser.add_argument("--media", type=Path, help="take a copy of this folder instead of generated clips")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        films = Path(folder) / "films"
        if asked.media:
            shutil.copytree(asked.media, films)
        else:
            _generate(films, asked.clips, asked.clip_s * 1000)
        rounds = [_round(films, Path(folder) / f"library {number}") for number in range(asked.runs)]
    video_s = rounds[0][0]
    decode_s, first_s, second_s = (statistics.median(one[place] for one in rounds) for place in (1, 2, 3))
    print(f"{video_s:.0f} s of video, median of {asked.runs} runs")
    print(f"{'':22}{'s':>8}{'s per s':>10}{'x decode':>10}")
    for name, took_s in (
        ("plain decode", decode_s),
        ("first indexing", first_s),
        ("second indexing", second_s),
    ):
        print(f"{name:22}{took_s:8.2f}{took_s / video_s:10.4f}{took_s / decode_s:10.1f}")
    print(f"second against first: {second_s / first_s:.3f}")
    print(f"most memory in one process: {_peak_bytes() / 1e6:.0f} MB" if _peak_bytes() else "")


def _generate(folder: Path, clips: int, clip_ms: int) -> None:
    for number in range(clips):
        shots = [(colour, _SHOT_MS + 100 * number) for colour in (DARK, BRIGHT, RED)]
        film = write_film(folder / f"{number}.mp4", shots * (clip_ms // (3 * _SHOT_MS)))
        film.with_suffix(".srt").write_text(HARBOUR, encoding="utf-8")


def _round(films: Path, library: Path) -> tuple[float, float, float, float]:
    """Return the seconds of video, of decoding, of the first and of the second indexing."""
    videos = [path for path in films.rglob("*") if path.suffix in {".mp4", ".mkv", ".mov", ".webm"}]
    lengths_s: list[float] = []
    decode_s = _timed(lambda: lengths_s.extend(_decode(video) for video in videos))
    first_s, second_s = (_timed(lambda: _index(films, library)) for _ in range(2))
    for file in films.rglob("*.heimdex.*"):
        file.unlink()
    return sum(lengths_s), decode_s, first_s, second_s


def _decode(video: Path) -> float:
    """Decode every frame and return the time of the last one in seconds."""
    last_s = 0.0
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            last_s = frame.time or last_s
    return last_s


def _index(films: Path, library: Path) -> None:
    subprocess.run(
        command("index", films),
        env={**os.environ, "HEIMDEX_LIBRARY": str(library)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _timed(work: Callable[[], None]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def _peak_bytes() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
