"""Photos of people, and moments of videos to be used as such, looked at in a child process.

Nothing here loads a network or a decoder: what is done in the child stands in `photo_looks`.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.domain.scene import Box, EmbeddingSpace
from heimdex_desktop.library.photos import Photo
from heimdex_desktop.pipeline.jobs import LOOK_AT_MOMENT, LOOK_AT_PHOTO, REFRESH_PHOTOS
from heimdex_desktop.pipeline.worker_process import Stopped, Worker

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class FaceLook:
    """A face in a photo, with its vector.

    `crop` is a JPEG of it with some margin, 160 x 160 px. `complaint` is one sentence on why nobody may be
    recognised by it, and what to do; "" where it is good.
    """

    face: FaceObservation
    crop: bytes = field(repr=False)
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class PhotoLook:
    """What is to be kept of a photo, and the faces in it, the largest first: at least one.

    `jpeg` is the upright picture, at most 1600 px on its longer side. The faces have vectors of `space`.
    """

    jpeg: bytes = field(repr=False)
    space: EmbeddingSpace
    faces: tuple[FaceLook, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a video, and where in its picture the face is looked for."""

    source: Path
    at_ms: int
    box: Box


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Which photos another model has looked at now, and in which it does not see the person any more."""

    seen: tuple[PhotoId, ...] = ()
    lost: tuple[PhotoId, ...] = ()

    def __str__(self) -> str:
        if not self.lost:
            return ""
        count = "One photo" if len(self.lost) == 1 else f"{len(self.lost)} photos"
        return f"{count} of people cannot be used by the face model now chosen: replace them by clearer ones."


class PhotoDesk:
    """Looks at photos, one after the other; the worker keeps its models for the next. Safe on any thread."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._turn = threading.Lock()
        self._closed = threading.Event()

    def look(self, path: Path, stop: threading.Event, progress: Report = lambda _: None) -> PhotoLook:
        """Return the faces of a photo.

        Raises InputError with a sentence where it is no picture, too small or too large, or shows no face;
        MachineError, such as ModelMissing; and Stopped once `stop` is set or the desk is closed.
        """
        looked: PhotoLook = self._run(LOOK_AT_PHOTO, path, stop, progress)
        return looked

    def look_at_moment(
        self, source: Path, at_ms: int, box: Box, stop: threading.Event, progress: Report = lambda _: None
    ) -> PhotoLook:
        """Return the face at `box` in the picture of a video at a moment, and no other.

        Raises as `look` does, also where no face is at that place, and as reading the video does.
        """
        looked: PhotoLook = self._run(LOOK_AT_MOMENT, Moment(source, at_ms, box), stop, progress)
        return looked

    def refresh_photos(self, stop: threading.Event, progress: Report = lambda _: None) -> Refreshed:
        """Have the photos looked at again that another face model looked at.

        What was done before a stop stays. Raises MachineError, and Stopped once `stop` is set or the desk is
        closed.
        """
        refreshed: Refreshed = self._run(REFRESH_PHOTOS, None, stop, progress)
        return refreshed

    def take_notices(self) -> tuple[str, ...]:
        """Return what a person should know of the work, such as a model that had to go to the CPU."""
        return self._worker.take_notices()

    def close(self) -> None:
        """End the worker, also in the middle of its work."""
        self._closed.set()
        with self._turn:
            self._worker.close()

    def _run(self, job: str, argument: object, stop: threading.Event, progress: Report) -> Any:
        either = _Either(stop, self._closed)
        with self._turn:
            if either.is_set():
                raise Stopped
            return self._worker.run(job, argument, stop=either, progress=progress)


class _Either(threading.Event):
    """Is set when one of these is."""

    def __init__(self, *events: threading.Event) -> None:
        super().__init__()
        self._events = events

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


def allow(*, faces: bool, face_enrollment: bool) -> None:
    """Raise InputError, saying what to do, where a person has not agreed to photos being looked at."""
    if not faces:
        raise faces_are_off()
    if not face_enrollment:
        raise InputError(
            "Adding people by photos is switched off.",
            "Switch it on on the page about models, or with HEIMDEX_FACE_ENROLLMENT=1.",
        )


def faces_are_off() -> InputError:
    """Return what is told, wherever faces are asked for, where a person has not agreed to them."""
    return InputError(
        "Faces are not looked for until you agree.",
        "Switch them on on the page about models, or with HEIMDEX_FACES=1.",
    )


def stale(photos: Iterable[Photo], space: EmbeddingSpace) -> tuple[PhotoId, ...]:
    """Return the photos that another model than that of `space` looked at."""
    return tuple(photo.id for photo in photos if photo.space != space)
