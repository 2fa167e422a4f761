"""What the desk about people works with, and what a photo that was looked at is to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.places import Places
from heimdex_desktop.pipeline.publish import Publisher
from heimdex_desktop.pipeline.shelf import Shelf


class LookedFace(Protocol):
    """A face in a photo that was looked at."""

    @property
    def face(self) -> FaceObservation: ...


class LookedPhoto(Protocol):
    """A photo that was looked at: a JPEG, and the faces in it with their vectors."""

    @property
    def jpeg(self) -> bytes: ...

    @property
    def space(self) -> EmbeddingSpace: ...

    @property
    def faces(self) -> Sequence[LookedFace]: ...


ChosenFace = tuple[LookedPhoto, int]
"""A photo that was looked at, and which of the faces in it is meant, from 0 on."""


@dataclass(frozen=True, slots=True)
class DeskMeans:
    """What the desk works with.

    `threshold` and `space` are those of the chosen face model, None where none is at hand, and `trouble` says
    so.
    Without `may_enrol` no photo is taken.
    `on_changed` hears in which videos somebody else is seen than before; it must return at once.
    """

    places: Places
    shelf: Shelf
    publisher: Publisher
    threshold: float | None = None
    space: EmbeddingSpace | None = None
    trouble: str = ""
    may_enrol: bool = True
    on_changed: Callable[[tuple[VideoId, ...]], None] = lambda _: None
