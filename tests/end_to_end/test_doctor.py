"""`heimdex doctor` as people and scripts use it, on computers where something is missing or broken."""

import os
import subprocess
from pathlib import Path

from heimdex_desktop.library.places import Places
from tests.end_to_end.conftest import Sample, command, heimdex

GROUPS = ("System", "Libraries", "Library", "Devices", "Models", "Window")
KEYS = {
    "usable",
    "version",
    "system",
    "python",
    "glibc",
    "cores",
    "threads",
    "libraries",
    "library",
    "models_folder",
    "wanted_device",
    "devices",
    "models",
    "plays_in_window",
    "findings",
}
REFUSE_NETWORKS = """
import os, pathlib, socket
here = pathlib.Path(__file__).parent
(here / f"ran {os.getpid()}").touch()
def refuse(*_, **__):
    (here / "asked").touch()
    raise OSError("there is no network")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
"""


def test_the_doctor_speaks_without_a_library_and_without_asking_a_network(tmp_path: Path) -> None:
    """Every process of it loads a module that refuses connections and notes that one was tried."""
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(REFUSE_NETWORKS, encoding="utf-8")
    chosen = {"HEIMDEX_LIBRARY": str(tmp_path / "library"), "PYTHONPATH": str(guard), "PYTHONUTF8": "1"}
    run = subprocess.run(
        command("doctor"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **chosen},
        timeout=600,
    )
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert [line for line in lines if line in GROUPS] == list(GROUPS)
    assert lines[-1] == "Heimdex can be used here."
    assert "not there yet" in run.stdout
    assert "the self-test takes" in run.stdout
    assert not (tmp_path / "library").exists()
    assert not (guard / "asked").exists()
    assert len(list(guard.glob("ran *"))) >= 3, "the guard was in the children too"


def test_a_library_and_a_model_that_is_missing_are_reported_as_json(sample: Sample) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample.library.rglob("*")}
    run = heimdex(
        "doctor", "--json", library=sample.library, environment={"HEIMDEX_TEXT_MODEL": "/no/such/model"}
    )
    assert (run.code, run.err) == (0, ""), "a model that is missing is nothing broken"
    facts = run.json
    assert set(facts) == KEYS
    assert facts["library"]["exists"] is True
    assert facts["threads"]["at_once"] <= max(1, facts["cores"] - 1)
    assert facts["devices"]["cpu"]["self_test_s"] > 0
    assert facts["libraries"]["torch"]
    [text] = [model for model in facts["models"] if model["role"] == "text"]
    assert (text["state"], text["runs_on"]) == ("waiting", None)
    assert "/no/such/model" in text["waits_for"]
    assert {path: path.stat().st_mtime_ns for path in sample.library.rglob("*")} == before


def test_a_broken_library_is_a_problem_and_no_trace(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.write_text("This is a letter.", encoding="utf-8")
    run = heimdex("doctor", library=library, environment={"HEIMDEX_PRESET": "enormous"})
    assert run.code == 1
    assert "Traceback" not in run.out + run.err
    problems = [line for line in run.out.splitlines() if line.strip().startswith("problem")]
    assert len(problems) == 2, "neither the library nor the folder of models in it"
    assert "is a file where a folder is needed" in problems[0]
    assert "HEIMDEX_LIBRARY" in run.out
    assert "enormous" in run.out
    assert library.read_text(encoding="utf-8") == "This is a letter."


def test_a_damaged_list_of_videos_is_found(tmp_path: Path) -> None:
    places = Places(tmp_path / "library")
    places.create()
    places.catalogue_file.write_bytes(b"scribble" * 100)
    facts = heimdex("doctor", "--json", library=places.root).json
    assert facts["usable"] is False
    assert "damaged" in facts["library"]["trouble"]
    assert places.catalogue_file.read_bytes() == b"scribble" * 100
