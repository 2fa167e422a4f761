"""Keeps saved searches on the disk, and has their hits counted, never on the UI thread."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.search import SavedSearch
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.saved_searches import Recalled, keep, recall
from heimdex_desktop.ui.lanes import LaneRunnable
from heimdex_desktop.ui.pacer import Pacer

if TYPE_CHECKING:
    from heimdex_desktop.ui.open_library import OpenLibrary

_COUNT_EVERY_MS = 10_000


class SavedDesk(QObject):
    """Reads and writes one after the other on a pool of one thread; lives on the UI thread.

    `changed` tells all saved searches once they were read; before that nothing is written over them.
    """

    changed = Signal(object)
    notice = Signal(str)
    _recalled = Signal(object)

    def __init__(
        self, library: "Callable[[], OpenLibrary | None]", errands: QThreadPool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._errands = errands
        self._places: Places | None = None
        self._searches: tuple[SavedSearch, ...] | None = None
        self._recalled.connect(self._take)
        self._counting = Pacer(_COUNT_EVERY_MS, self)
        self._counting.due.connect(self._count)
        self.count_soon = self._counting.ask
        self.stop = self._counting.stop

    def recall_from(self, places: Places) -> None:
        """Read what a person kept in a library, unless that was begun."""
        if self._places is not None:
            return
        self._places = places
        recalled, failed = self._recalled, self.notice

        def job() -> None:
            try:
                recalled.emit(recall(places))
            except HeimdexError as error:
                failed.emit(str(error))

        self._errands.start(LaneRunnable(job))

    def keep(self, searches: Sequence[SavedSearch]) -> None:
        """Write these down as all there are."""
        if self._places is None or self._searches is None:
            return
        self._searches = tuple(searches)
        places, kept, failed = self._places, self._searches, self.notice

        def job() -> None:
            try:
                keep(places, kept)
            except HeimdexError as error:
                failed.emit(f"Your saved searches could not be written. {error}")

        self._errands.start(LaneRunnable(job))
        self.count_soon()

    def _take(self, recalled: Recalled) -> None:
        self._searches = recalled.searches
        self.changed.emit(recalled.searches)
        for sentence in recalled.notices:
            self.notice.emit(sentence)
        self.count_soon()

    def _count(self) -> None:
        library = self._library()
        if library and self._searches:
            library.search.count(self._searches)
