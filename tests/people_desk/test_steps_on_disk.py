"""What is on disk is all there is: a desk that was killed at any moment stands where the next one begins."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.photos import PhotoStore
from heimdex_desktop.library.seen_people import SeenPeople
from heimdex_desktop.people_desk import PeopleDesk
from tests.people.faces import face
from tests.people_desk.studio import Studio, keep, photo_of

_CAST = ("ann", "bob", "cem")
_NAMES = ("Ann", "Bob", "Cem", "Dora", "ann ", "할머니")


class KilledError(BaseException):
    """The program ends here."""


def kept(studio: Studio) -> dict[str, str]:
    """Return what is kept of who is seen where."""
    seen = SeenPeople(studio.places)
    return {video.home.name: seen.digest(video.id) for video in studio.shop.catalogue.videos()}


@pytest.fixture
def filled(studio: Studio) -> tuple[Studio, PersonId]:
    studio.film("one.mp4", "ann bob\ncem")
    studio.film("two.mp4", "bob\nann")
    ann = studio.desk.create("Ann")
    studio.desk.add_photo(ann, photo_of("ann"), 0)
    return studio, ann


_Order = Callable[[PeopleDesk, PersonId, Studio], object]
_ORDERS: dict[str, _Order] = {
    "rename": lambda desk, ann, _: desk.rename(ann, "Anna"),
    "delete": lambda desk, ann, _: desk.delete(ann),
    "undo": lambda desk, _, __: desk.undo(),
    "add photo": lambda desk, ann, _: desk.add_photo(ann, photo_of("ann", number=3), 0),
    "add photos": lambda desk, ann, _: desk.add_photos(
        ann, [(photo_of("ann", number=number), 0) for number in (3, 4)]
    ),
    "confirm": lambda desk, ann, studio: desk.confirm(ann, studio.faces_of("cem", "one.mp4")),
}


@pytest.mark.parametrize("cut", [(SeenPeople, "save"), (PeopleJournal, "add")], ids=["seen", "journal"])
@pytest.mark.parametrize("order", _ORDERS)
def test_a_step_that_was_cut_off_is_whole_or_was_never_taken(
    filled: tuple[Studio, PersonId], order: str, cut: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, ann = filled
    before = studio.desk.facts(), kept(studio)

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(*cut, killed)
        with pytest.raises(KilledError):
            _ORDERS[order](studio.desk, ann, studio)
    again = studio.new_desk()
    found = again.facts(), kept(studio)
    if cut[0] is PeopleJournal:
        assert found == before
    else:
        assert found[0] != before[0]
        assert found == (studio.new_desk().facts(), kept(studio))
        again.undo() if order != "undo" else again.redo()
        assert (again.facts().people, kept(studio)) == (before[0].people, before[1])


def test_a_photo_without_its_step_is_deleted_by_the_next_start(
    filled: tuple[Studio, PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, ann = filled

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(PeopleJournal, "add", killed)
        with pytest.raises(KilledError):
            studio.desk.add_photo(ann, photo_of("ann", number=5), 0)
    store = PhotoStore(studio.places)
    assert len(store.ids()) == 2
    (photo,) = studio.new_desk().page(ann).photos
    assert store.ids() == [photo.id]


def test_photos_stay_when_the_journal_is_damaged(filled: tuple[Studio, PersonId]) -> None:
    studio, _ = filled
    content = studio.places.people_journal.read_bytes().split(b"\n")
    studio.places.people_journal.write_bytes(b"\n".join([content[0], b"{", b""]))
    assert [card.photo_count for card in studio.new_desk().facts().people] == [0]
    assert len(PhotoStore(studio.places).ids()) == 1


def test_a_step_that_could_not_be_written_has_not_happened(
    filled: tuple[Studio, PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, ann = filled
    before = studio.desk.facts()

    def full(*_: object) -> None:
        raise InputError("The drive is full.")

    with monkeypatch.context() as patch:
        patch.setattr(PeopleJournal, "add", full)
        with pytest.raises(InputError):
            studio.desk.rename(ann, "Anna")
    assert studio.desk.facts() == before


class Orders(RuleBasedStateMachine):
    """Any orders in any order; a new desk finds the same, and ten steps back and forth change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.studio = Studio(Path(self._folder.name))
        self.studio.film("one.mp4", "ann bob\ncem")
        self.studio.film("two.mp4", "bob\nann cem")
        self.faces: list[FaceRef] = [
            face
            for name in ("one.mp4", "two.mp4")
            for who in _CAST
            for face in self.studio.faces_of(who, name)
        ]
        self.faces.append(FaceRef(self.studio.video("one.mp4").id, 900, Box(0.85, 0.8, 0.95, 0.95)))

    def teardown(self) -> None:
        self.studio.close()
        self._folder.cleanup()

    @property
    def desk(self) -> PeopleDesk:
        return self.studio.desk

    @property
    def people(self) -> list[PersonId]:
        return [card.id for card in self.desk.facts().people]

    def _has_people(self) -> bool:
        return bool(self.people)

    @rule(name=st.sampled_from(_NAMES))
    def create(self, name: str) -> None:
        _tried(lambda: self.desk.create(name))

    @precondition(_has_people)
    @rule(choice=st.data(), name=st.sampled_from(_NAMES))
    def rename(self, choice: st.DataObject, name: str) -> None:
        person = self._one(choice)
        _tried(lambda: self.desk.rename(person, name, ["Q"]))

    @precondition(_has_people)
    @rule(choice=st.data(), who=st.sampled_from(_CAST), number=st.integers(0, 2))
    def add_photo(self, choice: st.DataObject, who: str, number: int) -> None:
        self.desk.add_photo(self._one(choice), photo_of(who, number=number), 0)

    @precondition(_has_people)
    @rule(choice=st.data(), is_so=st.booleans())
    def say(self, choice: st.DataObject, is_so: bool) -> None:
        faces = choice.draw(st.lists(st.sampled_from(self.faces), min_size=1, max_size=3))
        (self.desk.confirm if is_so else self.desk.reject)(self._one(choice), faces)

    @rule(choice=st.data(), ignored=st.booleans())
    def ignore_or_free(self, choice: st.DataObject, ignored: bool) -> None:
        faces = choice.draw(st.lists(st.sampled_from(self.faces), min_size=1, max_size=3))
        (self.desk.ignore if ignored else self.desk.free)(faces)

    @precondition(_has_people)
    @rule(choice=st.data())
    def merge(self, choice: st.DataObject) -> None:
        into, other = self._one(choice), self._one(choice)
        _tried(lambda: self.desk.merge(into, [other]))

    @precondition(_has_people)
    @rule(choice=st.data())
    def delete(self, choice: st.DataObject) -> None:
        self.desk.delete(self._one(choice))

    @precondition(_has_people)
    @rule(choice=st.data())
    def forget(self, choice: st.DataObject) -> None:
        person = self._one(choice)
        receipt = self.desk.forget(person)
        assert receipt.left == ()
        assert person not in self.people

    @rule()
    def undo(self) -> None:
        self.desk.undo()

    @rule()
    def redo(self) -> None:
        self.desk.redo()

    @rule()
    def ten_back_and_forth(self) -> None:
        before = self.desk.facts(), kept(self.studio)
        steps = list(_until_nothing(self.desk.undo, 10))
        for _ in steps:
            assert self.desk.redo()
        assert (self.desk.facts(), kept(self.studio)) == before

    @invariant()
    def a_new_desk_finds_the_same(self) -> None:
        mine = self.desk.facts(), kept(self.studio)
        fresh = self.studio.new_desk()
        assert (fresh.facts(), kept(self.studio)) == mine
        for person in self.people:
            assert fresh.page(person) == self.desk.page(person)

    def _one(self, choice: st.DataObject) -> PersonId:
        return choice.draw(st.sampled_from(self.people))


