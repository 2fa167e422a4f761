"""The page of people in the window, over a small desk."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import PeopleFacts, PersonPage, RemovedPerson
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.faces_section import ConsentDialog
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.people_bridge import PeopleBridge
from heimdex_desktop.ui.people_dialogs import NameDialog, RenameDialog, TypedQuestion
from heimdex_desktop.ui.people_lane import PeopleLane
from heimdex_desktop.ui.people_opener import PeopleOpener
from heimdex_desktop.ui.people_page import PeoplePage
from heimdex_desktop.ui.people_wording import NOBODY, READING
from heimdex_desktop.ui.person_faces import MOST_FACES
from heimdex_desktop.ui.person_page import PersonView
from heimdex_desktop.ui.photo_dialog import PhotoDialog
from heimdex_desktop.ui.refused_dialog import RefusedDialog
from heimdex_desktop.ui.removed_dialog import RemovedDialog
from heimdex_desktop.ui.unknown_list import key_of
from tests.ui.fakes import VIDEO_ID, FakeBridge, row
from tests.ui.people_in_memory import (
    MemoryDesk,
    MemoryPhotos,
    desks,
    drawn_crops,
    face_card,
    face_ref,
    group,
    look_with,
)

Key = Qt.Key


class Room:
    """A window whose page of people is open."""

    def __init__(self, qtbot: QtBot, window: MainWindow, folder: Path, *, faces: bool = True) -> None:
        self.qtbot, self.window = qtbot, window
        crops = list(drawn_crops(folder, 30))
        self.desk = MemoryDesk(folder, group(1, 5, crops[1]), group(10, 3, crops[10]), group(20, 3))
        looks = {
            "good.jpg": look_with(""),
            "two.jpg": look_with("", "It is blurred."),
            "dark.jpg": look_with("Too dark."),
        }
        self.photos = MemoryPhotos(looks)
        self.lane = PeopleLane(lambda: desks(self.desk, self.photos), window)
        self.people = PeopleBridge(window)
        self.people.take(self.lane)
        self.opener = PeopleOpener(Settings(library=folder, faces=faces), window, self.people)

    @property
    def page(self) -> PeoplePage:
        assert self.opener.page is not None
        return self.opener.page

    @property
    def person(self) -> PersonView:
        return self.page.person

    def open(self) -> None:
        with self.qtbot.waitSignal(self.people.people_changed):
            self.opener.open()

    def settle(self, order: Callable[[], object]) -> None:
        """Give an order, and wait for the facts after it."""
        with self.qtbot.waitSignal(self.people.people_changed):
            order()

    def show(self, person: PersonId) -> PersonPage:
        with self.qtbot.waitSignal(self.people.page_ready):
            self.opener.open_person(person)
        shown = self.person.page
        assert shown is not None
        assert self.person.isVisible()
        return shown

    def known(self, name: str, *faces: int, suggested: tuple[int, ...] = ()) -> PersonId:
        made = self.desk.create(name)
        self.desk.people[made].faces += map(face_ref, faces)
        self.desk.people[made].suggested += map(face_ref, suggested)
        return made

    def with_film(self, folder: Path) -> Path:
        """Let the faces be of a film that is there, and return it."""
        film = folder / "trip.mp4"
        film.touch()
        self.lane.close()
        self.lane = PeopleLane(lambda: desks(self.desk, self.photos, film), self.window)
        self.people.take(self.lane)
        return film

    def dialog(self, kind: type[QWidget]) -> QWidget:
        shown = [each for each in self.window.findChildren(kind) if each.isVisible()]
        assert len(shown) == 1
        return shown[0]

    def close(self) -> None:
        self.opener.close()
        self.lane.close()


@pytest.fixture
def room(qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path) -> Iterator[Room]:
    bridge.rows_changed.emit((row("a"),))
    made = Room(qtbot, window, tmp_path)
    yield made
    made.close()


def titles(room: Room) -> list[str]:
    model = room.page.overview.grid.items
    return [model.index(place).data() for place in range(model.rowCount())]


def questions(bridge: FakeBridge) -> list[tuple[object, ...]]:
    return [call[1:] for call in bridge.calls if call[0] == "search"]


def test_while_faces_are_off_the_page_says_what_it_would_do(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    room = Room(qtbot, window, tmp_path, faces=False)
    window.search_bar.people_button.click()
    assert room.page.off.isVisible()
    assert not room.page.undo_button.isVisible()
    assert room.page.off.agree_button.hasFocus()
    qtbot.keyClick(room.page.off.agree_button, Key.Key_Return)
    consent = room.dialog(ConsentDialog)
    assert isinstance(consent, ConsentDialog)
    consent.not_now_button.click()
    room.page.off.ask()
    consent = room.dialog(ConsentDialog)
    assert isinstance(consent, ConsentDialog)
    with qtbot.waitSignal(room.opener.settings_chosen) as chosen:
        consent.agree_button.click()
    assert chosen.args == [{"faces": True}]
    room.opener.use(Settings(library=tmp_path, faces=True))
    assert room.page.overview.isVisible()
    qtbot.waitUntil(lambda: window.focusWidget() is room.page.overview.unknown.field)
    assert room.page.undo_button.isVisible()
    room.close()


def test_while_faces_are_off_the_page_says_who_is_kept(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    room = Room(qtbot, window, tmp_path, faces=False)
    room.desk.trouble = "Faces are not looked for."
    anna = room.known("Anna", 1, 2)
    room.open()
    off = room.page.off
    assert off.isVisible()
    assert off.title.text() == "Looking for faces is switched off"
    assert off.sentences[0].text().startswith("1 person and their faces are still kept")
    off.people_button.click()
    assert room.page.overview.isVisible()
    assert room.page.overview.banner.trouble.text() == "Faces are not looked for."
    assert titles(room) == ["Anna"]
    room.opener.use(Settings(library=tmp_path, faces=False, face_enrollment=False))
    assert room.page.overview.isVisible()
    room.settle(lambda: room.people.forget(anna))
    room.opener.open()
    room.open()
    assert off.isVisible()
    kept = f"{room.desk.facts().face_count} faces are still kept on this computer"
    assert off.sentences[0].text().startswith(kept)
    off.forget_button.click()
    assert isinstance(room.dialog(TypedQuestion), TypedQuestion)
    room.close()


def test_while_faces_are_off_who_is_off_the_list_is_said_to_be_kept(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    room = Room(qtbot, window, tmp_path, faces=False)
    room.open()
    removed = RemovedPerson(PersonId("anna"), "Anna", ("Anna",), can_return=True)
    for facts, kept in (
        (PeopleFacts(face_count=1), "1 face is still kept"),
        (PeopleFacts(removed=(removed,)), "People who are off the list are still kept"),
    ):
        room.page.take_facts(facts)
        assert room.page.off.sentences[0].text().startswith(kept)
        assert room.page.off.forget_button.isVisible()
    room.close()


def test_who_was_shown_does_not_come_back_when_faces_are_switched_off(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    anna = room.known("Anna", 1, 2)
    room.open()
    room.show(anna)
    room.opener.use(Settings(library=tmp_path, faces=False))
    assert room.page.off.isVisible()
    room.settle(room.people.look)
    # What is told of a person comes after the facts.
    with qtbot.waitSignal(room.people.presence_known):
        room.people.watch(VIDEO_ID)
    assert room.page.off.isVisible()


def test_on_the_first_day_nothing_is_said_to_be_kept(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, tmp_path: Path
) -> None:
    room = Room(qtbot, window, tmp_path, faces=False)
    room.desk.forget_all()
    room.opener.open()
    assert room.page.off.reading.isVisible()
    assert not room.page.off.sentences[0].isVisible()
    qtbot.waitUntil(room.page.off.sentences[0].isVisible)
    assert not room.page.off.reading.isVisible()
    assert room.page.off.title.text() == "Find people by their faces"
    assert "Once you agree" in room.page.off.sentences[0].text()
    assert not room.page.off.people_button.isVisible()
    assert not room.page.off.forget_button.isVisible()
    room.close()


def test_who_agrees_elsewhere_cannot_here(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEIMDEX_FACES", "off")
    room = Room(qtbot, window, tmp_path, faces=False)
    room.opener.open()
    assert not room.page.off.agree_button.isEnabled()
    assert room.page.off.lock.text() == "It is set by HEIMDEX_FACES."
    room.close()


def test_the_shortcut_goes_to_the_page_and_back(qtbot: QtBot, window: MainWindow, room: Room) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Key.Key_P, both)
    assert room.page.isVisible()
    assert not window.results.isVisible()
    qtbot.keyClick(window, Key.Key_P, both)
    assert window.results.isVisible()
    qtbot.keyClick(window, Key.Key_P, both)
    qtbot.keyClick(room.page.overview.grid, Key.Key_Escape)
    assert window.results.isVisible()


def test_typing_a_question_leaves_the_page(qtbot: QtBot, window: MainWindow, room: Room) -> None:
    room.open()
    qtbot.keyClicks(window.search_bar.field, "snow")
    qtbot.keyClick(window.search_bar.field, Key.Key_Return)
    assert window.results.isVisible()


def test_everybody_is_shown_who_is_seen_most_first_and_the_hidden_on_request(room: Room) -> None:
    room.known("Anna", 100)
    room.known("Ben", 101, 102)
    cleo = room.known("Cleo")
    room.desk.hide(cleo, hidden=True)
    room.open()
    assert titles(room) == ["Ben", "Anna"]
    assert room.page.overview.title.text() == "2 people"
    room.page.overview.hidden_switch.click()
    assert titles(room) == ["Ben", "Anna", "Cleo"]
    index = room.page.overview.grid.items.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Ben, 2 scenes · 0:08"


def test_until_it_is_known_nobody_is_said_to_be_missing(window: MainWindow, tmp_path: Path) -> None:
    other = PeopleOpener(Settings(library=tmp_path, faces=True), window, PeopleBridge(window))
    other.open()
    assert other.page
    overview = other.page.overview
    assert overview.nobody.text() == READING
    assert (overview.title.text(), overview.no_faces.text()) == ("People", "")
    other.page.take_facts(PeopleFacts())
    assert overview.nobody.text() == NOBODY
    assert overview.title.text() == "0 people"
    other.close()


def test_in_a_small_window_steps_can_be_told_apart_and_names_be_typed(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna")
    room.desk.rename(anna, f"Anna {'of many names ' * 10}", ())
    room.desk.create(f"Ben {'of other names ' * 10}")
    room.desk.undo()
    room.show(anna)
    room.window.resize(800, 600)
    page = room.page
    qtbot.waitUntil(lambda: page.width() < 520)
    assert room.window.height() <= 600
    for button, verb in ((page.undo_button, "Undo: re"), (page.redo_button, "Redo: add")):
        assert button.shown_words().startswith(verb)
        assert button.shown_words().endswith("…")
        assert button.geometry().right() < page.width()
    room.person.tabs.setCurrentWidget(room.person.faces)
    qtbot.wait(20)
    buttons = list(room.person.faces.buttons.values())
    for button in buttons:
        assert button.minimumSizeHint().width() <= button.width()
        assert button.geometry().right() < page.width()
    assert len({button.y() for button in buttons}) == 2
    page.show_everybody()
    unknown = page.overview.unknown
    assert unknown.field.width() >= 150
    assert unknown.mapTo(page.overview, unknown.rect().topLeft()).y() > page.overview.grid.height()
    room.window.resize(1280, 800)
    qtbot.waitUntil(lambda: page.overview.halves.orientation() is Qt.Orientation.Horizontal)
    room.show(anna)
    qtbot.waitUntil(lambda: len({button.y() for button in buttons}) == 1)


def test_the_keyboard_is_about_who_is_unknown_though_a_dialog_was_open_when_that_was_known(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    other = PeopleOpener(Settings(library=tmp_path, faces=True), window, PeopleBridge(window))
    other.open()
    assert other.page
    other.page.overview.add_button.click()
    (dialog,) = window.findChildren(NameDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    assert window.focusWidget() is other.page.overview.add_button
    other.page.take_facts(PeopleFacts(groups=(group(1, 2),)))
    dialog.close()
    assert window.focusWidget() is other.page.overview.unknown.field
    other.close()


def test_people_are_found_while_typing(qtbot: QtBot, room: Room) -> None:
    room.known("Anna Lee", 100)
    room.known("Ben")
    room.open()
    field = room.page.overview.field
    qtbot.keyClicks(field, "le")
    assert titles(room) == ["Anna Lee"]
    qtbot.keyClicks(field, "x")
    assert room.page.overview.nobody.text() == "Nobody is called “lex”."
    assert room.page.overview.nobody.isVisible()
    field.setText("anna")
    with qtbot.waitSignal(room.people.page_ready):
        qtbot.keyClick(field, Key.Key_Return)
    assert room.person.name.text == "Anna Lee"


def test_unknown_faces_are_named_one_after_another_from_the_field(qtbot: QtBot, room: Room) -> None:
    room.known("Anna")
    room.open()
    panel = room.page.overview.unknown
    assert panel.title.text() == "Who is this? 3 groups"
    assert panel.rows.current() == key_of(face_ref(1))
    panel.field.setText("  Anna ")
    room.settle(lambda: qtbot.keyClick(panel.field, Key.Key_Return))
    qtbot.waitUntil(lambda: panel.title.text() == "Who is this? 2 groups")
    assert panel.field.text() == ""
    assert panel.rows.current() == key_of(face_ref(10))
    qtbot.keyClick(panel.field, Key.Key_Down)
    assert panel.rows.current() == key_of(face_ref(20))
    panel.field.setText("Ben")
    room.settle(panel.name_button.click)
    qtbot.waitUntil(lambda: titles(room) == ["Anna", "Ben"])
    assert [len(one.faces) for one in room.desk.people.values()] == [5, 3]


def test_undo_right_after_naming_is_about_the_naming(qtbot: QtBot, room: Room) -> None:
    room.open()
    panel = room.page.overview.unknown
    assert panel.field.hasFocus(), "there is nobody yet, but faces to name"
    qtbot.keyClicks(panel.field, "Anna")
    room.settle(lambda: qtbot.keyClick(panel.field, Key.Key_Return))
    room.settle(lambda: qtbot.keyClick(panel.field, Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
    assert panel.field.text() == ""
    assert not room.desk.people
    qtbot.keyClicks(panel.field, "Be")
    qtbot.keyClick(panel.field, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.field.text() == ""
    assert not room.desk.people


def test_people_are_removed_and_the_search_for_a_name_is_left_by_keyboard(qtbot: QtBot, room: Room) -> None:
    room.known("Anna")
    room.known("Ben")
    room.open()
    overview = room.page.overview
    assert overview.grid.hasFocus()
    qtbot.keyClicks(overview.field, "be")
    qtbot.keyClick(overview.field, Key.Key_Escape)
    assert (overview.field.text(), titles(room)) == ("", ["Anna", "Ben"])
    overview.grid.stand_on(overview.grid.items.keys[0])
    room.settle(lambda: qtbot.keyClick(overview.grid, Key.Key_Delete))
    assert titles(room) == ["Ben"]
    qtbot.keyClicks(overview.field, "anna")
    room.opener.open()
    assert room.window.results.isVisible()
    room.open()
    assert titles(room) == ["Ben"], "nobody remembers what was searched for"
    qtbot.keyClick(overview.field, Key.Key_Escape)
    assert room.window.results.isVisible()


def test_enter_presses_the_button_that_has_the_keyboard(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna")
    room.open()
    room.page.overview.add_button.setFocus()
    qtbot.keyClick(room.page.overview.add_button, Key.Key_Enter)
    room.dialog(NameDialog).close()
    room.show(anna)
    room.person.more_button.setFocus()
    qtbot.keyClick(room.person.more_button, Key.Key_Return)
    menu = room.person.more_button.menu()
    assert menu.isVisible()
    menu.close()
    room.person.back_button.setFocus()
    qtbot.keyClick(room.person.back_button, Key.Key_Return)
    assert room.page.overview.isVisible()


def test_known_names_are_offered_and_a_chosen_one_is_taken_once(qtbot: QtBot, room: Room) -> None:
    room.known("Anna")
    room.known("Annabel")
    room.open()
    panel = room.page.overview.unknown
    heard: list[str] = []
    panel.field.taken.connect(heard.append)
    panel.field.setFocus()
    qtbot.keyClicks(panel.field, "ann")
    assert panel.field.is_offering
    popup = panel.field.offers
    QTest.keyClick(popup, Key.Key_Down)
    room.settle(lambda: QTest.keyClick(popup, Key.Key_Return))
    assert heard == ["Anna"]
    assert panel.field.text() == ""


def test_unknown_faces_are_ignored_and_come_back_by_undo(qtbot: QtBot, room: Room) -> None:
    room.open()
    panel = room.page.overview.unknown
    assert room.page.undo_button.text() == "Undo"
    assert not room.page.undo_button.isEnabled()
    panel.rows.selectAll()
    room.settle(lambda: qtbot.keyClick(panel.rows, Key.Key_Delete))
    qtbot.waitUntil(room.page.overview.no_faces.isVisible)
    assert room.page.undo_button.text() == "Undo: ignore 11 faces"
    room.settle(lambda: qtbot.keyClick(room.page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
    qtbot.waitUntil(lambda: room.page.redo_button.text() == "Redo: ignore 11 faces")
    assert panel.rows.items.rowCount() == 3
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    room.settle(lambda: qtbot.keyClick(room.page, Key.Key_Z, both))
    qtbot.waitUntil(room.page.overview.no_faces.isVisible)


def test_undo_in_a_field_is_about_what_is_typed(qtbot: QtBot, room: Room) -> None:
    room.known("Anna")
    room.open()
    field = room.page.overview.field
    field.setFocus()
    qtbot.keyClicks(field, "be")
    qtbot.keyClick(field, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() != "be"
    assert room.desk.facts().undo == "add Anna"


def test_trouble_is_told_with_a_way_to_the_models(qtbot: QtBot, room: Room) -> None:
    room.desk.trouble = "No face model is here."
    room.open()
    assert room.page.overview.banner.trouble.text() == "No face model is here."
    with qtbot.waitSignal(room.opener.models_wanted):
        room.page.overview.banner.models_button.click()


def test_what_was_lost_is_told_and_no_model_helps(room: Room) -> None:
    room.known("Anna")
    room.desk.damage = "One photo of somebody is gone."
    room.open()
    banner = room.page.overview.banner
    assert banner.trouble.text() == "One photo of somebody is gone."
    assert banner.isVisible()
    assert not banner.models_button.isVisible()


def test_photos_are_looked_at_again_from_the_banner(qtbot: QtBot, room: Room) -> None:
    room.known("Anna")
    room.desk.trouble, room.desk.waiting = "One photo waits.", 1
    room.photos.go_on.clear()
    room.open()
    banner = room.page.overview.banner
    assert banner.refresh_button.isVisible()
    banner.refresh_button.click()
    assert (banner.bar.isVisible(), banner.refresh_button.isVisible()) == (True, False)
    assert "looked at again" in banner.trouble.text()
    banner.stop_button.click()
    assert not banner.stop_button.isEnabled()
    room.settle(room.photos.go_on.set)
    assert not banner.isVisible()


def test_somebody_new_is_asked_for_and_shown(qtbot: QtBot, room: Room) -> None:
    room.open()
    room.page.overview.add_button.click()
    dialog = room.dialog(NameDialog)
    assert isinstance(dialog, NameDialog)
    assert not dialog.yes_button.isEnabled()
    dialog.field.setText("<b>Zoë</b> & 😀")
    with qtbot.waitSignal(room.people.page_ready):
        dialog.yes_button.click()
    assert room.person.name.text == "<b>Zoë</b> & 😀"
    assert room.person.photos.empty.isVisible()
    assert [room.person.tabs.tabText(place) for place in range(2)] == ["Photos", "Is this <b>Zoë</b> && 😀?"]


def test_a_name_with_markup_is_shown_as_it_is_in_lists(room: Room) -> None:
    name = "<b>&</b> 😀"
    room.known(name)
    room.open()
    items = room.page.overview.grid.items
    assert items.data(items.index(0)) == name
    assert room.page.undo_button.text() == "Undo: add <b>&&</b> 😀"


def drop(widget: QWidget, *paths: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    # Qt drops nothing on what did not let it in.
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(20, 20), actions, dropped, buttons, keys))
    event = QDropEvent(QPointF(20, 20), actions, dropped, buttons, keys)
    QApplication.sendEvent(widget, event)
    # "Move" would have a file manager delete the originals.
    assert event.dropAction() is Qt.DropAction.CopyAction


def test_dropped_photos_are_added_and_doubtful_ones_asked_about(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna")
    room.show(anna)
    photos = room.person.photos
    drop(photos, Path("/p/two.jpg"), Path("/p/dark.jpg"), Path("/p/good.jpg"))
    qtbot.waitUntil(lambda: photos.grid.items.rowCount() == 1)
    qtbot.waitUntil(lambda: room.page.looking.text() == "")
    dialog = room.dialog(PhotoDialog)
    assert isinstance(dialog, PhotoDialog)
    assert dialog.question.text() == "There are 2 faces in “two.jpg”. Which one is Anna?"
    assert dialog.add_button.text() == "Add"
    dialog.faces.setCurrentRow(1)
    assert dialog.complaint.text() == "It is blurred."
    assert dialog.add_button.text() == "Add anyway"
    dialog.add_button.click()
    # Then comes the next photo that is to be asked about.
    dialog = room.dialog(PhotoDialog)
    assert isinstance(dialog, PhotoDialog)
    assert dialog.question.text() == "The face in “dark.jpg” serves badly."
    assert dialog.focusWidget() is dialog.skip_button
    dialog.skip_button.click()
    qtbot.waitUntil(lambda: photos.grid.items.rowCount() == 2)
    assert [photo[-2:] for photo in room.desk.people[anna].photos] == ["-0", "-1"]


def test_photos_that_were_refused_are_listed_after_the_questions(qtbot: QtBot, room: Room) -> None:
    room.show(room.known("Anna"))
    drop(room.person.photos, *(Path("/p") / name for name in ("wall.jpg", "two.jpg", "sky.jpg")))
    qtbot.waitUntil(lambda: room.page.looking.text() == "" and bool(room.window.findChildren(PhotoDialog)))
    qtbot.wait(50)
    assert not room.window.findChildren(RefusedDialog)
    dialog = room.dialog(PhotoDialog)
    assert isinstance(dialog, PhotoDialog)
    dialog.skip_button.click()
    told = room.dialog(RefusedDialog)
    assert isinstance(told, RefusedDialog)
    assert told.title.text() == "Not added (2)"
    assert [line.split("”")[0] for line in told.reasons.toPlainText().split("\n\n")] == [
        "No face can be seen in “wall.jpg",
        "No face can be seen in “sky.jpg",
    ]
    qtbot.keyClick(told, Key.Key_Escape)


class _Chosen:
    """Takes the place of a file dialog in which a person chose this."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __call__(self, *_: object) -> tuple[str, str]:
        return str(self._place), ""


