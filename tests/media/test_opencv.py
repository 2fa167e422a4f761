"""OpenCV leaves no trace in the environment."""

import os
import subprocess
import sys


def test_importing_it_changes_no_variable() -> None:
    code = (
        "import os; before = dict(os.environ)\n"
        "import heimdex_desktop.media.shots\n"
        "from heimdex_desktop.media.opencv import cv2\n"
        "assert dict(os.environ) == before, set(os.environ.items()) ^ set(before.items())\n"
        "assert cv2.getNumThreads() == 1\n"
    )
    told = {**os.environ, "QT_QPA_PLATFORM_PLUGIN_PATH": "/as/before"}
    for environment in (dict(os.environ), told):
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
