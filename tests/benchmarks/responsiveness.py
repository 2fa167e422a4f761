"""How well the window keeps up: prints the intervals between ticks of a 16 ms timer, idle and while indexing.

Run it with `python -m tests.benchmarks.responsiveness`. Both are measured in one run of the real window
on generated clips; an interval far above 16 ms is a moment in which the window did not answer.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from heimdex_desktop.pipeline.board import Overall
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.app import SWITCH_EVERY_S
from heimdex_desktop.ui.bridge import Bridge
from heimdex_desktop.ui.main_window import MainWindow
from tests.benchmarks.start_up import SCREENLESS
from tests.end_to_end.conftest import BRIGHT, DARK, HARBOUR, RED, write_film

_TICK_MS = 16
_WORK_TICK_MS = 4
_SHARES = (0.5, 0.95, 0.99, 1.0)


class Ticks:
    """Notes the intervals between the ticks of a timer on the window's thread, in milliseconds."""

    def __init__(self, tick_ms: int = _TICK_MS) -> None:
        self.intervals_ms: list[float] = []
        self._last_s = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(tick_ms)

    def take(self) -> list[float]:
        taken, self.intervals_ms = self.intervals_ms, []
        return taken

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self.intervals_ms.append((now_s - self._last_s) * 1000)
        self._last_s = now_s


class WorkTicks(Ticks):
    """Notes as well for how long the window's thread computed between two ticks."""

    def __init__(self) -> None:
        self.work_ms: list[float] = []
        self._last_work_s = time.thread_time()
        super().__init__(_WORK_TICK_MS)

    def take_stalls(self) -> list[tuple[float, float]]:
        """Return each stall with the work in it, in milliseconds."""
        work_ms, self.work_ms = self.work_ms, []
        return [(interval - _WORK_TICK_MS, work) for interval, work in zip(self.take(), work_ms, strict=True)]

    def _tick(self) -> None:
        super()._tick()
        now_s = time.thread_time()
        self.work_ms.append((now_s - self._last_work_s) * 1000)
        self._last_work_s = now_s


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well the window keeps up while it works.")
    parser.add_argument("--clips", type=int, default=6, help="how many clips are indexed")
    parser.add_argument("--clip-s", type=int, default=60, help="how long each is")
    parser.add_argument("--idle-s", type=int, default=10, help="how long the idle window is watched")
    asked = parser.parse_args()
    for name, value in SCREENLESS.items():
        os.environ.setdefault(name, value)
    sys.setswitchinterval(SWITCH_EVERY_S)
    app = QApplication(["benchmark"])
    with tempfile.TemporaryDirectory() as folder:
        films = Path(folder) / "films"
        for number in range(asked.clips):
            shots = [(DARK, 2300), (BRIGHT, 2300 + 100 * number), (RED, 2100)]
            film = write_film(films / f"{number}.mp4", shots * (asked.clip_s // 7))
            film.with_suffix(".srt").write_text(HARBOUR, encoding="utf-8")
        _measure(films, Path(folder) / "library", idle_ms=asked.idle_s * 1000)
    app.quit()


def _measure(films: Path, library: Path, *, idle_ms: int) -> None:
    bridge = Bridge(Settings(library=library))
    window = MainWindow(bridge)
    window.show()
    ticks = Ticks()
    opened = QEventLoop()
    bridge.library_changed.connect(opened.quit)
    QTimer.singleShot(0, bridge.open)
    opened.exec()
    _let_go_by(2_000)
    print(f"{'':24}{'ticks':>8}" + "".join(f"{name:>9}" for name in ("p50 ms", "p95 ms", "p99 ms", "max ms")))
    print(_row("opening the library", ticks.take()), flush=True)
    _let_go_by(idle_ms)
    print(_row("idle", ticks.take()), flush=True)
    done = QEventLoop()

    def leave_when_done(overall: Overall) -> None:
        if overall.total > 0 and overall.fraction >= 1.0:
            done.quit()

    bridge.overall_changed.connect(leave_when_done)
    bridge.add_paths([films])
    done.exec()
    print(_row("while indexing", ticks.take()), flush=True)
    ticks.stop()
    window.close()
    bridge.close()
    QCoreApplication.sendPostedEvents()


def _let_go_by(for_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(for_ms, loop.quit)
    loop.exec()


def _row(name: str, intervals_ms: Sequence[float]) -> str:
    ranked = sorted(intervals_ms)
    numbers = (ranked[min(len(ranked) - 1, int(share * len(ranked)))] for share in _SHARES)
    return f"{name:24}{len(ranked):8}" + "".join(f"{number:9.1f}" for number in numbers)


if __name__ == "__main__":
    main()
