"""Speaks to any console: one with a small alphabet, and one whose reader goes away."""

import codecs
import errno
import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import IO, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from heimdex_desktop.domain.errors import HeimdexError, MachineError

# Windows says EINVAL where nobody reads any more.
_NOBODY_READS = (errno.EPIPE, errno.EINVAL)


class Printer(Console):
    """A console whose reader may leave: what is said after that goes nowhere, and the command goes on."""

    def __init__(self, *, stderr: bool = False) -> None:
        # Emoji names stay as they are: ":cat:" in a path is no cat.
        super().__init__(stderr=stderr, emoji=False)

    def print(self, *objects: Any, **looks: Any) -> None:
        with while_read(self.file):
            super().print(*objects, **looks)

    def on_broken_pipe(self) -> None:
        _let_go(self.file)


def take_any_letter() -> None:
    r"""Let standard output and error write what their encoding lacks as `\u` and a number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def has_all_letters(stream: IO[str]) -> bool:
    """Tell whether a stream writes every letter as it is; one in memory does."""
    encoding = getattr(stream, "encoding", None)
    return not encoding or codecs.lookup(encoding).name == "utf-8"


@contextmanager
def while_read(stream: IO[str]) -> Generator[None]:
    """Write to a stream; where its reader has left, this and what follows goes nowhere.

    Raises MachineError where writing fails for another reason, such as a full drive.
    """
    try:
        yield
        stream.flush()
    except OSError as error:
        _let_go(stream)
        if error.errno not in _NOBODY_READS:
            raise MachineError(
                f"The output could not be written: {error.strerror}.", "Send it to another place."
            ) from error


def finish_writing() -> None:
    """Write out what is left; later is too late to do so quietly."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(HeimdexError), while_read(stream):
            pass


def _let_go(stream: IO[str]) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def progress_bar(console: Console) -> Progress:
    """Return a bar that is seen on a terminal only, and goes when its work is done."""
    return Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
