"""Opens the page of people when it is first wanted, and says in the player who is seen in a scene."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QThreadPool, Signal, SignalInstance
from PySide6.QtGui import QImage

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.people_facts import PeopleFacts
from heimdex_desktop.domain.search import Hit
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.settings import Settings, from_environment
from heimdex_desktop.ui.lanes import LaneRunnable
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.mark_dialog import MarkDialog, Moment, sized_for_marking
from heimdex_desktop.ui.people_off import PeopleOff
from heimdex_desktop.ui.people_page import PeoplePage
from heimdex_desktop.ui.people_seam import People, Presence
from heimdex_desktop.ui.portraits import PortraitSource
from heimdex_desktop.ui.who_dialog import WhoDialog


class PeopleOpener(QObject):
    """All about people that stands beside a window.

    `settings_chosen` brings a mapping from names of settings to new values: whoever writes them calls `use`
    with what is so then. `models_wanted` asks for the page about models.
    """

    settings_chosen = Signal(object)
    models_wanted = Signal()
    _picture_made = Signal(object, object, object)

    def __init__(self, settings: Settings, window: MainWindow, people: People) -> None:
        super().__init__(window)
        self._settings = settings
        self._window = window
        self._people = people
        self._facts: PeopleFacts | None = None
        self._pictures: PortraitSource | None = None
        self.page: PeoplePage | None = None
        self._played: VideoId | None = None
        self._is_marked = False
        self._offered_undo = ""
        self._reading = QThreadPool(self)
        self._reading.setMaxThreadCount(1)
        self._picture_made.connect(self._mark_in_picture)
        self.who = WhoDialog(window)
        self.who.person_wanted.connect(self.open_person)
        self.who.mark_wanted.connect(self.mark_in_scene)
        self.who.finished.connect(self._watch_played)
        window.people_wanted.connect(self.open)
        window.results.grid.who_wanted.connect(self.ask_who)
        window.player.who_wanted.connect(self.ask_who)
        window.player.mark_wanted.connect(self.mark_when_made)
        window.player.video_changed.connect(self._watch)
        for signal, slot in (
            (people.people_changed, self._take_facts),
            (people.presence_known, self._take_presence),
            (people.marked, self._offer_undo),
            (people.notice, window.notice.say),
            (people.notice_over, window.notice.withdraw),
        ):
            # A type checker compares class attributes, where signals are not bound yet.
            cast("SignalInstance", signal).connect(slot)

    def open(self) -> None:
        """Show the page, made at the first time; from the page itself, go back to the scenes."""
        if self.page and self.page.isVisible():
            self._leave()
            return
        self._show().show_everybody()
        self._show_whether_on()

    def open_person(self, person: PersonId) -> None:
        """Show the page of somebody."""
        self._show().show_person(person)
        self._show_whether_on()

    def use(self, settings: Settings) -> None:
        """Go by these settings from now on."""
        was_on, self._settings = self._settings.faces, settings
        # Who looks at people that are kept goes on with it, whatever else is chosen.
        if was_on != settings.faces:
            self._show_whether_on()

    def ask_who(self, hit: Hit) -> None:
        """Say who is seen in the scene of a hit."""
        if not self._settings.faces:
            self.open()
            return
        self.who.begin(hit)
        self._people.watch(hit.scene.video_id)

    def mark(self, hit: Hit, at_ms: int, picture: QImage) -> None:
        """Let a person draw a box around a face at a moment, and name it."""
        if not self._settings.faces:
            self.open()
            return
        people = self._facts.people if self._facts else ()
        dialog = MarkDialog(Moment(hit.scene.video_id, at_ms, picture), people, self._window)
        dialog.marked.connect(self._name_marked)
        dialog.open()

    def mark_in_scene(self, hit: Hit) -> None:
        """Let a person mark a face in the still of a scene."""
        place = self._window.scenes.still_of(hit)
        self.mark_when_made(hit, _moment_of(place), lambda: QImage(str(place)))

    def mark_when_made(self, hit: Hit, at_ms: int | None, make: Callable[[], QImage]) -> None:
        """Let a person mark a face in a picture that is made first, beside the UI thread."""
        tell, ratio = self._picture_made, self._window.devicePixelRatioF()
        self._reading.start(LaneRunnable(lambda: tell.emit(hit, at_ms, sized_for_marking(make(), ratio))))

    def forget_all(self) -> None:
        """Ask whether all face data is to be deleted."""
        self._show()
        if self.page:
            self.page.wishes.forget_all(self._forget_all)

    def close(self) -> None:
        """Wait for the pictures that are being decoded."""
        self.who.close()
        self._reading.clear()
        self._reading.waitForDone()
        if self._pictures:
            self._pictures.close()

    def _forget_all(self) -> None:
        if self._settings.faces and "faces" not in from_environment():
            # First, or all would be found again at once.
            self.settings_chosen.emit({"faces": False})
        self._people.forget_all()

    def _mark_in_picture(self, hit: Hit, at_ms: int | None, picture: QImage) -> None:
        if at_ms is None or picture.isNull():
            self._window.notice.say("There is no picture of this scene. Play it, and mark the face there.")
        else:
            self.mark(hit, at_ms, picture)

    def _show(self) -> PeoplePage:
        if self.page is None:
            self._pictures = PortraitSource(self)
            off = PeopleOff(self._settings.library, is_locked="faces" in from_environment())
            self.page = page = PeoplePage(self._people, off, self._pictures)
            page.left.connect(self._leave)
            page.query_wanted.connect(self._search)
            page.video_wanted.connect(self._search_in_video)
            page.models_wanted.connect(self.models_wanted)
            page.forget_wanted.connect(self.forget_all)
            page.consented.connect(lambda: self.settings_chosen.emit({"faces": True}))
            if self._facts:
                page.take_facts(self._facts)
        self._window.centre.call(self.page)
        self._people.look()
        return self.page

    def _show_whether_on(self) -> None:
        if self.page:
            self.page.show_on(is_on=self._settings.faces)

    def _leave(self) -> None:
        self._window.centre.leave()
        self._window.search_bar.focus_field()

    def _search(self, query: str) -> None:
        self._window.centre.leave()
        self._window.pointing.leave()
        self._window.search_bar.field.ask(query)

    def _search_in_video(self, query: str, video_id: VideoId, name: str) -> None:
        self._window.centre.leave()
        self._window.pointing.point(OfVideo(video_id), f"In {name}", query)

    def _watch(self, video_id: VideoId | None) -> None:
        self._played = video_id
        self._watch_played()

    def _watch_played(self) -> None:
        """Have told who is seen in the video that is played, again after it was asked of another one."""
        self._people.watch(self._played if self._settings.faces else None)

    def _take_facts(self, facts: PeopleFacts) -> None:
        # The page, once it is made, hears of them itself.
        self._facts = facts
        if self._is_marked:
            self._is_marked, self._offered_undo = False, facts.undo
        elif self._offered_undo and facts.undo != self._offered_undo:
            # Undoing would take back something else by now.
            self._offered_undo = ""
            self._window.notice.withdraw_offer(self._people.undo)

    def _offer_undo(self, name: str) -> None:
        self._is_marked = True
        self._window.notice.offer(f"{name} is marked in this scene.", "Undo", self._people.undo)

    def _take_presence(self, presence: Presence) -> None:
        self.who.take_presence(presence)
        self._window.player.take_presence(presence)

    def _name_marked(self, name: str, face: FaceRef) -> None:
        self._people.mark(name, face)


def _moment_of(still: Path | None) -> int | None:
    """Return the moment of a still by its name, in milliseconds."""
    return int(still.stem) if still and still.stem.isdigit() else None
