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

Note = Callable[[WorkNews], None]


def carry_out(
    work: ModelWork,
    open_desk: "Callable[[], ModelDesk]",
    stop: Event,
    note: Note,
    clock: Callable[[], float] = time.monotonic,
) -> WorkNews:
    """Do a work, note how far it is after every step, and return how it ended; never raises HeimdexError.

    Once `stop` is set it ends at the next piece; what has come stays and is gone on with.
    """
    pace = TransferPace()
    try:
        steps = _steps(open_desk(), work)
        with closing(steps):
            while not stop.is_set():
                try:
                    step = next(steps)
                except StopIteration as end:
                    return end.value
                pace.note(clock(), step.done_bytes, is_checking=step.is_checking)
                note(_news(work, step, pace))
        return WorkNews(work, WorkState.CANCELLED)
    except HeimdexError as error:
        return WorkNews(work, WorkState.FAILED, sentence=str(error))


def _news(work: ModelWork, step: "DownloadProgress", pace: TransferPace) -> WorkNews:
    return WorkNews(
        work,
        WorkState.RUNNING,
        step.done_bytes,
        step.total_bytes,
        pace.eta_s(step.total_bytes),
        step.is_checking,
    )


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
