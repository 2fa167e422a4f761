"""What a stage is: a named, resumable piece of the work on a video."""

import hashlib
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Lane, Records, VideoRecord


class Kept(StrEnum):
    """Where it is remembered that a stage was done: with its result, so that both vanish together."""

    SIDECAR = "sidecar"
    LIBRARY = "library"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class StageSpec:
    """Everything that planning needs to know of a stage, without loading what runs it.

    `needs` are stages whose results it reads; `follows` are stages whose results it reads where there are
    any, without waiting for them; `watches` are outside facts its result depends on. `gathers` makes it
    due whenever any other stage has a new result. `waits_for` is a sentence about a missing model; while
    it is set the stage waits, which is not a failure.
    `weight` is its typical share of the work, relative to the other stages.
    """

    name: str
    title: str
    lane: Lane
    version: int = 1
    needs: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    parameters: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float])
    kept: Kept = Kept.SIDECAR
    gathers: bool = False
    waits_for: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides what is due for a video.

    `observed` holds the outside facts (by name, as text that differs when the fact differs);
    `attempts` how often a stage was begun without an end.
    """

    records: Records = field(default_factory=dict)
    observed: Mapping[str, str] = field(default_factory=dict[str, str])
    attempts: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class StageJob:
    """One stage's order: what is known so far, and the file to read."""

    record: VideoRecord
    source: Path
    fingerprint: str

    @property
    def video_id(self) -> VideoId:
        return self.record.video.id


StageRun = Generator[float, None, VideoRecord]
"""Yields the fraction done (0..1) at least every half second, may be closed at any yield,
and returns the record with the stage's result in it."""


class Stage(Protocol):
    """The working half of a stage."""

    def __call__(self, job: StageJob, /) -> StageRun: ...


def digest(*parts: object) -> str:
    """Return a short text that differs when any part differs; parts must be JSON-able."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
