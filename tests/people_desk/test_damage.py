"""What is damaged or gone on disk keeps nobody from their people, deletes nothing more, and is told."""

from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.photos import PhotoStore
from heimdex_desktop.people_desk import PeopleDesk
from tests.people_desk.studio import Studio, photo_of


class KilledError(BaseException):
    """The program ends here."""


@pytest.fixture
def ann(studio: Studio) -> PersonId:
    """Somebody with three photos, who is seen in a film."""
    studio.film("one.mp4", "ann bob\nann")
    ann = studio.desk.create("Ann")
    for number in range(3):
        studio.desk.add_photo(ann, photo_of("ann", number=number), 0)
    return ann


def photo_files(studio: Studio) -> list[Path]:
    return sorted(studio.places.photos.iterdir())


def lose(journal: Path, way: str) -> None:
    """Let the journal be gone, empty, or end sooner than it did."""
    match way:
        case "gone":
            journal.unlink()
        case "empty":
            journal.write_bytes(b"")
        case "cut":
            journal.write_bytes(journal.read_bytes().split(b"\n")[0] + b"\n")
        case _:
            journal.write_bytes(journal.read_bytes()[:40])


@pytest.mark.parametrize("way", ["gone", "empty", "cut", "cut in its first line"])
def test_photos_outlive_a_journal_that_was_lost(studio: Studio, ann: PersonId, way: str) -> None:
    photos, journal = photo_files(studio), studio.places.people_journal
    before = journal.read_bytes()
    assert studio.desk.facts().damage == ""
    lose(journal, way)
    desk = studio.new_desk()
    damage = desk.facts().damage
    assert "3 photos" in damage
    assert str(journal) in damage
    bob = desk.create("Bob")
    desk.add_photo(bob, photo_of("bob"), 0)
    mine = set(photo_files(studio)) - set(photos)
    assert studio.new_desk().facts().damage == damage[damage.index("3 photos") :], "as long as they lie there"
    receipt = studio.new_desk().forget(bob)
    assert photo_files(studio) == photos
    assert len(receipt.unclaimed) == 3
    assert str(studio.places.photos) in str(receipt)
    assert not mine & set(photos)
    journal.write_bytes(before)
    facts = studio.new_desk().facts()
    assert [(card.id, card.photo_count) for card in facts.people] == [(ann, 3)]
    assert facts.damage == ""


def test_all_face_data_takes_photos_of_a_lost_journal_too(studio: Studio, ann: PersonId) -> None:
    studio.places.people_journal.unlink()
    desk = studio.new_desk()
    assert desk.facts().people == ()
    assert desk.forget_all().unclaimed == ()
    assert photo_files(studio) == []
    assert desk.facts().damage == ""
    assert ann


def test_a_step_that_was_cut_off_is_told_until_the_next_one(studio: Studio, ann: PersonId) -> None:
    studio.desk.rename(ann, "Anna")
    journal = studio.places.people_journal
    journal.write_bytes(journal.read_bytes()[:-9])
    desk = studio.new_desk()
    facts = desk.facts()
    assert [(card.name, card.photo_count) for card in facts.people] == [("Ann", 3)]
    assert "last step" in facts.damage
    desk.rename(ann, "Anna")
    assert desk.facts().damage == ""
    assert [card.name for card in studio.new_desk().facts().people] == ["Anna"]


def test_steps_that_cannot_be_read_are_told(studio: Studio, ann: PersonId) -> None:
    journal = studio.places.people_journal
    lines = journal.read_bytes().split(b"\n")
    journal.write_bytes(b"\n".join([lines[0], b"\x00" * len(lines[1]), *lines[2:]]))
    desk = studio.new_desk()
    facts = desk.facts()
    assert [card.photo_count for card in facts.people] == [2]
    assert "One step" in facts.damage
    assert "One photo" in facts.damage
    assert len(photo_files(studio)) == 6
    bob = desk.create("Bob")
    desk.forget(bob)
    assert len(photo_files(studio)) == 6, "also once the journal was written anew"
    assert len(PhotoStore(studio.places).ids()) == len(studio.new_desk().page(ann).photos) + 1


def test_a_journal_that_may_not_be_read_is_told_and_nothing_is_deleted(studio: Studio, ann: PersonId) -> None:
    photos, journal = photo_files(studio), studio.places.people_journal
    aside = journal.rename(studio.folder / "aside")
    journal.mkdir()
    for order in (PeopleDesk.facts, PeopleDesk.forget_all, PeopleDesk.undo):
        with pytest.raises(NoAccess, match=r"journal\.jsonl"):
            order(studio.new_desk())
    with pytest.raises(NoAccess, match=r"journal\.jsonl"):
        studio.new_desk().forget(ann)
    assert photo_files(studio) == photos
    journal.rmdir()
    aside.rename(journal)
    assert [card.photo_count for card in studio.new_desk().facts().people] == [3]


def test_a_photo_whose_step_was_cut_off_goes_and_one_of_a_step_that_stands_stays(
    studio: Studio, ann: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KilledError

    for cut in ((PeopleJournal, "add"), (PhotoStore, "settle")):
        with monkeypatch.context() as patch:
            patch.setattr(*cut, killed)
            with pytest.raises(KilledError):
                studio.desk.add_photo(ann, photo_of("ann", number=7), 0)
        studio.desk = studio.new_desk()
        assert studio.desk.facts().damage == ""
    assert studio.desk.facts().people[0].photo_count == 4
    assert len(photo_files(studio)) == 8


def test_a_photo_that_cannot_be_wanted_again_goes(studio: Studio, ann: PersonId) -> None:
    studio.desk.undo()
    assert len(photo_files(studio)) == 6, "as long as it can be done again"
    studio.desk.rename(ann, "Anna")
    assert studio.new_desk().facts().damage == ""
    assert len(photo_files(studio)) == 4


def test_a_photo_that_cannot_be_wanted_again_goes_when_another_one_is_forgotten(
    studio: Studio, ann: PersonId
) -> None:
    studio.desk.undo()
    bob = studio.desk.create("Bob")
    receipt = studio.desk.forget(bob)
    assert receipt.left == receipt.unclaimed == ()
    assert len(photo_files(studio)) == 4
    assert studio.desk.page(ann).card.photo_count == 2


@pytest.mark.parametrize("way", ["gone", "refused", "damaged"])
@pytest.mark.parametrize("kind", ["jpg", "json"])
def test_people_go_on_with_the_photos_that_are_left(
    studio: Studio, ann: PersonId, kind: str, way: str
) -> None:
    photo = studio.desk.page(ann).photos[1].id
    file = studio.places.photos / f"{photo}.{kind}"
    file.unlink()
    if way == "refused":
        file.mkdir()
    elif way == "damaged":
        file.write_bytes(b"" if kind == "jpg" else b"{")
    desk = studio.new_desk()
    desk.refresh()
    facts, page = desk.facts(), desk.page(ann)
    assert "One photo" in facts.damage
    assert [bool(card.complaint) for card in page.photos] == [False, True, False]
    assert page.card.scene_count == 2
    assert page.card.picture
    assert page.card.picture.is_file()
    desk.add_photo(ann, photo_of("ann", number=9), 0)
    desk.remove_photo(ann, photo)
    assert desk.facts().damage == ""
    receipt = desk.forget(ann)
    if way == "refused":
        assert receipt.left == (file,)
        file.rmdir()
    else:
        assert receipt.left == ()
        assert photo_files(studio) == []
    assert studio.new_desk().facts() == desk.facts()
