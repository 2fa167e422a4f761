"""Stands between the window and the desk about people: orders go in, facts and pages come out."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.people_lane import PeopleDesks, PeopleLane
from heimdex_desktop.ui.people_names import named
from heimdex_desktop.ui.people_seam import ExportKind, Looked, PersonDesk, Presence
from heimdex_desktop.ui.photo_adding import PhotoAdding
from heimdex_desktop.ui.photo_refresh import PhotoRefresh
from heimdex_desktop.ui.presence_files import write_presence

Change = Callable[[PersonDesk], object]
_FORGETS_SOON = "All face data is deleted as soon as the library is open."


class PeopleBridge(QObject):
    """What the window talks to about people. Every method returns at once; signals come on the UI thread.

    An open library lends its lane with `take`, and gets it back with `leave`; between these, orders wait,
    and `order_waits` tells of each. After each order the facts are told anew, with the page and the presence
    that are shown; of many orders at once, after the last.
    `recognised` tells that all faces of what is searchable by now are in memory.
    """

    recognised = Signal(object)
    people_changed = Signal(object)
    page_ready = Signal(object)
    page_gone = Signal(object)
    made = Signal(object)
    photo_looked = Signal(object)
    photos_refused = Signal(object)
    looking_changed = Signal(object)
    refreshing_changed = Signal(object)
    marked = Signal(str)
    presence_known = Signal(object)
    receipt = Signal(object)
    notice = Signal(str)
    notice_over = Signal(str)
    order_waits = Signal()
    _to_tell = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane: PeopleLane | None = None
        self._shown: PersonId | None = None
        self._watched: VideoId | None = None
        self._tells_facts = False
        self._forgets_all = False
        self._waiting: list[Change] = []
        self._failure = ""
        self._refresh = PhotoRefresh(self)
        self._refresh.changed.connect(self.refreshing_changed)
        self._refresh.notice.connect(self.notice)
        self._refresh.ended.connect(self._take_refreshed)
        self._adding = PhotoAdding(self._order, self)
        self._adding.asked.connect(self.photo_looked)
        self._adding.counted.connect(self.looking_changed)
        self._adding.refused.connect(self.photos_refused)
        self._to_tell.connect(self._emit)

    def take(self, lane: PeopleLane) -> None:
        """Work with the people of a library that was opened."""
        self._lane = lane
        self._refresh.take(lane)
        self._adding.take(lane)
        lane.failed.connect(self._tell_failure)
        if self._tells_facts:
            self.look()
        self.watch(self._watched)
        if self._forgets_all:
            self._forgets_all = False
            self.notice_over.emit(_FORGETS_SOON)
            self.forget_all()
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            self._order(change)

    def leave(self) -> None:
        """Order nothing more of the library at hand: it is being closed."""
        self._lane = None
        self._adding.leave()
        self._refresh.leave()

    def drop_waiting(self) -> bool:
        """Leave out the orders that wait, as the library cannot be opened; return whether a person waits.

        That all face data is to be deleted is kept in mind.
        """
        waiting, self._waiting = self._waiting, []
        return bool(waiting) or self._forgets_all

    def look(self) -> None:
        self._tells_facts = True
        self._tell_soon()

    def refresh(self) -> None:
        """Recognise people in what has come to be searchable; then tell what is looked at anew."""
        if lane := self._lane:
            lane.tell(functools.partial(self._recognise, lane), is_all=False)
        self._tell_soon()

    def finish_forgetting(self) -> None:
        """Go on with what waits since people were forgotten, as where nobody is recognised any more."""
        if self._lane:
            self._lane.tell(lambda desks: desks.people.finish_forgetting(), is_all=False)

    def show(self, person: PersonId | None) -> None:
        self._shown = person
        if person:
            self.look()

    def create(self, name: str) -> None:
        self._order(lambda desk: self._tell(self.made, desk.create(name)))

    def rename(self, person: PersonId, name: str, aliases: Sequence[str]) -> None:
        self._order(lambda desk: desk.rename(person, name, tuple(aliases)))

    def hide(self, person: PersonId, *, hidden: bool) -> None:
        self._order(lambda desk: desk.hide(person, hidden))

    def feature(self, person: PersonId, photo: PhotoId) -> None:
        self._order(lambda desk: desk.feature(person, photo))

    def look_at_photos(self, person: PersonId, paths: Sequence[Path]) -> None:
        self._adding.look_at(person, paths)

    def refresh_photos(self) -> None:
        self._refresh.start()

    def stop_refreshing(self) -> None:
        self._refresh.stop()

    def add_photo(self, looked: Looked, face_number: int) -> None:
        self._adding.add(looked, face_number)

    def remove_photo(self, person: PersonId, photo: PhotoId) -> None:
        self._order(lambda desk: desk.remove_photo(person, photo))

    def use_face_as_photo(self, person: PersonId, face: FaceRef) -> None:
        self._adding.look_at_face(person, face)

    def name_faces(self, name: str, faces: Sequence[FaceRef]) -> None:
        self._order(lambda desk: _name(desk, name, faces))

    def mark(self, name: str, face: FaceRef) -> None:
        self._order(lambda desk: self._tell(self.marked, _name(desk, name, (face,))))

    def confirm(self, person: PersonId, faces: Sequence[FaceRef]) -> None:
        self._order(lambda desk: desk.confirm(person, tuple(faces)))

    def reject(self, person: PersonId, faces: Sequence[FaceRef]) -> None:
        self._order(lambda desk: desk.reject(person, tuple(faces)))

    def ignore(self, faces: Sequence[FaceRef]) -> None:
        self._order(lambda desk: desk.ignore(tuple(faces)))

    def move(self, person: PersonId, faces: Sequence[FaceRef], name: str) -> None:
        def say(desk: PersonDesk) -> None:
            if known := named(name, desk.facts().people):
                desk.confirm(known.id, tuple(faces))
            else:
                desk.split(person, tuple(faces), name)

        self._order(say)

    def merge(self, into: PersonId, others: Sequence[PersonId]) -> None:
        self._order(lambda desk: desk.merge(into, tuple(others)))

    def delete(self, person: PersonId) -> None:
        self._order(lambda desk: desk.delete(person))

    def restore(self, person: PersonId) -> None:
        self._order(lambda desk: desk.restore(person))

    def undo(self) -> None:
        self._order(lambda desk: desk.undo())

    def redo(self) -> None:
        self._order(lambda desk: desk.redo())

    def forget(self, person: PersonId) -> None:
        self._order(lambda desk: self._tell(self.receipt, desk.forget(person)))

    def forget_all(self) -> None:
        if self._lane is None:
            self._forgets_all = True
            self.notice.emit(_FORGETS_SOON)
            self.order_waits.emit()
            return
        self._order(lambda desk: self._tell(self.receipt, desk.forget_all()))

    def watch(self, video_id: VideoId | None) -> None:
        self._watched = video_id
        if self._lane and video_id:
            self._lane.tell(self._tell_presence, is_all=False)

    def export(
        self, person: PersonId, videos: Sequence[tuple[VideoId, str]], kind: ExportKind, place: Path
    ) -> None:
        def write(desk: PersonDesk) -> None:
            who = desk.page(person).card.name
            told = write_presence(functools.partial(desk.export, person), who, videos, kind, place)
            self._tell(self.notice, told)

        self._order(write)

    def _order(self, change: Change) -> None:
        # Until a person orders something, nobody looks at what would be told.
        self._tells_facts = True
        if self._failure:
            # Beside what is done next, it would look like what came of that.
            self.notice_over.emit(self._failure)
            self._failure = ""
        if lane := self._lane:
            lane.run(lambda desks: _done(change(desks.people)), after=functools.partial(self._tell_all, lane))
        else:
            self._waiting.append(change)
            self.order_waits.emit()

    def _tell_failure(self, sentence: str) -> None:
        self._failure = sentence
        self.notice.emit(sentence)

    def _tell_soon(self) -> None:
        if lane := self._lane:
            lane.tell(functools.partial(self._tell_all, lane))

    def _take_refreshed(self) -> None:
        if lane := self._lane:
            lane.tell(lambda desks: desks.people.refresh_photos(), is_all=False)
        self._tell_soon()

    def _emit(self, signal: SignalInstance, told: object) -> None:
        signal.emit(told)

    # What follows runs on the threads of the lane.

    def _tell(self, signal: SignalInstance, told: object) -> None:
        """Have a signal emitted on the UI thread: who listens need not be an object of Qt."""
        self._to_tell.emit(signal, told)

    def _recognise(self, lane: PeopleLane, desks: PeopleDesks) -> None:
        self._refresh.recognise(lane, desks.people)
        self._tell(self.recognised, None)

    def _tell_all(self, lane: PeopleLane, desks: PeopleDesks) -> None:
        if not lane.is_last:
            return
        if self._tells_facts:
            self._tell_facts(desks)
        self._tell_presence(desks)

    def _tell_facts(self, desks: PeopleDesks) -> None:
        facts, shown = desks.people.facts(), self._shown
        self._tell(self.people_changed, facts)
        if shown and any(card.id == shown for card in facts.people):
            self._tell(self.page_ready, desks.people.page(shown))
        elif shown:
            self._tell(self.page_gone, shown)

    def _tell_presence(self, desks: PeopleDesks) -> None:
        if watched := self._watched:
            self._tell(self.presence_known, Presence(watched, tuple(desks.people.presence(watched))))


def _name(desk: PersonDesk, name: str, faces: Sequence[FaceRef]) -> str:
    """Say whose faces these are, and return how the name is written that they have now."""
    if known := named(name, desk.facts().people):
        desk.confirm(known.id, tuple(faces))
        return known.name
    desk.create(name, tuple(faces))
    return name


def _done(_: object) -> None:
    """Take what an order returns, which nobody waits for."""
