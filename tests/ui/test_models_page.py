"""The models page over real works, with the real desk and a hub on this computer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.models import NONE, Role
from heimdex_desktop.model_desk import ModelDesk
from heimdex_desktop.settings import DeviceWish, Preset, Settings
from heimdex_desktop.ui.faces_section import ConsentDialog
from heimdex_desktop.ui.model_news import WorkState
from heimdex_desktop.ui.model_row import ModelRow
from heimdex_desktop.ui.model_works import ModelWorks
from heimdex_desktop.ui.models_page import ModelsPage
from tests.inference.hub_server import Hub
from tests.small_models import SMALL, SPEECH, small_hub

WEIGHTS = "model.bin"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with small_hub(monkeypatch) as hub:
        yield hub


class Room:
    """A page over works in a library of its own, and what it asked to be set."""

    def __init__(self, qtbot: QtBot, settings: Settings, *, overruled: frozenset[str]) -> None:
        self._qtbot = qtbot
        self.settings = settings
        self.works = ModelWorks(
            settings, desk=lambda settings: ModelDesk(settings, SMALL), stalled_after_ms=200
        )
        self.wishes: list[dict[str, Any]] = []
        self.page = self.add_page(overruled)

    def add_page(self, overruled: frozenset[str] = frozenset()) -> ModelsPage:
        page = ModelsPage(self.works, overruled=overruled)
        self._qtbot.addWidget(page)
        page.settings_chosen.connect(self.wishes.append)
        page.open_page()
        self._qtbot.waitUntil(lambda: page.is_complete and not self.works.is_looking)
        self._qtbot.waitUntil(page.sections[Role.FACE].rows["faces"].isVisible)
        return page

    def row(self, name: str) -> ModelRow:
        row = self.page.row(name)
        assert row is not None
        return row

    def use(self, **changes: Any) -> None:
        """Take other settings, as whoever listens to the page does."""
        self.settings = replace(self.settings, **changes)
        self.works.use(self.settings)
        self.settle()

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.works.is_looking)

    def until(self, name: str, state: WorkState) -> None:
        self._qtbot.waitUntil(lambda: name in self.works.news and self.works.news[name].state is state)
        self.settle()

    def question(self) -> QMessageBox:
        """Return the question that is asked right now."""
        asked = [box for box in self.page.findChildren(QMessageBox) if box.isVisible()]
        assert len(asked) == 1
        return asked[0]

    def answer(self, words: str) -> str:
        """Click a button of the question, and return what it had told."""
        box = self.question()
        told = f"{box.text()}\n{box.informativeText()}"
        assert box.textFormat() is Qt.TextFormat.PlainText
        next(button for button in box.buttons() if button.text().replace("&", "") == words).click()
        return told


Enter = Callable[..., Room]


@pytest.fixture
def enter(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enter]:
    """Open the page on an empty library with these settings."""
    # Engines that ran in this process before have told the hub's library to stay offline.
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    rooms: list[Room] = []

    def make(*, overruled: frozenset[str] = frozenset(), **settings: Any) -> Room:
        chosen: dict[str, Any] = {"preset": Preset.COMPACT, **settings}
        rooms.append(Room(qtbot, Settings(library=tmp_path / "library", **chosen), overruled=overruled))
        return rooms[-1]

    yield make
    for room in rooms:
        room.works.close()


def texts(widget: QWidget) -> str:
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def test_every_role_has_its_section_and_every_model_its_row(enter: Enter) -> None:
    room = enter()
    told = texts(room.page)
    for title in ("What is said", "What is meant", "What is seen", "Text on screen", "Faces"):
        assert title in told
    for name in SMALL.models:
        assert room.row(name).title.text == name
    assert room.row("hears").state.text() == "chosen, not here"
    assert "512 kB" in room.row("hears").about.text()
    assert "licence MIT" in room.row("hears").about.text()
    assert "huggingface.co/someone/hears" in room.row("hears").about.text()
    assert not room.row("hears").use_button.isVisible()
    assert room.page.sections[Role.SPEECH].use_line.text == "Waits for hears: not here."
    assert "GB free" in room.page.folder_line.text


def test_what_waits_is_told_at_the_top_and_got_with_one_button(hub: Hub, enter: Enter) -> None:
    room = enter(faces=True)
    assert "“What is said”, “Recognising people” wait for their models" in room.page.waiting.text()
    assert room.page.get_all_button.text() == "Get what is missing (513 kB)…"
    room.page.get_all_button.click()
    told = room.answer("Download")
    assert told.startswith("Download hears, faces?")
    assert "hears: 512 kB, licence MIT" in told
    assert "https://huggingface.co/someone/faces" in told
    assert "are free on the drive" in told
    room.until("faces", WorkState.DONE)
    assert room.row("faces").state.text() == "chosen, ready"
    assert not room.page.banner.isVisible()
    assert room.page.sections[Role.SPEECH].use_line.text == "In use: hears"


def test_nothing_is_downloaded_without_a_yes(hub: Hub, enter: Enter) -> None:
    room = enter()
    room.row("hears").get_button.click()
    room.answer("Cancel")
    room.page.get_all_button.click()
    QApplication.sendPostedEvents()
    room.question().reject()
    assert room.works.news == {}
    assert hub.asked == []


def test_the_default_answer_is_no(enter: Enter) -> None:
    room = enter()
    room.row("hears").get_button.click()
    box = room.question()
    assert box.text() == "Download hears?", box.informativeText()
    assert box.defaultButton() in box.buttons()
    assert box.buttonRole(box.defaultButton()) is QMessageBox.ButtonRole.RejectRole
    room.answer("Cancel")


def test_a_download_is_shown_cancelled_gone_on_with_and_used(hub: Hub, enter: Enter) -> None:
    room = enter()
    hub.breaks_after, hub.hangs = 300_000, True
    row = room.row("hears-well")
    row.get_button.click()
    room.answer("Download")
    room.until("hears-well", WorkState.STALLED)
    assert row.bar.isVisible()
    assert row.bar.value() > 0
    assert "of 512 kB · nothing comes at the moment" in row.work_line.text()
    assert not row.get_button.isVisible()
    assert not row.more_button.isVisible()
    row.cancel_button.click()
    assert row.work_line.text() == "Stopping…"
    assert not row.cancel_button.isEnabled()
    hub.breaks_after, hub.hangs = 0, False
    hub.release.set()
    room.until("hears-well", WorkState.CANCELLED)
    assert "% here" in row.state.text()
    assert row.get_button.text() == "Go on…"
    assert "gone on with" in row.work_line.text()
    row.get_button.click()
    assert "Still to come" in room.answer("Download")
    room.until("hears-well", WorkState.DONE)
    assert row.state.text() == "ready"
    row.use_button.click()
    assert room.wishes == [{"speech_model": "hears-well"}]
    room.use(speech_model="hears-well")
    assert row.state.text() == "chosen, ready"
    assert not row.use_button.isVisible()


def test_a_failure_is_a_sentence_with_retry(hub: Hub, enter: Enter) -> None:
    hub.sent_instead[WEIGHTS] = b"\xff" + SPEECH[WEIGHTS][1:]
    room = enter()
    row = room.row("hears")
    row.get_button.click()
    room.answer("Download")
    room.until("hears", WorkState.FAILED)
    assert "is not the published file" in row.work_line.text()
    assert row.work_line.property("tone") == "bad"
    hub.sent_instead.clear()
    row.retry_button.click()
    room.until("hears", WorkState.DONE)
    assert not row.retry_button.isVisible()


def test_a_download_survives_the_closing_of_the_page(hub: Hub, enter: Enter) -> None:
    room = enter()
    hub.breaks_after, hub.hangs = 300_000, True
    room.row("hears").get_button.click()
    room.answer("Download")
    room.until("hears", WorkState.STALLED)
    room.page.close()
    later = room.add_page()
    row = later.row("hears")
    assert row is not None
    assert row.bar.isVisible()
    assert row.cancel_button.isVisible()
    hub.breaks_after, hub.hangs = 0, False
    hub.release.set()
    room.until("hears", WorkState.DONE)
    assert row.state.text() == "chosen, ready"


def test_offline_says_so_and_offers_no_download(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    room = enter()
    assert "while HF_HUB_OFFLINE is set" in room.page.offline.text()
    assert not room.page.get_all_button.isEnabled()
    room.row("hears").get_button.click()
    assert "HF_HUB_OFFLINE" in room.answer("Close")
    assert room.works.news == {}


def test_where_there_is_no_room_nothing_is_begun(
    hub: Hub, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    full: Callable[[Path], int] = lambda _: 1000  # noqa: E731
    monkeypatch.setattr("heimdex_desktop.model_desk.free_bytes", full)
    room = enter()
    room.row("hears").get_button.click()
    assert "1 kB are free" in room.answer("Close")
    assert room.works.news == {}


def choose(name: str) -> None:
    """Choose a folder in the file dialog that opens next."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(10, answer)
            return
        dialog.selectFile(name)
        dialog.accept()

    QTimer.singleShot(0, answer)


