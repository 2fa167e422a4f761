"""How well and how fast shots are found: prints a table of real films against their known cuts.

Run it with `python -m tests.benchmarks.shots --media FOLDER`. A hard cut counts when it is found within
0.10 s, a dissolve or fade when anything is found within it or 0.2 s beside it; everything else that is
found outside the windows to ignore is a false alarm. Times are given against a plain decode of the
same file in the same run, and against the length of the film.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heimdex_desktop.media.frames import read_frames
from heimdex_desktop.media.watching import Watched, watch

_CUT_TOLERANCE_S = 0.1
_FADE_MARGIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Score:
    """What was found in one film or in several."""

    name: str
    cuts: int = 0
    cuts_found: int = 0
    fades: int = 0
    fades_found: int = 0
    false_alarms: int = 0
    film_s: float = 0.0
    watch_s: float = 0.0
    decode_s: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.name,
            self.cuts + other.cuts,
            self.cuts_found + other.cuts_found,
            self.fades + other.fades,
            self.fades_found + other.fades_found,
            self.false_alarms + other.false_alarms,
            self.film_s + other.film_s,
            self.watch_s + other.watch_s,
            self.decode_s + other.decode_s,
        )

    def row(self) -> str:
        return (
            f"{self.name:26} {self.cuts_found:4}/{self.cuts:<4} {self.fades_found:4}/{self.fades:<4} "
            f"{self.false_alarms:6} {self.watch_s:8.2f} {self.watch_s / self.decode_s:8.2f} "
            f"{self.film_s / self.watch_s:10.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well and how fast shots are found.")
    parser.add_argument("--media", type=Path, required=True, help="the folder of real clips")
    media: Path = parser.parse_args().media
    print("film".ljust(31), "cuts     fades  false  watch s x decode x realtime")
    for group in ("shots", "composites", "clips"):
        total = Score(f"ALL OF {group.upper()}")
        for truth in _truths(media, group):
            score = _measure(media, truth)
            print(score.row(), flush=True)
            total += score
        print(total.row(), flush=True)


def _truths(media: Path, group: str) -> Iterator[dict[str, Any]]:
    if group == "clips":
        yield from json.loads((media / "truth/shots/_single_shot_clips.json").read_text(encoding="utf-8"))
        return
    for path in sorted((media / "truth" / group).glob("[!_]*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def _measure(media: Path, truth: dict[str, Any]) -> Score:
    path = media / truth["file"]
    began_s = time.perf_counter()
    for _ in read_frames(path, max_side_px=320):
        pass
    decoded_s = time.perf_counter()
    seen = _watched(path)
    watched_s = time.perf_counter()
    # A film of a single take has no first_pts_s; the composites start a little late in their container.
    offset_s = truth.get("first_pts_s", 0.0)
    found_s = [shot.span.start_ms / 1000 + offset_s for shot in seen.shots[1:]]
    return _score(path.name, truth, found_s) + Score(
        "", film_s=seen.duration_ms / 1000, watch_s=watched_s - decoded_s, decode_s=decoded_s - began_s
    )


def _watched(path: Path) -> Watched:
    watching = watch(path, 1)
    while True:
        try:
            next(watching)
        except StopIteration as end:
            return end.value


def _score(name: str, truth: dict[str, Any], found_s: Sequence[float]) -> Score:
    spare_s = list(found_s)
    cuts_found = sum(
        _take(spare_s, cut["time_s"] - _CUT_TOLERANCE_S, cut["time_s"] + _CUT_TOLERANCE_S)
        for cut in truth["hard_cuts"]
    )
    fades_found = sum(
        _take(spare_s, fade["start_s"] - _FADE_MARGIN_S, fade["end_s"] + _FADE_MARGIN_S)
        for fade in truth["gradual"]
    )
    for window in truth.get("ignore", []):
        while _take(spare_s, window["start_s"], window["end_s"]):
            pass
    return Score(name, len(truth["hard_cuts"]), cuts_found, len(truth["gradual"]), fades_found, len(spare_s))


def _take(times_s: list[float], start_s: float, end_s: float) -> bool:
    """Take the time nearest to the middle out of the list, if there is one between start and end."""
    inside_s = [at_s for at_s in times_s if start_s <= at_s <= end_s]
    if inside_s:
        times_s.remove(min(inside_s, key=lambda at_s: abs(at_s - (start_s + end_s) / 2)))
    return bool(inside_s)


if __name__ == "__main__":
    main()