def _chosen_photo(*_: object) -> tuple[list[str], str]:
    return ["/p/good.jpg"], ""


def test_photos_are_chosen_featured_and_removed(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = room.known("Anna")
    for number in range(3):
        room.desk.add_photo(anna, look_with(""), number)
    shown = room.show(anna)
    photos = room.person.photos
    assert room.person.tabs.currentWidget() is photos
    assert not photos.remove_button.isEnabled()
    photos.grid.stand_on(shown.photos[1].id)
    room.settle(photos.picture_button.click)
    assert room.desk.people[anna].picture == shown.photos[1].id
    room.settle(lambda: qtbot.keyClick(photos.grid, Key.Key_Delete))
    assert room.desk.people[anna].photos == [shown.photos[0].id, shown.photos[2].id]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", _chosen_photo)
    photos.add_button.click()
    qtbot.waitUntil(lambda: photos.grid.items.rowCount() == 3)


def test_what_is_wrong_with_a_chosen_photo_is_said_in_full(room: Room) -> None:
    anna = room.known("Anna")
    for number in range(2):
        room.desk.add_photo(anna, look_with(""), number)
    page = room.show(anna)
    sentence = "This photo fits the others badly (0.11): take it out."
    bad = replace(page.photos[1], complaint=sentence)
    photos = room.person.photos
    photos.show_page(replace(page, photos=(page.photos[0], bad)))
    photos.grid.stand_on(page.photos[0].id)
    assert not photos.complaint.isVisible()
    photos.grid.stand_on(bad.id)
    assert photos.complaint.isVisible()
    assert photos.complaint.text() == sentence
    index = photos.grid.items.index(1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"does harm, {sentence}"


def test_who_has_photos_is_not_told_to_begin_with_one(room: Room) -> None:
    anna = room.known("Anna")
    room.show(anna)
    assert room.person.faces.nothing.text().startswith(
        "No face in your videos is taken for Anna yet. Add clear"
    )
    room.desk.add_photo(anna, look_with(""), 0)
    room.settle(room.people.look)
    assert "Add more photos" in room.person.faces.nothing.text()


def test_the_page_of_one_person_is_made_when_somebody_is_first_wanted(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", 1)
    room.open()
    qtbot.keyClick(room.page, Key.Key_Escape)
    room.open()
    assert not room.page.findChildren(PersonView), "the list of people comes sooner without it"
    room.page.show_person(anna)
    made = room.page.findChildren(PersonView)
    assert made, "it is made while the page is read"
    room.show(anna)
    assert room.page.findChildren(PersonView) == made == [room.person]
    room.settle(lambda: room.people.hide(anna, hidden=True))
    room.person.more_button.setFocus()
    qtbot.keyClick(room.person.more_button, Key.Key_Tab)
    assert room.page.undo_button.hasFocus(), "the foot comes last"
    qtbot.keyClick(room.person, Key.Key_Escape)
    assert room.page.overview.isVisible()


def test_advice_is_told_and_a_proposed_face_becomes_a_photo(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    room.desk.advice = ("Anna and Ben look alike (0.71): add photos of both.",)
    room.desk.proposals = (face_card(7), face_card(8))
    anna = room.known("Anna")
    film = room.with_film(tmp_path)
    room.show(anna)
    photos = room.person.photos
    assert photos.advice.text() == room.desk.advice[0]
    photos.proposals.stand_on(face_ref(8))
    photos.use_button.click()
    qtbot.waitUntil(lambda: photos.grid.items.rowCount() == 1)
    assert room.photos.asked == [(film, 8_000, face_ref(8).box)]


def test_suggestions_are_decided_by_keyboard_many_at_once(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", suggested=(1, 2, 3, 4, 5, 6))
    room.show(anna)
    choice = room.person.suggestions
    assert choice.grid.items.index(0).data() == "60 %", "as on the cards of scenes"
    assert room.person.tabs.currentWidget() is choice
    assert room.person.tabs.tabText(1) == "Is this Anna? 6"
    grid = choice.grid
    assert grid.hasFocus(), "no mouse is needed"
    assert grid.chosen() == (face_ref(1),)
    room.settle(lambda: qtbot.keyClick(grid, Key.Key_Y))
    # The next one is chosen at once: nobody waits for the desk.
    assert grid.current() == face_ref(2)
    room.settle(lambda: qtbot.keyClick(grid, Key.Key_N))
    qtbot.keyClick(grid, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    room.settle(lambda: qtbot.keyClick(grid, Key.Key_I))
    qtbot.keyClick(grid, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    room.settle(choice.buttons["yes"].click)
    assert room.desk.people[anna].faces == [face_ref(1), face_ref(5), face_ref(6)]
    qtbot.waitUntil(choice.nothing.isVisible)
    assert room.desk.facts().undo == "2 faces of Anna"


def test_the_faces_of_a_tab_are_reached_by_tab_and_by_a_click_on_it(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", 7, 8, suggested=(1, 2))
    room.show(anna)
    tabs, faces = room.person.tabs, room.person.faces
    suggestions = room.person.suggestions
    for choice in (suggestions, faces):
        tabs.setCurrentWidget(choice)
        tabs.tabBar().setFocus()
        qtbot.keyClick(tabs.tabBar(), Key.Key_Tab)
        assert choice.grid.hasFocus()
        assert choice.grid.chosen() == choice.grid.items.keys[:1]
        qtbot.keyClick(choice.grid, Key.Key_Tab)
        assert next(iter(choice.buttons.values())).hasFocus()
    qtbot.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(1).center())
    assert tabs.currentWidget() is suggestions
    room.settle(lambda: qtbot.keyClick(suggestions.grid, Key.Key_N))
    assert room.desk.people[anna].suggested == [face_ref(2)]
    assert suggestions.grid.hasFocus()
    qtbot.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(0).center())
    assert tabs.tabBar().hasFocus(), "there is no photo"


def test_faces_taken_for_somebody_are_rejected_moved_and_split(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", 1, 2, 3)
    ben = room.known("Ben")
    room.show(anna)
    faces = room.person.faces
    room.person.tabs.setCurrentWidget(faces)
    assert [button.text() for button in faces.buttons.values()] == [
        "Not Anna (N)",
        "Move to… (M)",
        "This is somebody else… (S)",
        "Use as a photo (P)",
    ]
    faces.grid.stand_on(face_ref(1))
    room.settle(lambda: qtbot.keyClick(faces.grid, Key.Key_N))
    for key, name in ((Key.Key_M, "Ben"), (Key.Key_S, "Cleo")):
        left = room.desk.people[anna].faces[0]
        faces.grid.stand_on(left)
        qtbot.keyClick(faces.grid, key)
        dialog = room.dialog(NameDialog)
        assert isinstance(dialog, NameDialog)
        dialog.field.setText(name)
        room.settle(dialog.yes_button.click)
    assert [one.name for one in room.desk.people.values()] == ["Anna", "Ben", "Cleo"]
    assert room.desk.people[ben].faces == [face_ref(2)]
    assert faces.menu().actions()[0].text() == "Not Anna (N)"


def test_a_face_becomes_a_photo_of_somebody_who_has_none(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    anna = room.known("Anna", 1, 2)
    film = room.with_film(tmp_path)
    room.show(anna)
    assert room.person.tabs.currentWidget() is room.person.faces, "an empty page of photos says nothing"
    room.person.faces.grid.stand_on(face_ref(2))
    qtbot.keyClick(room.person.faces.grid, Key.Key_P)
    qtbot.waitUntil(lambda: room.person.photos.grid.items.rowCount() == 1)
    assert room.photos.asked == [(film, 2_000, face_ref(2).box)]


def test_where_somebody_is_seen_is_searched_for(
    qtbot: QtBot, window: MainWindow, bridge: FakeBridge, room: Room
) -> None:
    anna = room.known("Anna Lee", 1, 2)
    room.known("Ben", 1)
    room.show(anna)
    places = room.person.places
    room.person.tabs.setCurrentWidget(places)
    index = places.places.items.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "trip.mp4, 2 times, 0:01"
    qtbot.mouseClick(
        places.places.viewport(), Qt.MouseButton.LeftButton, pos=places.places.visualRect(index).center()
    )
    assert questions(bridge)[-1] == ('person:"Anna Lee"', OfVideo(VIDEO_ID))
    assert window.results.isVisible()
    assert window.search_bar.chip.caption.text == "In trip.mp4"
    room.show(anna)
    places.companions.setFocus()
    places.companions.setCurrentIndex(places.companions.items.index(0))
    qtbot.keyClick(places.companions, Key.Key_Return)
    assert questions(bridge)[-1] == ('@"Anna Lee" @Ben',)
    assert not window.search_bar.chip.isVisible()
    shared_px = places.places.width()
    room.show(room.known("Cem"))
    room.person.tabs.setCurrentWidget(places)
    qtbot.wait(20)
    assert places.places.width() > shared_px + 100, "who is seen with nobody needs no room for others"
    room.show(anna)
    room.person.find_button.click()
    assert questions(bridge)[-1] == ('@"Anna Lee"',)


def test_when_somebody_is_seen_is_exported(
    qtbot: QtBot, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = room.known("Anna", 1)
    room.show(anna)
    place = tmp_path / "anna.vtt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", _Chosen(place))
    menu = room.person.places.export_button.menu()
    room.settle(menu.actions()[1].trigger)
    assert place.read_text("utf-8") == "vtt: Anna in 1\n"


def test_other_names_are_given(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna")
    room.show(anna)
    room.person.wished.emit("rename", ())
    dialog = room.dialog(RenameDialog)
    assert isinstance(dialog, RenameDialog)
    assert dialog.focusWidget() is dialog.field
    assert dialog.field.selectedText() == "Anna"
    dialog.field.setText("  Anna   Lee ")
    dialog.aliases.setPlainText("할머니\n\n  Annie \nAnna Lee\nAnnie")
    room.settle(dialog.yes_button.click)
    one = room.desk.people[anna]
    assert (one.name, one.aliases) == ("Anna Lee", ("할머니", "Annie"))
    qtbot.waitUntil(lambda: room.person.name.text == "Anna Lee")
    assert "also 할머니, Annie" in room.person.line.text


def test_a_name_that_somebody_has_is_told_of_while_it_is_typed(qtbot: QtBot, room: Room) -> None:
    anna, ben = room.known("Anna"), room.known("Ben")
    room.desk.people[anna].aliases = ("Annie",)
    room.open()
    room.page.overview.add_button.click()
    dialog = room.dialog(NameDialog)
    assert isinstance(dialog, NameDialog)
    qtbot.keyClicks(dialog.field, "ANNIE")
    qtbot.keyClick(dialog.field, Key.Key_Return)
    assert dialog.isVisible(), "what is typed stays"
    assert not dialog.yes_button.isEnabled()
    assert dialog.objection.text().startswith("Somebody is called “ANNIE” already (“Anna”).")
    qtbot.keyClicks(dialog.field, " 2")
    assert dialog.objection.isHidden()
    with qtbot.waitSignal(room.people.made):
        qtbot.keyClick(dialog.field, Key.Key_Return)
    assert [one.name for one in room.desk.people.values()] == ["Anna", "Ben", "ANNIE 2"]
    room.page.wishes.rename(ben)
    dialog = room.dialog(RenameDialog)
    assert isinstance(dialog, RenameDialog)
    assert dialog.objection.isHidden(), "their own name is theirs"
    dialog.aliases.setPlainText("Benny\nanna")
    assert not dialog.yes_button.isEnabled()
    assert dialog.objection.text().startswith("Somebody is called “anna” already.")
    dialog.aliases.setPlainText("Benny")
    room.settle(dialog.yes_button.click)
    assert room.desk.people[ben].aliases == ("Benny",)


def test_why_a_step_was_not_taken_goes_with_the_next_one(qtbot: QtBot, room: Room) -> None:
    notice = room.window.notice
    room.known("Anna")
    room.open()
    room.settle(lambda: room.people.create("anna"))
    assert notice.isVisible()
    assert notice.text == "“anna” is known already. Give another name."
    room.settle(lambda: room.people.create("Ben"))
    assert not notice.isVisible()
    room.settle(lambda: room.people.create("ben"))
    notice.say("Something else.")
    room.settle(room.people.undo)
    assert notice.isVisible()
    notice.dismiss()


def test_merging_asks_who_it_is(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", 1)
    room.known("Ann", 2)
    room.show(anna)
    room.person.wished.emit("merge", ())
    dialog = room.dialog(NameDialog)
    assert isinstance(dialog, NameDialog)
    for name, is_fit in (("Nobody", False), ("Anna", False), ("ann", True)):
        dialog.field.setText(name)
        assert dialog.yes_button.isEnabled() is is_fit
    room.settle(dialog.yes_button.click)
    assert list(room.desk.people) == [anna]
    assert room.desk.people[anna].aliases == ("Ann",)


def entry(room: Room, words: str) -> QAction:
    return next(each for each in room.page.overview.menu().actions() if each.text() == words)


def test_chosen_people_are_merged_hidden_and_deleted_from_the_menu(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", 1, 2)
    room.known("Ann", 3)
    room.open()
    grid = room.page.overview.grid
    grid.selectAll()
    assert not entry(room, "Open").isEnabled()
    entry(room, "Merge these 2").trigger()
    box = room.dialog(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.informativeText() == "Ann will also be called Anna. This can be undone."
    room.settle(next(button for button in box.buttons() if button.text() == "Merge").click)
    assert list(room.desk.people) == [anna]
    grid.stand_on(anna)
    room.settle(entry(room, "Hide from the lists").trigger)
    assert room.desk.people[anna].is_hidden
    room.page.overview.hidden_switch.click()
    grid.stand_on(anna)
    room.settle(entry(room, "Show in the lists again").trigger)
    assert not room.desk.people[anna].is_hidden
    grid.stand_on(anna)
    room.settle(entry(room, "Remove from the list").trigger)
    assert not room.desk.people


def test_who_was_removed_is_put_back_or_forgotten(qtbot: QtBot, room: Room) -> None:
    anna, ben = room.known("Anna", 1), room.known("Ben", 2)
    room.open()
    overview = room.page.overview
    assert not overview.removed_button.isVisible()
    for one in (anna, ben):
        room.settle(lambda one=one: room.people.delete(one))
    assert overview.removed_button.text() == "Removed (2)…"
    overview.removed_button.click()
    dialog = room.dialog(RemovedDialog)
    assert isinstance(dialog, RemovedDialog)
    dialog.lines.stand_on(ben)
    room.settle(dialog.back_button.click)
    assert list(room.desk.people) == [ben]
    assert dialog.lines.items.keys == (anna,)
    dialog.forget_button.click()
    question = room.dialog(TypedQuestion)
    assert isinstance(question, TypedQuestion)
    question.field.setText("Anna")
    room.settle(question.yes_button.click)
    room.dialog(QMessageBox).close()
    assert not overview.removed_button.isVisible()
    assert room.desk.facts().removed == ()


def test_the_keyboard_goes_to_people_when_nobody_is_left_to_be_put_back(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna", 1)
    room.open()
    room.settle(lambda: room.people.delete(anna))
    overview = room.page.overview
    overview.removed_button.setFocus()
    overview.removed_button.click()
    dialog = room.dialog(RemovedDialog)
    assert isinstance(dialog, RemovedDialog)
    dialog.lines.stand_on(anna)
    room.settle(dialog.back_button.click)
    assert room.window.focusWidget() is overview.grid, "Enter must not begin with somebody new"


def test_forgetting_wants_the_name_typed_and_shows_the_receipt(qtbot: QtBot, room: Room) -> None:
    anna = room.known("Anna Lee", 1)
    for number in range(2):
        room.desk.add_photo(anna, look_with(""), number)
    room.show(anna)
    room.person.wished.emit("forget", ())
    question = room.dialog(TypedQuestion)
    assert isinstance(question, TypedQuestion)
    assert "2 photos, the name, and the faces that were taken for them in 1 scene" in question.sentence.text()
    question.field.setText("Anna")
    assert not question.yes_button.isEnabled()
    question.field.setText("anna lee")
    room.settle(question.yes_button.click)
    qtbot.waitUntil(room.page.overview.isVisible)
    box = room.dialog(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.informativeText() == "Anna Lee is forgotten. 12 files were searched: nothing is left."
    assert not room.desk.people
    box.close()


def test_all_face_data_is_deleted_after_a_typed_word(qtbot: QtBot, room: Room) -> None:
    room.known("Anna", 1)
    room.opener.forget_all()
    question = room.dialog(TypedQuestion)
    assert isinstance(question, TypedQuestion)
    qtbot.keyClick(question.field, Key.Key_Return)
    assert question.isVisible()
    question.field.setText("delete")
    with qtbot.waitSignal(room.people.receipt):
        question.yes_button.click()
    assert not room.desk.people
    box = room.dialog(QMessageBox)
    box.close()


def test_every_control_can_be_reached_and_has_a_name(room: Room) -> None:
    anna = room.known("Anna", 1, suggested=(2,))
    room.show(anna)
    for widget in room.page.findChildren(QWidget):
        if isinstance(widget, QPushButton | QLineEdit) and not widget.objectName().startswith("qt_"):
            assert widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
            told = widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else "")
            assert told, widget
    for view in (room.page.overview.grid, room.page.overview.unknown.rows, room.person.faces.grid):
        assert view.accessibleName()


def test_pictures_come_when_they_are_decoded(qtbot: QtBot, room: Room) -> None:
    room.open()
    rows = room.page.overview.unknown.rows
    place = rows.visualRect(rows.items.index(0)).topLeft() + QPoint(40, 40)

    def colour() -> str:
        return rows.viewport().grab().toImage().pixelColor(place).name()

    blank = colour()
    qtbot.waitUntil(lambda: colour() != blank)


def test_of_very_many_faces_the_first_are_shown(room: Room) -> None:
    anna = room.known("Anna", *range(100, 100 + MOST_FACES + 5))
    room.show(anna)
    faces = room.person.faces
    assert faces.grid.items.rowCount() == MOST_FACES
    assert faces.hint.text() == "The first 600 of 605 are shown."
    assert room.person.tabs.tabText(2) == "Recognised 605"


def test_news_of_people_is_shown_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.open()
    shown: list[PeopleFacts] = []
    monkeypatch.setattr(room.page.overview, "show_facts", shown.append)
    room.settle(lambda: room.people.create("Anna"))
    assert [[card.name for card in facts.people] for facts in shown] == [["Anna"]]
