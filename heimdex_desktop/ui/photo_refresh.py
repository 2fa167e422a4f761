"""Has photos of people looked at again, once the videos were looked at by another face model."""

import threading

from PySide6.QtCore import QObject, Signal

from heimdex_desktop.ui.people_lane import PeopleDesks, PeopleLane
from heimdex_desktop.ui.people_seam import PersonDesk, PhotoDesk


class PhotoRefresh(QObject):
    """One at a time, on the lane of the library at hand; lives on the UI thread, where all signals come.

    `changed` carries how far it is, 0..1, and None when it ended. After `ended` the desk has to load the
    photos anew: of a refresh that was stopped or that failed too, what was done stays done.
    """

    changed = Signal(object)
    ended = Signal()
    notice = Signal(str)
    _moved = Signal(object, object)
    _waiting = Signal(object)
    _told = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane: PeopleLane | None = None
        self._is_running = False
        self._ran_by_itself = False
        self._moved.connect(self._move)
        self._waiting.connect(self._start_by_itself)
        self._told.connect(self.notice)

    def take(self, lane: PeopleLane) -> None:
        """Work with the photos of a library that was opened."""
        self._lane = lane
        self._ran_by_itself = False

    def leave(self) -> None:
        """Begin nothing more: the library is being closed."""
        self._lane = None
        self._end()

    def start(self, *, is_asked_for: bool = True) -> None:
        """Begin, unless that was done already."""
        lane = self._lane
        if lane is None or self._is_running:
            return
        self._is_running = True
        self.changed.emit(0.0)

        def look(_: PeopleDesks, photos: PhotoDesk, stop: threading.Event) -> None:
            done = photos.refresh_photos(stop, lambda part: self._moved.emit(lane, part))
            # Photos that the model cannot use stay so: of these nobody wants to hear at each start.
            if (told := str(done)) and (is_asked_for or done.seen):
                self._told.emit(told)

        lane.look_again(look, after=lambda: self._moved.emit(lane, None))

    def stop(self) -> None:
        """End it after the photo at hand."""
        if self._lane:
            self._lane.stop_looking_again()

    def recognise(self, lane: PeopleLane, desk: PersonDesk) -> None:
        """Recognise people in what is new, and begin where photos wait; for the thread of the desk."""
        desk.refresh()
        if desk.photos_waiting():
            self._waiting.emit(lane)

    def _start_by_itself(self, lane: PeopleLane) -> None:
        # Once: a person may have stopped it, and what the model cannot use waits for good.
        if lane is self._lane and not self._ran_by_itself:
            self._ran_by_itself = True
            self.start(is_asked_for=False)

    def _move(self, lane: PeopleLane, fraction: float | None) -> None:
        if lane is not self._lane:
            return
        if fraction is None:
            self._end()
            self.ended.emit()
        else:
            self.changed.emit(fraction)

    def _end(self) -> None:
        self._is_running = False
        self.changed.emit(None)
