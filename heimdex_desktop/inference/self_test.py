"""Decides by a short computation whether a device is used: it must be right, and faster than the CPU."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.errors import OutOfMemory


class Kind(StrEnum):
    """What computes; the value is torch's name for it."""

    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Precision(StrEnum):
    """How numbers are kept while computing; the value is the name that torch and CTranslate2 use."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"
    INT8_FLOAT16 = "int8_float16"


@dataclass(frozen=True, slots=True)
class Measured:
    """The median seconds of the whole computation, and the result of its first piece."""

    seconds: float
    result: NDArray[np.float32]


Measure = Callable[[Kind, Precision, int], Measured]
"""Computes the same task on any device, over as many equal pieces as asked for, and takes the time.

The result is brought back to the computer's memory within the time, so that work which was only queued
cannot pass for done. Raises what the engine raises.
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """Seconds that the device took, and seconds that the CPU took for the same."""

    seconds: float
    cpu_seconds: float

    @property
    def times_faster(self) -> float:
        return self.cpu_seconds / max(self.seconds, 1e-9)


@dataclass(frozen=True, slots=True)
class Passed:
    """The device computes. `batch_factor` is how many times the CPU's batch it takes with gain."""

    precision: Precision
    batch_factor: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class NotUsed:
    """The device is no good here; `why` ends the sentence "… is not used: it …"."""

    why: str


BROKEN = (RuntimeError, AssertionError, OSError, ValueError, MemoryError, OutOfMemory)
"""What engines raise where a driver, a library or a kind of number is missing."""

# Largest distance to the CPU's result, as a part of its length. TF32, which GPUs may use for float32,
# keeps 10 bits of a number; float16 the same, bfloat16 7.
_TOLERANCES = {
    Precision.FLOAT32: 3e-3,
    Precision.FLOAT16: 1e-2,
    Precision.BFLOAT16: 3e-2,
    Precision.INT8: 5e-2,
    Precision.INT8_FLOAT16: 5e-2,
}
_WORTH_IT = 0.9
"""A coarser number or a larger batch must save a tenth of the time."""

_LARGER_BATCHES = (4, 16)
_SHOWN_CHARACTERS = 160


def self_test(
    kind: Kind,
    measure: Measure,
    *,
    coarser: Sequence[Precision] = (),
    on_cpu: Precision = Precision.FLOAT32,
) -> Passed | NotUsed:
    """Return how to use a device, or why not to.

    `coarser` are the kinds of numbers to try beside float32; each is taken only where its result is
    right and it is faster. `on_cpu` is what the CPU would use in its place: that is the speed to beat.
    Never raises what the device does wrong, only what the CPU does.
    """
    cpu = measure(Kind.CPU, Precision.FLOAT32, 1)
    cpu_s = cpu.seconds if on_cpu is Precision.FLOAT32 else measure(Kind.CPU, on_cpu, 1).seconds
    try:
        best, precision = measure(kind, Precision.FLOAT32, 1), Precision.FLOAT32
    except BROKEN as error:
        return NotUsed(f"stops with an error ({first_line(str(error)) or type(error).__name__})")
    if not _agrees(best, cpu, precision):
        return NotUsed("computes wrong results")
    for other in coarser:
        tried = _try(kind, other, measure)
        if tried and _agrees(tried, cpu, other) and tried.seconds < _WORTH_IT * best.seconds:
            best, precision = tried, other
    proof = Proof(best.seconds, cpu_s)
    if proof.times_faster <= 1:
        return NotUsed(f"is not faster than the CPU ({proof.times_faster:.1f}× its speed)")
    return Passed(precision, _batch_factor(kind, precision, measure, best.seconds), proof)


def first_line(text: str) -> str:
    """Return the start of what an engine says, short enough for a sentence."""
    return text.strip().partition("\n")[0][:_SHOWN_CHARACTERS].rstrip(". ")


def _try(kind: Kind, precision: Precision, measure: Measure) -> Measured | None:
    try:
        return measure(kind, precision, 1)
    except BROKEN:
        return None


def _agrees(measured: Measured, cpu: Measured, precision: Precision) -> bool:
    if measured.result.shape != cpu.result.shape or not np.isfinite(measured.result).all():
        return False
    distance = float(np.linalg.norm(measured.result - cpu.result))
    return distance <= _TOLERANCES[precision] * float(np.linalg.norm(cpu.result))


def _batch_factor(kind: Kind, precision: Precision, measure: Measure, one_s: float) -> int:
    """Return the largest tried batch, in pieces of the test, that still makes each piece cheaper."""
    factor, piece_s = 1, one_s
    for larger in _LARGER_BATCHES:
        try:
            tried_s = measure(kind, precision, larger).seconds / larger
        except BROKEN:
            break
        if tried_s > _WORTH_IT * piece_s:
            break
        factor, piece_s = larger, tried_s
    return factor
