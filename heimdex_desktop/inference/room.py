"""Finds room for a network: halves its batch where memory is short, and at last goes to the CPU."""

import gc
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from heimdex_desktop.domain.errors import OutOfMemory
from heimdex_desktop.inference.self_test import Kind, Precision

Item = TypeVar("Item")
Network = TypeVar("Network")
Result = TypeVar("Result")

_NO_ROOM = (
    "out of memory",  # torch on CUDA and MPS, CTranslate2
    "can't allocate memory",  # torch on the CPU
    "cannot allocate memory",  # the system, to whoever maps a file
    "not enough memory",  # torch on the CPU of Windows
    "alloc_failed",  # cuBLAS and cuDNN
    "failed to allocate memory",  # onnxruntime
    "insufficient memory",  # OpenCV
    "bad allocation",  # the C++ library of Windows
    "bad_alloc",  # the others
)
_ADVICE = "Close other programs, or choose a smaller model."


@contextmanager
def memory_errors_told(what: str) -> Generator[None]:
    """Turn the ways in which engines say "no room" into OutOfMemory; `what` is short of memory."""
    try:
        yield
    except OutOfMemory:
        raise
    except Exception as error:
        if not says_no_room(error):
            raise
        raise OutOfMemory(f"There was not enough memory for {what}.", _ADVICE) from error


def says_no_room(error: Exception) -> bool:
    """Tell whether an error is about memory. Few engines have a type of their own for it: the text tells."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(words in text for words in _NO_ROOM)


def keep_quiet(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What a network computes with. `device` is torch's and CTranslate2's name for it.

    `batch_factor` says how many times the batch meant for a CPU is taken; `on_cpu` with which numbers the
    CPU goes on where the device has no room.
    """

    device: str = Kind.CPU.value
    precision: Precision = Precision.FLOAT32
    batch_factor: int = 1
    on_cpu: Precision = Precision.FLOAT32

    @property
    def is_cpu(self) -> bool:
        return self.device == Kind.CPU

    @property
    def left(self) -> "Seat":
        """The seat on the CPU that is taken when this one is left."""
        return Seat(precision=self.on_cpu, on_cpu=self.on_cpu)


class Seated(Generic[Network]):
    """A network that is loaded when it is first needed and kept; on the CPU where its device has no room.

    `what` names it in a sentence, such as "the language model e5". `load` makes it for a seat; where a
    device is left, the network is let go and loaded anew, so that it is as exact as if it had always been
    on the CPU. `tell` hears, in whole sentences, what became slower. Used by one thread at a time.
    """

    def __init__(
        self,
        what: str,
        load: Callable[[Seat], Network],
        seat: Seat | None = None,
        *,
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self.what = what
        self.seat = seat or Seat()
        self.tell = tell
        self._load = load
        self._loaded: tuple[Network] | None = None

    def network(self) -> Network:
        """Return the network, in memory from now on. Raises OutOfMemory, and what `load` raises."""
        while self._loaded is None:
            try:
                with memory_errors_told(self.what):
                    self._loaded = (self._load(self.seat),)
                continue
            except OutOfMemory:
                if self.seat.is_cpu:
                    raise
            self._leave_device()
        return self._loaded[0]

    def use(self, act: Callable[[Network], Result], shrink: Callable[[], bool] = lambda: False) -> Result:
        """Return `act(network)`, tried again with less to do, and at last on the CPU.

        `shrink` makes less of what `act` does at once and says whether it could. Raises OutOfMemory.
        """
        while True:
            network = self.network()
            try:
                with memory_errors_told(self.what):
                    return act(network)
            except OutOfMemory:
                shrunk = shrink()
                if not shrunk and self.seat.is_cpu:
                    raise
            # Only now is the error gone, and with it the batch that its trace kept alive.
            del network
            if shrunk:
                _free_cached_memory()
            else:
                self._leave_device()

    def _leave_device(self) -> None:
        self._loaded = None
        self.seat = self.seat.left
        # Networks hold themselves in circles, and a graphics card gets back only what nobody holds.
        gc.collect()
        _free_cached_memory()
        self.tell(
            f"The graphics card has too little memory for {self.what}. "
            "The work goes on on the CPU, which is slower. "
            "To change that, close programs that use the graphics card, or choose a smaller model."
        )


class Room(Generic[Network]):
    """The batch size that a network works with; a reduction is remembered until the program ends.

    `on_cpu` is the batch for the CPU, `on_device` that for any other seat: by default the seat's
    `batch_factor` times as much. Used by one thread at a time.
    """

    def __init__(self, seated: Seated[Network], *, on_cpu: int, on_device: int | None = None) -> None:
        self._seated = seated
        self._on_cpu = max(1, on_cpu)
        self._of = seated.seat
        elsewhere = on_device or self._on_cpu * self._of.batch_factor
        self.size = self._wished = self._told = self._on_cpu if self._of.is_cpu else elsewhere

    def fit(self, run: Callable[[Network, int], Result], count: int | None = None) -> Result:
        """Return `run(network, size)`, with half the size as often as it takes, then on the CPU.

        `run` may be called several times for the same work. Where there are only `count` items, a size
        beyond them is not tried in vain. Raises OutOfMemory when a single item does not fit on the CPU.
        """
        result = self._seated.use(
            lambda network: run(network, self._size_here()), lambda: self._halve(count or self.size)
        )
        self._tell_of_reduction()
        return result

    def over(
        self, items: Sequence[Item], run: Callable[[Network, Sequence[Item]], Result]
    ) -> Iterator[Result]:
        """Yield the results of `run` over all items, in order, in batches that fit.

        A batch that was done is not done again. Raises OutOfMemory.
        """
        start = 0
        while start < len(items):
            result = self.fit(
                lambda network, size, at=start: run(network, items[at : at + size]), len(items) - start
            )
            start += self.size
            yield result

    def _size_here(self) -> int:
        """Return the batch size, begun anew where the network has left its device since the last time."""
        if self._seated.seat != self._of:
            self._of = self._seated.seat
            self.size = self._wished = self._told = self._on_cpu
        return self.size

    def _halve(self, count: int) -> bool:
        tried = min(self.size, count)
        if tried > 1:
            self.size = tried // 2
        return tried > 1

    def _tell_of_reduction(self) -> None:
        if self.size < self._told:
            self._seated.tell(
                f"Memory is short for {self._seated.what}: it takes {self.size} instead of {self._wished} "
                "pieces at a time, which is a little slower."
            )
        self._told = self.size


def _free_cached_memory() -> None:
    """Give back what torch keeps for later: it may lie in pieces that are too small for the next batch."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
