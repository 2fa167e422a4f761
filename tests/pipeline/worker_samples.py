"""Jobs a worker process can be asked for in tests; importable by the child."""

import os
import sys
import time
from collections.abc import Generator, Sequence

from heimdex_desktop.domain.errors import OutOfMemory, UnreadableVideo
from heimdex_desktop.pipeline.notices import Jobs, Notice, Notices, Step

HANGS_S = 600


def build() -> Jobs:
    notices = Notices()
    engine = Engine(notices)
    deep = {"advise": engine.advise, "give up": engine.give_up}
    plain = {
        "count": count,
        "refuse": refuse,
        "break": break_,
        "die": die,
        "hang": hang,
        "pid": pid,
        "pools": pools,
    }
    return {**plain, "announce": announce, **notices.told_by(deep)}


class Engine:
    """Tells something from deep inside, without a yield of its own."""

    def __init__(self, notices: Notices) -> None:
        self._tell = notices.tell

    def advise(self, times: int) -> Generator[float, None, int]:
        for number in range(times):
            self._tell("The batch was halved.")
            self._tell(f"Piece {number} took long.")
            yield number / times
        self._tell("All is done.")
        return times

    def give_up(self, _: object) -> Generator[float, None, None]:
        yield 0.0
        self._tell("The batch was halved.")
        raise OutOfMemory("There is no room.", "Close something.")


def announce(sentence: str) -> Generator[Step, None, str]:
    yield 0.0
    yield Notice(sentence)
    yield 0.5
    return sentence


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


def pools(names: Sequence[str]) -> Generator[float, None, tuple[bool, dict[str, str | None], int]]:
    """Say whether torch came before the job, what the environment held then, and the threads of torch."""
    yield 0.0
    came_before, held = "torch" in sys.modules, {name: os.environ.get(name) for name in names}
    import torch

    return came_before, held, torch.get_num_threads()


def pid(_: object) -> Generator[float, None, int]:
    yield 0.0
    return os.getpid()
