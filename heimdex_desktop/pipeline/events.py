"""What the lanes tell the thread that owns the work, and what that thread tells a person's view of it."""

from collections.abc import Callable
from dataclasses import dataclass

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Outcome
from heimdex_desktop.pipeline.board import Overall, VideoRow
from heimdex_desktop.pipeline.intake import Arrival


@dataclass(frozen=True, slots=True)
class Advanced:
    """A running task got this far (0..1)."""

    task_number: int
    fraction: float


@dataclass(frozen=True, slots=True)
class ErrandDone:
    """A walk over folders or other work beside the stages came to its end.

    `searchable` when the index has changed; `trouble` is a sentence where it could not be done.
    """

    searchable: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Index and catalogue know nothing of a removed video any more."""

    video_id: VideoId


Event = Arrival | Advanced | ErrandDone | Forgotten | Outcome
Post = Callable[[Event], None]
"""Hands an event to the thread that owns the `Indexing`; may be called on any thread."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since it was last asked.

    `searchable` is set when the index has other rows; `troubles` are sentences for a person.
    """

    rows: tuple[VideoRow, ...]
    removed: tuple[str, ...]
    overall: Overall
    searchable: bool
    troubles: tuple[str, ...] = ()
