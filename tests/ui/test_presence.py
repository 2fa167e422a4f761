"""Who is seen when: the strip under the player, the dialog about a scene, and faces marked by hand."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import PersonSpans
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.domain.search import Channel, Reason
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.main_window import MainWindow
from heimdex_desktop.ui.mark_dialog import MarkDialog, sized_for_marking
from heimdex_desktop.ui.people_bridge import PeopleBridge
from heimdex_desktop.ui.people_lane import PeopleLane
from heimdex_desktop.ui.people_opener import PeopleOpener
from heimdex_desktop.ui.people_seam import Presence
from heimdex_desktop.ui.presence_strip import PresenceStrip
from tests.ui.fakes import VIDEO_ID, hit
from tests.ui.people_in_memory import MemoryDesk, desks, face_ref

ANNA, BEN = PersonId("anna"), PersonId("ben")
SEEN = Presence(
    VIDEO_ID,
    (
        PersonSpans(BEN, "Ben", (TimeSpan(50_000, 50_100),)),
        PersonSpans(ANNA, "Anna", (TimeSpan(10_000, 20_000), TimeSpan(80_000, 90_000))),
    ),
)
CROWD = Presence(
    VIDEO_ID,
    tuple(
        PersonSpans(PersonId(str(n)), f"Guest {n}", (TimeSpan(1_000 * n, 1_000 * n + 900 - 10 * n),))
        for n in range(10)
    ),
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(qtbot: QtBot) -> PresenceStrip:
    made = PresenceStrip()
    qtbot.addWidget(made)
    made.resize(600, 60)
    made.show_length(100_000)
    return made


def x_of(strip: PresenceStrip, at_ms: int) -> int:
    """Return where on the strip a moment of 100 s is: between the names and the right margin."""
    return 98 + round((strip.width() - 98 - 12) * at_ms / 100_000)


def test_nobody_known_is_no_strip(strip: PresenceStrip) -> None:
    strip.show_presence(Presence(VIDEO_ID))
    assert not strip.isVisible()
    strip.show_presence(SEEN)
    assert strip.isVisible()
    strip.clear()
    assert not strip.isVisible()


def test_who_is_seen_longest_comes_first_and_is_named_where_they_are(strip: PresenceStrip) -> None:
    strip.show_presence(SEEN)
    assert [one.name for one in strip.people] == ["Anna", "Ben"]
    assert strip.words_at(QPoint(x_of(strip, 15_000), 8)) == "Anna: 0:10–0:20"
    assert strip.words_at(QPoint(x_of(strip, 40_000), 8)) == "Anna: 2 times"
    assert strip.words_at(QPoint(x_of(strip, 40_000), 24)) == "Ben: 1 time"
    assert strip.words_at(QPoint(10, 55)) == ""
    assert strip.accessibleName() == "Who is seen when: Anna, Ben"


def test_a_click_jumps_and_a_thin_span_is_hit(qtbot: QtBot, strip: PresenceStrip) -> None:
    strip.show_presence(SEEN)
    sought: list[int] = []
    strip.sought.connect(sought.append)
    qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(x_of(strip, 15_000), 8))
    qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(x_of(strip, 50_050) + 1, 24))
    assert abs(sought[0] - 15_000) < 300
    assert 50_000 <= sought[1] < 50_100


def test_keys_go_to_where_somebody_is_seen(qtbot: QtBot, strip: PresenceStrip) -> None:
    strip.show_presence(SEEN)
    strip.show_position(30_000)
    sought: list[int] = []
    strip.sought.connect(sought.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(strip, key)
    assert sought == [80_000, 10_000, 50_000]


def test_a_click_on_a_name_goes_to_where_they_are_seen_next(qtbot: QtBot, strip: PresenceStrip) -> None:
    strip.show_presence(SEEN)
    sought: list[int] = []
    strip.sought.connect(sought.append)
    for at_ms in (0, 15_000, 85_000):
        strip.show_position(at_ms)
        qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(20, 8))
    strip.show_position(60_000)
    qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(90, 24))
    assert sought == [10_000, 80_000, 10_000, 50_000]


def test_everybody_is_reached_where_many_are_seen(qtbot: QtBot, strip: PresenceStrip) -> None:
    strip.show_presence(CROWD)
    strip.resize(600, strip.sizeHint().height())
    assert strip.height() < 7 * 16
    assert strip.words_at(QPoint(x_of(strip, 40_000), 8)) == "Guest 0: 1 time"
    for _ in range(len(CROWD.people)):
        qtbot.keyClick(strip, Qt.Key.Key_Down)
    bottom = strip.viewport().height() - 8
    assert strip.words_at(QPoint(x_of(strip, 40_000), bottom)) == "Guest 9: 1 time"
    sought: list[int] = []
    strip.sought.connect(sought.append)
    qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(20, bottom))
    assert sought == [9_000]
    for _ in range(len(CROWD.people)):
        qtbot.keyClick(strip, Qt.Key.Key_Up)
    assert strip.words_at(QPoint(x_of(strip, 40_000), 8)) == "Guest 0: 1 time"


def test_who_is_asked_for_comes_first_and_into_sight(qtbot: QtBot, strip: PresenceStrip) -> None:
    strip.show_presence(CROWD)
    strip.resize(600, strip.sizeHint().height())
    for _ in range(len(CROWD.people)):
        qtbot.keyClick(strip, Qt.Key.Key_Down)
    strip.show_presence(CROWD, ["Guest 7"])
    assert [one.name for one in strip.people[:2]] == ["Guest 7", "Guest 0"]
    assert strip.words_at(QPoint(x_of(strip, 40_000), 8)) == "Guest 7: 1 time"


def test_spans_are_coloured(strip: PresenceStrip) -> None:
    strip.show_presence(SEEN)
    image = strip.grab().toImage()
    anna, ben = image.pixelColor(x_of(strip, 15_000), 8), image.pixelColor(x_of(strip, 50_050), 24)
    nobody = image.pixelColor(x_of(strip, 40_000), 8)
    assert len({anna.name(), ben.name(), nobody.name()}) == 3


class Room:
    """A window with a small desk about people."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self.desk = MemoryDesk(folder)
        self.lane = PeopleLane(lambda: desks(self.desk), window)
        self.people = PeopleBridge(window)
        self.people.take(self.lane)
        self.opener = PeopleOpener(Settings(library=folder, faces=True), window, self.people)

    def close(self) -> None:
        self.opener.close()
        self.lane.close()


