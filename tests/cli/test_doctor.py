"""The doctor lives on when what it examines does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from heimdex_desktop.cli import doctor
from heimdex_desktop.cli.checkup import Mark
from heimdex_desktop.pipeline import examination
from heimdex_desktop.pipeline.notices import Jobs
from heimdex_desktop.settings import Settings
from tests.cli.broken_engines import crashing, failing


@pytest.mark.parametrize(
    ("jobs", "reason"),
    [
        pytest.param(crashing, "stopped unexpectedly (code 11)", id="a driver crashes"),
        pytest.param(failing, "libtorch_cpu.so: cannot open shared object file", id="a library is broken"),
    ],
)
def test_engines_that_cannot_be_loaded_are_a_problem_and_a_player_is_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: Callable[[], Jobs], reason: str
) -> None:
    monkeypatch.setattr(examination, "examination_jobs", jobs)
    found = doctor.examine(Settings(library=tmp_path / "library"), choices=())
    marks = {each.group: each.mark for each in found.findings if reason in each.told}
    assert marks == {"Devices": Mark.PROBLEM, "Window": Mark.NOTE}
    assert not any("Traceback" in each.told for each in found.findings)
    assert doctor.report_as_json(found)["devices"] is None
