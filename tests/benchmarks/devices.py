"""What computes here and with how many threads: prints the self-test and what threads gain and cost.

Run it with `python -m tests.benchmarks.devices`. The network of each engine is real where `shared/models`
is at hand: a speech model in CTranslate2, a face embedder in onnxruntime, and the self-test's network in
torch. Each number of threads is measured in a process of its own, because libraries read it once.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from heimdex_desktop.inference.device import AUTO, WANTED, Bench, find_devices
from heimdex_desktop.inference.self_test import BROKEN, Kind, Precision
from heimdex_desktop.inference.threads import (
    Threads,
    limit_opencv,
    limit_torch,
    prepare_environment,
    session_options,
    usable_cores,
)
from heimdex_desktop.inference.trials import measure_speech_engine, measure_torch

_MODELS = Path(
    os.environ.get("HEIMDEX_TEST_MODELS", Path(__file__).resolve().parents[3] / "shared" / "models")
)
_FACES = _MODELS / "face" / "face_reidentification_retail_0095.onnx"
_FACE_FINDER = _MODELS / "face" / "face_detection_yunet_2023mar.onnx"
_SPEECH = _MODELS / "nano-whisper-en-ct2"
_ENVIRONMENT = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "KMP_BLOCKTIME", "VECLIB_MAXIMUM_THREADS")

Turn = Callable[[], object]
Found = Mapping[str, Mapping[str, float]]
"""For each engine the best milliseconds of a turn, alone and after another, and what one costs the cores."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure devices and threads.")
    parser.add_argument("--device", choices=WANTED, default=AUTO, help="the setting `device`")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long each engine computes in a round")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured; the best counts")
    asked = parser.parse_args()
    cores = usable_cores()
    prepare_environment(cores)
    # OpenCV warns of a setting that nobody made.
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    print_self_test(asked.device)
    widths = sorted({1, max(1, cores - 1), cores, 2 * cores})
    ways = [(width, "sleep") for width in widths] + [(cores, "spin")]
    found: dict[tuple[int, str], list[Found]] = {way: [] for way in ways}
    # In turn, so that what else runs on this computer disturbs all ways alike.
    for _ in range(asked.rounds):
        for way in ways:
            found[way].append(apart(*way, asked.seconds))
    print(f"\n{cores} cores; the budget is {Threads.for_cores(cores).at_once}. Milliseconds of a turn:")
    names = list(found[ways[0]][0])
    print(f"{'threads':12}" + "".join(f"{name:>24}" for name in names))
    for width, waiting in ways:
        rounds = found[width, waiting]
        print(f"{width} {waiting:10}" + "".join(_cell([one[name] for one in rounds]) for name in names))
    print("Alone, in brackets straight after another engine, then what it costs all cores together.")
    print("Pools that wait sleep, as the program sets them, or spin, as they do by default.")


def print_self_test(wanted: str) -> None:
    """Print what each kind of number takes on the device in use and on the CPU, and what was decided."""
    devices = find_devices(wanted)
    print(f"{'self-test':16}{'device':24}{'number':14}{'ms':>8}{'batch of 4, ms each':>22}{'distance':>10}")
    for name, device, measure in (
        ("torch", devices.torch, measure_torch),
        ("CTranslate2", devices.speech, measure_speech_engine),
    ):
        exact = measure(Kind.CPU, Precision.FLOAT32, 1).result
        for kind in dict.fromkeys((Kind.CPU, device.kind)):
            for precision in _numbers(name, kind):
                try:
                    one, four = (measure(kind, precision, factor) for factor in (1, 4))
                except BROKEN:
                    continue
                distance = np.linalg.norm(one.result - exact) / np.linalg.norm(exact)
                called = device.name if kind is device.kind else devices.cpu.name
                print(
                    f"{name:16}{called[:22]:24}{precision:14}{one.seconds * 1000:8.1f}"
                    f"{four.seconds * 250:22.1f}{distance:10.1e}"
                )
        proof = f", {device.proof.times_faster:.1f}× the CPU" if device.proof else ""
        print(f"{'':16}in use: {device.kind}, {device.precision}, batch × {device.batch_factor}{proof}")
    for note in devices.notes:
        print(note)


def _numbers(engine: str, kind: Kind) -> list[Precision]:
    if engine == "CTranslate2":
        return [each for each in Precision if each in Bench().speech_precisions(kind)]
    halves = [Precision.FLOAT16] if kind is not Kind.CPU else []
    # float16 on a CPU without instructions for it takes half a minute, so it is left out.
    return [Precision.FLOAT32, *halves, Precision.BFLOAT16]


