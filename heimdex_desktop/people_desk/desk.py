"""The desk itself: every order about people, each a step that can be undone, and what follows from it."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    FaceRef,
    Freed,
    Ignored,
    Made,
    Merged,
    PersonId,
    PhotoId,
    PhotoRemoved,
    Pictured,
    Rejected,
    Renamed,
    Restored,
    Shown,
)
from heimdex_desktop.domain.people_facts import (
    MergedPerson,
    PeopleFacts,
    PersonPage,
    PersonSpans,
    Receipt,
    RemovedPerson,
)
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.people_desk import cards, exporting
from heimdex_desktop.people_desk.damage import damage_of
from heimdex_desktop.people_desk.means import ChosenFace, LookedPhoto
from heimdex_desktop.people_desk.names import clean, clean_all, ensure_free
from heimdex_desktop.people_desk.turns import Turns, unknown_person


class PeopleDesk(Turns):
    """For the one program that works on the library; any thread may ask, and waits its turn.

    What is on disk is read by the first call, which may take seconds. All calls may raise NoAccess and
    DiskFull; orders that make no sense raise InputError, and then nothing has changed.
    """

    def facts(self) -> PeopleFacts:
        """Return everybody, and the groups of faces that nobody knows."""
        with self._turn:
            memory = self._ready()
            return PeopleFacts(
                people=cards.person_cards(memory.view, self._photos),
                groups=cards.group_cards(memory.view, memory.groups),
                undo=memory.book.undoable,
                redo=memory.book.redoable,
                trouble=self._trouble(memory),
                damage=damage_of(memory, self._photos, self._means.places),
                photos_waiting=self._photos_waiting(memory),
                removed=memory.book.removed(),
                face_count=memory.faces.face_count,
            )

    def page(self, person: PersonId) -> PersonPage:
        """Return all about somebody."""
        with self._turn:
            return cards.person_page(self._ready().view, self._known(person), self._photos)

    def names(self) -> Mapping[str, tuple[PersonId, ...]]:
        """Return every name and other name of people, as it is written, with those who are called so."""
        with self._turn:
            found: dict[str, tuple[PersonId, ...]] = {}
            for known in self._gallery.people.values():
                for name in known.names:
                    found[name] = (*found.get(name, ()), known.id)
            return found

    def removed(self) -> tuple[RemovedPerson, ...]:
        """Return who is off the list but not forgotten, by name."""
        with self._turn:
            return self._ready().book.removed()

    def merged(self) -> tuple[MergedPerson, ...]:
        """Return who was merged into somebody on the list, by name."""
        with self._turn:
            return self._ready().book.merged()

    def create(self, name: str, faces: Sequence[FaceRef] = (), photos: Sequence[ChosenFace] = ()) -> PersonId:
        """Make somebody known by a name that is nobody else's yet, by these faces and photos, in one step."""
        with self._turn:
            return self._made(name, tuple(dict.fromkeys(faces)), photos)

    def rename(self, person: PersonId, name: str, aliases: Sequence[str] = ()) -> None:
        with self._turn:
            known = self._known(person)
            main, others = clean_all(name, aliases)
            ensure_free(self._gallery, [main, *others], but=person)
            if (main, others) != (known.name, known.aliases):
                self._do(Renamed(person, main, others))

    def hide(self, person: PersonId, hidden: bool) -> None:  # noqa: FBT001  (the window gives it so)
        with self._turn:
            if self._known(person).is_hidden != hidden:
                self._do(Shown(person, hidden))

    def feature(self, person: PersonId, photo: PhotoId) -> None:
        """Let one of their photos stand for somebody."""
        with self._turn:
            self._ensure_photo(person, photo)
            if self._known(person).chosen_picture != photo:
                self._do(Pictured(person, photo))

    def ensure_new(self, look: LookedPhoto, face_number: int, beside: Sequence[ChosenFace] = ()) -> None:
        """Raise InputError where this face is somebody's photo, or one of those `beside`, as adding does."""
        with self._turn:
            self._ensure_new(look, face_number, beside)

    def add_photo(self, person: PersonId, look: LookedPhoto, face_number: int) -> PhotoId:
        """Let one of the faces in a photo stand for somebody."""
        return self.add_photos(person, [(look, face_number)])[0]

    def add_photos(self, person: PersonId, chosen: Sequence[ChosenFace]) -> tuple[PhotoId, ...]:
        """Let faces in several photos stand for somebody: one step, and one undo."""
        with self._turn:
            self._known(person)
            if not chosen:
                raise InputError("No photo was chosen.", "Choose at least one.")
            return self._add_photos(person, chosen)

    def use_face_as_photo(self, person: PersonId, face: FaceRef, look: LookedPhoto) -> PhotoId:
        """Take a face of a video for a photo, as `look` shows it first; it is confirmed by that."""
        with self._turn:
            self._known(person)
            return self._add_photos(person, [(look, 0)], Confirmed(person, (face,)))[0]

    def remove_photo(self, person: PersonId, photo: PhotoId) -> None:
        with self._turn:
            self._ensure_photo(person, photo)
            self._do(PhotoRemoved(person, photo))

    def confirm(self, person: PersonId, faces: Sequence[FaceRef]) -> None:
        """Say that faces are somebody's; where none was found at such a place, it is marked by hand."""
        with self._turn:
            self._known(person)
            self._do(Confirmed(person, _some(faces)))

    def reject(self, person: PersonId, faces: Sequence[FaceRef]) -> None:
        with self._turn:
            self._known(person)
            self._do(Rejected(person, _some(faces)))

    def ignore(self, faces: Sequence[FaceRef]) -> None:
        """Say that nobody needs to know whose these are."""
        with self._turn:
            self._do(Ignored(_some(faces)))

    def free(self, faces: Sequence[FaceRef]) -> None:
        """Take back whatever was said of these faces."""
        with self._turn:
            memory = self._ready()
            # Of a video that was indexed anew, it may be other sights of them of which it was said.
            tracks = [track for face in _some(faces) if (track := memory.faces.track_of(face))]
            self._do(Freed(_some((*faces, *sorted(memory.said_of(tracks), key=repr)))))

    def merge(self, into: PersonId, others: Sequence[PersonId]) -> None:
        """Say that several are one person, who keeps the name of the first.

        Where any of them is recognised, this one is seen from then on: as a child and grown up, somebody
        may look like nobody in between.
        """
        with self._turn:
            gone = tuple(dict.fromkeys(other for other in others if other != into))
            for person in (into, *gone):
                self._known(person)
            if not gone:
                raise InputError("Nobody was chosen to merge with.", "Choose at least two people.")
            view = self._ready().view
            seen = ((one, view.recognised_faces(one)) for one in (into, *gone))
            self._do(*(Confirmed(one, faces) for one, faces in seen if faces), Merged(into, gone))

    def split(self, person: PersonId, faces: Sequence[FaceRef], name: str) -> PersonId:
        """Say that faces taken for somebody are of another person, who is new."""
        with self._turn:
            self._known(person)
            return self._made(name, _some(faces))

    def delete(self, person: PersonId) -> None:
        """Take somebody off the list, so that it can be undone; `forget` leaves nothing."""
        with self._turn:
            self._known(person)
            self._do(Deleted(person))

    def restore(self, person: PersonId) -> None:
        """Put somebody back on the list, with all that was said of them before."""
        with self._turn:
            gone = next((one for one in self.removed() if one.id == person and one.can_return), None)
            if gone is None:
                raise unknown_person()
            known = self._ready().book.as_if_there(frozenset({person})).people[person]
            ensure_free(self._gallery, known.names, advice="Give that one another name first.")
            self._do(Restored(person))

    def undo(self) -> str:
        """Take the last step back, and return what it did; "" where there is none."""
        with self._turn:
            return self._followed(self._ready().book.undo())

    def redo(self) -> str:
        """Do again what was taken back last, and return what that is; "" where there is none."""
        with self._turn:
            return self._followed(self._ready().book.redo())

    def forget(self, person: PersonId) -> Receipt:
        """Delete all that is known of somebody for good, and search all files for what is left."""
        with self._turn:
            memory = self._ready()
            if person not in memory.book.everybody():
                raise unknown_person()
            receipt, changed = self._forgetting.forget(memory, person)
            self._tell(changed)
            return receipt

    def forget_all(self) -> Receipt:
        """Delete all faces, and all that is known of people. There is no way back."""
        with self._turn:
            receipt, changed = self._forgetting.forget_all(self._ready())
            self._tell(changed)
            return receipt

    def presence(self, video_id: VideoId) -> tuple[PersonSpans, ...]:
        """Return who is seen in a video and when, as far as the pictures tell that were looked at."""
        with self._turn:
            return cards.presence(self._ready().view, video_id)

    def export(self, person: PersonId, video_ids: Sequence[VideoId], form: str) -> str:
        """Return when somebody is seen, as "srt", "vtt" or "csv": in these videos, or in all if none.

        Raises InputError for another form, and where subtitles would have to be of several videos.
        """
        with self._turn:
            return exporting.written(self._ready().view, self._known(person), video_ids, form)

    def refresh(self, video_ids: Collection[VideoId] | None = None) -> None:
        """Look at the faces of these videos or of all again, where they changed on disk."""
        with self._turn:
            if self._memory is None:
                self._ready()
            else:
                # What is looked at anew may have been away while somebody was forgotten.
                changed = (*self._memory.look_again(video_ids), *self._forgetting.go_on(self._memory))
                self._tell(tuple(dict.fromkeys(changed)))

    def finish_forgetting(self) -> None:
        """Go on with what waits since people were forgotten, as for a drive; at once where nothing does.

        It is a promise, and kept also where faces are not looked for any more.
        """
        with self._turn:
            if self._forgetting.is_waiting:
                self.refresh()

    def photos_waiting(self) -> int:
        """Return how many photos are of another model than the videos, and can be looked at again now."""
        with self._turn:
            return self._photos_waiting(self._ready())

    def refresh_photos(self) -> None:
        """Look at the photos again, as when their faces were found by another model."""
        with self._turn:
            self._ready().look_at_photos()
            self._follow()

    def _made(self, name: str, faces: tuple[FaceRef, ...], photos: Sequence[ChosenFace] = ()) -> PersonId:
        person, cleaned = _new_person(), clean(name)
        ensure_free(self._gallery, [cleaned])
        confirmed = (Confirmed(person, faces),) if faces else ()
        self._add_photos(person, photos, Made(person, cleaned), *confirmed)
        return person


def _new_person() -> PersonId:
    return PersonId(str(uuid.uuid4()))


def _some(faces: Sequence[FaceRef]) -> tuple[FaceRef, ...]:
    if not faces:
        raise InputError("No face was chosen.", "Choose at least one.")
    return tuple(dict.fromkeys(faces))
