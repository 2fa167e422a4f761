"""Stands between the window and the library: orders go in, rows and answers come out, never a wait."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from heimdex_desktop.domain.search import Beside, Channel, Hit, HitPictures, SavedSearch
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.door import Choices, Door
from heimdex_desktop.ui.errands import Errands
from heimdex_desktop.ui.pacer import Pacer
from heimdex_desktop.ui.people_bridge import PeopleBridge
from heimdex_desktop.ui.saved_desk import SavedDesk
from heimdex_desktop.ui.seam import Expected, Explained

if TYPE_CHECKING:
    # Loaded after the first paint, on another thread: they take longer than all of the window.
    from heimdex_desktop.pipeline.indexing import Indexing
    from heimdex_desktop.ui.open_library import OpenLibrary

_SHOW_EVERY_MS = 100
_OFFERS_EVERY_MS = 5_000
_PEOPLE_EVERY_MS = 3_000


class Bridge(QObject):
    """What the window talks to. Every method returns at once; every signal comes on the UI thread.

    The library opens on another thread after the window is up; orders given before that wait for it.
    Where it cannot be opened, every order tries once more. After a change of the settings it is opened
    anew, while the window goes on showing what it shows. `people` takes the orders about people.
    """

    opened = Signal()
    refused = Signal(str)
    rows_changed = Signal(object)
    rows_removed = Signal(object)
    overall_changed = Signal(object)
    answered = Signal(object)
    loaded = Signal()
    placed = Signal(object, object)
    explained = Signal(object)
    library_changed = Signal()
    offers_known = Signal(object)
    saved_searches_changed = Signal(object)
    hits_counted = Signal(object)
    notice = Signal(str)
    sample_ready = Signal()
    settings_changed = Signal(object)
    devices_known = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door = Door(settings, self)
        self._library: OpenLibrary | None = None
        self._retired: OpenLibrary | None = None
        self._choices: list[Choices] = []
        self._faders: Mapping[Channel, float] = {}
        self._orders: list[Callable[[Indexing], None]] = []
        self._was_refused = False
        self._has_told_opened = False
        self._is_closing = False
        self._errands = Errands(self)
        self._errands.sample_made.connect(self._take_sample)
        self._errands.devices_known.connect(self.devices_known)
        self._errands.notice.connect(self.notice)
        self._show = QTimer(self)
        self._show.setSingleShot(True)
        self._show.setInterval(_SHOW_EVERY_MS)
        self._show.timeout.connect(self._tell)
        self._offers = Pacer(_OFFERS_EVERY_MS, self)
        self._offers.due.connect(self._look_for_offers)
        self.library_changed.connect(self._offers.ask)
        self.people = PeopleBridge(self)
        self.people.order_waits.connect(self._open_if_refused)
        self._faces = Pacer(_PEOPLE_EVERY_MS, self)
        self._faces.due.connect(self._recognise)
        self.library_changed.connect(self._faces.ask)
        self._saved = SavedDesk(lambda: self._library, self._errands.pool, self)
        self._saved.changed.connect(self.saved_searches_changed)
        self._saved.notice.connect(self.notice)
        self.library_changed.connect(self._saved.count_soon)
        self._door.done.connect(self._end_opening)
        self._door.notice.connect(self.notice)

    @property
    def settings(self) -> Settings:
        """The settings that the library was opened with last, or is being opened with."""
        return self._door.settings

    def open(self) -> None:
        """Open the library on another thread, then carry out what was asked meanwhile."""
        if not (self._door.is_opening or self._library or self._is_closing):
            self._door.open()

    def choose(self, changes: Mapping[str, object]) -> None:
        """Write settings down and open the library anew with them; its work goes on as they say."""
        self._reopen(lambda: changes)

    def go_back(self, role: str) -> None:
        """Choose the model again that the search still uses, in the middle of a change to another."""
        library = self._library
        if library:
            self._reopen(lambda: library.services.models.way_back(role))

    def look_at_devices(self) -> None:
        """Find out on what each chosen model runs, in a process of its own; `devices_known` tells."""
        if self._library:
            self._errands.look_at_devices(self._library.services)

    def add_paths(self, paths: Sequence[Path]) -> None:
        self._order(lambda indexing: indexing.add(tuple(paths)))

    def pause(self) -> None:
        self._order(lambda indexing: indexing.pause())

    def resume(self) -> None:
        self._order(lambda indexing: indexing.resume())

    def cancel(self, key: str) -> None:
        self._order(lambda indexing: indexing.cancel(key))

    def retry(self, key: str) -> None:
        self._order(lambda indexing: indexing.retry(key))

    def remove(self, key: str, *, with_sidecar: bool = False) -> None:
        self._order(lambda indexing: indexing.remove(key, with_sidecar=with_sidecar))

    def search(self, text: str, beside: Beside | None = None) -> None:
        if self._library:
            self._library.search.ask(text, beside)
        else:
            # Once it is open, the question that stands is asked again.
            self._open_if_refused()

    def place(self, hit: Hit) -> None:
        if self._library:
            self._library.search.place(hit)
        else:
            self.placed.emit(hit, hit)

    def explain(self, expected: Expected) -> None:
        if self._library:
            self._library.search.explain(expected)
        else:
            self.explained.emit(Explained(expected, trouble="The library is not open yet."))

    def turn(self, faders: Mapping[Channel, float]) -> None:
        """Turn channels up or down; the answer that stands is ranked anew."""
        self._faders = faders
        if self._library:
            self._library.search.turn(faders)

    def keep_searches(self, searches: Sequence[SavedSearch]) -> None:
        self._saved.keep(searches)

    def try_sample(self) -> None:
        """Make the sample video, which takes some seconds, and take it into the library."""
        self._order(self._make_sample)

    def pictures_of(self, hit: Hit) -> HitPictures:
        """Return where the pictures of a hit lie, without looking whether they are there."""
        library = self._library or self._retired
        return library.services.pictures_of(hit) if library else HitPictures()

    def close(self) -> None:
        """Stop all work and wait for it; what was not finished goes on at the next start."""
        self._is_closing = True
        self._errands.stop()
        self._show.stop()
        self._offers.stop()
        self._faces.stop()
        self._saved.stop()
        self._orders.clear()
        self._choices.clear()
        self._door.close()
        self._errands.wait()
        # What is still on its way to this thread finds nothing to start any more.
        library, self._library = self._library, None
        self.people.leave()
        if library:
            library.retire()
        for part in (library, self._door.take()):
            if part:
                part.close()

    def _order(self, order: "Callable[[Indexing], None]") -> None:
        if self._library is None:
            self._orders.append(order)
            self._open_if_refused()
            return
        order(self._library.indexing)
        self._show_soon()

    def _open_if_refused(self) -> None:
        if self._was_refused:
            self.open()

    def _reopen(self, choices: Choices) -> None:
        if self._is_closing:
            return
        if self._door.is_opening:
            self._choices.append(choices)
            return
        retired, self._retired, self._library = self._library, self._library, None
        if retired:
            self.people.leave()
            retired.retire()
            self._orders = [*retired.carried_over(), *self._orders]
        self._door.open_with(choices, leave=retired.close if retired else lambda: None)

    def _end_opening(self, trouble: str) -> None:
        self._was_refused = bool(trouble)
        retired, self._retired = self._retired, None
        if retired:
            retired.deleteLater()
        self.settings_changed.emit(self.settings)
        if not trouble:
            self._take_services()
            return
        dropped, self._orders = self._orders, []
        self.refused.emit(trouble)
        if self.people.drop_waiting() or dropped or self._has_told_opened:
            # Said of the order: that the library is closed was known before.
            self.notice.emit(trouble)

    def _take_services(self) -> None:
        from heimdex_desktop.ui.open_library import OpenLibrary

        services = self._door.take()
        if services is None:
            return
        self._library = library = OpenLibrary(services, self)
        library.moved.connect(self._show_soon)
        library.failed.connect(self.notice)
        library.search.answered.connect(self.answered)
        library.search.loaded.connect(self.loaded)
        library.search.placed.connect(self.placed)
        library.search.explained.connect(self.explained)
        library.search.failed.connect(self.notice)
        library.search.encoder_ready.connect(self.library_changed)
        library.search.offers_known.connect(self.offers_known)
        library.search.counted.connect(self.hits_counted)
        library.search.turn(self._faders)
        library.begin()
        self.people.take(library.people)
        self._saved.recall_from(services.places)
        orders, self._orders = self._orders, []
        for order in orders:
            self._order(order)
        self.library_changed.emit()
        self._show_soon()
        if self._choices:
            self._reopen(self._choices.pop(0))

    def _make_sample(self, _: "Indexing") -> None:
        if self._library:
            self._errands.make_sample(self._library.services)

    def _take_sample(self, sample: Path) -> None:
        self.add_paths([sample])
        self.sample_ready.emit()

    def _look_for_offers(self) -> None:
        if self._library:
            self._library.search.look_for_offers()

    def _recognise(self) -> None:
        if self._library and self.settings.faces:
            self.people.refresh()
        elif self._library:
            self.people.finish_forgetting()

    def _show_soon(self) -> None:
        if not self._show.isActive():
            self._show.start()

    def _tell(self) -> None:
        """Tell the window what is new, at most ten times a second however fast the work goes."""
        if self._library is None:
            return
        indexing = self._library.indexing
        changes = indexing.take_changes()
        if changes.removed:
            self.rows_removed.emit(changes.removed)
        if changes.rows:
            self.rows_changed.emit(changes.rows)
        self.overall_changed.emit(changes.overall)
        if not self._has_told_opened and (changes.rows or indexing.is_idle):
            # Not sooner: until the first video is recalled, a full library looks like an empty one.
            self._has_told_opened = True
            self.opened.emit()
        if changes.searchable:
            self.library_changed.emit()
        for sentence in (*changes.troubles, *self._library.services.take_notices()):
            self.notice.emit(sentence)
