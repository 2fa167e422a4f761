"""Has photos of people looked at and added, and gathers those that cannot be used until all are looked at."""

import functools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.library.disk import is_folder
from heimdex_desktop.library.photo_folders import pictures_in
from heimdex_desktop.ui.locations import present
from heimdex_desktop.ui.people_lane import PeopleDesks, PeopleLane
from heimdex_desktop.ui.people_seam import Looked, PersonDesk, PhotoDesk, RefusedPhoto

_CLOSED = "The library is not open yet. Try it again in a moment."

Order = Callable[[Callable[[PersonDesk], object]], None]
Look = Callable[[PeopleDesks, PhotoDesk, threading.Event], None]


class PhotoAdding(QObject):
    """Works on the lane of the library at hand; lives on the UI thread, where all signals come.

    `asked` carries a `Looked` on which a person has to decide, `counted` how many photos are still looked at.
    `refused` carries `tuple[RefusedPhoto, ...]`: all that were not added, once nothing is looked at any more.
    `order` is what has something done at the desk.
    """

    asked = Signal(object)
    counted = Signal(object)
    refused = Signal(object)
    _looked = Signal(object)
    _ended = Signal()
    _found = Signal(object, object)
    _refused = Signal(object)
    _settled = Signal()

    def __init__(self, order: Order, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order = order
        self._lane: PeopleLane | None = None
        self._looking = 0
        self._not_added: list[RefusedPhoto] = []
        self._looked.connect(self._take)
        self._ended.connect(self._end)
        self._found.connect(self.look_at)
        self._refused.connect(self._note)
        self._settled.connect(self._tell_refused)

    def take(self, lane: PeopleLane) -> None:
        """Work with the people of a library that was opened."""
        self._lane = lane

    def leave(self) -> None:
        """Look at nothing more: the library is being closed."""
        self._lane = None
        self._not_added.clear()
        self._count(-self._looking)

    def look_at(self, person: PersonId, paths: Sequence[Path]) -> None:
        """Look at photos, and at the pictures that lie in folders."""
        looks = [(path.name, functools.partial(self._look_at_path, person, path)) for path in paths]
        self._look(*looks)

    def look_at_face(self, person: PersonId, face: FaceRef) -> None:
        """Look at a face of a video."""
        self._look(("The face", functools.partial(self._look_at_face, person, face)))

    def add(self, looked: Looked, face_number: int) -> None:
        """Add a photo that was looked at, or say at the end why that cannot be."""

        def change(desk: PersonDesk) -> None:
            try:
                if looked.face:
                    desk.use_face_as_photo(looked.person, looked.face, looked.look)
                else:
                    desk.add_photo(looked.person, looked.look, face_number)
            except HeimdexError as error:
                self._refused.emit(RefusedPhoto(looked.name, str(error)))

        self._order(change)
        self._settle()

    def _look(self, *looks: tuple[str, Look]) -> None:
        """Begin looks, each with the name of what is looked at; or say of all that they cannot be begun."""
        if self._lane is None:
            self.refused.emit(tuple(RefusedPhoto(name, _CLOSED) for name, _ in looks))
            return
        for name, look in looks:
            self._count(1)
            self._lane.look(functools.partial(self._attempt, name, look), after=self._ended.emit)

    def _take(self, looked: Looked) -> None:
        faces = looked.look.faces
        if len(faces) == 1 and not faces[0].complaint:
            self.add(looked, 0)
        else:
            self.asked.emit(looked)

    def _end(self) -> None:
        self._count(-1)
        self._settle()

    def _count(self, more: int) -> None:
        # Of a library that was closed meanwhile, looks may still end.
        self._looking = max(0, self._looking + more)
        self.counted.emit(self._looking)

    def _note(self, refused: RefusedPhoto) -> None:
        self._not_added.append(refused)

    def _settle(self) -> None:
        """Tell what was refused after what the desk has still to do."""
        if self._lane and not self._looking:
            self._lane.tell(lambda _: self._settled.emit(), is_all=False)

    def _tell_refused(self) -> None:
        if self._not_added and not self._looking:
            refused = tuple(self._not_added)
            self._not_added.clear()
            self.refused.emit(refused)

    # What follows runs on the threads of the lane.

    def _attempt(
        self, name: str, look: Look, desks: PeopleDesks, photos: PhotoDesk, stop: threading.Event
    ) -> None:
        try:
            look(desks, photos, stop)
        except HeimdexError as error:
            self._refused.emit(RefusedPhoto(name, str(error)))

    def _look_at_path(
        self, person: PersonId, path: Path, _: PeopleDesks, photos: PhotoDesk, stop: threading.Event
    ) -> None:
        if is_folder(path):
            self._found.emit(person, pictures_in(path))
        else:
            self._looked.emit(Looked(person, path.name, photos.look(path, stop)))

    def _look_at_face(
        self, person: PersonId, face: FaceRef, desks: PeopleDesks, photos: PhotoDesk, stop: threading.Event
    ) -> None:
        source = present(desks.locations_of(face.video_id))
        look = photos.look_at_moment(source, face.at_ms, face.box, stop)
        self._looked.emit(Looked(person, source.name, look, face))
