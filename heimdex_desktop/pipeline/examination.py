"""What a child finds out about this computer: what the engines compute with, and whether a window can play.

In a child, because it loads every engine and its drivers: one that crashes takes the child along, not the
program that asked.
"""

import importlib
import os
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heimdex_desktop.inference.device import Devices
    from heimdex_desktop.pipeline.notices import Jobs

ENGINES = "engines"
PLAYER = "player"


@dataclass(frozen=True, slots=True)
class Examined:
    """`cpu_seconds` is what the CPU took for torch's self-test."""

    devices: "Devices"
    cpu_seconds: float
    onnx_providers: tuple[str, ...]


def examination_jobs() -> "Jobs":
    """Return what can be examined, with the threads set that are used for work too."""
    from heimdex_desktop.inference.threads import prepare_environment, usable_cores

    prepare_environment(usable_cores())
    return {ENGINES: examine_engines, PLAYER: examine_player}


def examine_engines(wanted: str) -> Generator[float, None, Examined]:
    """Test the devices; `wanted` is the setting `device`. A second or two on a CPU, a few with a GPU."""
    yield 0.0
    from heimdex_desktop.inference.device import find_devices
    from heimdex_desktop.inference.hardware import onnx_providers
    from heimdex_desktop.inference.self_test import Kind, Precision
    from heimdex_desktop.inference.trials import measure_torch

    devices = find_devices(wanted)
    yield 0.8
    proof = devices.torch.proof
    on_cpu = proof.cpu_seconds if proof else measure_torch(Kind.CPU, Precision.FLOAT32, 1).seconds
    return Examined(devices, on_cpu, onnx_providers())


def examine_player(_: object) -> Generator[float, None, str]:
    """Return why Qt's player cannot be loaded, or nothing where it can. Nothing is opened or shown."""
    yield 0.0
    # Qt names on standard error each sound system that it does not find.
    os.environ.setdefault("QT_LOGGING_RULES", "*=false")
    try:
        # By name: only the window may know Qt, and this only asks whether the window could load it.
        importlib.import_module("PySide6.QtMultimediaWidgets")
    except ImportError as error:
        return str(error) or "it is not installed"
    return ""
