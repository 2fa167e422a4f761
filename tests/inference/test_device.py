"""Each engine gets the device that the setting asks for, as far as it is there and good."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.models import Engine
from heimdex_desktop.inference.device import AUTO, WANTED, Bench, Devices, find_devices
from heimdex_desktop.inference.hardware import Gpu, Seen, cpu_name, find_gpus, memory_bytes
from heimdex_desktop.inference.room import Seat
from heimdex_desktop.inference.self_test import Kind, Measure, Measured, Precision

CARD = Gpu(Kind.CUDA, "NVIDIA Test 9000", 8 << 30)
APPLE = Gpu(Kind.MPS, "Apple GPU", None)
CUDA_NUMBERS = frozenset({"float32", "float16", "int8_float16", "int8"})
RESULT = np.ones((2, 2), np.float32)
FAST = {
    Precision.FLOAT32: 0.1,
    Precision.FLOAT16: 0.05,
    Precision.BFLOAT16: 0.05,
    Precision.INT8_FLOAT16: 0.06,
}
SLOW = {number: 20 * seconds for number, seconds in FAST.items()}


def measuring(seconds: Mapping[Precision, float], *, right: bool = True) -> Measure:
    """Measure a device that takes so long; the CPU takes one second."""

    def measure(kind: Kind, precision: Precision, factor: int) -> Measured:
        if kind is Kind.CPU:
            return Measured(1.0 * factor, RESULT)
        return Measured(seconds[precision] * factor, RESULT if right else -RESULT)

    return measure


WORKING = measuring(FAST)


def no_cuda(kind: Kind, precision: Precision, factor: int) -> Measured:
    if kind is Kind.CPU:
        return Measured(1.0, RESULT)
    raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")


def bench(
    *gpus: Gpu,
    torch: Measure = WORKING,
    speech: Measure = WORKING,
    cuda_for_speech: bool = True,
    notes: tuple[str, ...] = (),
) -> Bench:
    numbers = {
        Kind.CPU: frozenset({"int8", "float32"}),
        Kind.CUDA: CUDA_NUMBERS if cuda_for_speech else frozenset(),
    }
    return Bench(
        gpus=lambda: Seen(gpus, notes),
        torch=torch,
        speech=speech,
        speech_precisions=lambda kind: frozenset(numbers.get(kind, ())),
    )


def kinds(devices: Devices) -> tuple[Kind, Kind, Kind]:
    return devices.cpu.kind, devices.torch.kind, devices.speech.kind


def test_a_good_card_is_used_with_the_numbers_that_pay() -> None:
    devices = find_devices(AUTO, bench(CARD))
    assert kinds(devices) == (Kind.CPU, Kind.CUDA, Kind.CUDA)
    assert (devices.torch.name, devices.torch.memory_bytes) == (CARD.name, CARD.memory_bytes)
    assert devices.torch.precision is devices.speech.precision is Precision.FLOAT16
    assert devices.torch.proof is not None
    assert devices.torch.proof.times_faster == pytest.approx(20)
    assert devices.notes == ()


@pytest.mark.parametrize(
    ("torch", "reason"),
    [
        pytest.param(measuring(SLOW), "1.0×", id="slow"),
        pytest.param(measuring(FAST, right=False), "wrong results", id="wrong"),
        pytest.param(no_cuda, "libcublas", id="broken"),
    ],
)
@pytest.mark.parametrize("wanted", [AUTO, "cuda"])
def test_a_bad_card_is_replaced_by_the_cpu_and_the_reason_is_told(
    wanted: str, torch: Measure, reason: str
) -> None:
    devices = find_devices(wanted, bench(CARD, torch=torch))
    assert kinds(devices) == (Kind.CPU, Kind.CPU, Kind.CUDA), "the other engine's card is its own matter"
    [note] = devices.notes
    assert CARD.name in note
    assert reason in note


def test_speech_stays_on_the_cpu_where_its_own_cuda_is_missing() -> None:
    devices = find_devices(AUTO, bench(CARD, speech=no_cuda))
    assert kinds(devices) == (Kind.CPU, Kind.CUDA, Kind.CPU)
    assert devices.speech.precision is Precision.INT8
    [note] = devices.notes
    assert "Speech" in note
    assert "libcublas" in note


def test_speech_alone_uses_the_card_that_torch_does_not_see() -> None:
    devices = find_devices(AUTO, bench())
    assert kinds(devices) == (Kind.CPU, Kind.CPU, Kind.CUDA)
    [note] = devices.notes
    assert "PyTorch" in note


def test_on_apple_speech_stays_on_the_cpu_and_that_is_said() -> None:
    devices = find_devices(AUTO, bench(APPLE, cuda_for_speech=False))
    assert kinds(devices) == (Kind.CPU, Kind.MPS, Kind.CPU)
    assert devices.notes == ("Speech is recognised on the CPU: its engine cannot use Apple's GPU.",)


def test_a_seat_says_what_was_proven_and_what_the_cpu_goes_on_with() -> None:
    devices = find_devices(AUTO, bench(CARD))
    for device in (devices.torch, devices.speech):
        assert (device.seat.device, device.seat.precision) == ("cuda", Precision.FLOAT16)
        assert replace(device, batch_factor=16).seat.batch_factor == 16
    assert devices.torch.seat.left == devices.cpu.seat == Seat()
    assert devices.speech.seat.left.precision is Precision.INT8
    assert find_devices("cpu", bench(CARD)).speech.seat == devices.speech.seat.left


def test_without_a_card_all_runs_on_the_cpu_without_a_word() -> None:
    devices = find_devices(AUTO, bench(cuda_for_speech=False))
    assert kinds(devices) == (Kind.CPU, Kind.CPU, Kind.CPU)
    assert (devices.torch.precision, devices.speech.precision) == (Precision.FLOAT32, Precision.INT8)
    assert devices.notes == ()


@pytest.mark.parametrize("wanted", ["cuda", "mps"])
def test_a_named_device_that_is_not_there_is_told_by_name(wanted: str) -> None:
    [note] = find_devices(wanted, bench(cuda_for_speech=False)).notes
    assert {"cuda": "CUDA", "mps": "Apple"}[wanted] in note


def test_a_card_is_left_alone_where_the_cpu_is_wanted() -> None:
    def untouched() -> Seen:
        raise AssertionError("nobody asked for a card")

    devices = find_devices("cpu", Bench(untouched, no_cuda, no_cuda, lambda _: CUDA_NUMBERS))
    assert kinds(devices) == (Kind.CPU, Kind.CPU, Kind.CPU)
    assert devices.notes == ()


def test_what_torch_says_about_a_driver_is_passed_on() -> None:
    devices = find_devices(AUTO, bench(cuda_for_speech=False, notes=("CUDA cannot be used: too old.",)))
    assert devices.notes == ("CUDA cannot be used: too old.",)


@given(st.sampled_from(WANTED), st.sets(st.sampled_from([CARD, APPLE])), st.booleans(), st.booleans())
def test_every_engine_has_a_device_and_a_gpu_is_never_without_proof(
    wanted: str, gpus: set[Gpu], works: bool, cuda_for_speech: bool
) -> None:
    torch = measuring(FAST, right=works)
    devices = find_devices(wanted, bench(*gpus, torch=torch, cuda_for_speech=cuda_for_speech))
    for engine in Engine:
        device = devices.of(engine)
        assert device.is_cpu == (device.proof is None)
        assert device.kind in (Kind.CPU, wanted) or wanted == AUTO
        assert device.batch_factor >= 1
    assert devices.of(Engine.RAPIDOCR) is devices.of(Engine.FACE_ONNX) is devices.cpu
    if wanted in ("cuda", "mps") and devices.torch.is_cpu:
        assert devices.notes


def test_this_computer_can_be_asked() -> None:
    devices = find_devices("cpu")
    assert devices.torch.is_cpu
    assert devices.cpu.name == cpu_name()
    assert (memory_bytes() or 0) > 1 << 28
    assert all(gpu.name for gpu in find_gpus().gpus)


def test_looking_at_the_description_loads_no_engine() -> None:
    script = """
import sys
from heimdex_desktop.inference import device, room, threads, trials
assert not {"torch", "ctranslate2", "onnxruntime", "cv2"} & sys.modules.keys()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
