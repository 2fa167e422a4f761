"""The page of people in the middle of the window: everybody, or one of them, or what it would do."""

import functools
import itertools
from typing import cast

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.people_facts import PeopleFacts, PersonPage
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.labels import ElidedButton, label
from heimdex_desktop.ui.people_names import query_for, query_for_one
from heimdex_desktop.ui.people_off import PeopleOff
from heimdex_desktop.ui.people_overview import PeopleOverview
from heimdex_desktop.ui.people_seam import ExportKind, People
from heimdex_desktop.ui.people_wishes import PeopleWishes
from heimdex_desktop.ui.person_page import PersonView
from heimdex_desktop.ui.portraits import PortraitSource
from heimdex_desktop.ui.wording import counted, plain, tooltip


class PeoplePage(QWidget):
    """Shows what `people` tells and gives it orders. `query_wanted` carries a query to search for.

    `video_wanted` carries the same with the id and the name of the video to search in. `consented` tells
    that a person agrees to what is computed of faces, `forget_wanted` that all of it is to be deleted.
    """

    left = Signal()
    query_wanted = Signal(str)
    video_wanted = Signal(str, object, str)
    models_wanted = Signal()
    consented = Signal()
    forget_wanted = Signal()

    def __init__(self, people: People, off: PeopleOff, pictures: PortraitSource) -> None:
        super().__init__()
        self.setObjectName("peoplePage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._people = people
        self._pictures = pictures
        self._shown: PersonId | None = None
        self._facts = PeopleFacts()
        self.wishes = PeopleWishes(people, self)
        self.off = off
        self.overview = PeopleOverview(pictures, self)
        self.undo_button, self.redo_button = ElidedButton("Undo"), ElidedButton("Redo")
        self.looking = label(tone="dim")
        self._stack = QStackedWidget()
        self._foot = QWidget()
        self._lay_out()
        self._connect()
        self._show_steps(PeopleFacts())
        self.show_looking(0)

    @functools.cached_property
    def person(self) -> PersonView:
        """All about one person; made when somebody is first wanted, or the list would come later."""
        person = PersonView(self._people, self._pictures, self)
        person.left.connect(self.show_everybody)
        person.wished.connect(self._wish_of_person)
        person.query_wanted.connect(self.query_wanted)
        person.export_wanted.connect(self._export)
        person.places.video_wanted.connect(self._search_in_video)
        self._stack.addWidget(person)
        for before, after in itertools.pairwise((person.more_button, self.undo_button, self.redo_button)):
            # Tab comes to the foot last here too, though it was made first.
            QWidget.setTabOrder(before, after)
        return person

    def show_on(self, *, is_on: bool) -> None:
        """Show people; or, while faces are not looked for, what this page would do, and what is kept."""
        self._foot.setVisible(is_on)
        if not is_on:
            # Or the page of who was shown would come up again, with the next that is told.
            self._shown = None
            self._people.show(None)
            self._stack.setCurrentWidget(self.off)
        elif self._stack.currentWidget() is self.off:
            self.show_everybody()

    def show_everybody(self) -> None:
        """Go to the list of people."""
        self._shown = None
        self._people.show(None)
        self._stack.setCurrentWidget(self.overview)
        self.overview.take_focus()

    def _show_kept(self) -> None:
        """Show people though faces are not looked for: what is over the list says so."""
        self._foot.show()
        self.show_everybody()

    def show_person(self, person: PersonId) -> None:
        """Go to the page of somebody, which comes when it is known."""
        self._shown = person
        self._people.show(person)
        # Made while the page is read: together with showing it, the window would halt for longer.
        self.person.ensurePolished()

    def take_facts(self, facts: PeopleFacts) -> None:
        """Show what is known of people now."""
        self._facts = facts
        self.wishes.take_facts(facts)
        self.off.show_facts(facts)
        self.overview.show_facts(facts)
        self._show_steps(facts)

    def take_page(self, page: PersonPage) -> None:
        """Show the page of somebody, unless another one is wanted by now."""
        if page.card.id != self._shown:
            return
        is_new = self._stack.currentWidget() is not self.person
        self.person.show_page(page)
        self._stack.setCurrentWidget(self.person)
        if is_new:
            self.person.take_focus()

    def leave_person(self, person: PersonId) -> None:
        """Go back to the list when the one that is shown is not known any more."""
        if person == self._shown:
            self.show_everybody()

    def show_looking(self, count: int) -> None:
        """Say how many photos are still being looked at."""
        self.looking.setText(f"Looking at {counted(count, 'photo')}…" if count else "")

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        if not event.spontaneous():
            # Who comes back looks for somebody else.
            self.overview.field.setText("")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        button = self.focusWidget()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(button, QAbstractButton):
            # Outside of dialogs, Qt leaves it to Space alone.
            button.click()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif isinstance(self._stack.currentWidget(), PersonView):
            self.show_everybody()
        else:
            self.left.emit()

    def _wish_of_people(self, wish: str, people: tuple[PersonId, ...]) -> None:
        match wish:
            case "create":
                self.wishes.create()
            case "removed":
                self.wishes.show_removed()
            case "merge these":
                self.wishes.merge_these(people)
            case "find":
                names = {card.id: card.name for card in self._facts.people}
                self.query_wanted.emit(query_for(*(names[one] for one in people if one in names)))
            case _:
                for person in people:
                    self.wishes.grant(wish, person)

    def _wish_of_person(self, wish: str, faces: tuple[FaceRef, ...]) -> None:
        page = self.person.page
        if page is None:
            return
        if faces:
            self.wishes.move(page.card.id, faces, is_new=wish == "split")
        else:
            is_shown_again = wish == "hide" and page.card.is_hidden
            self.wishes.grant("show" if is_shown_again else wish, page.card.id)

    def _search_in_video(self, video_id: VideoId, video_name: str) -> None:
        if self.person.page:
            self.video_wanted.emit(query_for_one(self.person.page.card.name), video_id, video_name)

    def _export(self, kind: ExportKind) -> None:
        if self._shown and (videos := self.person.places.videos()):
            self.wishes.export(self._shown, videos, kind)

    def _show_steps(self, facts: PeopleFacts) -> None:
        for button, verb, step, keys in (
            (self.undo_button, "Undo", facts.undo, "Ctrl+Z"),
            (self.redo_button, "Redo", facts.redo, "Ctrl+Shift+Z"),
        ):
            what = plain(step)
            button.say(what)
            button.setToolTip(tooltip(f"{verb}: {what} ({keys})" if what else f"Nothing to {verb.lower()}"))
            button.setEnabled(bool(what))

    def _connect(self) -> None:
        people, overview = self._people, self.overview
        self.off.consented.connect(self.consented)
        self.off.left.connect(self.left)
        self.off.forget_wanted.connect(self.forget_wanted)
        self.off.people_wanted.connect(self._show_kept)
        overview.opened.connect(self.show_person)
        overview.left.connect(self.left)
        overview.models_wanted.connect(self.models_wanted)
        overview.refresh_wanted.connect(people.refresh_photos)
        overview.stop_wanted.connect(people.stop_refreshing)
        overview.wished.connect(self._wish_of_people)
        overview.unknown.named.connect(people.name_faces)
        overview.unknown.ignored.connect(people.ignore)
        self.undo_button.clicked.connect(people.undo)
        self.redo_button.clicked.connect(people.redo)
        for keys, button in (
            (QKeySequence.StandardKey.Undo, self.undo_button),
            ("Ctrl+Shift+Z", self.redo_button),
        ):
            # For the whole window while the page is seen: what had the keyboard may be gone by the last step.
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        for signal, slot in (
            (people.people_changed, self.take_facts),
            (people.page_ready, self.take_page),
            (people.page_gone, self.leave_person),
            (people.made, self.show_person),
            (people.photo_looked, self.wishes.ask_about),
            (people.photos_refused, self.wishes.show_refused),
            (people.looking_changed, self.show_looking),
            (people.refreshing_changed, overview.banner.show_refreshing),
            (people.receipt, self.wishes.show_receipt),
        ):
            # A type checker compares class attributes, where signals are not bound yet.
            cast("SignalInstance", signal).connect(slot)

    def _lay_out(self) -> None:
        for page in (self.overview, self.off):
            self._stack.addWidget(page)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(14, 6, 14, 8)
        foot.setSpacing(8)
        for button in (self.undo_button, self.redo_button):
            button.setProperty("kind", "quiet")
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.looking)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
