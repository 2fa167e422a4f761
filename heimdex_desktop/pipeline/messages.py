"""What parent and child say to each other over the pipe: numbered, so that an answer finds its question."""

from dataclasses import dataclass

from heimdex_desktop.domain.errors import HeimdexError


@dataclass(frozen=True, slots=True)
class Ask:
    number: int
    job: str
    argument: object


@dataclass(frozen=True, slots=True)
class Stop:
    number: int


@dataclass(frozen=True, slots=True)
class Progress:
    number: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence for a person, while the job goes on."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Done:
    number: int
    result: object


@dataclass(frozen=True, slots=True)
class Halted:
    number: int


@dataclass(frozen=True, slots=True)
class Failed:
    """`error` is one of ours; `trace` is set when it is a bug."""

    number: int
    error: HeimdexError | None
    trace: str = ""


Answer = Done | Halted | Failed
