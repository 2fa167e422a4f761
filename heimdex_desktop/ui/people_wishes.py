"""Asks what has to be known, or really meant, before something is done about people."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.people_facts import PeopleFacts, PersonCard, Receipt
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.people_dialogs import NameDialog, RenameDialog, TypedQuestion, ask, tell
from heimdex_desktop.ui.people_names import named
from heimdex_desktop.ui.people_seam import ExportKind, Looked, People, RefusedPhoto
from heimdex_desktop.ui.people_wording import FORGET_ALL, forget_sentence, receipt_sentence
from heimdex_desktop.ui.photo_dialog import PhotoDialog
from heimdex_desktop.ui.presence_files import files_in, table_name
from heimdex_desktop.ui.refused_dialog import RefusedDialog
from heimdex_desktop.ui.removed_dialog import RemovedDialog
from heimdex_desktop.ui.wording import plain

_FORGET_ALL_WORD = "delete"
_FILTERS = {
    ExportKind.SRT: "Subtitles (*.srt)",
    ExportKind.VTT: "Subtitles (*.vtt)",
    ExportKind.CSV: "Tables (*.csv)",
}


class PeopleWishes(QObject):
    """Opens dialogs over a widget, one question at a time about photos; gives the orders to `people`."""

    def __init__(self, people: People, over: QWidget) -> None:
        super().__init__(over)
        self._people = people
        self._over = over
        self._facts = PeopleFacts()
        self._photos: list[Looked] = []
        self._refused: list[RefusedPhoto] = []
        self._photo_dialog: PhotoDialog | None = None
        self._removed_dialog: RemovedDialog | None = None
        self._last_folder = ""

    def take_facts(self, facts: PeopleFacts) -> None:
        """Know these people from now on."""
        self._facts = facts
        if self._removed_dialog:
            self._removed_dialog.show_people(facts.removed)

    def grant(self, wish: str, person: PersonId) -> None:
        """Do what is wished for somebody, after the question that belongs to it."""
        match wish:
            case "rename":
                self.rename(person)
            case "merge":
                self.merge_with(person)
            case "delete":
                self._people.delete(person)
            case "hide" | "show":
                self._people.hide(person, hidden=wish == "hide")
            case _:
                self.forget(person)

    def create(self) -> None:
        """Ask for the name of somebody new."""
        words = ("Who is it?", "Photos of them are added on the next page.", "Add")
        dialog = NameDialog(self._over, words, others=self._facts.people)
        dialog.named.connect(self._people.create)
        dialog.open()

    def rename(self, person: PersonId) -> None:
        """Ask for another name, and for other names beside it."""
        if card := self._card(person):
            dialog = RenameDialog(self._over, card, self._others_than(person))
            dialog.renamed.connect(functools.partial(self._people.rename, person))
            dialog.open()

    def merge_with(self, person: PersonId) -> None:
        """Ask who somebody also is; that one goes into this one."""
        card = self._card(person)
        if card is None:
            return
        others = self._others_than(person)
        sentence = f"Everything of the other one becomes {card.name}'s. This can be undone."
        dialog = NameDialog(
            self._over, (f"Who else is {card.name}?", sentence, "Merge"), others, only_known=True
        )
        dialog.named.connect(functools.partial(self._merge_named, person, others))
        dialog.open()

    def merge_these(self, people: Sequence[PersonId]) -> None:
        """Ask whether several are one person: the one who is seen most keeps the name."""
        cards = [card for one in people if (card := self._card(one))]
        if len(cards) < 2:
            return
        into = max(cards, key=lambda card: (card.scene_count, card.photo_count))
        others = tuple(card.id for card in cards if card.id != into.id)
        names = ", ".join(card.name for card in cards if card.id != into.id)
        sentence = f"{names} will also be called {into.name}. This can be undone."
        words = (f"Are these {len(cards)} one person?", sentence, "Merge")
        ask(self._over, words, lambda: self._people.merge(into.id, others))

    def move(self, person: PersonId, faces: Sequence[FaceRef], *, is_new: bool) -> None:
        """Ask whose these faces are, somebody known or somebody new."""
        title = "Who is this?" if is_new else "Whose faces are these?"
        sentence = "A name that nobody has yet makes somebody new."
        dialog = NameDialog(self._over, (title, sentence, "Move"), self._others_than(person))
        dialog.named.connect(functools.partial(self._people.move, person, faces))
        dialog.open()

    def forget(self, person: PersonId) -> None:
        """Ask, by having the name typed, whether somebody is to be forgotten for good."""
        names = {one.id: one.name for one in (*self._facts.people, *self._facts.removed)}
        if name := names.get(person):
            words = (f"Forget {name}?", forget_sentence(name, self._card(person)), "Forget")
            self._ask_typed(words, name, lambda: self._people.forget(person))

    def show_removed(self) -> None:
        """Show who is off the list, to be put back or forgotten."""
        dialog = self._removed_dialog = RemovedDialog(self._over)
        dialog.show_people(self._facts.removed)
        dialog.put_back.connect(self._people.restore)
        dialog.forgotten.connect(self.forget)
        dialog.finished.connect(self._end_removed)
        dialog.open()

    def forget_all(self, agreed: Callable[[], None]) -> None:
        """Ask whether all that is known of faces is to be deleted for good; `agreed` is then called."""
        words = ("Delete all face data?", FORGET_ALL, "Delete all")
        self._ask_typed(words, _FORGET_ALL_WORD, agreed)

    def show_receipt(self, receipt: Receipt) -> None:
        """Show what was found after forgetting."""
        tell(self._over, "Forgotten" if not receipt.left else "Not all of it", receipt_sentence(receipt))

    def ask_about(self, looked: Looked) -> None:
        """Ask about a photo, after those that came before."""
        self._photos.append(looked)
        self._ask_about_next()

    def show_refused(self, refused: Sequence[RefusedPhoto]) -> None:
        """Tell which photos were not added, after the questions about others."""
        self._refused += refused
        self._ask_about_next()

    def export(self, person: PersonId, videos: Sequence[tuple[VideoId, str]], kind: ExportKind) -> None:
        """Ask where to write down when somebody is seen."""
        card = self._card(person)
        if card and (place := self._place_for(card.name, videos, kind)):
            self._last_folder = str(place if place.is_dir() else place.parent)
            self._people.export(person, videos, kind, place)

    def _place_for(self, who: str, videos: Sequence[tuple[VideoId, str]], kind: ExportKind) -> Path | None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = self._last_folder or documents
        if kind is not ExportKind.CSV and len(videos) > 1:
            chosen = QFileDialog.getExistingDirectory(self._over, "A file for each video goes into", folder)
        else:
            first = Path(folder) / table_name(who)
            if kind is not ExportKind.CSV:
                ((first, _),) = files_in(Path(folder), who, videos, kind)
            chosen, _ = QFileDialog.getSaveFileName(self._over, "Export", str(first), _FILTERS[kind])
        return Path(chosen) if chosen else None

    def _merge_named(self, person: PersonId, others: Sequence[PersonCard], name: str) -> None:
        if other := named(name, others):
            self._people.merge(person, (other.id,))

    def _ask_typed(self, words: tuple[str, str, str], expected: str, order: Callable[[], None]) -> None:
        question = TypedQuestion(self._over, words, expected)
        question.accepted.connect(order)
        question.open()

    def _ask_about_next(self) -> None:
        if self._photo_dialog:
            return
        if not self._photos:
            if refused := tuple(self._refused):
                self._refused.clear()
                RefusedDialog(refused, self._over).open()
            return
        looked = self._photos.pop(0)
        card = self._card(looked.person)
        dialog = self._photo_dialog = PhotoDialog(looked, plain(card.name if card else "it"), self._over)
        dialog.answered.connect(self._people.add_photo)
        dialog.finished.connect(self._end_question)
        dialog.open()

    def _end_question(self) -> None:
        self._photo_dialog = None
        self._ask_about_next()

    def _end_removed(self) -> None:
        self._removed_dialog = None

    def _others_than(self, person: PersonId) -> list[PersonCard]:
        return [card for card in self._facts.people if card.id != person]

    def _card(self, person: PersonId) -> PersonCard | None:
        return next((card for card in self._facts.people if card.id == person), None)
