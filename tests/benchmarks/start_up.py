"""How soon the window is there: prints the time from the start of a process to its first paint.

Run it with `python -m tests.benchmarks.start_up`. The floor is a process that only imports PySide6 and
paints an empty window; both are measured in turn in the same run.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HEAVY = (
    "torch",
    "cv2",
    "av",
    "lancedb",
    "pyarrow",
    "scenedetect",
    "sentence_transformers",
    "numpy",
    "structlog",
)

_HAS_SCREEN = sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
SCREENLESS = {} if _HAS_SCREEN else {"QT_QPA_PLATFORM": "offscreen"}

# Each tells, as JSON on one line, when it painted first and what was imported by then.
_TELL = f"""
import json, sys, time
from PySide6.QtCore import QTimer
def tell(window):
    heavy = [name for name in {HEAVY!r} if name in sys.modules]
    print(json.dumps({{"painted_s": time.time(), "heavy": heavy}}), flush=True)
    QTimer.singleShot(0, window.close)
class Tells:
    has_told = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.has_told:
            self.has_told = True
            tell(self)
"""
_FLOOR = (
    "from PySide6.QtWidgets import QApplication, QMainWindow"
    + _TELL
    + """
class Window(Tells, QMainWindow): pass
app = QApplication([])
window = Window()
window.show()
app.exec()
"""
)
_WINDOW = (
    "from pathlib import Path\nfrom heimdex_desktop.ui import app"
    + _TELL
    + """
class Window(Tells, app.MainWindow): pass
app.MainWindow = Window
app.run(library=Path(sys.argv[1]))
"""
)


@dataclass(frozen=True, slots=True)
class Start:
    """One start: milliseconds to the first paint, and the heavy libraries imported by then."""

    first_paint_ms: float
    heavy: tuple[str, ...]


def start(program: str, library: Path) -> Start:
    """Run one of the two programs until it has painted."""
    began_s = time.time()
    result = subprocess.run(
        [sys.executable, "-c", program, str(library)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**SCREENLESS, **os.environ},
    )
    told = json.loads(result.stdout.splitlines()[0])
    return Start((told["painted_s"] - began_s) * 1000, tuple(told["heavy"]))


def start_window(library: Path) -> Start:
    """Start Heimdex on a library, and close it after its first paint."""
    return start(_WINDOW, library)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how soon the window is there.")
    parser.add_argument("--runs", type=int, default=7, help="how often each is started")
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        # The first start compiles and makes the library; it is not counted.
        start_window(library)
        floors = [start(_FLOOR, library) for _ in range(runs)]
        windows = [start_window(library) for _ in range(runs)]
    floor_ms = statistics.median(one.first_paint_ms for one in floors)
    window_ms = statistics.median(one.first_paint_ms for one in windows)
    print(f"{'':30}{'median ms':>10}{'best ms':>10}{'worst ms':>10}")
    for name, starts in (("an empty PySide6 window", floors), ("Heimdex", windows)):
        times_ms = sorted(one.first_paint_ms for one in starts)
        print(f"{name:30}{statistics.median(times_ms):10.0f}{times_ms[0]:10.0f}{times_ms[-1]:10.0f}")
    print(f"ratio {window_ms / floor_ms:.2f}, of which {floor_ms / window_ms:.0%} is Python and PySide6")
    print("heavy libraries imported by then:", ", ".join(windows[-1].heavy) or "none")


if __name__ == "__main__":
    main()