def apart(width: int, waiting: str, seconds: float) -> Found:
    """Measure every engine with so many threads, in a process that begins with its environment set."""
    with _environment(width, waiting):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            return pool.submit(measure_turns, width, waiting, seconds).result()


@contextmanager
def _environment(width: int, waiting: str) -> Generator[None]:
    before = {name: os.environ.pop(name) for name in _ENVIRONMENT if name in os.environ}
    if waiting == "sleep":
        prepare_environment(width + 1)
    else:
        os.environ["OMP_NUM_THREADS"] = str(width)
    yield
    for name in _ENVIRONMENT:
        os.environ.pop(name, None)
    os.environ.update(before)


def measure_turns(width: int, waiting: str, seconds: float) -> Found:
    """Take the times; runs in a process of its own."""
    threads = Threads(torch=width, ctranslate2=width, onnxruntime=width, opencv=width)
    limit_torch(threads)
    turns = dict(_turns(threads, spins=waiting == "spin"))
    for turn in turns.values():
        turn()
    found: dict[str, dict[str, float]] = {}
    names = list(turns)
    for number, name in enumerate(names):
        other = turns[names[number - 1]]
        alone = _repeat(turns[name], seconds)
        after = _repeat(turns[name], seconds, before=other)
        found[name] = {"alone": min(alone.takes_ms), "after": min(after.takes_ms), "cost": alone.cost_ms}
    return found


def _turns(threads: Threads, *, spins: bool) -> Iterator[tuple[str, Turn]]:
    import torch

    numbers = torch.Generator().manual_seed(0)
    pictures = torch.randn(2, 64, 56, 56, generator=numbers)
    kernel, matrix = torch.randn(64, 64, 3, 3, generator=numbers), torch.randn(1024, 1024, generator=numbers)

    def torch_turn() -> object:
        with torch.inference_mode():
            return torch.conv2d(pictures, kernel, padding=1).reshape(-1, 1024) @ matrix

    yield "torch", torch_turn
    if not _MODELS.is_dir():
        print(f"(no models in {_MODELS}: only torch is measured)", file=sys.stderr)
        return
    yield "CTranslate2 whisper", _speech_turn(threads)
    yield "onnxruntime face", _face_turn(threads, spins=spins)
    yield "OpenCV YuNet", _finder_turn(threads)


def _speech_turn(threads: Threads) -> Turn:
    import ctranslate2

    model = ctranslate2.models.Whisper(
        str(_SPEECH), device="cpu", compute_type="int8", intra_threads=threads.ctranslate2
    )
    bands = json.loads((_SPEECH / "preprocessor_config.json").read_text("utf-8")).get("feature_size", 80)
    sound = ctranslate2.StorageView.from_array(np.zeros((1, bands, 3000), np.float32))

    def encode() -> object:
        return np.array(model.encode(sound))

    return encode


def _face_turn(threads: Threads, *, spins: bool) -> Turn:
    import onnxruntime

    options = session_options(threads.onnxruntime)
    if spins:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads.onnxruntime
    session: Any = onnxruntime.InferenceSession(str(_FACES), options, providers=["CPUExecutionProvider"])
    faces = {session.get_inputs()[0].name: np.zeros((1, 3, 128, 128), np.float32)}
    return lambda: session.run(None, faces)


def _finder_turn(threads: Threads) -> Turn:
    import cv2

    limit_opencv(threads)
    finder = cv2.FaceDetectorYN.create(str(_FACE_FINDER), "", (640, 360))
    picture = np.zeros((360, 640, 3), np.uint8)
    return lambda: finder.detect(picture)


@dataclass(frozen=True, slots=True)
class Turns:
    """Milliseconds of each turn, and the mean milliseconds that the cores spent on one."""

    takes_ms: Sequence[float]
    cost_ms: float


def _repeat(turn: Turn, seconds: float, before: Turn | None = None) -> Turns:
    takes_ms: list[float] = []
    ends_s = time.perf_counter() + seconds
    began_cpu_s = time.process_time()
    while not takes_ms or time.perf_counter() < ends_s:
        if before:
            before()
        started_s = time.perf_counter()
        turn()
        takes_ms.append((time.perf_counter() - started_s) * 1000)
    return Turns(takes_ms, (time.process_time() - began_cpu_s) / len(takes_ms) * 1000)


def _cell(rounds: Sequence[Mapping[str, float]]) -> str:
    # The best of all: whatever else runs here only ever makes a turn longer.
    alone, after, cost = (min(one[how] for one in rounds) for how in ("alone", "after", "cost"))
    return f"{alone:.1f} ({after:.1f}) {cost:.1f}".rjust(24)


if __name__ == "__main__":
    main()
