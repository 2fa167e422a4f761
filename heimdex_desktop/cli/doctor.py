"""`heimdex doctor`: what this computer has, what is missing and what to do about it."""

import itertools
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console

from heimdex_desktop.chosen_models import choose_all
from heimdex_desktop.cli.checkup import Facts, Report, report
from heimdex_desktop.cli.surroundings import PROGRAM, Folder, look_around
from heimdex_desktop.domain.models import Choice
from heimdex_desktop.inference.device import AUTO, Device
from heimdex_desktop.inference.threads import Threads, usable_cores
from heimdex_desktop.pipeline import examination
from heimdex_desktop.pipeline.examination import ENGINES, PLAYER, Examined
from heimdex_desktop.settings import Settings


def examine(
    settings: Settings, choices: Sequence[Choice], warnings: Sequence[str] = (), *, device: str = AUTO
) -> Report:
    """Examine this computer; takes some seconds. Makes no library, asks no network, and never raises."""
    examined, failure = examination.examine(ENGINES, device)
    player_failure, crash = examination.examine(PLAYER, None)
    return report(
        Facts(
            surroundings=look_around(settings.library, settings.library / "models"),
            cores=usable_cores(),
            beside_videos=settings.sidecars_beside_videos,
            wanted_device=device,
            examined=examined,
            failure=failure,
            player_failure=crash or player_failure,
            warnings=warnings,
            choices=choices,
        )
    )


def choices_of(settings: Settings) -> tuple[Choice, ...]:
    """Return the models that the settings name, without opening a library. Raises MachineError."""
    choices = choose_all(settings).values()
    return tuple(choice for choice in choices if settings.faces or not choice.is_of_faces)


def print_report(found: Report, console: Console) -> None:
    """Print the findings as lines under their groups."""
    _line(console, f"Heimdex {_version()}", style="bold")
    for group, findings in itertools.groupby(found.findings, key=lambda finding: finding.group):
        _line(console, group, style="bold")
        for finding in findings:
            _line(console, f"  {finding.mark.value:9}{finding.told}", style=_STYLES[finding.mark.value])
            if finding.advice:
                _line(console, f"{'':11}{finding.advice}")
    verdict = "Heimdex can be used here." if found.is_usable else "Something is broken: see “problem” above."
    _line(console, verdict, style="bold")


_STYLES = {"ok": "none", "note": "yellow", "problem": "red"}


def report_as_json(found: Report) -> dict[str, object]:
    """Return the one object of `doctor --json`; sizes are bytes, times seconds."""
    facts, around = found.facts, found.facts.surroundings
    return {
        "usable": found.is_usable,
        "version": _version(),
        "system": around.system,
        "python": around.python,
        "glibc": ".".join(map(str, around.glibc)) if around.glibc else None,
        "cores": facts.cores,
        "threads": _threads_as_json(Threads.for_cores(facts.cores)),
        "libraries": dict(around.libraries),
        "library": {**_folder_as_json(around.library), "sidecars_beside_videos": facts.beside_videos},
        "models_folder": _folder_as_json(around.models),
        "wanted_device": facts.wanted_device,
        "devices": _devices_as_json(facts.examined) if facts.examined else None,
        "models": [_choice_as_json(choice, facts.examined) for choice in facts.choices],
        "plays_in_window": not facts.player_failure,
        "findings": [
            {"group": each.group, "mark": each.mark.value, "told": each.told, "advice": each.advice or None}
            for each in found.findings
        ],
    }


def _threads_as_json(threads: Threads) -> dict[str, object]:
    return {
        "at_once": threads.at_once,
        "torch": threads.torch,
        "ctranslate2": threads.ctranslate2,
        "onnxruntime": threads.onnxruntime,
        "opencv": threads.opencv,
    }


def _folder_as_json(folder: Folder) -> dict[str, object]:
    return {
        "path": str(folder.path),
        "exists": folder.exists,
        "free_bytes": folder.free_bytes,
        "trouble": folder.trouble.sentence if folder.trouble else None,
    }


def _devices_as_json(examined: Examined) -> dict[str, object]:
    devices = examined.devices
    return {
        "torch": _device_as_json(devices.torch),
        "speech": _device_as_json(devices.speech),
        "cpu": {**_device_as_json(devices.cpu), "self_test_s": round(examined.cpu_seconds, 4)},
        "onnx_providers": {"used": "CPUExecutionProvider", "available": list(examined.onnx_providers)},
        "notes": list(devices.notes),
    }


def _device_as_json(device: Device) -> dict[str, object]:
    proof = device.proof
    return {
        "kind": device.kind.value,
        "name": device.name,
        "memory_bytes": device.memory_bytes,
        "precision": device.precision.value,
        "batch_factor": device.batch_factor,
        "times_faster_than_cpu": round(proof.times_faster, 2) if proof else None,
    }


def _choice_as_json(choice: Choice, examined: Examined | None) -> dict[str, object]:
    place = examined.devices.of(choice.engine) if examined and choice.engine else None
    return {
        "role": choice.role.value,
        "name": choice.name or None,
        "engine": choice.engine.value if choice.engine else None,
        "state": "ready" if choice.is_ready else "none" if choice.is_none else "waiting",
        "waits_for": choice.waits_for or None,
        "runs_on": place.kind.value if place else None,
        "precision": place.precision.value if place else None,
    }


def _version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "of unknown version"


def _line(console: Console, text: str, style: str = "none") -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
