"""Starts the window, or a command when one is named."""

import atexit
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Heimdex and return its exit code: 0 done, 1 some files failed, 2 wrong use, 130 Ctrl+C."""
    # A frozen program starts itself again for each worker process.
    multiprocessing.freeze_support()
    if arguments is not None:
        return _until_interrupted(arguments)
    # What is registered first runs last: only the interpreter's own end comes after.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    code = _until_interrupted(sys.argv[1:])
    signal.signal(signal.SIGINT, _end_at_once)
    return code


def _until_interrupted(words: Sequence[str]) -> int:
    try:
        return _run(words)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, _end_at_once)
        with suppress(OSError):
            sys.stderr.write("Stopped.\n")
        return _INTERRUPTED


def _run(words: Sequence[str]) -> int:
    from heimdex_desktop.cli.arguments import parse, wants_window

    if not wants_window(words):
        from heimdex_desktop.cli.commands import main as run_command

        return run_command(words)
    from heimdex_desktop.ui.app import run

    asked = parse(words)
    return run(library=getattr(asked, "library", None), with_sample=asked.sample)


def _end_at_once(*_: object) -> None:
    """Leave without the interpreter's farewell, which would show a trace for a second Ctrl+C."""
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