def test_import_check_and_remove(enter: Enter, tmp_path: Path) -> None:
    bundle = tmp_path / "brought"
    bundle.mkdir()
    for name, content in SPEECH.items():
        (bundle / name).write_bytes(content)
    room = enter()
    row = room.row("hears")
    assert not row.remove.isVisible()
    assert not row.check.isVisible()
    choose(str(bundle))
    row.import_folder.trigger()
    room.until("hears", WorkState.DONE)
    assert row.state.text() == "chosen, ready"
    weights = tmp_path / "library" / "models" / "hears" / WEIGHTS
    weights.write_bytes(b"\xff" + SPEECH[WEIGHTS][1:])
    row.check.trigger()
    room.until("hears", WorkState.FAILED)
    assert row.state.text() == "chosen, damaged"
    assert WEIGHTS in row.state.toolTip()
    row.remove.trigger()
    told = room.answer("Remove")
    assert "513 kB will be free again" in told
    assert "Its step waits" in told
    room.until("hears", WorkState.DONE)
    assert row.state.text() == "chosen, not here"


def test_presets_and_devices_are_wishes(enter: Enter) -> None:
    room = enter()
    presets = room.page.presets
    assert presets.presets[Preset.COMPACT].isChecked()
    assert "512 kB to get" in presets.left[Preset.FULL].text()
    assert "all of it is here" in presets.left[Preset.BUILTIN].text()
    presets.presets[Preset.FULL].click()
    presets.devices.setCurrentIndex(1)
    presets.devices.activated.emit(1)
    assert room.wishes == [{"preset": Preset.FULL}, {"device": DeviceWish.CPU}]
    # Whoever cannot write them lets the page be told what is so.
    room.works.look()
    room.settle()
    assert presets.presets[Preset.COMPACT].isChecked()
    assert presets.devices.currentIndex() == 0


