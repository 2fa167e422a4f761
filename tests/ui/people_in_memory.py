"""A small desk about people that keeps all in memory, and one for photos: what widgets are tried over."""

import itertools
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from heimdex_desktop.domain.errors import InputError, MachineError
from heimdex_desktop.domain.faces import FaceObservation, FaceQuality
from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.people_facts import (
    Appearance,
    Companion,
    Erased,
    FaceCard,
    PeopleFacts,
    PersonCard,
    PersonPage,
    PersonSpans,
    PhotoCard,
    Receipt,
    RemovedPerson,
    UnknownGroup,
)
from heimdex_desktop.domain.scene import Box, EmbeddingSpace
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.pipeline.enrolling import Refreshed
from heimdex_desktop.pipeline.worker_process import Stopped
from heimdex_desktop.ui.people_lane import PeopleDesks
from heimdex_desktop.ui.people_names import named
from heimdex_desktop.ui.people_seam import PhotoLook
from tests.ui.fakes import VIDEO_ID

SPACE = EmbeddingSpace("faces", "1", 4)
_BOX = Box(0.4, 0.2, 0.6, 0.5)


def face_ref(number: int, video_id: VideoId = VIDEO_ID) -> FaceRef:
    return FaceRef(video_id, number * 1_000, _BOX)


def face_card(number: int, crop: Path | None = None, confidence: float = 0.6) -> FaceCard:
    return FaceCard(face_ref(number), crop, "trip.mp4", 0.5, confidence, 4)


def group(first: int, count: int, crop: Path | None = None) -> UnknownGroup:
    cards = tuple(face_card(number, crop) for number in range(first, first + count))
    return UnknownGroup(cards, 4 * count)


@dataclass
class Somebody:
    """One person of the desk."""

    id: PersonId
    name: str
    aliases: tuple[str, ...] = ()
    photos: list[PhotoId] = field(default_factory=list[PhotoId])
    picture: PhotoId | None = None
    faces: list[FaceRef] = field(default_factory=list[FaceRef])
    suggested: list[FaceRef] = field(default_factory=list[FaceRef])
    is_hidden: bool = False


@dataclass
class _State:
    people: dict[PersonId, Somebody] = field(default_factory=dict[PersonId, Somebody])
    removed: dict[PersonId, Somebody] = field(default_factory=dict[PersonId, Somebody])
    groups: list[UnknownGroup] = field(default_factory=list[UnknownGroup])


