"""Examinations that go wrong in their child; importable by it."""

import os
from collections.abc import Generator

from heimdex_desktop.pipeline.examination import ENGINES, PLAYER
from heimdex_desktop.pipeline.notices import Jobs


def crashing() -> Jobs:
    return {ENGINES: die, PLAYER: die}


def failing() -> Jobs:
    return {ENGINES: load_nothing, PLAYER: load_nothing}


def die(_: object) -> Generator[float, None, None]:
    yield 0.0
    os._exit(11)


def load_nothing(_: object) -> Generator[float, None, None]:
    yield 0.0
    raise ImportError("libtorch_cpu.so: cannot open shared object file")
