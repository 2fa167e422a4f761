"""What a report says about a computer, for every computer that can be imagined."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.cli.checkup import Facts, Mark, Report, report
from heimdex_desktop.cli.doctor import report_as_json
from heimdex_desktop.cli.surroundings import Folder, Surroundings
from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.inference.device import Device, Devices
from heimdex_desktop.inference.self_test import Kind, Precision, Proof
from heimdex_desktop.pipeline.examination import Examined

GIB = 1 << 30
CPU = Device(Kind.CPU, "Test CPU", 16 * GIB, Precision.FLOAT32)
SPEECH = replace(CPU, precision=Precision.INT8)
CARD = Device(Kind.CUDA, "NVIDIA Test 9000", 8 * GIB, Precision.FLOAT16, 16, Proof(0.01, 0.142))
FOLDER = Folder(Path("/films/library"), exists=True, free_bytes=100 * GIB)
AROUND = Surroundings(
    system="Linux 6.1, x86_64",
    python="3.11.7",
    libraries={"torch": "2.15.0"},
    glibc=(2, 36),
    needs_glibc=(2, 34),
    library=FOLDER,
    models=replace(FOLDER, path=Path("/films/library/models")),
)
HERE = Facts(
    surroundings=AROUND,
    cores=4,
    beside_videos=True,
    wanted_device="auto",
    examined=Examined(Devices(CPU, CPU, SPEECH), 0.08, ("CPUExecutionProvider",)),
)
WAITING = Choice(Role.SPEECH, waits_for="Speech waits for its model: run “heimdex models download small”.")
READY = Choice(Role.SPEECH, "small", Engine.FASTER_WHISPER, Path("/models/small"), "1")
BROKEN = MachineError("It may not be changed.", "Choose another.")


def told(found: Report, group: str, mark: Mark | None = None) -> str:
    findings = [each for each in found.findings if each.group == group and mark in (None, each.mark)]
    return "\n".join(f"{each.told} {each.advice}" for each in findings)


def test_a_good_computer_has_no_problem() -> None:
    found = report(HERE)
    assert found.is_usable
    assert not [each for each in found.findings if each.mark is Mark.PROBLEM]


def test_no_gpu_is_a_note_and_no_problem() -> None:
    assert "everything runs on the CPU" in told(report(HERE), "Devices", Mark.NOTE)


def test_a_gpu_in_use_is_told_with_its_proof() -> None:
    devices = Devices(CPU, CARD, SPEECH, notes=("Speech is recognised on the CPU.",))
    found = report(replace(HERE, examined=Examined(devices, 0.142, ())))
    assert "NVIDIA Test 9000 in use for pictures, texts and faces: 14.2× the CPU" in told(found, "Devices")
    assert "in use for speech" not in told(found, "Devices")
    assert "Speech is recognised on the CPU." in told(found, "Devices", Mark.NOTE)
    assert "everything runs on the CPU" not in told(found, "Devices")


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        pytest.param(
            replace(HERE, surroundings=replace(AROUND, library=replace(FOLDER, trouble=BROKEN))),
            "Library",
            id="library",
        ),
        pytest.param(
            replace(HERE, surroundings=replace(AROUND, library=replace(FOLDER, free_bytes=9))),
            "Library",
            id="full drive",
        ),
        pytest.param(
            replace(HERE, surroundings=replace(AROUND, libraries={"torch": None, "av": "18"})),
            "Libraries",
            id="library of Python missing",
        ),
        pytest.param(
            replace(HERE, surroundings=replace(AROUND, glibc=(2, 9))), "System", id="glibc 2.9 is below 2.34"
        ),
        pytest.param(replace(HERE, examined=None, failure="It crashed."), "Devices", id="engines"),
    ],
)
def test_what_is_broken_is_a_problem_with_an_advice(facts: Facts, group: str) -> None:
    found = report(facts)
    assert not found.is_usable
    problems = [each for each in found.findings if each.mark is Mark.PROBLEM]
    assert [each.group for each in problems] == [group]
    assert all(each.advice for each in problems)


def test_each_role_says_what_it_runs_on_and_what_it_waits_for() -> None:
    found = report(replace(HERE, choices=[READY, Choice(Role.FACE), replace(WAITING, role=Role.TEXT_READER)]))
    assert "speech: small is ready, on the CPU (int8)" in told(found, "Models", Mark.OK)
    assert "face: none is chosen" in told(found, "Models", Mark.OK)
    assert "text reader: Speech waits for its model" in told(found, "Models", Mark.NOTE)
    assert found.is_usable, "a model that is not there yet is nothing broken"


def test_a_player_that_is_missing_is_a_note_with_the_way_out() -> None:
    found = report(replace(HERE, player_failure="libpulse.so.0: cannot open shared object file"))
    assert "libpulse0" in told(found, "Window", Mark.NOTE)
    assert found.is_usable


def test_values_of_settings_that_were_ignored_are_told() -> None:
    assert told(report(replace(HERE, warnings=["“x” is ignored."])), "Settings", Mark.NOTE).startswith("“x”")


@given(
    st.builds(
        Facts,
        surroundings=st.builds(
            Surroundings,
            system=st.text(),
            python=st.text(),
            libraries=st.dictionaries(st.text(), st.none() | st.text()),
            glibc=st.none() | st.tuples(st.integers(0, 9), st.integers(0, 99)),
            needs_glibc=st.none() | st.tuples(st.integers(0, 9), st.integers(0, 99)),
            library=st.builds(
                Folder,
                path=st.just(Path("/films")),
                exists=st.booleans(),
                free_bytes=st.none() | st.integers(min_value=0),
                trouble=st.sampled_from([None, BROKEN]),
            ),
            models=st.just(FOLDER),
        ),
        cores=st.integers(min_value=1, max_value=512),
        beside_videos=st.booleans(),
        wanted_device=st.just("auto"),
        examined=st.sampled_from([None, HERE.examined]),
        failure=st.text(min_size=1),
        player_failure=st.text(),
        choices=st.lists(st.sampled_from([READY, WAITING, Choice(Role.TEXT)])),
    )
)
def test_whatever_the_facts_there_is_a_report_in_both_forms(facts: Facts) -> None:
    found = report(facts)
    around = facts.surroundings
    assert {"System", "Library", "Devices", "Models", "Window"} <= {each.group for each in found.findings}
    if facts.examined is None or None in around.libraries.values() or around.library.trouble:
        assert not found.is_usable
    shown = report_as_json(found)
    assert shown["usable"] == found.is_usable
    assert json.loads(json.dumps(shown)) == shown