class MemoryDesk:
    """Remembers what it is told, and takes it back; nobody is recognised by it."""

    def __init__(self, pictures: Path | None = None, *groups: UnknownGroup) -> None:
        self._numbers = itertools.count(1)
        self._state = _State(groups=list(groups))
        self._done: list[tuple[str, _State]] = []
        self._undone: list[tuple[str, _State]] = []
        self.pictures = pictures or Path("/nowhere")
        self.trouble = self.damage = ""
        self.waiting = 0
        self.full = False
        self.proposals: tuple[FaceCard, ...] = ()
        self.advice: tuple[str, ...] = ()
        self.calls: list[str] = []

    @property
    def people(self) -> dict[PersonId, Somebody]:
        return self._state.people

    def facts(self) -> PeopleFacts:
        self.calls.append("facts")
        return PeopleFacts(
            tuple(self._card(one) for one in self.people.values()),
            tuple(self._state.groups),
            self._done[-1][0] if self._done else "",
            self._undone[-1][0] if self._undone else "",
            self.trouble,
            self.waiting,
            tuple(RemovedPerson(one.id, one.name, (one.name,), True) for one in self._state.removed.values()),
            self.damage,
            sum(len(group.faces) for group in self._state.groups),
        )

    def page(self, person: PersonId) -> PersonPage:
        one = self.people[person]
        videos = dict.fromkeys(face.video_id for face in one.faces)
        return PersonPage(
            self._card(one),
            tuple(PhotoCard(photo, self._jpeg(photo), 0.9) for photo in one.photos),
            self.advice,
            self.proposals,
            tuple(self._face(face, 0.6) for face in one.suggested),
            tuple(self._face(face, 0.93) for face in one.faces),
            tuple(Appearance(video, "trip.mp4", _spans(one.faces, video)) for video in videos),
            tuple(
                Companion(other.id, other.name, len(other.faces))
                for other in self.people.values()
                if other.id != person and other.faces and one.faces
            ),
        )

    def create(self, name: str, faces: Sequence[FaceRef] = ()) -> PersonId:
        if named(name, self.facts().people):
            sentence = f"“{name}” is known already."
            raise InputError(sentence, "Give another name.")
        self._step(f"add {name}")
        made = PersonId(str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {next(self._numbers)}")))
        self._take_away(faces)
        self.people[made] = Somebody(made, name, faces=list(faces))
        return made

    def rename(self, person: PersonId, name: str, aliases: Sequence[str]) -> None:
        self._step(f"rename {self.people[person].name}")
        self.people[person].name, self.people[person].aliases = name, tuple(aliases)

    def hide(self, person: PersonId, hidden: bool) -> None:
        self._step("hide" if hidden else "show")
        self.people[person].is_hidden = hidden

    def feature(self, person: PersonId, photo: PhotoId) -> None:
        self._step("show a photo")
        self.people[person].picture = photo

    def add_photo(self, person: PersonId, look: PhotoLook, face_number: int) -> PhotoId:
        if self.full:
            sentence = "There is no room left."
            raise MachineError(sentence, "Free some.")
        self._step(f"add a photo of {self.people[person].name}")
        photo = PhotoId(f"photo-{next(self._numbers)}-{face_number}")
        self.people[person].photos.append(photo)
        return photo

    def remove_photo(self, person: PersonId, photo: PhotoId) -> None:
        self._step("remove a photo")
        self.people[person].photos.remove(photo)

    def use_face_as_photo(self, person: PersonId, face: FaceRef, look: PhotoLook) -> PhotoId:
        self.calls.append("use_face_as_photo")
        return self.add_photo(person, look, 0)

    def confirm(self, person: PersonId, faces: Sequence[FaceRef]) -> None:
        self._step(f"{len(faces)} faces of {self.people[person].name}")
        self._take_away(faces)
        self.people[person].faces += faces

    def reject(self, person: PersonId, faces: Sequence[FaceRef]) -> None:
        self._step(f"{len(faces)} faces not of {self.people[person].name}")
        self._take_away(faces)

    def ignore(self, faces: Sequence[FaceRef]) -> None:
        self._step(f"ignore {len(faces)} faces")
        self._take_away(faces)

    def merge(self, into: PersonId, others: Sequence[PersonId]) -> None:
        self._step("merge")
        for other in others:
            gone = self.people.pop(other)
            kept = self.people[into]
            kept.faces += gone.faces
            kept.photos += gone.photos
            kept.aliases = (*kept.aliases, gone.name)

    def split(self, person: PersonId, faces: Sequence[FaceRef], name: str) -> PersonId:
        return self.create(name, faces)

    def delete(self, person: PersonId) -> None:
        self._step(f"delete {self.people[person].name}")
        self._state.removed[person] = self.people.pop(person)

    def restore(self, person: PersonId) -> None:
        self._step("put back")
        self.people[person] = self._state.removed.pop(person)

    def undo(self) -> str:
        if not self._done:
            return ""
        told, before = self._done.pop()
        self._undone.append((told, deepcopy(self._state)))
        self._state = before
        return told

    def redo(self) -> str:
        if not self._undone:
            return ""
        told, after = self._undone.pop()
        self._done.append((told, deepcopy(self._state)))
        self._state = after
        return told

    def forget(self, person: PersonId) -> Receipt:
        everybody = {**self._state.removed, **self.people}
        self.people.pop(person, None)
        self._state.removed.pop(person, None)
        self._done.clear()
        return Receipt(12, erased=Erased(everybody[person].name))

    def forget_all(self) -> Receipt:
        self._state = _State()
        self._done.clear()
        return Receipt(40)

    def presence(self, video_id: VideoId) -> Sequence[PersonSpans]:
        return [
            PersonSpans(one.id, one.name, _spans(one.faces, video_id))
            for one in self.people.values()
            if any(face.video_id == video_id for face in one.faces)
        ]

    def export(self, person: PersonId, video_ids: Sequence[VideoId], form: str) -> str:
        return f"{form}: {self.people[person].name} in {len(video_ids)}\n"

    def refresh(self, video_ids: Collection[VideoId] | None = None) -> None:
        self.calls.append("refresh")

    def finish_forgetting(self) -> None:
        self.calls.append("finish forgetting")

    def photos_waiting(self) -> int:
        return self.waiting

    def refresh_photos(self) -> None:
        self.calls.append("refresh photos")
        self.trouble, self.waiting = "", 0

    def _take_away(self, faces: Sequence[FaceRef]) -> None:
        gone = set(faces)
        for one in self.people.values():
            one.faces = [face for face in one.faces if face not in gone]
            one.suggested = [face for face in one.suggested if face not in gone]
        left = [
            replace(each, faces=tuple(card for card in each.faces if card.face not in gone))
            for each in self._state.groups
        ]
        self._state.groups = [each for each in left if each.faces]

    def _step(self, told: str) -> None:
        self._done.append((told, deepcopy(self._state)))
        self._undone.clear()

    def _card(self, one: Somebody) -> PersonCard:
        photo = one.picture or (one.photos[0] if one.photos else None)
        return PersonCard(
            one.id,
            one.name,
            one.aliases,
            self._jpeg(photo) if photo else None,
            len(one.photos),
            len(one.faces),
            len(one.faces) * 4_000,
            one.is_hidden,
        )

    def _face(self, face: FaceRef, confidence: float) -> FaceCard:
        crop = self.pictures / f"{face.at_ms}.jpg"
        return FaceCard(face, crop, "trip.mp4", 0.5, confidence, 4)

    def _jpeg(self, photo: PhotoId) -> Path:
        return self.pictures / f"{photo}.jpg"


@dataclass(frozen=True)
class MemoryFace:
    """A face in a photo that was looked at."""

    face: FaceObservation
    crop: bytes = b""
    complaint: str = ""


@dataclass(frozen=True)
class MemoryLook:
    """A photo that was looked at."""

    faces: tuple[MemoryFace, ...]
    jpeg: bytes = b""
    space: EmbeddingSpace = SPACE


def look_with(*complaints: str) -> MemoryLook:
    """Return a photo with a face for each complaint, "" for a good one."""
    seen = FaceObservation(_BOX, (), 0.99, FaceQuality(120, 0.9, 0.9))
    return MemoryLook(tuple(MemoryFace(seen, complaint=complaint) for complaint in complaints))


class MemoryPhotos:
    """Says of a photo what a test put down for its name, and of others that nothing can be seen in it."""

    def __init__(self, looks: dict[str, MemoryLook]) -> None:
        self._looks = looks
        self.asked: list[tuple[object, ...]] = []
        self.is_closed = False
        self.at_moments = look_with("")
        self.kept: tuple[PhotoId, ...] = ()
        self.lost: tuple[PhotoId, ...] = ()
        self.go_on = threading.Event()
        self.go_on.set()

    def look(self, path: Path, stop: threading.Event) -> PhotoLook:
        self.asked.append((path,))
        if path.name not in self._looks:
            sentence = f"No face can be seen in “{path.name}”."
            raise InputError(sentence, "Take one in which the face is larger.")
        return self._looks[path.name]

    def look_at_moment(self, source: Path, at_ms: int, box: Box, stop: threading.Event) -> PhotoLook:
        self.asked.append((source, at_ms, box))
        return self.at_moments

    def refresh_photos(self, stop: threading.Event, progress: Callable[[float], None]) -> Refreshed:
        self.asked.append(("refresh",))
        for number in range(len(self.kept) + 1):
            self.go_on.wait(60)
            if stop.is_set():
                raise Stopped
            progress(number / max(1, len(self.kept)))
        return Refreshed(seen=self.kept, lost=self.lost)

    def close(self) -> None:
        self.is_closed = True


def desks(desk: MemoryDesk, photos: MemoryPhotos | None = None, *places: Path) -> PeopleDesks:
    """Return what a library would offer, over these."""
    looking = photos or MemoryPhotos({})
    return PeopleDesks(desk, lambda: looking, lambda: looking, lambda _: places)


def drawn_crops(folder: Path, count: int) -> Iterator[Path]:
    """Draw small pictures that differ by their colours."""
    for number in range(count):
        image = QImage(QSize(40, 40), QImage.Format.Format_RGB32)
        image.fill(QColor.fromHsv(number * 37 % 360, 180, 200))
        place = folder / f"{number * 1_000}.jpg"
        image.save(str(place))
        yield place


def _spans(faces: Sequence[FaceRef], video_id: VideoId) -> tuple[TimeSpan, ...]:
    moments = sorted(face.at_ms for face in faces if face.video_id == video_id)
    return tuple(TimeSpan(at_ms, at_ms + 800) for at_ms in moments)
