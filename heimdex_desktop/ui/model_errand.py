"""One work on a model from beginning to end, on whatever thread it is called."""

import time
from collections.abc import Callable, Generator
from contextlib import closing
from threading import Event
from typing import TYPE_CHECKING

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.sizes import as_size
from heimdex_desktop.ui.model_news import ModelWork, WorkKind, WorkNews, WorkState
from heimdex_desktop.ui.transfer_pace import TransferPace

if TYPE_CHECKING:
    from heimdex_desktop.inference.model_download import DownloadProgress
    from heimdex_desktop.model_desk import ModelDesk

_TELL_EVERY_S = 0.1
Tell = Callable[[WorkNews], None]


def carry_out(
    work: ModelWork,
    open_desk: "Callable[[], ModelDesk]",
    stop: Event,
    tell: Tell,
    clock: Callable[[], float] = time.monotonic,
) -> WorkNews:
    """Do a work, tell of it at most ten times a second, and return how it ended; never raises HeimdexError.

    Once `stop` is set it ends at the next piece; what has come stays and is gone on with.
    """
    try:
        steps = _steps(open_desk(), work)
        with closing(steps):
            return _follow(work, steps, stop, _Teller(work, tell, clock))
    except HeimdexError as error:
        return WorkNews(work, WorkState.FAILED, sentence=str(error))


class _Teller:
    """Turns steps into news, a few a second."""

    def __init__(self, work: ModelWork, tell: Tell, clock: Callable[[], float]) -> None:
        self._work = work
        self._tell = tell
        self._clock = clock
        self._pace = TransferPace()
        self._next_s = float("-inf")

    def note(self, step: "DownloadProgress") -> None:
        at_s = self._clock()
        self._pace.note(at_s, step.done_bytes, is_checking=step.is_checking)
        if at_s < self._next_s:
            return
        self._next_s = at_s + _TELL_EVERY_S
        self._tell(
            WorkNews(
                self._work,
                WorkState.RUNNING,
                step.done_bytes,
                step.total_bytes,
                self._pace.eta_s(step.total_bytes),
                step.is_checking,
            )
        )


def _follow(
    work: ModelWork, steps: "Generator[DownloadProgress, None, WorkNews]", stop: Event, teller: _Teller
) -> WorkNews:
    while not stop.is_set():
        try:
            teller.note(next(steps))
        except StopIteration as end:
            return end.value
    return WorkNews(work, WorkState.CANCELLED)


def _steps(desk: "ModelDesk", work: ModelWork) -> "Generator[DownloadProgress, None, WorkNews]":
    """Yield the steps of a work and return how it ended. Raises HeimdexError."""
    match work.kind:
        case WorkKind.GET:
            yield from desk.download(work.name)
            return _done(work, f"{work.name} is ready.")
        case WorkKind.IMPORT if work.path:
            yield from desk.bring_in(work.path, work.name)
            return _done(work, f"{work.name} is ready.")
        case WorkKind.CHECK:
            faults = yield from desk.verify(work.name)
            if faults:
                found = f"{work.name} is damaged: {'; '.join(map(str, faults))}. Get it again."
                return WorkNews(work, WorkState.FAILED, sentence=found)
            return _done(work, f"{work.name} is whole: every byte was read.")
        case _:
            freed = desk.remove(work.name)
            return _done(work, f"{work.name} is removed. {as_size(freed)} are free again.")


def _done(work: ModelWork, sentence: str) -> WorkNews:
    return WorkNews(work, WorkState.DONE, sentence=sentence)
