"""The window is painted before anything heavy is imported, and no network ever is in its process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.start_up import start_window

_LIVES_AND_LEAVES = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from heimdex_desktop.ui import app
class Window(app.MainWindow):
    def __init__(self, bridge):
        super().__init__(bridge)
        bridge.library_changed.connect(lambda: bridge.search("night"))
        bridge.answered.connect(lambda answer: QTimer.singleShot(0, self.close))
app.MainWindow = Window
code = app.run(library=Path(sys.argv[1]))
print(json.dumps({"code": code, "modules": list(sys.modules)}))
"""


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    assert start_window(tmp_path / "library").heavy == ()


def test_the_windows_process_stays_free_of_networks_and_decoders(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _LIVES_AND_LEAVES, str(tmp_path / "library")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    told = json.loads(result.stdout)
    assert (result.returncode, told["code"]) == (0, 0)
    assert "lancedb" in told["modules"], "it has searched"
    assert not {"torch", "sentence_transformers", "cv2", "av", "scenedetect"} & set(told["modules"])
    assert "Traceback" not in result.stderr
    assert list((tmp_path / "config").rglob("Heimdex.conf")), "the window's place is kept for the next start"
