"""Sentences for a person that come up while work goes on, on their way from where they arise to a window.

A job may yield a `Notice` itself. What lies deeper, such as an encoder that is short of memory, is given
`Notices.tell`, and `Notices.told_by` makes the jobs yield what was told meanwhile.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know, though the work goes on: one or two whole sentences."""

    sentence: str


Step = float | Notice
"""What a job yields: the fraction done, or something to tell."""

Job = Callable[[Any], Generator[Step, None, Any]]
"""Work that yields its steps and returns its result; argument and result must pickle."""

Jobs = Mapping[str, Job]


class Notices:
    """Sentences that wait to be taken, each once, in the order they came. Safe to share between threads."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._lock = Lock()

    def tell(self, sentence: str) -> None:
        with self._lock:
            self._waiting[sentence] = None

    def take(self) -> tuple[str, ...]:
        """Return what was told since the last call."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
        return tuple(taken)

    def told_by(self, jobs: Jobs) -> Jobs:
        """Return the same jobs, which now yield what is told here, also when they fail afterwards."""
        return {name: self._telling(job) for name, job in jobs.items()}

    def _telling(self, job: Job) -> Job:
        def run(argument: Any) -> Generator[Step, None, Any]:
            with closing(job(argument)) as work:
                while True:
                    try:
                        step = next(work)
                    except StopIteration as end:
                        yield from self._taken()
                        return end.value
                    except Exception:
                        # What was told before often explains the failure, so it goes first.
                        yield from self._taken()
                        raise
                    yield from self._taken()
                    yield step

        return run

    def _taken(self) -> Iterator[Notice]:
        return map(Notice, self.take())
