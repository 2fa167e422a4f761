"""Forgets people so that nothing is left, in an order in which a crash leaves it to be finished."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from heimdex_desktop.domain.people_events import PersonId, PhotoId
from heimdex_desktop.domain.people_facts import Receipt
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.library.unfinished_forgetting import Unfinished, UnfinishedForgetting
from heimdex_desktop.people_desk.erasing import Eraser
from heimdex_desktop.people_desk.kept_searches import files_asking_for
from heimdex_desktop.people_desk.memory import Memory
from heimdex_desktop.people_desk.traces import Traces, search, traces_of

Changed = tuple[VideoId, ...]


@dataclass(frozen=True, slots=True)
class ForgettingDesk:
    """Used by the desk about people, in its turn."""

    eraser: Eraser
    photos: PhotoStore

    def forget(self, memory: Memory, person: PersonId) -> tuple[Receipt, Changed]:
        """Forget one person, and all who turned out to be them."""
        people = memory.book.one_person(person)
        traces = self._traces(memory, people)
        unfinished = Unfinished(people, self._videos_of(memory, people))
        changed = self._finish(memory, unfinished)
        return self._receipt(traces, unfinished), changed

    def forget_all(self, memory: Memory) -> tuple[Receipt, Changed]:
        """Forget everybody, and all faces."""
        traces = self._traces(memory, memory.book.everybody())
        videos = frozenset(video.id for video in self.eraser.shelf.catalogue.videos())
        unfinished = Unfinished(None, videos)
        changed = self._finish(memory, unfinished)
        return self._receipt(traces, unfinished), changed

    def go_on(self, memory: Memory) -> Changed:
        """Clean up after a program that was killed, and finish what was begun before."""
        if not memory.book.lost:
            # With a damaged journal nobody knows which photos are wanted.
            self.photos.forget_others(memory.book.photos)
        self.eraser.erase_drafts()
        left = self._notes.load()
        return self._finish(memory, left) if left else ()

    @property
    def _notes(self) -> UnfinishedForgetting:
        return UnfinishedForgetting(self.eraser.places)

    def _finish(self, memory: Memory, unfinished: Unfinished) -> Changed:
        """Do all steps; each finds nothing left to do where it was done before."""
        self._notes.save(self._notes.load().and_also(unfinished))
        if unfinished.people is None:
            changed = self._finish_all(memory)
        else:
            changed = self._finish_some(memory, unfinished.people)
        cleaned = self.eraser.clean_sidecars(unfinished.people)
        self.eraser.publish({*cleaned, *unfinished.videos})
        self._note_what_is_away(unfinished)
        return tuple(dict.fromkeys((*changed, *cleaned)))

    def _finish_some(self, memory: Memory, people: frozenset[PersonId]) -> Changed:
        taken = [
            memory.faces.tracks[match.track]
            for match in memory.view.recognised.matches
            if match.person in people and match.is_sure
        ]
        self.eraser.erase_tracks(taken)
        gone = memory.book.photos_of(people)
        for person in people:
            memory.book.forget(person)
        self._erase_photos(gone - memory.book.photos)
        if not memory.book.lost:
            self.photos.forget_others(memory.book.photos)
        self.eraser.erase_drafts()
        return memory.look_again()

    def _finish_all(self, memory: Memory) -> Changed:
        self.eraser.erase_all_faces()
        memory.book.forget_all()
        self.photos.forget_others(())
        self.eraser.erase_drafts()
        return memory.look_again()

    def _erase_photos(self, photos: Iterable[PhotoId]) -> None:
        for photo in photos:
            self.photos.forget(photo)

    def _note_what_is_away(self, unfinished: Unfinished) -> None:
        away = frozenset(video.id for video in self.eraser.away(unfinished.videos))
        self._notes.save(Unfinished(unfinished.people, away) if away else Unfinished())

    def _traces(self, memory: Memory, people: frozenset[PersonId]) -> Traces:
        photos = (self.photos.load(photo) for photo in memory.book.photos_of(people))
        kept: list[Photo] = [photo for photo in photos if photo]
        # Another one of that name may keep it.
        others = memory.book.names_beside(people)
        names = memory.book.names_of(people) - others
        asking = files_asking_for(self.eraser.places, names, others)
        return replace(traces_of(people, names, kept), named_in=asking)

    def _videos_of(self, memory: Memory, people: frozenset[PersonId]) -> frozenset[VideoId]:
        return frozenset(video_id for one in people for video_id in memory.view.places.get(one, {}))

    def _receipt(self, traces: Traces, unfinished: Unfinished) -> Receipt:
        found = search(self.eraser.files(but={self._notes.file}), traces)
        away = (video.home for video in self.eraser.away(unfinished.videos))
        mentioned = dict.fromkeys((*found.mentioned, *traces.named_in))
        return Receipt(found.searched, found.left, tuple(away), tuple(mentioned))
