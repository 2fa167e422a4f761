"""Jobs a worker process can be asked for in tests; importable by the child."""

import os
import time
from collections.abc import Generator

from heimdex_desktop.domain.errors import UnreadableVideo
from heimdex_desktop.pipeline.worker_process import Jobs

HANGS_S = 600


def build() -> Jobs:
    return {"count": count, "refuse": refuse, "break": break_, "die": die, "hang": hang, "pid": pid}


def count(to: int) -> Generator[float, None, int]:
    for number in range(to):
        time.sleep(0.02)
        yield number / to
    return to


def refuse(name: str) -> Generator[float, None, None]:
    yield 0.0
    raise UnreadableVideo(f"“{name}” is no video.", "Take another.")


def break_(_: object) -> Generator[float, None, None]:
    yield 0.0
    message = "a bug"
    raise KeyError(message)


def die(_: object) -> Generator[float, None, None]:
    yield 0.0
    os._exit(7)


def hang(_: object) -> Generator[float, None, None]:
    yield 0.0
    time.sleep(HANGS_S)
    yield 1.0


def pid(_: object) -> Generator[float, None, int]:
    yield 0.0
    return os.getpid()
