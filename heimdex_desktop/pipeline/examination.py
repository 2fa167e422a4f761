"""What a child finds out about this computer: what the engines compute with, and whether a window can play.

In a child, because it loads every engine and its drivers: one that crashes takes the child along, not the
program that asked.
"""

import importlib
import os
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.pipeline.worker_process import ChildWorker, JobBroken

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


def examine(job: str, argument: object, stop: threading.Event | None = None) -> tuple[Any, str]:
    """Return what a child answers, or None and a sentence why it could not. Raises Stopped."""
    child = ChildWorker(f"examine-{job}", examination_jobs, patient=False)
    try:
        return child.run(job, argument, stop=stop or threading.Event(), progress=lambda _: None), ""
    except HeimdexError as error:
        return None, f"The {job} could not be tested: {error.sentence}"
    except JobBroken as error:
        return None, f"The {job} could not be tested: {str(error).strip().splitlines()[-1]}"
    finally:
        child.close()


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
