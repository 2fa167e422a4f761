"""Who is forgotten leaves no trace: the bytes of all files are searched here, apart from our own search."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.errors import DiskFull
from heimdex_desktop.domain.faces import SeenFace
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.search import SavedSearch
from heimdex_desktop.library import saved_searches
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.photos import PhotoStore
from heimdex_desktop.people_desk.erasing import Eraser
from heimdex_desktop.people_desk.forgetting_desk import ForgettingDesk
from tests.people.faces import direction, vector_of
from tests.people_desk.studio import Studio, photo_of

NAME, ALIAS, FORMER = "Quorra Zyx", "쿼라 할머니 “Q”", "Quondam Zyx"


@pytest.fixture
def quorra(studio: Studio) -> PersonId:
    """Somebody with three names and three photos who is seen in two films, beside somebody else."""
    studio.film("trip.mp4", "ann bob\nbob")
    studio.film("party.mp4", "cem\nann cem")
    quorra = studio.desk.create(FORMER)
    studio.desk.rename(quorra, NAME, [ALIAS])
    for number in range(3):
        studio.desk.add_photo(quorra, photo_of("ann", number=number), 0)
    bob = studio.desk.create("Bob")
    studio.desk.add_photo(bob, photo_of("bob"), 0)
    studio.desk.confirm(quorra, studio.faces_of("ann", "trip.mp4"))
    studio.settle()
    assert studio.seen("trip.mp4") == [{NAME, "Bob"}, {"Bob"}]
    return quorra


def spellings(*words: str) -> list[bytes]:
    plain = [word.encode() for word in words]
    return [*plain, *(json.dumps(word)[1:-1].encode() for word in words)]


def vectors_of(studio: Studio, *people: str) -> list[bytes]:
    """Return the bytes of all vectors of these people, as they lie in tables of 16 and of 32 bits."""
    found: list[bytes] = []
    rows = [one.face.vector for one in all_faces(studio)]
    store = PhotoStore(studio.places)
    photos = [store.load(photo) for photo in store.ids()]
    rows += [photo.face.vector for photo in photos if photo]
    for vector in rows:
        assert vector is not None
        if any(float(vector @ direction(name)) > 0.7 for name in people):
            # The vectors of files are rounded to 16 bits; brought to unit length, they round there again.
            found += [vector.astype(np.float16).tobytes()[:32], vector.astype(np.float32).tobytes()[:32]]
            found.append(json.dumps(vector[:3].tolist())[1:-1].encode())
    return found


def all_faces(studio: Studio) -> list[SeenFace]:
    store = FaceStore(studio.places)
    kept = [store.load(video.id) for video in studio.shop.catalogue.videos()]
    return [face for faces in kept if faces for face in faces.faces]


def holders(studio: Studio, marks: list[bytes]) -> dict[str, bytes]:
    """Return the files that hold any of these bytes."""
    return {
        str(file.relative_to(studio.folder)): mark
        for file in studio.files()
        for mark in marks
        if mark in file.read_bytes()
    }


def test_no_file_holds_anything_of_who_was_forgotten(studio: Studio, quorra: PersonId) -> None:
    marks = [*spellings(NAME, ALIAS, FORMER, quorra), *vectors_of(studio, "ann")]
    photos = [photo.picture for photo in studio.desk.page(quorra).photos]
    crops = [card.crop for card in studio.desk.page(quorra).faces if card.crop]
    before = holders(studio, marks)
    assert {Path(file).parts[0] for file in before} == {"library", "films"}
    assert any(file.endswith(".npz") for file in before), "the vectors are known as they lie on disk"
    assert len(photos) == 3
    assert len(crops) == 2
    receipt = studio.desk.forget(quorra)
    assert holders(studio, marks) == {}
    assert receipt.left == receipt.away == receipt.mentioned == ()
    assert receipt.searched >= len(list(studio.places.root.rglob("*.jpg")))
    told = f"{NAME} is forgotten. Deleted were: 3 photos, 2 faces, the name beside 2 videos."
    assert str(receipt) == f"{told} {receipt.searched} files were searched: nothing is left."
    assert NAME not in repr(receipt), "it may come into a log"
    assert not any(file.exists() for file in (*photos, *crops))
    studio.settle()
    assert holders(studio, marks) == {}
    assert [card.name for card in studio.desk.facts().people] == ["Bob"]
    assert studio.seen("trip.mp4") == [{"Bob"}, {"Bob"}]
    assert studio.new_desk().facts().people == studio.desk.facts().people


@pytest.mark.parametrize(
    "way", ["at once", "by way of another", "after the next start", "after being removed"]
)
def test_who_was_merged_is_forgotten_too(studio: Studio, quorra: PersonId, way: str) -> None:
    other, third = studio.desk.create("Merged Xyq"), studio.desk.create("Thirdly Wyz")
    studio.desk.add_photo(other, photo_of("cem"), 0)
    studio.desk.confirm(other, studio.faces_of("cem", "party.mp4"))
    studio.desk.rename(third, "Third Wyz", ["Tertia Wyz"])
    studio.settle()
    if way == "by way of another":
        studio.desk.merge(third, [other])
        studio.desk.merge(quorra, [third])
    else:
        studio.desk.merge(quorra, [other, third])
    names = ("Merged Xyq", "Thirdly Wyz", "Third Wyz", "Tertia Wyz")
    marks = [
        *spellings(NAME, ALIAS, FORMER, *names, quorra, other, third),
        *vectors_of(studio, "ann", "cem"),
    ]
    if way == "after the next start":
        studio.settle()
        studio.desk = studio.new_desk()
    if way == "after being removed":
        studio.desk.delete(quorra)
    receipt = studio.desk.forget(quorra)
    assert holders(studio, marks) == {}
    assert receipt.left == receipt.mentioned == ()
    studio.settle()
    assert holders(studio, marks) == {}
    assert [card.name for card in studio.desk.facts().people] == ["Bob"]


def test_the_others_keep_their_faces(studio: Studio, quorra: PersonId) -> None:
    count = len(all_faces(studio))
    others = len([one for one in all_faces(studio) if float(vector_of(one) @ direction("ann")) < 0.7])
    assert 0 < others < count
    studio.desk.forget(quorra)
    assert len(all_faces(studio)) == others


def test_damaged_copies_old_versions_and_drafts_are_cleaned_too(studio: Studio, quorra: PersonId) -> None:
    sidecar = studio.films / "trip.mp4.heimdex.json"
    shutil.copy(sidecar, studio.films / "trip.mp4.heimdex.json.broken-1")
    shutil.copy(sidecar, studio.films / ".heimdex-0123456789abcdef.draft")
    shutil.copy(sidecar, studio.places.sidecars / f"{studio.video('trip.mp4').id}.heimdex.json")
    shutil.copy(studio.places.people_journal, studio.places.people / ".heimdex-aa.draft")
    marks = spellings(NAME, ALIAS, FORMER, quorra)
    assert len(holders(studio, marks)) > 5
    receipt = studio.desk.forget(quorra)
    assert holders(studio, marks) == {}
    assert receipt.left == ()


def test_who_has_the_same_name_and_is_off_the_list_is_forgotten_too(studio: Studio, quorra: PersonId) -> None:
    """A name that was asked to be forgotten is found nowhere, not even with whom it was given by mistake."""
    for is_undone in (False, True):
        if is_undone:
            studio.desk.undo()
        else:
            studio.desk.delete(quorra)
        assert NAME not in studio.desk.names()
        second = studio.desk.create("quorra  zyx")
        marks = [*spellings(NAME, ALIAS, FORMER, quorra, second), *vectors_of(studio, "ann")]
        assert studio.desk.forget(second).left == ()
        assert holders(studio, marks) == {}
        studio.settle()
        assert [card.name for card in studio.desk.facts().people] == ["Bob"]
        quorra = studio.desk.create(NAME)


def test_who_once_had_the_name_keeps_theirs(studio: Studio) -> None:
    first = studio.desk.create("Dora")
    studio.desk.rename(first, "Emil")
    studio.desk.delete(first)
    assert studio.desk.forget(studio.desk.create("Dora")).left == ()
    assert [one.name for one in studio.desk.removed()] == ["Emil"]


def test_a_name_that_somebody_says_is_told_as_a_word(studio: Studio, quorra: PersonId) -> None:
    path = studio.films / "speech.mp4"
    path.write_text("nobody\n", encoding="utf-8")
    path.with_suffix(".srt").write_text(f"1\n00:00:00,500 --> 00:00:01,500\nThis is {NAME}.\n", "utf-8")
    studio.shop.add(path)
    receipt = studio.desk.forget(quorra)
    assert receipt.left == ()
    assert studio.films / "speech.mp4.heimdex.json" in receipt.mentioned
    assert "word" in str(receipt)


def test_a_file_that_holds_something_is_told(studio: Studio, quorra: PersonId) -> None:
    stranger = studio.places.root / "copy of the journal.txt"
    shutil.copy(studio.places.people_journal, stranger)
    receipt = studio.desk.forget(quorra)
    assert receipt.left == (stranger,)
    assert f"something of {NAME} is left in" in str(receipt)
    assert "is forgotten" not in str(receipt)
    assert stranger.name in str(receipt)
    stranger.unlink()
    vectors = studio.places.root / "vectors.bin"
    bob = next(card.id for card in studio.desk.facts().people)
    (photo,) = studio.desk.page(bob).photos
    kept = PhotoStore(studio.places).load(photo.id)
    assert kept
    assert kept.face.vector is not None
    vectors.write_bytes(b"..." + kept.face.vector.astype(np.float16).tobytes())
    assert studio.desk.forget(bob).left == (vectors,)


def test_all_face_data_goes_at_once(studio: Studio, quorra: PersonId) -> None:
    bob = next(card.id for card in studio.desk.facts().people if card.name == "Bob")
    marks = [
        *spellings(NAME, ALIAS, FORMER, quorra, bob, '"person_id"', '"people_count"', '"name": "Bob"'),
        *vectors_of(studio, "ann", "bob", "cem"),
    ]
    assert holders(studio, marks)
    receipt = studio.desk.forget_all()
    assert str(receipt).startswith("All face data is deleted. Deleted were: 4 photos, 6 faces. ")
    assert holders(studio, [mark for mark in marks if mark]) == {}
    assert receipt.left == ()
    for folder in (studio.places.faces, studio.places.crops, studio.places.photos, studio.places.seen):
        assert list(folder.iterdir()) == []
    facts = studio.desk.facts()
    assert (facts.people, facts.groups, facts.undo, facts.redo) == ((), (), "", "")


def test_a_film_that_is_away_is_cleaned_when_it_is_back(studio: Studio, quorra: PersonId) -> None:
    away = studio.folder / "drive"
    studio.films.rename(away)
    receipt = studio.desk.forget(quorra)
    assert {path.name for path in receipt.away} == {"trip.mp4", "party.mp4"}
    assert "the name beside" not in str(receipt)
    assert "Not connected" in str(receipt)
    marks = spellings(NAME, ALIAS, FORMER, quorra)
    left = [file for file in holders(studio, marks) if not file.endswith("forgetting.json")]
    assert left
    assert not any(file.startswith("library/people") for file in left)
    away.rename(studio.films)
    desk = studio.new_desk()
    assert [card.name for card in desk.facts().people] == ["Bob"]
    assert holders(studio, marks) == {}
    assert not (studio.places.people / "forgetting.json").exists()


def test_forgetting_that_was_cut_off_anywhere_is_finished_by_the_next_start(
    studio: Studio, quorra: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = [*spellings(NAME, ALIAS, FORMER, quorra), *vectors_of(studio, "ann")]
    for cut in ("erase_faces", "_erase_photos", "clean_sidecars", "publish"):
        _cut_off(studio, quorra, cut, monkeypatch)
    desk = studio.new_desk()
    assert [card.name for card in desk.facts().people] == ["Bob"]
    assert holders(studio, marks) == {}


class KilledError(BaseException):
    """The program ends here."""


def _cut_off(studio: Studio, person: PersonId, cut: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = ForgettingDesk if cut.startswith("_") else Eraser

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(owner, cut, killed)
        desk = studio.new_desk()
        with pytest.raises(KilledError):
            # What was begun before goes on at the first question already.
            desk.forget(person)


@pytest.mark.parametrize(
    ("kept", "is_told"),
    [("@Quorra sea", True), ("@quondam", True), ('-@"q"', True), ("@Zyx", False), ("@Bob quorra", False)],
)
def test_a_kept_search_for_a_part_of_the_name_is_told(
    studio: Studio, quorra: PersonId, kept: str, *, is_told: bool
) -> None:
    studio.desk.create("Zyx Other")
    saved_searches.keep(studio.places, [SavedSearch("by the sea", kept, {})])
    told = studio.desk.forget(quorra)
    assert told.left == ()
    assert told.mentioned == ((studio.places.saved_searches,) if is_told else ())


def test_a_kept_file_that_cannot_be_read_names_nobody(studio: Studio, quorra: PersonId) -> None:
    studio.places.saved_searches.write_bytes(b"{")
    assert studio.desk.forget(quorra).mentioned == ()


def test_a_photo_of_which_the_step_could_not_be_written_goes_too(
    studio: Studio, quorra: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DiskFull("The disk is full.", "Free some space.")

    store = PhotoStore(studio.places)
    before = set(store.ids())
    with monkeypatch.context() as full:
        full.setattr(PeopleJournal, "add", refuse)
        with pytest.raises(DiskFull):
            studio.desk.add_photo(quorra, photo_of("ann", number=9), 0)
    assert set(store.ids()) > before
    assert studio.desk.forget(quorra).left == ()
    assert len(set(store.ids())) == 1, "Bob has one"


def test_a_face_without_its_picture_that_nobody_is_known_by_is_deleted_at_the_next_start(
    studio: Studio, quorra: PersonId
) -> None:
    (first, *_) = studio.desk.page(quorra).photos
    kept = PhotoStore(studio.places).load(first.id)
    assert kept
    studio.desk.forget(quorra)
    PhotoStore(studio.places).save_face(kept)
    assert studio.new_desk().facts().people
    assert not any(file.exists() for file in PhotoStore(studio.places).files_of(first.id))
