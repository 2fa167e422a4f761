"""Decides what each engine computes with: CUDA, Apple's GPU or the CPU, by what a self-test shows.

torch and CTranslate2 are asked apart, because each brings its own CUDA: one may work where the other does
not. onnxruntime and OpenCV compute on the CPU: no other provider of theirs has been proven here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from heimdex_desktop.domain.models import Engine
from heimdex_desktop.inference.hardware import Gpu, Seen, cpu_name, find_gpus, memory_bytes
from heimdex_desktop.inference.room import Seat
from heimdex_desktop.inference.self_test import Kind, Measure, NotUsed, Passed, Precision, Proof, self_test
from heimdex_desktop.inference.trials import measure_speech_engine, measure_torch, speech_precisions

AUTO = "auto"
WANTED = (AUTO, *Kind)
"""The values of the setting `device`."""

_TORCH_ENGINES = (Engine.SENTENCE_TRANSFORMERS, Engine.OPEN_CLIP, Engine.MTCNN, Engine.FACENET)
_HALVES = (Precision.FLOAT16, Precision.BFLOAT16)
_SPEECH_HALVES = (Precision.FLOAT16, Precision.INT8_FLOAT16)
_NOT_THERE = {
    Kind.CUDA: "There is no CUDA graphics card that PyTorch can use: the CPU does its work.",
    Kind.MPS: "There is no Apple GPU that PyTorch can use: the CPU does its work.",
}
_TORCH_WITHOUT_CUDA = (
    "There is an NVIDIA graphics card, but the installed PyTorch cannot use it. "
    "Install the PyTorch that is made for CUDA."
)


@dataclass(frozen=True, slots=True)
class Device:
    """What an engine computes with. `kind` is also torch's and CTranslate2's name for it.

    `batch_factor` says how many times the batch meant for a CPU it takes with gain; `on_cpu` with which
    numbers the CPU goes on where its memory is too small. `proof` is there for every device but the CPU,
    which needs none.
    """

    kind: Kind
    name: str
    memory_bytes: int | None
    precision: Precision
    batch_factor: int = 1
    proof: Proof | None = None
    on_cpu: Precision = Precision.FLOAT32

    @property
    def is_cpu(self) -> bool:
        return self.kind is Kind.CPU

    @property
    def place(self) -> str:
        """What runs here and with which numbers, in a few words: `the CPU (int8)`."""
        return f"{'the CPU' if self.is_cpu else self.name} ({self.precision})"

    @property
    def seat(self) -> Seat:
        """What a network is given to compute with."""
        return Seat(self.kind.value, self.precision, self.batch_factor, self.on_cpu)


@dataclass(frozen=True, slots=True)
class Devices:
    """The device of each engine, and in `notes` a sentence for whatever is not used and why."""

    cpu: Device
    torch: Device
    speech: Device
    notes: tuple[str, ...] = ()

    def of(self, engine: Engine) -> Device:
        """Return the device that an engine computes with."""
        if engine in _TORCH_ENGINES:
            return self.torch
        return self.speech if engine is Engine.FASTER_WHISPER else self.cpu


@dataclass(frozen=True, slots=True)
class Bench:
    """Where devices are looked for and how they are measured."""

    gpus: Callable[[], Seen] = find_gpus
    torch: Measure = measure_torch
    speech: Measure = measure_speech_engine
    speech_precisions: Callable[[Kind], frozenset[str]] = speech_precisions


def find_devices(wanted: str = AUTO, bench: Bench | None = None) -> Devices:
    """Return what to compute with, by the setting `device`: one of `WANTED`.

    A device that is not there, is slower than the CPU or computes wrong results is replaced by the CPU,
    and a note tells. Loads torch and CTranslate2, and takes a second or two where there is a graphics
    card: never in the window's process.
    """
    bench = bench or Bench()
    cpu = Device(Kind.CPU, cpu_name(), memory_bytes(), Precision.FLOAT32)
    has_int8 = Precision.INT8 in bench.speech_precisions(Kind.CPU)
    speech_cpu = replace(cpu, precision=Precision.INT8, on_cpu=Precision.INT8) if has_int8 else cpu
    if wanted == Kind.CPU:
        return Devices(cpu, torch=cpu, speech=speech_cpu)
    seen = bench.gpus()
    gpu = next((each for each in seen.gpus if wanted in (AUTO, each.kind)), None)
    torch, torch_notes = _for_torch(wanted, gpu, cpu, bench)
    speech, speech_notes = _for_speech(wanted, gpu, speech_cpu, bench)
    return Devices(cpu, torch, speech, (*seen.notes, *torch_notes, *speech_notes))


def _for_torch(wanted: str, gpu: Gpu | None, cpu: Device, bench: Bench) -> tuple[Device, tuple[str, ...]]:
    if gpu is None:
        return cpu, () if wanted == AUTO else (_NOT_THERE[Kind(wanted)],)
    verdict = self_test(gpu.kind, bench.torch, coarser=_HALVES)
    if isinstance(verdict, NotUsed):
        return cpu, (f"{gpu.name} is not used: it {verdict.why}. The CPU does its work.",)
    return _passed(gpu, verdict, cpu), ()


def _for_speech(wanted: str, gpu: Gpu | None, cpu: Device, bench: Bench) -> tuple[Device, tuple[str, ...]]:
    if wanted == Kind.MPS or (gpu and gpu.kind is Kind.MPS):
        told = "Speech is recognised on the CPU: its engine cannot use Apple's GPU."
        return cpu, (told,) if gpu else ()
    can = bench.speech_precisions(Kind.CUDA)
    if not can:
        told = f"Speech is recognised on the CPU: its engine finds no CUDA for {gpu.name if gpu else ''}."
        return cpu, (told,) if gpu else ()
    # A PyTorch without CUDA does not see the card that CTranslate2 sees.
    card = gpu or Gpu(Kind.CUDA, "the NVIDIA graphics card", None)
    coarser = [each for each in _SPEECH_HALVES if each in can]
    verdict = self_test(Kind.CUDA, bench.speech, coarser=coarser, on_cpu=cpu.precision)
    notes = () if gpu else (_TORCH_WITHOUT_CUDA,)
    if isinstance(verdict, NotUsed):
        told = f"Speech is recognised on the CPU: with {card.name} its engine {verdict.why}."
        return cpu, (*notes, told)
    return _passed(card, verdict, cpu), notes


def _passed(gpu: Gpu, verdict: Passed, cpu: Device) -> Device:
    return Device(
        gpu.kind,
        gpu.name,
        gpu.memory_bytes,
        verdict.precision,
        verdict.batch_factor,
        verdict.proof,
        on_cpu=cpu.precision,
    )