def test_a_role_can_be_left_out_and_given_back_to_the_preset(enter: Enter) -> None:
    room = enter()
    section = room.page.sections[Role.SPEECH]
    assert not section.preset_button.isVisible()
    section.none_button.click()
    assert room.wishes == [{"speech_model": NONE}]
    room.use(speech_model=NONE)
    assert section.use_line.text == "Left out."
    assert not section.none_button.isVisible()
    assert section.preset_button.text() == "As the preset says: hears"
    section.preset_button.click()
    assert room.wishes[-1] == {"speech_model": None}


def test_what_the_environment_decides_cannot_be_chosen(enter: Enter) -> None:
    room = enter(
        overruled=frozenset(
            {"speech_model", "preset", "device", "faces", "faces_licensed", "face_enrollment"}
        ),
        speech_model="hears-well",
    )
    section = room.page.sections[Role.SPEECH]
    assert section.lock.text() == "set by HEIMDEX_SPEECH_MODEL"
    assert section.lock.isVisible()
    assert not section.none_button.isVisible()
    assert not section.preset_button.isVisible()
    assert not room.row("hears").use_button.isEnabled()
    assert not any(radio.isEnabled() for radio in room.page.presets.presets.values())
    assert not room.page.presets.devices.isEnabled()
    assert "set by HEIMDEX_PRESET" in texts(room.page.presets)
    assert room.page.faces is not None
    assert not room.page.faces.faces.isEnabled()
    assert "HEIMDEX_FACES_LICENSED" in room.page.faces.licensed.text()
    room.use(faces=True)
    assert not room.page.faces.enrollment.isEnabled()
    assert "HEIMDEX_FACE_ENROLLMENT" in room.page.faces.enrollment.text()


def test_faces_are_switched_on_by_consent_alone(enter: Enter, tmp_path: Path) -> None:
    room = enter()
    switches = room.page.faces
    assert switches is not None
    assert room.page.sections[Role.FACE].use_line.text == "Off: faces are not looked for."
    switches.faces.click()
    consent = switches.findChild(ConsentDialog)
    assert consent is not None
    assert not switches.faces.isChecked()
    told = texts(consent)
    for fact in (
        "row of numbers",
        "not over a network",
        "the names that you gave",
        "where in the",
        "Delete all face data",
    ):
        assert fact in told
    assert str(tmp_path / "library") in told
    assert "folders “faces”, “crops” and “people” of" in told
    assert consent.not_now_button.isDefault()
    consent.not_now_button.click()
    assert room.wishes == []
    switches.faces.click()
    next(each for each in switches.findChildren(ConsentDialog) if each.isVisible()).agree_button.click()
    assert room.wishes == [{"faces": True}]
    room.use(faces=True)
    assert switches.faces.isChecked()
    switches.faces.click()
    assert room.wishes[-1] == {"faces": False}


