"""One library that is open: its work, its search, and what they tell; closed as a whole."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from heimdex_desktop.ui.inbox import Inbox
from heimdex_desktop.ui.lanes import QtLanes
from heimdex_desktop.ui.people_lane import PeopleDesks, PeopleLane
from heimdex_desktop.ui.search_lane import SearchLane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from heimdex_desktop.domain.video import VideoId
    from heimdex_desktop.pipeline.events import Event
    from heimdex_desktop.pipeline.indexing import Indexing
    from heimdex_desktop.services import Services

    Order = Callable[[Indexing], None]


class OpenLibrary(QObject):
    """Takes the services of a library and sets them to work; lives on the UI thread."""

    moved = Signal()
    """Something happened to the work: `indexing` has changes."""
    failed = Signal(str)
    """A sentence on what could not be done when it was closed."""
    _somebody_moved = Signal(object)

    def __init__(self, services: "Services", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_retired = False
        self._inbox = Inbox(self._receive, self)
        self.services = services
        self.indexing = services.indexing(QtLanes(), self._inbox.post)
        self._somebody_moved.connect(self._look_again)
        self.people = PeopleLane(partial(open_desks, services, self._somebody_moved.emit), self)
        self.search = SearchLane(services.searcher, services.query_encoders(in_child=True), self)

    def begin(self) -> None:
        """Take up what the library knows, and load the encoders beside it."""
        self.indexing.recall()
        self.search.warm_up()

    def carried_over(self) -> "list[Order]":
        """Return the orders that bring it, opened anew, back to what it does not recall by itself."""
        refused = tuple(row.location for row in self.indexing.rows if row.video_id is None)
        orders: list[Order] = []
        if refused:
            orders.append(lambda anew: anew.add(refused))
        if self.indexing.is_paused:
            orders.append(lambda anew: anew.pause())
        return orders

    def retire(self) -> None:
        """Take nothing more of what is still on its way; for the UI thread, before `close`."""
        self._is_retired = True
        self.people.retire()

    def close(self) -> None:
        """Stop all work and wait for it, on any thread; what was not finished goes on at the next start."""
        # Before all that people are recognised with, and written into, is closed.
        self.people.close()
        self.search.close()
        self.indexing.close()
        for trouble in self.indexing.take_changes().troubles:
            self.failed.emit(trouble)
        self.services.close()

    def _look_again(self, video_ids: "Sequence[VideoId]") -> None:
        if not self._is_retired:
            self.indexing.look_again(video_ids)
            self.moved.emit()

    def _receive(self, event: "Event") -> None:
        if not self._is_retired:
            self.indexing.receive(event)
            self.moved.emit()


def open_desks(services: "Services", on_changed: "Callable[[tuple[VideoId, ...]], None]") -> PeopleDesks:
    """Return the desks about people of a library whose work has begun; they read with their first order."""

    def locations_of(video_id: "VideoId") -> "Sequence[Path]":
        video = services.catalogue.video(video_id)
        return video.locations if video else ()

    open_kept = partial(services.photo_desk, to_enrol=False)
    return PeopleDesks(services.people_desk(on_changed), services.photo_desk, open_kept, locations_of)