def _tried(order: Callable[[], object]) -> None:
    with suppress(InputError):
        order()


def _until_nothing(order: Callable[[], str], most: int) -> Iterator[str]:
    for _ in range(most):
        done = order()
        if not done:
            return
        yield done


TestOrders = pytest.mark.filterwarnings("ignore")(Orders.TestCase)
TestOrders.settings = settings(max_examples=8, stateful_step_count=12, phases=[Phase.generate])


def test_what_was_rejected_in_a_long_scene_holds_when_its_faces_are_found_at_other_moments(
    studio: Studio,
) -> None:
    video = studio.film("one.mp4", "cem\ncem")
    scene = studio.shop.shelf.record(video).scenes[-1].id

    def find(*moments: int) -> None:
        seen = [face("ann", at_ms) for at_ms in moments]
        keep(studio.places, video.id, [replace(one, scene_id=scene) for one in seen])
        studio.desk.refresh()

    find(5_000, 10_000, 15_000)
    bea = studio.desk.create("Bea")
    studio.desk.add_photo(bea, photo_of("ann"), 0)
    taken = [card.face for card in studio.desk.page(bea).faces]
    assert len(taken) == 1
    studio.desk.reject(bea, taken)
    find(7_500, 12_500, 17_500)
    assert studio.desk.page(bea).faces == ()
