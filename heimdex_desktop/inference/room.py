"""Finds the batch that fits into memory: halves it when there is no room, and at last goes to the CPU."""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from heimdex_desktop.domain.errors import OutOfMemory

Item = TypeVar("Item")
Result = TypeVar("Result")

_NO_ROOM = (
    "out of memory",  # torch on CUDA and MPS, CTranslate2
    "can't allocate memory",  # torch on the CPU
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


class Room:
    """The batch size that one loaded network works with; a reduction is remembered until the program ends.

    `what` names the network in a sentence, such as "the language model e5". `tell` hears, in whole
    sentences, what became slower. `leave_device` moves the network, loaded or not yet, to the CPU; None
    where it is there already. Used by one thread at a time.
    """

    def __init__(
        self,
        size: int,
        what: str,
        *,
        tell: Callable[[str], None] = keep_quiet,
        leave_device: Callable[[], None] | None = None,
    ) -> None:
        self.size = self._wished = self._told = max(1, size)
        self._what = what
        self._tell = tell
        self._leave_device = leave_device

    def load(self, load: Callable[[], Result]) -> Result:
        """Return what `load` loads: on the CPU where the device has no room even for that.

        Raises OutOfMemory.
        """
        return self._try(load, may_shrink=False)

    def fit(self, run: Callable[[int], Result]) -> Result:
        """Return `run(size)` for the first size that fits: half as often as it takes, then on the CPU.

        `run` may be called several times for the same work. Raises OutOfMemory when a single item does
        not fit on the CPU.
        """
        result = self._try(lambda: run(self.size), may_shrink=True)
        self._tell_of_reduction()
        return result

    def over(self, items: Sequence[Item], run: Callable[[Sequence[Item]], Result]) -> Iterator[Result]:
        """Yield the results of `run` over all items, in order, in batches that fit.

        A batch that was done is not done again. Raises OutOfMemory.
        """
        start = 0
        while start < len(items):
            yield self.fit(lambda size, at=start: run(items[at : at + size]))
            start += self.size

    def _try(self, act: Callable[[], Result], *, may_shrink: bool) -> Result:
        while True:
            try:
                with memory_errors_told(self._what):
                    return act()
            except OutOfMemory:
                shrinks = may_shrink and self.size > 1
                if not shrinks and self._leave_device is None:
                    raise
            # Only now is the error gone, and with it the batch that its trace kept alive.
            if shrinks:
                self.size //= 2
            else:
                self._go_to_cpu()
            _free_cached_memory()

    def _go_to_cpu(self) -> None:
        if self._leave_device:
            self._leave_device()
        self._leave_device = None
        self.size = self._told = self._wished
        self._tell(
            f"The graphics card has too little memory for {self._what}. "
            "The work goes on on the CPU, which is slower. "
            "To change that, close programs that use the graphics card, or choose a smaller model."
        )

    def _tell_of_reduction(self) -> None:
        if self.size < self._told:
            self._tell(
                f"Memory is short for {self._what}: it takes {self.size} instead of {self._wished} "
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
