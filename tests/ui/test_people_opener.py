"""People in the window over a real library, with the real desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.places import Places
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.app import connect_people
from heimdex_desktop.ui.bridge import Bridge
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.models_opener import ModelsOpener
from heimdex_desktop.ui.people_dialogs import TypedQuestion
from heimdex_desktop.ui.people_opener import PeopleOpener


class Room:
    """The parts as the program connects them."""

    def __init__(self, qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
        self.bridge = Bridge(settings)
        self.models = ModelsOpener(settings, window)
        self.people = PeopleOpener(settings, window, self.bridge.people)
        connect_people(self.people, self.models, self.bridge)
        with qtbot.waitSignal(self.bridge.opened):
            self.bridge.open()

    def close(self) -> None:
        self.people.close()
        self.models.close()
        self.bridge.close()


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "settings.toml"
    place.write_text('text_model = "none"\n', encoding="utf-8")
    monkeypatch.setattr("heimdex_desktop.settings.settings_file", lambda: place)
    return place


@pytest.fixture
def room(qtbot: QtBot, window: MainWindow, settings_file: Path, tmp_path: Path) -> Iterator[Room]:
    made = Room(qtbot, window, Settings(library=tmp_path / "library", text_model="none"))
    yield made
    made.close()


def test_consent_switches_faces_on_and_what_is_said_of_people_is_kept(
    qtbot: QtBot, room: Room, settings_file: Path, tmp_path: Path
) -> None:
    people = room.bridge.people
    room.people.open()
    page = room.people.page
    assert page is not None
    assert page.off.isVisible()
    page.off.consented.emit()
    qtbot.waitUntil(page.overview.isVisible)
    assert "faces = true" in settings_file.read_text("utf-8")
    with qtbot.waitSignal(people.page_ready):
        people.create("Anna")
    assert page.person.name.text == "Anna"
    with qtbot.waitSignal(people.notice) as refused:
        people.create(" anna ")
    assert "is called “anna” already" in str(refused.args)
    with qtbot.waitSignal(people.page_gone):
        people.undo()
    with qtbot.waitSignal(people.people_changed):
        people.redo()
    assert len(page.overview.grid.items.keys) == 1
    assert len(PeopleJournal(Places(tmp_path / "library")).read()) == 3


def test_all_face_data_is_deleted_from_the_page_of_models(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    people = room.bridge.people
    with qtbot.waitSignal(people.made):
        people.create("Somebody Unmistakable")
    with qtbot.waitSignal(people.receipt) as receipt:
        people.forget_all()
    assert not receipt.args[0].left  # pyright: ignore[reportOptionalSubscript]
    for file in (tmp_path / "library").rglob("*"):
        if file.is_file():
            assert b"Unmistakable" not in file.read_bytes(), file


def test_who_is_kept_is_seen_and_forgotten_though_faces_are_switched_off(
    qtbot: QtBot, room: Room, tmp_path: Path
) -> None:
    people = room.bridge.people
    room.people.open()
    page = room.people.page
    assert page is not None
    page.off.consented.emit()
    qtbot.waitUntil(page.overview.isVisible)
    with qtbot.waitSignal(people.page_ready) as made:
        people.create("Somebody Unmistakable")
    anna = made.args[0].card.id  # pyright: ignore[reportOptionalSubscript]
    room.bridge.choose({"faces": False})
    qtbot.waitUntil(page.off.isVisible)
    qtbot.waitUntil(lambda: "Faces are not looked for" in page.overview.banner.trouble.text())
    assert page.off.sentences[0].text().startswith("1 person and their faces are still kept")
    page.off.people_button.click()
    assert page.overview.isVisible()
    with qtbot.waitSignal(people.receipt) as receipt:
        people.forget(anna)
    assert not receipt.args[0].left  # pyright: ignore[reportOptionalSubscript]
    qtbot.waitUntil(lambda: not page.overview.grid.items.keys)
    assert PeopleJournal(Places(tmp_path / "library")).read() == []


def test_deleting_all_face_data_switches_looking_for_faces_off_first(
    qtbot: QtBot, room: Room, settings_file: Path, tmp_path: Path
) -> None:
    room.people.open()
    page = room.people.page
    assert page is not None
    page.off.consented.emit()
    qtbot.waitUntil(page.overview.isVisible)
    with qtbot.waitSignal(room.bridge.people.made):
        room.bridge.people.create("Somebody Unmistakable")
    room.people.forget_all()
    question = room.people.page.findChild(TypedQuestion) if room.people.page else None
    assert question is not None
    assert "switched off" in question.sentence.text()
    question.field.setText("delete")
    with qtbot.waitSignal(room.bridge.people.receipt) as receipt:
        question.yes_button.click()
    assert not receipt.args[0].left  # pyright: ignore[reportOptionalSubscript]
    assert "faces = false" in settings_file.read_text("utf-8")
    assert not room.bridge.settings.faces
    assert PeopleJournal(Places(tmp_path / "library")).read() == []