def test_adding_people_by_photos_is_switched_where_faces_are_looked_for(enter: Enter) -> None:
    room = enter()
    switches = room.page.faces
    assert switches is not None
    assert (switches.enrollment.isChecked(), switches.enrollment.isEnabled()) == (True, False)
    room.use(faces=True)
    switches.enrollment.click()
    assert room.wishes == [{"face_enrollment": False}]
    room.use(faces=True, face_enrollment=False)
    assert (switches.enrollment.isChecked(), switches.enrollment.isEnabled()) == (False, True)
    switches.enrollment.click()
    assert room.wishes[-1] == {"face_enrollment": True}


def test_deleting_all_face_data_is_wished_for(qtbot: QtBot, enter: Enter) -> None:
    room = enter(faces=False)
    switches = room.page.faces
    assert switches is not None
    with qtbot.waitSignal(room.page.forget_faces_wanted):
        switches.forget_button.click()


def test_a_licence_that_forbids_some_uses_is_in_the_way_until_a_person_says_otherwise(enter: Enter) -> None:
    room = enter(faces=True, face_model="other-faces")
    use_line = room.page.sections[Role.FACE].use_line
    assert use_line.text == "Waits for other-faces: licence forbids some uses."
    row = room.row("other-faces")
    assert row.state.text() == "chosen, licence forbids some uses"
    assert not row.get_button.isVisible()
    assert not row.more_button.isVisible()
    assert room.page.faces is not None
    room.page.faces.licensed.click()
    assert room.wishes == [{"faces_licensed": True}]
    room.use(faces_licensed=True)
    assert row.get_button.isVisible()


def test_devices_are_shown_beside_what_is_in_use(hub: Hub, enter: Enter) -> None:
    room = enter()
    room.works.get(["hears"])
    room.until("hears", WorkState.DONE)
    room.page.show_devices({Role.SPEECH: "the CPU (int8)"})
    assert room.page.sections[Role.SPEECH].use_line.text == "In use: hears, on the CPU (int8)"


def test_a_model_of_ones_own_is_named_as_it_is(enter: Enter, tmp_path: Path) -> None:
    own = tmp_path / "<b>own & dear"
    own.mkdir()
    for name in ("config.json", "tokenizer.json", WEIGHTS):
        (own / name).write_bytes(b"{}")
    room = enter(speech_model=str(own))
    line = room.page.sections[Role.SPEECH].use_line
    assert f"your own “{own.name}”" in line.text
    assert "&lt;b&gt;" in line.toolTip()
    room.use(speech_model=str(tmp_path / "nothing here"))
    assert "is neither a model nor a folder" in line.text


def test_choosing_a_text_model_ends_the_search_by_words_alone(enter: Enter) -> None:
    room = enter(semantic_search=False)
    room.page.sections[Role.TEXT].chosen.emit(Role.TEXT, "minilm")
    assert room.wishes == [{"text_model": "minilm", "semantic_search": True}]


def test_a_list_that_cannot_be_used_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    from heimdex_desktop.inference.model_list import known_models

    works = ModelWorks(Settings(), desk=lambda settings: ModelDesk(settings, known_models(tmp_path / "none")))
    page = ModelsPage(works)
    qtbot.addWidget(page)
    with qtbot.waitSignal(works.refused):
        page.open_page()
    works.close()
    assert "Install Heimdex again" in page.told.text()
    assert page.told.isVisible()


def test_everything_can_be_reached_with_the_keyboard_and_has_a_name(qtbot: QtBot, enter: Enter) -> None:
    room = enter()
    reached: set[QWidget] = set()
    for _ in range(80):
        qtbot.keyClick(QApplication.focusWidget() or room.page, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused:
            reached.add(focused)
    buttons = [each for each in room.page.findChildren(QPushButton) if each.isVisible() and each.isEnabled()]
    assert len(buttons) > 8
    assert {each.text() for each in buttons if each not in reached} == set()
    assert all(each.accessibleName() or each.text() for each in buttons)
    qtbot.keyClick(room.page, Qt.Key.Key_Escape)
    assert not room.page.isVisible()
