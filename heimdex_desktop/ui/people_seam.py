"""The seam between the window and what is known of people: orders go in, facts come out, never a wait."""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.people_facts import PeopleFacts, PersonPage, PersonSpans, Receipt
from heimdex_desktop.domain.scene import Box, EmbeddingSpace
from heimdex_desktop.domain.video import TimeSpan, VideoId

if TYPE_CHECKING:
    # It needs NumPy, which is loaded after the first paint.
    from heimdex_desktop.domain.faces import FaceObservation


class FaceLook(Protocol):
    """A face in a photo that was looked at: `crop` is its JPEG, `complaint` why it serves badly, or ""."""

    @property
    def face(self) -> "FaceObservation": ...

    @property
    def crop(self) -> bytes: ...

    @property
    def complaint(self) -> str: ...


class PhotoLook(Protocol):
    """A photo that was looked at: upright as a JPEG, with the faces in it, the largest first."""

    @property
    def jpeg(self) -> bytes: ...

    @property
    def space(self) -> EmbeddingSpace: ...

    @property
    def faces(self) -> Sequence[FaceLook]: ...


@dataclass(frozen=True, slots=True)
class Looked:
    """A photo that a person has to decide on, for this somebody; `name` is what to call the photo.

    `face` is the face in a video that the photo is of, where it is of one.
    """

    person: PersonId
    name: str
    look: PhotoLook
    face: FaceRef | None = None


@dataclass(frozen=True, slots=True)
class RefusedPhoto:
    """A photo that was not added, by its name, and a sentence that says why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is seen in a video, and when."""

    video_id: VideoId
    people: tuple[PersonSpans, ...] = ()

    def at(self, span: TimeSpan) -> tuple[PersonSpans, ...]:
        """Return those who are seen in a stretch of it."""
        return tuple(one for one in self.people if any(seen.overlap_ms(span) for seen in one.spans))


class ExportKind(StrEnum):
    """In what form is written down when somebody is seen."""

    SRT = "srt"
    VTT = "vtt"
    CSV = "csv"


class PersonDesk(Protocol):
    """What is asked of the desk about people; every call may take a while, on any thread but the window's.

    All of them may raise HeimdexError.
    """

    def facts(self) -> PeopleFacts: ...
    def page(self, person: PersonId) -> PersonPage: ...
    def create(self, name: str, faces: Sequence[FaceRef] = ()) -> PersonId: ...
    def rename(self, person: PersonId, name: str, aliases: Sequence[str]) -> None: ...
    def hide(self, person: PersonId, hidden: bool) -> None: ...  # noqa: FBT001  (the desk takes it so)
    def feature(self, person: PersonId, photo: PhotoId) -> None: ...
    def add_photo(self, person: PersonId, look: PhotoLook, face_number: int) -> PhotoId: ...
    def remove_photo(self, person: PersonId, photo: PhotoId) -> None: ...
    def use_face_as_photo(self, person: PersonId, face: FaceRef, look: PhotoLook) -> PhotoId: ...
    def confirm(self, person: PersonId, faces: Sequence[FaceRef]) -> None: ...
    def reject(self, person: PersonId, faces: Sequence[FaceRef]) -> None: ...
    def ignore(self, faces: Sequence[FaceRef]) -> None: ...
    def merge(self, into: PersonId, others: Sequence[PersonId]) -> None: ...
    def split(self, person: PersonId, faces: Sequence[FaceRef], name: str) -> PersonId: ...
    def delete(self, person: PersonId) -> None: ...
    def restore(self, person: PersonId) -> None: ...
    def undo(self) -> str: ...
    def redo(self) -> str: ...
    def forget(self, person: PersonId) -> Receipt: ...
    def forget_all(self) -> Receipt: ...
    def presence(self, video_id: VideoId) -> Sequence[PersonSpans]: ...
    def export(self, person: PersonId, video_ids: Sequence[VideoId], form: str) -> str: ...
    def refresh(self, video_ids: Collection[VideoId] | None = None) -> None: ...
    def finish_forgetting(self) -> None: ...
    def photos_waiting(self) -> int: ...
    def refresh_photos(self) -> None: ...


class Refreshed(Protocol):
    """What came of looking at photos again; as a text, what a person should know of it, or ""."""

    @property
    def seen(self) -> Sequence[PhotoId]: ...


class PhotoDesk(Protocol):
    """What is asked of the desk that looks at photos; a look takes seconds. They may raise HeimdexError."""

    def look(self, path: Path, stop: threading.Event) -> PhotoLook: ...
    def look_at_moment(self, source: Path, at_ms: int, box: Box, stop: threading.Event) -> PhotoLook: ...
    def refresh_photos(self, stop: threading.Event, progress: Callable[[float], None]) -> Refreshed: ...
    def close(self) -> None: ...


