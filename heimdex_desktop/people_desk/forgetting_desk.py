"""Forgets people so that nothing is left, in an order in which a crash leaves it to be finished."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.people_facts import Erased, Receipt
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import remove
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.library.unfinished_forgetting import Unfinished, UnfinishedForgetting
from heimdex_desktop.people.tracks import FaceTrack
from heimdex_desktop.people_desk.book import Book
from heimdex_desktop.people_desk.damage import unclaimed_photos
from heimdex_desktop.people_desk.erasing import Eraser
from heimdex_desktop.people_desk.kept_searches import files_asking_for
from heimdex_desktop.people_desk.memory import Memory
from heimdex_desktop.people_desk.refusals import Refusals
from heimdex_desktop.people_desk.traces import Traces, search, traces_of

log = logging.getLogger(__name__)

Changed = tuple[VideoId, ...]


@dataclass(frozen=True, slots=True)
class ForgettingDesk:
    """Used by the desk about people, in its turn."""

    eraser: Eraser
    photos: PhotoStore

    def forget(self, memory: Memory, person: PersonId) -> tuple[Receipt, Changed]:
        """Forget one person, with all whom `Book.meant_by` names."""
        # Faces may have been found since that nobody was told of.
        looked = memory.look_again()
        people = memory.book.meant_by(person)
        tracks = memory.tracks_of(people)
        faces = _faces_in(tracks) | memory.said_of(tracks)
        traces = self._traces(memory, people, faces)
        wish = Unfinished(
            people,
            self._videos_of(memory, people, tracks),
            faces,
            memory.book.photos_of(people),
            is_begun=True,
        )
        erased = self._erased(memory, person, people, len(tracks))
        receipt, changed = self._carry_out(memory, wish, traces)
        return replace(receipt, erased=erased), (*looked, *changed)

    def forget_all(self, memory: Memory) -> tuple[Receipt, Changed]:
        """Forget everybody, and all faces."""
        looked = memory.look_again()
        traces = self._traces(memory, memory.book.everybody(), None)
        videos = frozenset(video.id for video in self.eraser.shelf.catalogue.videos())
        erased = Erased(photos=len(self.photos.ids()), faces=len(memory.faces.tracks))
        receipt, changed = self._carry_out(memory, Unfinished(None, videos, is_begun=True), traces)
        return replace(receipt, erased=erased), (*looked, *changed)

    def begin(self, memory: Memory) -> Changed:
        """Clean up after a program that was killed, and finish what was begun before.

        What the machine refuses is left for the next time: nobody is kept from their people by it.
        """
        refused = Refusals()
        try:
            if memory.book.is_there:
                self._erase_unwanted_photos(memory.book, refused)
            self.eraser.erase_drafts(refused)
        except HeimdexError as error:
            log.warning("photos were not cleaned", extra={"kind": type(error).__name__})
        return self.go_on(memory)

    def go_on(self, memory: Memory) -> Changed:
        """Do what was left to do, as far as that can be done now; what the machine refuses is left again."""
        try:
            return self._work_off(memory, Refusals())
        except HeimdexError as error:
            log.warning("forgetting was not finished", extra={"kind": type(error).__name__})
            return ()

    @property
    def is_waiting(self) -> bool:
        """Whether something is left to do. Raises NoAccess."""
        return bool(self._notes.load())

    @property
    def _notes(self) -> UnfinishedForgetting:
        return UnfinishedForgetting(self.eraser.places)

    def _carry_out(self, memory: Memory, wish: Unfinished, traces: Traces) -> tuple[Receipt, Changed]:
        refused = Refusals()
        self._notes.save((*self._notes.load(), wish))
        changed = self._work_off(memory, refused)
        return self._receipt(memory, traces, wish, refused), changed

    def _work_off(self, memory: Memory, refused: Refusals) -> Changed:
        """Do all that is noted; each step finds nothing left to do where it was done before."""
        notes = self._notes.load()
        changed: list[VideoId] = []
        left: list[Unfinished] = []
        for note in notes:
            own = Refusals()
            changed += self._finish(memory, note, own)
            left += self._left_of(note, own)
            refused.add(own)
        if left != list(notes):
            self._notes.save(left)
        return tuple(dict.fromkeys(changed))

    def _finish(self, memory: Memory, note: Unfinished, refused: Refusals) -> Changed:
        eraser = self.eraser
        if note.is_begun:
            changed = self._finish_in_library(memory, note, refused)
            cleaned = eraser.clean_sidecars(note.people, refused)
        else:
            changed = ()
            cleaned = eraser.clean_sidecars(note.people, refused, note.videos)
        back = note.videos - {video.id for video in eraser.away(note.videos)}
        if note.is_begun or cleaned or back:
            eraser.publish({*cleaned, *back})
        return (*changed, *cleaned)

    def _finish_in_library(self, memory: Memory, note: Unfinished, refused: Refusals) -> Changed:
        if note.people is None:
            self.eraser.erase_all_faces(refused)
            memory.book.forget_all()
            with refused.at(self.eraser.places.photos):
                for file in self.photos.files():
                    with refused.at(file):
                        remove(file)
        else:
            self.eraser.erase_faces(note.faces, refused)
            # Before the journal is written anew: it does not speak of them any more then.
            self._erase_unwanted_photos(memory.book, refused)
            for person in note.people:
                memory.book.forget(person, note.faces)
            self._erase_photos(note.photos - memory.book.photos, refused)
        self.eraser.erase_drafts(refused)
        changed = memory.look_again()
        self.eraser.erase_strays(memory.faces, refused)
        return changed

    def _erase_unwanted_photos(self, book: Book, refused: Refusals) -> None:
        """Delete photos of steps that cannot be done again, and those whose step was never written down.

        A photo of which the journal says nothing stays: more likely the journal lost something.
        """
        if book.lost:
            # A step that cannot be read may be the one that wants them.
            return
        new, faces = self.photos.new(), self.photos.without_picture()
        self._erase_photos((book.photos_ever | new | faces) - book.photos, refused)
        for photo in new & book.photos:
            with refused.at(self.photos.picture(photo)):
                self.photos.settle(photo)

    def _erase_photos(self, photos: Collection[PhotoId], refused: Refusals) -> None:
        for photo in photos:
            for file in self.photos.files_of(photo):
                with refused.at(file):
                    remove(file)

    def _left_of(self, note: Unfinished, refused: Refusals) -> list[Unfinished]:
        """Return what is still to be done: beside videos that are away, and where a file was refused."""
        away = {video.id for video in self.eraser.away(note.videos)}
        sidecars = self.eraser.owners_of(refused.files)
        if note.people is not None and len(refused.files) > len(sidecars):
            # Done again as a whole; for everybody that would take who has been made known since.
            return [note]
        videos = frozenset(away | sidecars)
        return [Unfinished(note.people, videos)] if videos else []

    def _traces(
        self, memory: Memory, people: frozenset[PersonId], faces: Collection[FaceRef] | None
    ) -> Traces:
        """Return what these people are known by; None stands for all faces."""
        photos = (self.photos.load(photo) for photo in memory.book.photos_of(people))
        kept: list[Photo] = [photo for photo in photos if photo]
        # Another one of that name may keep it.
        others = memory.book.names_beside(people)
        names = memory.book.names_of(people) - others
        vectors = self.eraser.vectors_of_all() if faces is None else self.eraser.vectors_of(faces)
        asking = files_asking_for(self.eraser.places, names, others)
        return replace(traces_of(people, names, kept, vectors), named_in=asking)

    def _videos_of(
        self, memory: Memory, people: frozenset[PersonId], tracks: Collection[FaceTrack]
    ) -> frozenset[VideoId]:
        said = memory.book.as_if_there(people).faces
        return frozenset(
            (
                *(video_id for one in people for video_id in memory.view.places.get(one, {})),
                *(track.video_id for track in tracks),
                *(face.video_id for face, word in said.items() if word.is_of in people),
            )
        )

    def _erased(
        self, memory: Memory, person: PersonId, people: frozenset[PersonId], face_count: int
    ) -> Erased:
        photos = [photo for photo in memory.book.photos_of(people) if self.photos.has_picture(photo)]
        named = {video_id for one in people for video_id in memory.view.places.get(one, {})}
        away = {video.id for video in self.eraser.away(frozenset(named))}
        return Erased(memory.book.name_of(person), len(photos), face_count, len(named - away))

    def _receipt(self, memory: Memory, traces: Traces, wish: Unfinished, refused: Refusals) -> Receipt:
        found = search(self.eraser.files(but={self._notes.file}), traces)
        left = dict.fromkeys((*found.left, *refused.files, *self.eraser.strays(memory.faces)))
        away = tuple(video.home for video in self.eraser.away(wish.videos))
        index = self.eraser.places.lancedb
        # What the index says of a video that is away stays until its sidecar can be read again.
        waiting = [file for file in left if away and index in file.parents]
        return Receipt(
            found.searched,
            tuple(file for file in left if file not in waiting),
            away,
            tuple(dict.fromkeys((*found.mentioned, *traces.named_in))),
            tuple(waiting),
            tuple(self.photos.picture(photo) for photo in unclaimed_photos(memory.book, self.photos)),
        )


def _faces_in(tracks: Collection[FaceTrack]) -> frozenset[FaceRef]:
    return frozenset(
        FaceRef(track.video_id, seen.at_ms, seen.face.box) for track in tracks for seen in track.faces
    )
