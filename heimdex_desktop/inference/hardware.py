"""What this computer has to compute with, as the system and torch name it."""

import ctypes
import os
import platform
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heimdex_desktop.inference.self_test import Kind, first_line

_CPU_LIST = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics card that torch says it can use."""

    kind: Kind
    name: str
    memory_bytes: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The graphics cards found, and a sentence for each that should have been found and was not."""

    gpus: tuple[Gpu, ...] = ()
    notes: tuple[str, ...] = ()


def find_gpus() -> Seen:
    """Ask torch for graphics cards; of several CUDA cards the first counts. Loads torch."""
    import torch

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        has_cuda = torch.cuda.is_available()
    if has_cuda:
        card = torch.cuda.get_device_properties(0)
        return Seen((Gpu(Kind.CUDA, card.name, card.total_memory),))
    if torch.backends.mps.is_available():
        return Seen((Gpu(Kind.MPS, "Apple GPU", _mps_memory(torch)),))
    # The only word that torch has for a driver that is too old.
    return Seen(notes=tuple(f"CUDA cannot be used: {first_line(str(one.message))}." for one in told[:1]))


def onnx_providers() -> tuple[str, ...]:
    """Return what onnxruntime could compute with; sessions are made for the CPU all the same."""
    import onnxruntime

    return tuple(onnxruntime.get_available_providers())


def cpu_name() -> str:
    """Return the processor's name as its maker gives it, or at least its kind."""
    with suppress(OSError):
        for line in _CPU_LIST.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "processor"


def memory_bytes() -> int | None:
    """Return the size of the computer's memory, None where the system does not tell."""
    if sys.platform == "win32":
        return _memory_of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None


def _mps_memory(torch: Any) -> int | None:
    try:
        return int(torch.mps.recommended_max_memory())
    except (AttributeError, RuntimeError):
        return None


def _memory_of_windows() -> int | None:
    # Unlike GlobalMemoryStatusEx it needs no structure; it answers in KiB.
    kib = ctypes.c_ulonglong(0)
    library: Any = getattr(ctypes, "windll", None)
    if library is None or not library.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kib)):
        return None
    return kib.value * 1024
