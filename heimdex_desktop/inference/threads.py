"""How many threads each engine computes with, so that one core is left to the window."""

import os
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of each engine's pool in one process.

    A worker runs one job at a time and a job asks one engine at a time, so the engines take turns: what
    computes at one moment is one pool, and each may have the whole budget. Dividing the budget among
    them would leave most of it idle. It holds only because a pool that waits sleeps; by default the
    pools of OpenMP and onnxruntime spin on their cores after their turn. `prepare_environment` and
    `session_options` see to that.
    """

    torch: int
    ctranslate2: int
    onnxruntime: int
    opencv: int

    @classmethod
    def for_cores(cls, cores: int) -> "Threads":
        """Return the budget of a process: all cores but one, and one where there is no other."""
        budget = max(1, cores - 1)
        return cls(torch=budget, ctranslate2=budget, onnxruntime=budget, opencv=budget)

    @property
    def at_once(self) -> int:
        """The most threads that compute at one moment, in 1..max(1, cores - 1)."""
        return max(self.torch, self.ctranslate2, self.onnxruntime, self.opencv)


def usable_cores() -> int:
    """Return how many cores the system lets this process use, hyper-threads counted."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare_environment(cores: int, environment: MutableMapping[str, str] = os.environ) -> dict[str, str]:
    """Set what native libraries read when they are loaded, and return what was set.

    Children inherit it. What a person has set stays. It must run before numpy, torch or CTranslate2 is
    imported: afterwards it has no effect.
    """
    wanted = {
        # torch and CTranslate2 compute with OpenMP, and numpy's OpenBLAS reads the same name.
        "OMP_NUM_THREADS": str(Threads.for_cores(cores).at_once),
        "VECLIB_MAXIMUM_THREADS": str(Threads.for_cores(cores).at_once),
        # A pool sleeps after its turn: the first name is OpenMP's own, the second that of the libraries
        # of Intel and LLVM, which come with torch on Windows and macOS.
        "OMP_WAIT_POLICY": "PASSIVE",
        "KMP_BLOCKTIME": "0",
        # What Apple's GPU cannot compute is computed on the CPU instead of failing.
        "PYTORCH_ENABLE_MPS_FALLBACK": "1",
    }
    missing = {name: value for name, value in wanted.items() if name not in environment}
    environment.update(missing)
    return missing


def limit_torch(threads: Threads) -> None:
    """Keep torch within the budget; call it before anything is computed."""
    import torch

    torch.set_num_threads(threads.torch)
    # torch lets this be said once, and not after work has begun: then it stands already.
    with suppress(RuntimeError):
        torch.set_num_interop_threads(1)


def limit_opencv(threads: Threads) -> None:
    """Keep OpenCV within the budget."""
    import cv2

    cv2.setNumThreads(threads.opencv)


def session_options(threads: int) -> Any:
    """Return the SessionOptions of an onnxruntime session with a pool that sleeps after its turn."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