class PeopleNews(Protocol):
    """What the window listens to; every signal comes on the UI thread, typed as it stands in a class."""

    @property
    def people_changed(self) -> Signal:
        """`PeopleFacts`: after every order that changed anything, and after every one that failed."""
        ...

    @property
    def page_ready(self) -> Signal:
        """`PersonPage`: of the person asked for last, anew with each change."""
        ...

    @property
    def page_gone(self) -> Signal:
        """`PersonId`: the person asked for last is not known any more."""
        ...

    @property
    def made(self) -> Signal:
        """`PersonId`: somebody who was made by `create`."""
        ...

    @property
    def photo_looked(self) -> Signal:
        """`Looked`: a photo or a face of a video with several faces or a complaint; it is not used yet."""
        ...

    @property
    def photos_refused(self) -> Signal:
        """`tuple[RefusedPhoto, ...]`: all photos given that were not added, once all were looked at."""
        ...

    @property
    def looking_changed(self) -> Signal:
        """`int`: so many photos are still to be looked at."""
        ...

    @property
    def refreshing_changed(self) -> Signal:
        """`float | None`: how far the photos are looked at again, 0..1; None when that ended."""
        ...

    @property
    def marked(self) -> Signal:
        """`str`: the name of who was marked by `mark`, before the facts that follow from it."""
        ...

    @property
    def presence_known(self) -> Signal:
        """`Presence`: of the video asked about last, anew with each change."""
        ...

    @property
    def receipt(self) -> Signal:
        """`Receipt`: what a search found after somebody was forgotten."""
        ...

    @property
    def notice(self) -> Signal:
        """`str`: a sentence to show without stopping the person."""
        ...

    @property
    def notice_over(self) -> Signal:
        """`str`: a sentence of `notice` that need not be shown any longer, as the person goes on."""
        ...


class People(PeopleNews, Protocol):
    """All that can be done about people; every call returns at once.

    Without an open library, what a person says of people waits until it is open; the window shows what it
    showed. Photos are not looked at then, and nothing is told.
    """

    def look(self) -> None:
        """Tell the facts, and the page that is shown."""
        ...

    def show(self, person: PersonId | None) -> None:
        """Tell the page of somebody, until another one or nobody is asked for."""
        ...

    def create(self, name: str) -> None: ...

    def rename(self, person: PersonId, name: str, aliases: Sequence[str]) -> None: ...

    def hide(self, person: PersonId, *, hidden: bool) -> None: ...

    def feature(self, person: PersonId, photo: PhotoId) -> None: ...

    def look_at_photos(self, person: PersonId, paths: Sequence[Path]) -> None:
        """Add photos: those with one good face at once; `photo_looked` asks about the others.

        Of a folder, the pictures are taken that lie in it.
        """
        ...

    def refresh_photos(self) -> None:
        """Look at the photos again that are of another model than the videos, unless that is being done."""
        ...

    def stop_refreshing(self) -> None:
        """Leave the other photos for another time; what was done stays done."""
        ...

    def add_photo(self, looked: Looked, face_number: int) -> None: ...

    def remove_photo(self, person: PersonId, photo: PhotoId) -> None: ...

    def use_face_as_photo(self, person: PersonId, face: FaceRef) -> None: ...

    def name_faces(self, name: str, faces: Sequence[FaceRef]) -> None:
        """Say whose these are: somebody known, or else somebody new."""
        ...

    def mark(self, name: str, face: FaceRef) -> None:
        """Say whose a face is that a person drew a box around, and tell when that is done."""
        ...

    def confirm(self, person: PersonId, faces: Sequence[FaceRef]) -> None: ...

    def reject(self, person: PersonId, faces: Sequence[FaceRef]) -> None: ...

    def ignore(self, faces: Sequence[FaceRef]) -> None: ...

    def move(self, person: PersonId, faces: Sequence[FaceRef], name: str) -> None:
        """Take faces from somebody and give them to another one, somebody new where nobody is called so."""
        ...

    def merge(self, into: PersonId, others: Sequence[PersonId]) -> None: ...

    def delete(self, person: PersonId) -> None: ...

    def restore(self, person: PersonId) -> None: ...

    def undo(self) -> None: ...

    def redo(self) -> None: ...

    def forget(self, person: PersonId) -> None: ...

    def forget_all(self) -> None: ...

    def watch(self, video_id: VideoId | None) -> None:
        """Tell who is seen in a video, until another one or none is asked about."""
        ...

    def export(
        self, person: PersonId, videos: Sequence[tuple[VideoId, str]], kind: ExportKind, place: Path
    ) -> None:
        """Write down when somebody is seen: into the file `place`, or a file a video into the folder."""
        ...
