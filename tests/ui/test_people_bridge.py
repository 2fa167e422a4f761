"""Orders about people, on the threads of a lane."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.people_events import PersonId, PhotoId
from heimdex_desktop.domain.people_facts import Erased, PeopleFacts, PersonPage, Receipt
from heimdex_desktop.library.photo_folders import MOST_OF_A_FOLDER
from heimdex_desktop.ui.people_bridge import PeopleBridge
from heimdex_desktop.ui.people_lane import PeopleDesks, PeopleLane
from heimdex_desktop.ui.people_seam import ExportKind, Looked, Presence, RefusedPhoto
from heimdex_desktop.ui.search_trouble import BROKE
from tests.ui.fakes import VIDEO_ID
from tests.ui.people_in_memory import MemoryDesk, MemoryPhotos, desks, face_ref, group, look_with


class Room:
    """A bridge over a small desk, and all that it told."""

    def __init__(self, desk: MemoryDesk, photos: MemoryPhotos, *places: Path) -> None:
        self.desk, self.photos = desk, photos
        self.lane = PeopleLane(lambda: desks(desk, photos, *places))
        self.bridge = PeopleBridge()
        self.facts: list[PeopleFacts] = []
        self.pages: list[PersonPage] = []
        self.notices: list[str] = []
        self.questions: list[Looked] = []
        self.bridge.people_changed.connect(self.facts.append)
        self.bridge.page_ready.connect(self.pages.append)
        self.bridge.notice.connect(self.notices.append)
        self.refused: list[tuple[RefusedPhoto, ...]] = []
        self.bridge.photo_looked.connect(self.questions.append)
        self.bridge.photos_refused.connect(self.refused.append)
        self.bridge.take(self.lane)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    film = tmp_path / "trip.mp4"
    film.touch()
    looks = {"good.jpg": look_with(""), "two.jpg": look_with("", ""), "dark.jpg": look_with("Too dark.")}
    made = Room(MemoryDesk(tmp_path, group(1, 5), group(10, 3)), MemoryPhotos(looks), film)
    yield made
    made.lane.close()


def names(facts: PeopleFacts) -> list[str]:
    return [card.name for card in facts.people]


def test_it_is_told_when_faces_are_in_memory(qtbot: QtBot, room: Room) -> None:
    done_by_then: list[list[str]] = []
    room.bridge.recognised.connect(lambda: done_by_then.append(list(room.desk.calls)))
    room.bridge.refresh()
    qtbot.waitUntil(lambda: done_by_then == [["refresh"]])


def test_every_order_is_followed_by_the_facts(qtbot: QtBot, room: Room) -> None:
    with qtbot.waitSignal(room.bridge.made) as made:
        room.bridge.create("Anna")
    anna = PersonId(str(made.args[0] if made.args else ""))
    qtbot.waitUntil(lambda: bool(room.facts))
    assert names(room.facts[-1]) == ["Anna"]
    room.bridge.show(anna)
    qtbot.waitUntil(lambda: bool(room.pages))
    room.bridge.rename(anna, "Anna Lee", ("Annie",))
    room.bridge.confirm(anna, (face_ref(1), face_ref(2)))
    qtbot.waitUntil(lambda: room.pages[-1].card.scene_count == 2)
    assert room.pages[-1].card.aliases == ("Annie",)
    assert room.facts[-1].undo == "2 faces of Anna Lee"
    room.bridge.undo()
    qtbot.waitUntil(lambda: room.facts[-1].redo == "2 faces of Anna Lee")
    room.bridge.redo()
    qtbot.waitUntil(lambda: room.facts[-1].redo == "")
    assert room.notices == []


def test_a_name_that_is_known_takes_faces_and_a_new_one_makes_somebody(qtbot: QtBot, room: Room) -> None:
    room.bridge.name_faces("Ben", (face_ref(1),))
    room.bridge.name_faces("  bEn ", (face_ref(2),))
    qtbot.waitUntil(lambda: bool(room.facts) and room.facts[-1].people[:1] != ())
    qtbot.waitUntil(lambda: room.facts[-1].people[0].scene_count == 2)
    assert names(room.facts[-1]) == ["Ben"]
    ben = room.facts[-1].people[0].id
    room.bridge.undo()
    room.bridge.undo()
    qtbot.waitUntil(lambda: names(room.facts[-1]) == [] and room.facts[-1].undo == "")
    room.bridge.redo()
    room.bridge.redo()
    qtbot.waitUntil(lambda: names(room.facts[-1]) == ["Ben"] and room.facts[-1].redo == "")
    room.bridge.move(ben, (face_ref(2),), "Cleo")
    qtbot.waitUntil(lambda: names(room.facts[-1]) == ["Ben", "Cleo"])
    assert room.desk.people[ben].faces == [face_ref(1)]
    room.bridge.move(ben, (face_ref(1),), "cleo")
    qtbot.waitUntil(lambda: room.facts[-1].people[1].scene_count == 2)


def test_a_refused_order_is_a_notice_and_shows_what_is_so(qtbot: QtBot, room: Room) -> None:
    room.bridge.create("Anna")
    room.bridge.create("anna")
    qtbot.waitUntil(lambda: bool(room.notices) and bool(room.facts))
    assert room.notices == ["“anna” is known already. Give another name."]
    assert names(room.facts[-1]) == ["Anna"]


def test_a_bug_at_the_desk_is_told_and_the_next_order_is_done(
    qtbot: QtBot, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.bridge.show(None)
    room.bridge.hide("nobody", hidden=True)  # pyright: ignore[reportArgumentType]
    room.bridge.create("Anna")
    qtbot.waitUntil(lambda: bool(room.facts))
    assert room.notices == [BROKE]
    assert [record.getMessage() for record in caplog.records] == ["a lane's job broke"]
    assert names(room.facts[-1]) == ["Anna"]
    caplog.clear()


def test_a_desk_that_cannot_be_opened_is_tried_again(qtbot: QtBot, tmp_path: Path) -> None:
    tries: list[str] = []

    def open_desks() -> PeopleDesks:
        tries.append("try")
        if len(tries) == 1:
            sentence = "The folder cannot be read."
            raise MachineError(sentence, "Look at its permissions.")
        return desks(MemoryDesk(tmp_path))

    lane, bridge = PeopleLane(open_desks), PeopleBridge()
    notices: list[str] = []
    bridge.notice.connect(notices.append)
    bridge.take(lane)
    bridge.look()
    qtbot.waitUntil(lambda: bool(notices))
    with qtbot.waitSignal(bridge.people_changed):
        bridge.look()
    assert notices == ["The folder cannot be read. Look at its permissions."]
    lane.close()


def test_one_good_face_is_added_at_once_and_all_else_is_asked_about(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    counts: list[int] = []
    room.bridge.looking_changed.connect(counts.append)
    names = ("good.jpg", "two.jpg", "dark.jpg", "wall.jpg")
    room.bridge.look_at_photos(anna, [Path("/photos") / name for name in names])
    qtbot.waitUntil(lambda: len(room.questions) == 2 and len(room.desk.people[anna].photos) == 1)
    qtbot.waitUntil(lambda: bool(room.refused) and counts[-1] == 0)
    assert [looked.name for looked in room.questions] == ["two.jpg", "dark.jpg"]
    assert room.refused == [(RefusedPhoto("wall.jpg", WALL.why),)]
    assert room.notices == []
    assert max(counts) == 4
    room.bridge.add_photo(room.questions[0], 1)
    qtbot.waitUntil(lambda: len(room.desk.people[anna].photos) == 2)
    assert room.desk.people[anna].photos[1].endswith("-1")


WALL = RefusedPhoto("wall.jpg", "No face can be seen in “wall.jpg”. Take one in which the face is larger.")


def test_all_photos_of_a_batch_that_are_refused_are_told_at_once(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    room.desk.full = True
    names = ("wall.jpg", "good.jpg", "sky.jpg")
    room.bridge.look_at_photos(anna, [Path("/photos") / name for name in names])
    qtbot.waitUntil(lambda: bool(room.refused))
    (refused,) = room.refused
    assert sorted(photo.name for photo in refused) == ["good.jpg", "sky.jpg", "wall.jpg"]
    assert WALL in refused
    assert RefusedPhoto("good.jpg", "There is no room left. Free some.") in refused
    room.bridge.look_at_photos(anna, [Path("/photos/wall.jpg")])
    qtbot.waitUntil(lambda: len(room.refused) == 2)
    assert room.refused[1] == (WALL,)
    assert room.notices == []


def test_pictures_of_a_folder_are_added(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    anna = room.desk.create("Anna")
    counts: list[int] = []
    room.bridge.looking_changed.connect(counts.append)
    folder = tmp_path / "Holiday"
    (folder / "inner.jpg").mkdir(parents=True)
    for name in ("good.jpg", "wall.JPG", ".good.jpg", "letter.txt"):
        (folder / name).touch()
    room.bridge.look_at_photos(anna, [folder])
    qtbot.waitUntil(lambda: bool(room.refused) and counts[-1] == 0)
    assert len(room.desk.people[anna].photos) == 1
    assert [photo.name for photo in room.refused[0]] == ["wall.JPG"]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "No picture lies right in the folder “Holiday”."),
        (MOST_OF_A_FOLDER + 1, "101 pictures lie in the folder “Holiday”"),
    ],
)
def test_a_folder_that_cannot_be_meant_is_told_of(
    qtbot: QtBot, room: Room, tmp_path: Path, count: int, told: str
) -> None:
    folder = tmp_path / "Holiday"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.png").touch()
    room.bridge.look_at_photos(room.desk.create("Anna"), [folder])
    qtbot.waitUntil(lambda: bool(room.refused))
    ((refused,),) = room.refused
    assert refused.why.startswith(told)
    assert room.photos.asked == []


def test_photos_and_faces_given_while_no_library_is_open_are_told_of(room: Room) -> None:
    refused: list[object] = []
    room.bridge.photos_refused.connect(refused.append)
    anna = room.desk.create("Anna")
    room.bridge.leave()
    room.bridge.look_at_photos(anna, [Path("/photos/good.jpg"), Path("/photos/two.jpg")])
    room.bridge.use_face_as_photo(anna, face_ref(3))
    again = "The library is not open yet. Try it again in a moment."
    assert refused == [
        (RefusedPhoto("good.jpg", again), RefusedPhoto("two.jpg", again)),
        (RefusedPhoto("The face", again),),
    ]


def test_a_face_of_a_video_becomes_a_photo(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    anna = room.desk.create("Anna")
    room.bridge.use_face_as_photo(anna, face_ref(3))
    qtbot.waitUntil(lambda: len(room.desk.people[anna].photos) == 1)
    face = face_ref(3)
    assert room.photos.asked == [(tmp_path / "trip.mp4", face.at_ms, face.box)]


def test_a_face_of_a_video_that_serves_badly_is_asked_about(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    room.photos.at_moments = look_with("Too dark.")
    room.bridge.use_face_as_photo(anna, face_ref(3))
    qtbot.waitUntil(lambda: bool(room.questions))
    (asked,) = room.questions
    assert (asked.person, asked.name, asked.face) == (anna, "trip.mp4", face_ref(3))
    assert room.desk.people[anna].photos == []
    room.bridge.add_photo(asked, 0)
    qtbot.waitUntil(lambda: "use_face_as_photo" in room.desk.calls)


def test_a_video_that_is_away_gives_no_photo(qtbot: QtBot, tmp_path: Path) -> None:
    room = Room(MemoryDesk(tmp_path), MemoryPhotos({}), tmp_path / "gone.mp4")
    anna = room.desk.create("Anna")
    room.bridge.use_face_as_photo(anna, face_ref(3))
    qtbot.waitUntil(lambda: bool(room.refused))
    ((refused,),) = room.refused
    assert refused.why.startswith("“gone.mp4” is not in its folder any more.")
    room.lane.close()


def test_presence_is_told_anew_with_each_change(qtbot: QtBot, room: Room) -> None:
    told: list[Presence] = []
    room.bridge.presence_known.connect(told.append)
    room.bridge.watch(VIDEO_ID)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].people == ()
    room.bridge.name_faces("Anna", (face_ref(1),))
    qtbot.waitUntil(lambda: told[-1].people != ())
    assert told[-1].people[0].name == "Anna"
    assert told[-1].at(told[-1].people[0].spans[0]) == told[-1].people
    room.bridge.watch(None)
    count = len(told)
    room.bridge.undo()
    qtbot.waitUntil(lambda: bool(room.facts) and room.facts[-1].redo != "")
    assert len(told) == count


def test_somebody_who_goes_takes_their_page_away(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    room.bridge.show(anna)
    qtbot.waitUntil(lambda: bool(room.pages))
    with qtbot.waitSignal(room.bridge.receipt) as receipt, qtbot.waitSignal(room.bridge.page_gone) as gone:
        room.bridge.forget(anna)
    assert receipt.args == [Receipt(12, erased=Erased("Anna"))]
    assert gone.args == [anna]


def test_what_is_exported_lies_where_it_is_wanted(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    anna = room.desk.create("Anna")
    place = tmp_path / "anna.srt"
    room.bridge.export(anna, [(VIDEO_ID, "trip.mp4")], ExportKind.SRT, place)
    qtbot.waitUntil(lambda: bool(room.notices))
    assert place.read_text("utf-8") == "srt: Anna in 1\n"
    assert str(place) in room.notices[0]


def test_many_orders_at_once_are_told_of_once(qtbot: QtBot, room: Room) -> None:
    held, go_on = threading.Event(), threading.Event()

    def hold() -> PeopleDesks:
        held.set()
        go_on.wait(60)
        return desks(room.desk)

    lane = PeopleLane(hold)
    room.bridge.take(lane)
    for number in range(30):
        room.bridge.create(f"Person {number}")
    assert held.wait(60)
    go_on.set()
    qtbot.waitUntil(lambda: bool(room.facts))
    assert len(room.facts[-1].people) == 30
    # `create` asks for the facts itself, to see whether a name is free.
    assert room.desk.calls.count("facts") == 31
    lane.close()


def test_orders_that_wait_are_carried_out_before_closing(qtbot: QtBot, room: Room) -> None:
    held, go_on = threading.Event(), threading.Event()

    def hold() -> PeopleDesks:
        held.set()
        go_on.wait(60)
        return desks(room.desk, room.photos)

    lane = PeopleLane(hold)
    room.bridge.take(lane)
    for number in range(3):
        room.bridge.create(f"Person {number}")
    room.bridge.refresh()
    assert held.wait(60)
    room.bridge.leave()
    lane.retire()
    go_on.set()
    lane.close()
    assert [one.name for one in room.desk.people.values()] == ["Person 0", "Person 1", "Person 2"]
    # `create` asks for the facts itself, to see whether a name is free.
    assert room.desk.calls == ["facts"] * 3, "nobody is told any more"


def test_what_an_order_changed_is_told_though_a_video_is_asked_about_after_it(
    qtbot: QtBot, room: Room
) -> None:
    held, go_on = threading.Event(), threading.Event()

    def hold() -> PeopleDesks:
        held.set()
        go_on.wait(60)
        return desks(room.desk)

    lane = PeopleLane(hold)
    room.bridge.take(lane)
    room.bridge.create("Anna")
    room.bridge.watch(VIDEO_ID)
    assert held.wait(60)
    go_on.set()
    qtbot.waitUntil(lambda: bool(room.facts) and names(room.facts[-1]) == ["Anna"])
    lane.close()


def test_what_is_ordered_before_the_library_is_open_is_done_then(qtbot: QtBot, room: Room) -> None:
    early = PeopleBridge()
    for name in ("Anna", "Ben"):
        with qtbot.waitSignal(early.order_waits):
            early.create(name)
    assert not room.desk.people
    early.take(room.lane)
    qtbot.waitUntil(lambda: names(room.desk.facts()) == ["Anna", "Ben"])
    room.lane.close()


def test_what_is_ordered_of_a_library_that_was_left_is_done_when_it_is_open_again(
    qtbot: QtBot, room: Room
) -> None:
    room.bridge.look()
    qtbot.waitUntil(lambda: bool(room.facts))
    room.bridge.leave()
    room.bridge.create("Anna")
    room.lane.close()
    assert not room.desk.people
    again = PeopleLane(lambda: desks(room.desk))
    room.bridge.take(again)
    qtbot.waitUntil(lambda: names(room.facts[-1]) == ["Anna"])
    again.close()


def test_of_a_library_that_cannot_be_opened_no_order_waits_any_longer(room: Room) -> None:
    room.bridge.leave()
    assert not room.bridge.drop_waiting()
    room.bridge.create("Anna")
    assert room.bridge.drop_waiting()
    room.bridge.take(room.lane)
    room.lane.close()
    assert not room.desk.people


def test_all_is_deleted_once_the_library_is_open_again(qtbot: QtBot, room: Room) -> None:
    room.desk.create("Anna")
    room.bridge.leave()
    room.bridge.forget_all()
    assert room.desk.people
    assert room.notices == ["All face data is deleted as soon as the library is open."]
    over: list[str] = []
    room.bridge.notice_over.connect(over.append)
    with qtbot.waitSignal(room.bridge.receipt):
        room.bridge.take(room.lane)
    assert over == room.notices, "what has happened is not announced any more"
    assert not room.desk.people
    room.lane.close()


def test_closing_closes_what_looks_at_photos(qtbot: QtBot, room: Room) -> None:
    anna = room.desk.create("Anna")
    room.bridge.look_at_photos(anna, [Path("/photos/good.jpg")])
    qtbot.waitUntil(lambda: bool(room.photos.asked))
    room.lane.close()
    assert room.photos.is_closed


def test_new_faces_are_recognised_though_nobody_looks(qtbot: QtBot, room: Room) -> None:
    room.bridge.refresh()
    qtbot.waitUntil(lambda: "refresh" in room.desk.calls)
    room.bridge.look()
    qtbot.waitUntil(lambda: bool(room.facts))
    assert room.desk.calls == ["refresh", "facts"]


ONE, TWO = PhotoId("one"), PhotoId("two")


def test_photos_of_another_model_are_looked_at_again_by_themselves_once(qtbot: QtBot, room: Room) -> None:
    parts: list[float | None] = []
    room.bridge.refreshing_changed.connect(parts.append)
    room.desk.waiting, room.photos.kept = 2, (ONE, TWO)
    room.bridge.refresh()
    qtbot.waitUntil(lambda: "refresh photos" in room.desk.calls)
    assert parts == [0.0, 0.0, 0.5, 1.0, None]
    assert room.photos.is_closed, "its process ends with it"
    room.desk.waiting = 1
    room.bridge.refresh()
    room.bridge.look()
    qtbot.waitUntil(lambda: bool(room.facts) and room.facts[-1].photos_waiting == 1)
    assert room.photos.asked == [("refresh",)]
    assert room.notices == []


def test_a_photo_that_a_new_model_cannot_use_is_told(qtbot: QtBot, room: Room) -> None:
    room.desk.waiting, room.photos.lost = 1, (ONE,)
    room.bridge.refresh()
    qtbot.waitUntil(lambda: "refresh photos" in room.desk.calls)
    assert room.notices == [], "it would be told at every start"
    room.bridge.refresh_photos()
    qtbot.waitUntil(lambda: bool(room.notices))
    assert room.notices[0].startswith("One photo of people cannot be used by the face model")
    qtbot.waitUntil(lambda: room.desk.calls.count("refresh photos") == 2)


def test_looking_at_photos_again_can_be_stopped_and_keeps_nobody_waiting(qtbot: QtBot, room: Room) -> None:
    parts: list[float | None] = []
    room.bridge.refreshing_changed.connect(parts.append)
    room.photos.kept = (ONE, TWO)
    room.photos.go_on.clear()
    room.bridge.refresh_photos()
    room.bridge.refresh_photos()
    anna = room.desk.create("Anna")
    room.bridge.look_at_photos(anna, [Path("/photos/good.jpg")])
    qtbot.waitUntil(lambda: len(room.desk.people[anna].photos) == 1)
    room.bridge.stop_refreshing()
    room.photos.go_on.set()
    qtbot.waitUntil(lambda: "refresh photos" in room.desk.calls)
    assert parts == [0.0, None]
    assert room.photos.asked.count(("refresh",)) == 1
    assert room.notices == []


def test_a_library_that_is_left_looks_at_no_photo_again(qtbot: QtBot, room: Room) -> None:
    parts: list[float | None] = []
    room.bridge.refreshing_changed.connect(parts.append)
    room.photos.go_on.clear()
    room.bridge.refresh_photos()
    qtbot.waitUntil(lambda: bool(room.photos.asked))
    room.bridge.leave()
    room.lane.retire()
    room.photos.go_on.set()
    room.lane.close()
    assert parts == [0.0, None]
    assert "refresh photos" not in room.desk.calls
