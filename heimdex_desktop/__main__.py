"""Starts the window, or a command when one is named."""

import multiprocessing
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Heimdex and return its exit code: 0 done, 1 some files failed, 2 wrong use."""
    # A frozen program starts itself again for each worker process.
    multiprocessing.freeze_support()
    words = list(sys.argv[1:] if arguments is None else arguments)
    from heimdex_desktop.cli.arguments import parse, wants_window

    if not wants_window(words):
        from heimdex_desktop.cli.commands import main as run_command

        return run_command(words)
    from heimdex_desktop.ui.app import run

    asked = parse(words)
    return run(library=getattr(asked, "library", None), with_sample=asked.sample)


if __name__ == "__main__":
    sys.exit(main())