@pytest.fixture
def room(window: MainWindow, tmp_path: Path) -> Iterator[Room]:
    made = Room(window, tmp_path)
    yield made
    made.close()


def test_the_strip_comes_with_the_player_and_goes_with_the_video(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    room.desk.confirm(anna, (face_ref(10), face_ref(20)))
    room.window.play(hit(2))
    strip = room.window.player.presence
    qtbot.waitUntil(strip.isVisible)
    room.window.player.take_presence(Presence(VideoId("another"), SEEN.people))
    assert [one.name for one in strip.people] == ["Anna"]
    room.people.undo()
    qtbot.waitUntil(lambda: not strip.isVisible())


def test_who_the_search_asked_for_comes_first_under_the_player(qtbot: QtBot, room: Room) -> None:
    room.desk.confirm(room.desk.create("Anna"), (face_ref(10), face_ref(20)))
    room.desk.confirm(room.desk.create("Ben"), (face_ref(50),))
    because = (Reason(Channel.WHO, "face", ("Ben",), 0.9),)
    strip = room.window.player.presence
    for asked, names in ((hit(2), ["Anna", "Ben"]), (replace(hit(2), because=because), ["Ben", "Anna"])):
        room.window.play(asked)
        qtbot.waitUntil(lambda names=names: [one.name for one in strip.people] == names)


def test_who_is_in_a_scene_is_told_and_leads_to_their_page(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    room.desk.confirm(anna, (face_ref(10),))
    room.desk.confirm(room.desk.create("Ben"), (face_ref(50),))
    scene = hit(2)
    entries = room.window.results.grid.menu_for(scene).actions()
    next(entry for entry in entries if entry.text() == "Who is in this?").trigger()
    assert room.opener.who.sentence.text() == "Looking…"
    qtbot.waitUntil(room.opener.who.people.isVisible)
    model = room.opener.who.people.items
    assert [model.index(place).data() for place in range(model.rowCount())] == ["Anna"]
    room.opener.who.people.setCurrentIndex(model.index(0))
    with qtbot.waitSignal(room.people.page_ready):
        qtbot.keyClick(room.opener.who.people, Qt.Key.Key_Return)
    assert room.opener.page is not None
    assert room.opener.page.person.name.text == "Anna"


def test_nobody_in_a_scene_is_said(qtbot: QtBot, room: Room) -> None:
    room.opener.ask_who(hit(2))
    who = room.opener.who
    qtbot.waitUntil(lambda: who.sentence.text() == "Nobody was recognised in this scene.")
    who.mark_button.click()
    notice = "There is no picture of this scene. Play it, and mark the face there."
    qtbot.waitUntil(lambda: room.window.notice.text == notice)


def test_a_face_is_marked_in_the_still_of_a_scene(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    picture = QImage(QSize(400, 200), QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    picture.save(str(tmp_path / "2.jpg"))
    room.opener.mark_in_scene(hit(2))
    qtbot.waitUntil(lambda: bool(room.window.findChildren(MarkDialog)))
    dialog = room.window.findChildren(MarkDialog)[0]
    canvas = dialog.canvas
    width, height = canvas.width(), canvas.height()
    dialog.field.setText("Anna")
    assert not dialog.mark_button.isEnabled()
    qtbot.mousePress(canvas, LEFT, pos=QPoint(width // 2, height // 4))
    qtbot.mouseMove(canvas, QPoint(width // 4, height // 2))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(width // 4, height // 2))
    box = canvas.box
    assert box is not None
    for edge, share in ((box.left, 0.25), (box.top, 0.25), (box.right, 0.5), (box.bottom, 0.5)):
        assert edge == pytest.approx(share, abs=0.01)
    dialog.mark_button.click()
    qtbot.waitUntil(lambda: bool(room.desk.people))
    (anna,) = room.desk.people.values()
    qtbot.waitUntil(lambda: bool(anna.faces) or bool(next(iter(room.desk.people.values())).faces))
    face = next(iter(room.desk.people.values())).faces[0]
    assert (face.video_id, face.at_ms, face.box) == (VIDEO_ID, 2, box)


def test_a_box_is_drawn_by_keyboard_within_the_picture(qtbot: QtBot, room: Room) -> None:
    picture = QImage(QSize(40, 20), QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    room.opener.mark(hit(2), 1_500, picture)
    canvas = room.window.findChildren(MarkDialog)[0].canvas
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.box is not None
    assert canvas.box.right == pytest.approx(1.0)
    assert canvas.box.left == pytest.approx(0.8)
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.box.bottom > canvas.box.top
    assert canvas.box != Box(0.4, 0.3, 0.6, 0.6)


@pytest.mark.parametrize("ground", ["black", "navy", "grey", "white"])
def test_the_box_is_seen_on_any_picture(qtbot: QtBot, room: Room, ground: str) -> None:
    picture = QImage(QSize(400, 200), QImage.Format.Format_RGB32)
    picture.fill(QColor(ground))
    room.opener.mark(hit(2), 1_500, picture)
    canvas = room.window.findChildren(MarkDialog)[0].canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.box is not None
    shown, y = canvas.grab().toImage(), canvas.height() // 2
    left = round(canvas.box.left * canvas.width())
    light = {shown.pixelColor(x, y).lightness() for x in range(left - 4, left + 5)}
    behind = QColor(ground).lightness()
    assert max(abs(one - behind) for one in light) > 120
    assert max(light) - min(light) > 120, "light and dark lie beside each other"


def test_who_is_marked_is_told_and_can_be_undone_until_something_else_is_done(
    qtbot: QtBot, room: Room
) -> None:
    notice = room.window.notice
    room.desk.create("Anna")
    with qtbot.waitSignal(room.people.people_changed):
        room.people.mark("anna", face_ref(90))
    qtbot.waitUntil(notice.isVisible)
    assert notice.text == "Anna is marked in this scene."
    assert notice.act_button.text() == "Undo"
    with qtbot.waitSignal(room.people.people_changed):
        notice.act_button.click()
    assert next(iter(room.desk.people.values())).faces == []
    assert not notice.isVisible()
    with qtbot.waitSignal(room.people.people_changed):
        room.people.mark("Anna", face_ref(91))
    qtbot.waitUntil(notice.isVisible)
    with qtbot.waitSignal(room.people.people_changed):
        room.people.create("Ben")
    assert not notice.isVisible(), "it would undo what was done since"


def test_the_strip_is_told_of_after_another_video_was_asked_about(qtbot: QtBot, room: Room) -> None:
    told: list[Presence] = []
    room.people.presence_known.connect(told.append)
    room.window.player.video_changed.emit(VIDEO_ID)
    qtbot.waitUntil(lambda: len(told) == 1)
    other = replace(hit(2), scene=replace(hit(2).scene, video_id=VideoId("other")))
    room.opener.ask_who(other)
    qtbot.waitUntil(lambda: told[-1].video_id == "other")
    room.opener.who.close()
    room.people.mark("Anna", face_ref(90))
    qtbot.waitUntil(lambda: told[-1].video_id == VIDEO_ID and bool(told[-1].people))


def test_the_picture_of_the_player_is_made_beside_the_window(qtbot: QtBot, room: Room) -> None:
    made_on: list[int] = []

    def make() -> QImage:
        made_on.append(threading.get_ident())
        picture = QImage(QSize(1920, 1080), QImage.Format.Format_RGB32)
        picture.fill(QColor("teal"))
        return picture

    room.window.player.mark_wanted.emit(hit(2), 1_500, make)
    qtbot.waitUntil(lambda: bool(room.window.findChildren(MarkDialog)))
    assert made_on != [threading.get_ident()]
    assert room.window.findChildren(MarkDialog)[0].canvas.size() == QSize(960, 540)


def test_a_picture_to_be_marked_is_as_large_as_it_is_shown() -> None:
    picture = QImage(QSize(1080, 1920), QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    assert sized_for_marking(picture, 2.0).size() == QSize(674, 1200)
    assert sized_for_marking(picture, 1.0).pixelColor(5, 5) == QColor("teal")
    assert sized_for_marking(QImage(), 1.0).isNull()
