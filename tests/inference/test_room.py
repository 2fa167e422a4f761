"""Batches shrink until they fit, nothing is done twice, and a person hears what became slower."""

import gc
import weakref
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import ModelMissing, OutOfMemory
from heimdex_desktop.inference.room import Room, Seat, Seated, memory_errors_told
from heimdex_desktop.inference.self_test import Precision
from tests.inference.small_card import NO_LESS_BYTES

CARD = Seat("cuda", Precision.FLOAT16, on_cpu=Precision.INT8)


class Doubler:
    """A network that doubles numbers, with room for `fits` items at a time."""

    def __init__(self, fits: int) -> None:
        self.fits = fits
        self.done: list[int] = []
        self.refused: list[int] = []

    def run(self, batch: Sequence[int]) -> list[int]:
        if len(batch) > self.fits:
            self.refused.append(len(batch))
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.done += batch
        return [2 * item for item in batch]


class Doublers:
    """Loads a doubler for a small device, or one for a CPU beside it."""

    def __init__(self, fits: int, fits_cpu: int = 1_000) -> None:
        self.on_device, self.on_cpu = Doubler(fits), Doubler(fits_cpu)
        self.seats: list[Seat] = []

    def load(self, seat: Seat) -> Doubler:
        self.seats.append(seat)
        return self.on_cpu if seat.is_cpu else self.on_device


def doubled(room: Room[Doubler], items: Sequence[int]) -> list[int]:
    return [one for part in room.over(items, Doubler.run) for one in part]


@given(
    st.lists(st.integers(), max_size=60),
    st.integers(min_value=1, max_value=40),
    st.integers(min_value=1, max_value=40),
)
def test_whatever_fits_all_is_done_once_in_order_and_the_size_is_remembered(
    items: list[int], fits: int, size: int
) -> None:
    told: list[str] = []
    doublers = Doublers(fits)
    room = Room(Seated("the test", doublers.load, CARD, tell=told.append), on_cpu=size)
    assert doubled(room, items) == [2 * item for item in items]
    assert doublers.on_device.done == items
    assert not doublers.on_cpu.done, "with room for one the device is not left"
    refused = len(doublers.on_device.refused)
    assert len(told) == bool(refused)
    assert doubled(room, items) == [2 * item for item in items]
    assert len(doublers.on_device.refused) == refused
    assert room.size == size or min(2 * room.size + 1, len(items)) > fits
    assert all(tried <= len(items) for tried in doublers.on_device.refused)
    assert len(set(doublers.on_device.refused)) == refused, "nothing is tried twice in vain"


@given(st.integers(min_value=1, max_value=40), st.integers(min_value=1, max_value=64), st.integers(1, 16))
def test_a_device_without_room_for_one_is_left_for_the_cpu(fits_cpu: int, size: int, factor: int) -> None:
    told: list[str] = []
    doublers = Doublers(0, fits_cpu)
    seated = Seated("the test", doublers.load, CARD, tell=told.append)
    room = Room(seated, on_cpu=size, on_device=size * factor)
    assert room.size == size * factor
    items = list(range(70))
    assert doubled(room, items) == [2 * item for item in items]
    assert doublers.on_cpu.done == items
    assert doublers.on_device.refused[-1] == 1
    assert max(doublers.on_cpu.refused, default=0) <= size, "the CPU is not given the batch of a device"
    assert "on the CPU" in told[0]
    assert len(told) == (1 if size <= fits_cpu else 2)
    assert room.size == size or room.size * 2 + 1 > fits_cpu
    assert seated.seat == Seat("cpu", Precision.INT8, on_cpu=Precision.INT8)


@given(st.integers(min_value=1, max_value=64))
def test_no_room_anywhere_is_out_of_memory_after_one_was_tried(size: int) -> None:
    doublers = Doublers(0, fits_cpu=0)
    room = Room(Seated("the test", doublers.load, CARD), on_cpu=size)
    with pytest.raises(OutOfMemory, match="the test") as raised:
        doubled(room, [1, 2, 3])
    assert raised.value.advice
    assert doublers.on_cpu.refused[-1] == 1


def test_a_reduction_names_the_network_and_both_sizes() -> None:
    told: list[str] = []
    doublers = Doublers(0, fits_cpu=9)
    doubled(Room(Seated("the picture model X", doublers.load, tell=told.append), on_cpu=32), range(32))
    [sentence] = told
    assert "the picture model X" in sentence
    assert "8 instead of 32" in sentence


