"""Batches shrink until they fit, nothing is done twice, and a person hears what became slower."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.domain.errors import OutOfMemory
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
from heimdex_desktop.inference.room import Room, memory_errors_told

NO_LESS_BYTES = 1 << 50
"""More than any computer has: a petabyte."""


class SmallDevice:
    """A device with room for `fits` items at a time, beside a CPU with room for `fits_cpu`."""

    def __init__(self, fits: int, fits_cpu: int = 1_000) -> None:
        self.fits = fits
        self._fits_cpu = fits_cpu
        self.done: list[int] = []
        self.refused: list[int] = []

    def run(self, batch: Sequence[int]) -> list[int]:
        if len(batch) > self.fits:
            self.refused.append(len(batch))
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.done += batch
        return [2 * item for item in batch]

    def leave(self) -> None:
        self.fits = self._fits_cpu


@given(
    st.lists(st.integers(), max_size=60),
    st.integers(min_value=1, max_value=40),
    st.integers(min_value=1, max_value=40),
)
def test_whatever_fits_all_is_done_once_in_order_and_the_size_is_remembered(
    items: list[int], fits: int, size: int
) -> None:
    told: list[str] = []
    device = SmallDevice(fits)
    room = Room(size, "the test", tell=told.append, leave_device=device.leave)
    assert [one for part in room.over(items, device.run) for one in part] == [2 * item for item in items]
    assert device.done == items
    assert device.fits == fits, "with room for one the device is not left"
    assert len(told) == bool(device.refused)
    refused = len(device.refused)
    assert [one for part in room.over(items, device.run) for one in part] == [2 * item for item in items]
    assert len(device.refused) == refused
    assert room.size == size or room.size * 2 + 1 > fits


@given(st.integers(min_value=1, max_value=40), st.integers(min_value=1, max_value=64))
def test_a_device_without_room_for_one_is_left_for_the_cpu(fits_cpu: int, size: int) -> None:
    told: list[str] = []
    device = SmallDevice(0, fits_cpu)
    room = Room(size, "the test", tell=told.append, leave_device=device.leave)
    items = list(range(70))
    assert [one for part in room.over(items, device.run) for one in part] == [2 * item for item in items]
    assert device.done == items
    assert "on the CPU" in told[0]
    assert len(told) == (1 if size <= fits_cpu else 2)
    assert room.size == size or room.size * 2 + 1 > fits_cpu


@given(st.integers(min_value=1, max_value=64))
def test_no_room_anywhere_is_out_of_memory_after_one_was_tried(size: int) -> None:
    device = SmallDevice(0, fits_cpu=0)
    room = Room(size, "the test", leave_device=device.leave)
    with pytest.raises(OutOfMemory, match="the test") as raised:
        list(room.over([1, 2, 3], device.run))
    assert raised.value.advice
    assert device.refused[-1] == 1


def test_a_reduction_names_the_network_and_both_sizes() -> None:
    told: list[str] = []
    room = Room(32, "the picture model X", tell=told.append)
    list(room.over(range(32), SmallDevice(9).run))
    [sentence] = told
    assert "the picture model X" in sentence
    assert "8 instead of 32" in sentence


def test_other_errors_are_not_taken_for_want_of_memory() -> None:
    def broken(size: int) -> int:
        raise RuntimeError(f"shape mismatch at {size}")

    room = Room(8, "the test")
    with pytest.raises(RuntimeError, match="shape mismatch at 8"):
        room.fit(broken)
    assert room.size == 8


def test_the_batch_that_did_not_fit_is_let_go_before_the_next_try() -> None:
    """The trace of an error holds what its functions held; kept, it would fill the device."""
    alive: list[int] = []

    class Tensor:
        def __init__(self) -> None:
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    def run(size: int) -> int:
        assert not alive
        held = Tensor()
        if size > 1:
            raise RuntimeError("CUDA out of memory", id(held))
        return size

    assert Room(16, "the test").fit(run) == 1


def test_torch_that_really_has_no_room_is_understood() -> None:
    def run(size: int) -> tuple[int, ...]:
        return tuple(torch.empty(NO_LESS_BYTES if size > 4 else size, dtype=torch.uint8).shape)

    room = Room(32, "the test")
    assert room.fit(run) == (4,)
    with pytest.raises(OutOfMemory):
        Room(32, "the test").fit(lambda _: torch.empty(NO_LESS_BYTES, dtype=torch.uint8))


def _numpy() -> object:
    return np.empty(NO_LESS_BYTES, np.uint8)


def _opencv() -> object:
    import cv2

    return cv2.resize(np.zeros((2, 2, 3), np.uint8), (1 << 30, 1 << 20))


@pytest.mark.parametrize("allocate", [_numpy, _opencv])
def test_other_libraries_that_really_have_no_room_are_understood(allocate: Callable[[], object]) -> None:
    with pytest.raises(OutOfMemory, match="for the test"), memory_errors_told("the test"):
        allocate()


@pytest.mark.parametrize(
    "text",
    [
        "CUDA failed with error out of memory",
        "MPS backend out of memory (MPS allocated: 9.05 GB)",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Failed to allocate memory for requested buffer",
        "std::bad_alloc",
    ],
)
def test_the_words_of_each_engine_are_understood(text: str) -> None:
    with pytest.raises(OutOfMemory), memory_errors_told("the test"):
        raise RuntimeError(text)


def test_an_encoder_goes_to_the_cpu_when_its_device_has_no_room_for_the_model() -> None:
    folder = offline_minilm.folder()
    if folder is None:
        pytest.skip("the extra `offline` is not installed")
    told: list[str] = []

    class OnSmallCard(SentenceEncoder):
        def _load(self) -> Any:
            if self._device != "cpu":
                raise RuntimeError("CUDA out of memory")
            return super()._load()

    expected = SentenceEncoder(folder).encode(["hello"], Purpose.QUERY)
    encoder = OnSmallCard(folder, name="MiniLM", device="cuda", tell=told.append)
    np.testing.assert_array_equal(encoder.encode(["hello"], Purpose.QUERY), expected)
    assert len(told) == 1
    assert "the language model MiniLM" in told[0]


def test_an_encoder_remembers_the_batch_that_fits(tmp_path: Path) -> None:
    """The network is real, and so is the order in which its batches are refused."""
    folder = offline_minilm.folder()
    if folder is None:
        pytest.skip("the extra `offline` is not installed")
    told: list[str] = []
    sizes: list[int] = []

    class OnFullCard(SentenceEncoder):
        texts_at_once = 8

        def _load(self) -> Any:
            model = super()._load()
            forward = model.forward

            def refuse_large(input: dict[str, torch.Tensor], **more: Any) -> Any:  # noqa: A002
                sizes.append(len(input["input_ids"]))
                if sizes[-1] > 2:
                    raise RuntimeError("MPS backend out of memory")
                return forward(input, **more)

            model.forward = refuse_large
            return model

    texts = [f"sentence number {number}" for number in range(5)]
    encoder = OnFullCard(folder, tell=told.append)
    np.testing.assert_allclose(
        encoder.encode(texts, Purpose.PASSAGE),
        SentenceEncoder(folder).encode(texts, Purpose.PASSAGE),
        atol=1e-5,
    )
    assert sizes == [5, 4, 2, 2, 1]
    encoder.encode(texts, Purpose.PASSAGE)
    assert sizes[5:] == [2, 2, 1]
    assert len(told) == 1
