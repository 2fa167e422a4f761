"""Killed at any moment and started again, the work ends in the same library as an undisturbed run."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pytest

from tests.end_to_end.conftest import BRIGHT, DARK, HARBOUR, MEETING, RED, command, heimdex_apart, write_film

FILMS = 4
KILLS = ((0, 1.0), (0, 3.0), (1, 0.0), (2, 0.3), (FILMS, 0.1))
"""Kill when so many sidecars lie there, so many seconds later."""


def make_films(folder: Path) -> Path:
    films: list[Path] = []
    for number in range(FILMS):
        shots = [(DARK, 2300), (BRIGHT, 2200 + 100 * number), (RED, 2100), (DARK, 2400)] * 3
        film = write_film(folder / f"film {number}.mp4", shots)
        films.append(film)
    for film in films[:-1]:
        film.with_suffix(".srt").write_text(HARBOUR, encoding="utf-8")
    films[-1].with_suffix(".vtt").write_text(MEETING, encoding="utf-8")
    return folder


def sidecars(folder: Path) -> dict[str, Any]:
    """Return all sidecars without what depends on the clock."""
    found: dict[str, Any] = {}
    for file in sorted(folder.glob("*.heimdex.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        del content["saved_at"], content["created_at"]
        for stage in content["stages"].values():
            del stage["seconds"]
        for scene in content["scenes"]:
            del scene["created_at"]
        found[file.name] = content
    return found


def vectors(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the arrays of all vector files; their header ("heimdex") holds the time of saving."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.heimdex.npz")):
        with np.load(file, allow_pickle=False) as arrays:
            found[file.name] = {name: arrays[name].tolist() for name in arrays.files if name != "heimdex"}
    return found


def rows(library: Path) -> list[dict[str, Any]]:
    table = lancedb.connect(library / "lancedb").open_table("scenes")
    return sorted(table.to_arrow().to_pylist(), key=lambda row: str(row["scene_id"]))


def stills(library: Path) -> set[str]:
    return {str(file.relative_to(library)) for file in (library / "stills").rglob("*")}


def clean(folder: Path, library: Path) -> None:
    shutil.rmtree(library)
    for file in folder.glob("*.heimdex.*"):
        file.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to look at")
def test_kill_in_the_middle_and_go_on(tmp_path: Path) -> None:
    folder, library = make_films(tmp_path / "films"), tmp_path / "library"
    assert heimdex_apart("index", folder, library=library).code == 0
    wanted = sidecars(folder), vectors(folder), rows(library), stills(library)
    assert len(wanted[2]) >= FILMS * 8
    clean(folder, library)
    for count, later_s in KILLS:
        run = subprocess.Popen(
            command("index", folder),
            env={**os.environ, "HEIMDEX_LIBRARY": str(library)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait_for(folder, count)
        time.sleep(later_s)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert _is_gone(run.pid), "the children go with their parent"
    run = heimdex_apart("index", folder, library=library)
    assert run.code == 0, run.err
    assert (sidecars(folder), vectors(folder), rows(library), stills(library)) == wanted
    assert not list(folder.glob(".*")), "no draft is left behind"


def _wait_for(folder: Path, count: int) -> None:
    for _ in range(3_000):
        if len(list(folder.glob("*.heimdex.json"))) >= count:
            return
        time.sleep(0.1)
    pytest.fail("the work does not go on")


def _is_gone(group: int) -> bool:
    for _ in range(1_000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