def test_a_seat_says_how_many_times_the_batch_of_a_cpu_is_taken() -> None:
    seated = Seated("the test", Doublers(100).load, Seat("cuda", batch_factor=4))
    assert Room(seated, on_cpu=16).size == 64
    assert Room(Seated("the test", Doublers(100).load), on_cpu=16).size == 16


def test_one_network_leaves_its_device_once_for_all_who_use_it() -> None:
    told: list[str] = []
    doublers = Doublers(4)
    seated = Seated("the test", doublers.load, CARD, tell=told.append)
    small, large = Room(seated, on_cpu=2, on_device=4), Room(seated, on_cpu=8, on_device=64)
    assert doubled(small, [1, 2, 3, 4]) == [2, 4, 6, 8]
    doublers.on_device.fits = 0
    assert doubled(large, [1]) == [2]
    assert large.size == 8
    assert doubled(small, [1, 2, 3, 4]) == [2, 4, 6, 8]
    assert small.size == 2
    assert doublers.seats == [CARD, CARD.left]
    assert len(told) == 1


def test_a_device_without_room_for_the_network_itself_is_left() -> None:
    told: list[str] = []

    def load(seat: Seat) -> str:
        if not seat.is_cpu:
            torch.empty(NO_LESS_BYTES, dtype=torch.uint8)
        return f"on the {seat.device}"

    seated = Seated("the test", load, CARD, tell=told.append)
    assert seated.use(lambda network: network) == "on the cpu"
    assert seated.network() == "on the cpu"
    assert len(told) == 1


def test_a_cpu_without_room_for_the_network_is_out_of_memory_at_once() -> None:
    tries: list[Seat] = []

    def load(seat: Seat) -> object:
        tries.append(seat)
        return torch.empty(NO_LESS_BYTES, dtype=torch.uint8)

    with pytest.raises(OutOfMemory, match="the test"):
        Room(Seated("the test", load, CARD), on_cpu=64).fit(lambda network, _: network)
    assert tries == [CARD, CARD.left], "a smaller batch makes no room for a network"


def test_what_is_wrong_with_a_model_is_no_want_of_memory() -> None:
    def load(_: Seat) -> object:
        raise ModelMissing("It is not here.")

    with pytest.raises(ModelMissing):
        Seated("the test", load, CARD).network()


def test_the_network_that_left_its_device_is_let_go_before_it_is_loaded_anew() -> None:
    """Even one that holds itself in a circle, as those of torch do."""

    class Circle:
        def __init__(self) -> None:
            self.itself = self

    loaded: list[weakref.ref[Circle]] = []

    def load(_: Seat) -> Circle:
        assert not loaded or loaded[-1]() is None
        made = Circle()
        loaded.append(weakref.ref(made))
        return made

    seated = Seated("the test", load, CARD)

    def run(_: Circle) -> str:
        if not seated.seat.is_cpu:
            raise MemoryError
        return "done"

    gc.disable()
    try:
        assert seated.use(run) == "done"
    finally:
        gc.enable()
    assert len(loaded) == 2


def test_other_errors_are_not_taken_for_want_of_memory() -> None:
    def broken(_: object, size: int) -> int:
        raise RuntimeError(f"shape mismatch at {size}")

    room = Room(Seated("the test", lambda _: None), on_cpu=8)
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

    def run(_: object, size: int) -> int:
        assert not alive
        held = Tensor()
        if size > 1:
            raise RuntimeError("CUDA out of memory", id(held))
        return size

    assert Room(Seated("the test", lambda _: None), on_cpu=16).fit(run) == 1


def test_torch_that_really_has_no_room_is_understood() -> None:
    def run(_: object, size: int) -> tuple[int, ...]:
        return tuple(torch.empty(NO_LESS_BYTES if size > 4 else size, dtype=torch.uint8).shape)

    seated = Seated("the test", lambda _: None)
    assert Room(seated, on_cpu=32).fit(run) == (4,)
    with pytest.raises(OutOfMemory):
        Room(seated, on_cpu=32).fit(lambda _, size: torch.empty(size * NO_LESS_BYTES, dtype=torch.uint8))


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
        "[Errno 12] Cannot allocate memory",
    ],
)
def test_the_words_of_each_engine_are_understood(text: str) -> None:
    with pytest.raises(OutOfMemory), memory_errors_told("the test"):
        raise RuntimeError(text)
