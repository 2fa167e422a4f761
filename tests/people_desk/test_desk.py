"""Orders about people: each is one step, shows in all videos at once, and can be undone and done again."""

import os
import stat
from dataclasses import replace

import pytest

from heimdex_desktop.domain.errors import InputError, MachineError
from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.scene import Box, Sight
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.library.photos import PhotoStore
from tests.people_desk.studio import FACE_SPACE, Studio, photo_of

NOBODY = PersonId("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def ann(studio: Studio) -> PersonId:
    """Somebody with two photos, in a library with two films."""
    studio.film("trip.mp4", "ann bob\nbob")
    studio.film("party.mp4", "cem\nann cem")
    ann = studio.desk.create("Ann")
    for number in range(2):
        studio.desk.add_photo(ann, photo_of("ann", number=number), 0)
    return ann


def card_of(studio: Studio, person: PersonId) -> tuple[str, int, int, int]:
    card = studio.desk.page(person).card
    return card.name, card.photo_count, card.scene_count, card.screen_ms


def test_who_has_a_photo_is_seen_in_all_videos_and_written_into_their_sidecars(
    studio: Studio, ann: PersonId
) -> None:
    assert card_of(studio, ann) == ("Ann", 2, 2, 4_000)
    assert set(studio.changed) == {studio.video("trip.mp4").id, studio.video("party.mp4").id}
    studio.settle()
    assert studio.seen("trip.mp4") == [{"Ann"}, set()]
    assert studio.seen("party.mp4") == [set(), {"Ann"}]
    scene = studio.shop.shelf.record(studio.video("trip.mp4")).scenes[0]
    (seen,) = scene.people
    assert (seen.person_id, seen.frame_count, scene.people_count) == (ann, 2, 2)
    assert 0.7 <= seen.confidence <= 1


def test_naming_needs_no_model_and_watches_no_video_again(studio: Studio, ann: PersonId) -> None:
    studio.settle()
    studio.shop.ran.clear()
    studio.desk.rename(ann, "Anna", ["안나"])
    studio.settle()
    assert set(studio.shop.ran) == {"people"}
    assert studio.seen("trip.mp4")[0] == {"Anna"}


def test_the_same_names_again_are_no_step(studio: Studio, ann: PersonId) -> None:
    studio.desk.rename(ann, "Anna", ["안나"])
    before = studio.desk.facts()
    studio.desk.rename(ann, " Anna ", ["안나"])
    assert studio.desk.facts() == before
    assert studio.desk.undo() == "Name “Anna”"
    assert card_of(studio, ann)[0] == "Ann"


def test_the_page_tells_where_somebody_is_seen_and_with_whom(studio: Studio, ann: PersonId) -> None:
    bob = studio.desk.create("Bob")
    studio.desk.add_photo(bob, photo_of("bob"), 0)
    page = studio.desk.page(bob)
    assert [(one.video_name, one.spans) for one in page.appearances] == [("trip.mp4", (TimeSpan(0, 4_000),))]
    assert [(one.name, one.scene_count) for one in page.companions] == [("Ann", 1)]
    assert len(page.faces) == 2
    assert all(card.crop and card.crop.is_file() for card in page.faces)
    assert {card.video_name for card in page.faces} == {"trip.mp4"}
    assert [photo.picture.read_bytes() for photo in page.photos] == [photo_of("bob").jpeg]
    spans = studio.desk.presence(studio.video("trip.mp4").id)
    assert [(one.id, one.name, one.spans) for one in spans] == [
        (bob, "Bob", (TimeSpan(0, 4_000),)),
        (ann, "Ann", (TimeSpan(0, 2_000),)),
    ]
    assert studio.desk.names() == {"Ann": (ann,), "Bob": (bob,)}


def test_unknown_faces_are_grouped_and_named_at_once(studio: Studio) -> None:
    studio.film("one.mp4", "dora\ndora")
    studio.film("two.mp4", "dora\ndora emil")
    (group,) = studio.desk.facts().groups
    assert (len(group.faces), group.frame_count) == (4, 8)
    dora = studio.desk.create("Dora", [group.faces[0].face])
    assert studio.desk.facts().groups == ()
    assert card_of(studio, dora)[2:] == (4, 8_000)


def test_naming_a_group_is_one_step(studio: Studio) -> None:
    studio.film("one.mp4", "dora\ndora")
    studio.film("two.mp4", "dora\ndora")
    (group,) = studio.desk.facts().groups
    studio.desk.create("Dora", [card.face for card in group.faces])
    assert studio.desk.undo() == "Add “Dora” with 4 faces"
    facts = studio.desk.facts()
    assert (facts.people, facts.groups, facts.undo) == ((), (group,), "")
    studio.desk.redo()
    assert studio.desk.facts().groups == ()


def test_confirming_and_rejecting_are_obeyed(studio: Studio, ann: PersonId) -> None:
    bob = studio.desk.create("Bob")
    studio.desk.reject(ann, studio.faces_of("ann", "trip.mp4"))
    studio.desk.confirm(bob, studio.faces_of("cem", "party.mp4")[:1])
    studio.settle()
    assert studio.seen("trip.mp4") == [set(), set()]
    assert studio.seen("party.mp4") == [{"Bob"}, {"Ann", "Bob"}]
    faces = studio.desk.page(bob).faces
    assert faces[0].confidence == 1
    studio.desk.free(studio.faces_of("cem", "party.mp4")[:1])
    assert card_of(studio, bob)[2] == 0


def test_ignored_faces_are_asked_about_no_more(studio: Studio) -> None:
    studio.film("one.mp4", "dora\ndora")
    studio.film("two.mp4", "dora\ndora")
    (group,) = studio.desk.facts().groups
    studio.desk.ignore([card.face for card in group.faces])
    assert studio.desk.facts().groups == ()
    assert studio.desk.undo() == "Ignore 4 faces"
    assert studio.desk.facts().groups == (group,)


def test_who_was_marked_by_hand_is_seen_where_no_face_was_found(studio: Studio, ann: PersonId) -> None:
    video = studio.video("party.mp4")
    marked = Box(0.8, 0.7, 0.9, 0.9)
    studio.desk.confirm(ann, [FaceRef(video.id, 1_000, marked)])
    studio.settle()
    assert studio.seen("party.mp4") == [{"Ann"}, {"Ann"}]
    (seen,) = studio.shop.shelf.record(video).scenes[0].people
    assert seen.sight == Sight(1_000, 1_000, marked)
    assert card_of(studio, ann)[2:] == (3, 5_000)
    assert studio.desk.presence(video.id)[0].spans == (TimeSpan(500, 1_500), TimeSpan(2_000, 4_000))


def test_merged_people_are_one_and_apart_again_when_undone(studio: Studio, ann: PersonId) -> None:
    bob = studio.desk.create("Bob")
    studio.desk.confirm(bob, studio.faces_of("bob", "trip.mp4"))
    before = studio.desk.facts()
    studio.desk.merge(ann, [bob, ann])
    (card,) = studio.desk.facts().people
    assert (card.name, card.aliases, card.photo_count, card.scene_count) == ("Ann", ("Bob",), 2, 3)
    assert studio.desk.undo() == "Merge “Bob” into “Ann”"
    assert replace(studio.desk.facts(), redo="") == before
    with pytest.raises(InputError):
        studio.desk.merge(ann, [ann])


def test_merging_loses_no_scene_of_either_however_unlike_they_look(studio: Studio, ann: PersonId) -> None:
    """As with a child and the grown-up: one photo of the one counts little among many of the other."""
    for number in range(2, 8):
        studio.desk.add_photo(ann, photo_of("ann", number=number), 0)
    cem = studio.desk.create("Cem")
    studio.desk.add_photo(cem, photo_of("cem"), 0)
    assert (card_of(studio, ann)[2], card_of(studio, cem)[2]) == (2, 2)
    before = studio.desk.facts()
    studio.desk.merge(ann, [cem])
    studio.settle()
    assert studio.seen("trip.mp4") == [{"Ann"}, set()]
    assert studio.seen("party.mp4") == [{"Ann"}, {"Ann"}]
    assert studio.desk.undo() == "Merge “Cem” into “Ann”"
    assert replace(studio.desk.facts(), redo="") == before


def test_who_has_no_photo_is_shown_by_their_clearest_face(studio: Studio, ann: PersonId) -> None:
    bob = studio.desk.create("Bob")
    assert studio.desk.page(bob).card.picture is None
    studio.desk.confirm(bob, studio.faces_of("bob", "trip.mp4"))
    shown = studio.desk.page(bob).card.picture
    assert shown in {card.crop for card in studio.desk.page(bob).faces}
    studio.desk.add_photo(bob, photo_of("bob"), 0)
    picture = studio.desk.page(bob).card.picture
    assert picture
    assert picture.read_bytes() == photo_of("bob").jpeg


def test_splitting_makes_somebody_new_of_faces(studio: Studio, ann: PersonId) -> None:
    other = studio.desk.split(ann, studio.faces_of("ann", "party.mp4"), "Not Ann")
    studio.settle()
    assert "Not Ann" in studio.seen("party.mp4")[1]
    assert other != ann
    assert studio.desk.facts().undo == "Add “Not Ann” with 1 face"
    studio.desk.undo()
    assert [card.name for card in studio.desk.facts().people] == ["Ann"]


def test_a_face_of_a_video_can_be_a_photo(studio: Studio, ann: PersonId) -> None:
    (face,) = studio.faces_of("ann", "trip.mp4")
    studio.desk.use_face_as_photo(ann, face, photo_of("ann", number=7))
    page = studio.desk.page(ann)
    assert len(page.photos) == 3
    assert page.faces[0].confidence == 1
    assert studio.desk.undo() == "Add a face as a photo of “Ann”"
    assert len(studio.desk.page(ann).photos) == 2


def test_photos_are_removed_featured_and_come_back(studio: Studio, ann: PersonId) -> None:
    first, second = (photo.id for photo in studio.desk.page(ann).photos)
    store = PhotoStore(studio.places)
    assert studio.desk.page(ann).card.picture == store.picture(first)
    studio.desk.feature(ann, second)
    assert studio.desk.page(ann).card.picture == store.picture(second)
    studio.desk.remove_photo(ann, second)
    assert studio.desk.page(ann).card.picture == store.picture(first)
    assert studio.desk.undo() == "Remove a photo of “Ann”"
    assert studio.desk.page(ann).card.picture == store.picture(second)
    with pytest.raises(InputError):
        studio.desk.remove_photo(ann, PhotoId("none"))
    with pytest.raises(InputError):
        studio.desk.add_photo(ann, photo_of("ann"), 1)


def test_undoing_speaks_of_one_face_and_of_many(studio: Studio, ann: PersonId) -> None:
    faces = (*studio.faces_of("ann", "trip.mp4"), *studio.faces_of("ann", "party.mp4"))
    studio.desk.reject(ann, faces[:1])
    assert studio.desk.facts().undo == "Say that 1 face shows somebody else than “Ann”"
    studio.desk.reject(ann, faces)
    assert studio.desk.facts().undo == "Say that 2 faces show somebody else than “Ann”"


def test_who_is_deleted_comes_back_whole(studio: Studio, ann: PersonId) -> None:
    before = studio.desk.facts()
    studio.desk.delete(ann)
    studio.settle()
    assert studio.desk.facts().people == ()
    assert studio.seen("trip.mp4") == [set(), set()]
    assert studio.desk.facts().undo == "Remove “Ann”"
    studio.desk.undo()
    assert replace(studio.desk.facts(), redo="") == before
    assert studio.desk.facts().redo == "Remove “Ann”"
    assert studio.desk.redo() == "Remove “Ann”"
    assert studio.desk.facts().people == ()


def test_who_was_removed_long_ago_is_put_back_whole(studio: Studio, ann: PersonId) -> None:
    before = studio.desk.facts().people
    studio.desk.delete(ann)
    bob = studio.desk.create("Bob")
    assert [(one.name, one.can_return) for one in studio.desk.facts().removed] == [("Ann", True)]
    studio.desk = studio.new_desk()
    studio.desk.restore(ann)
    assert [card for card in studio.desk.facts().people if card.id != bob] == list(before)
    assert studio.desk.facts().removed == ()
    assert studio.desk.facts().undo == "Put back “Ann”"
    studio.desk.undo()
    assert [one.id for one in studio.desk.facts().removed] == [ann]


def test_nobody_is_put_back_beside_another_of_that_name(studio: Studio, ann: PersonId) -> None:
    studio.desk.delete(ann)
    studio.desk.create("ann")
    with pytest.raises(InputError, match="Somebody is called “Ann” already") as raised:
        studio.desk.restore(ann)
    assert "Give that one another name" in raised.value.advice
    with pytest.raises(InputError, match="not known any more"):
        studio.desk.restore(PersonId("2b0a7c62-0000-4000-8000-000000000000"))


def test_whose_making_was_undone_for_good_can_still_be_forgotten(studio: Studio) -> None:
    studio.desk.create("Anne Undone")
    studio.desk.undo()
    studio.desk.create("Bob")
    (gone,) = studio.desk.facts().removed
    assert (gone.name, gone.can_return) == ("Anne Undone", False)
    with pytest.raises(InputError):
        studio.desk.restore(gone.id)
    assert b"Anne Undone" in studio.places.people_journal.read_bytes()
    assert studio.desk.forget(gone.id).left == ()
    assert b"Anne Undone" not in studio.places.people_journal.read_bytes()
    assert studio.desk.facts().removed == ()


def test_nothing_to_undo_is_no_step(studio: Studio) -> None:
    assert (studio.desk.undo(), studio.desk.redo()) == ("", "")
    assert not studio.places.people_journal.exists()


def test_hidden_people_stay_known(studio: Studio, ann: PersonId) -> None:
    studio.desk.hide(ann, True)
    assert studio.desk.facts().people[0].is_hidden
    assert studio.desk.facts().undo == "Hide “Ann”"
    assert card_of(studio, ann)[2] == 2


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\u200b\u200d", "\x00", "\u3164"])
def test_a_name_must_be_seen(studio: Studio, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        studio.desk.create(name)
    assert studio.desk.facts().people == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoe\u0308 \n Smith ", "Zoë Smith"),
        ("👩‍👩‍👧 Mum 🙂", "👩‍👩‍👧 Mum 🙂"),
        ("Ann\u200b\u202e Lee\u200d", "Ann Lee"),
        ("می\u200cنا", "می\u200cنا"),
        ("<b>Bob</b> & [red]co[/red]", "<b>Bob</b> & [red]co[/red]"),
        ("할머니", "할머니"),
        ("a\ud800b", "a b"),
    ],
)
def test_names_are_plain_text_in_one_line(studio: Studio, typed: str, kept: str) -> None:
    person = studio.desk.create(typed)
    assert studio.new_desk().page(person).card.name == kept


@pytest.mark.parametrize("name", ["!!!", "😀", "👩‍👩‍👧 🙂", "“”"])
def test_a_name_can_be_searched_for(studio: Studio, name: str) -> None:
    with pytest.raises(InputError, match="no letter or digit"):
        studio.desk.create(name)
    assert studio.desk.facts().people == ()


def test_two_names_that_are_searched_for_alike_are_one(studio: Studio) -> None:
    studio.desk.create("O'Brien")
    studio.desk.create("Zoe\u0308 “Q” Lee")
    for name in ("O’BRIEN", "zoë q  lee", "Ｚｏë Q Lee"):
        with pytest.raises(InputError, match="already"):
            studio.desk.create(name)


def test_nobody_is_called_like_somebody_else(studio: Studio, ann: PersonId) -> None:
    bob = studio.desk.create("Bob")
    studio.desk.rename(bob, "Bob", ["Robert", " robert ", "", "bob"])
    assert studio.desk.page(bob).card.aliases == ("Robert",)
    for take in (
        lambda: studio.desk.create("ANN"),
        lambda: studio.desk.create("ROBERT"),
        lambda: studio.desk.rename(ann, "Ann", ["bob"]),
        lambda: studio.desk.split(ann, studio.faces_of("ann", "trip.mp4"), "robert"),
    ):
        with pytest.raises(InputError, match="already") as told:
            take()
        assert told.value.advice
    studio.desk.rename(ann, "ann")
    assert studio.desk.page(ann).card.name == "ann"


def test_orders_about_nobody_change_nothing(studio: Studio) -> None:
    face = FaceRef(studio.film("one.mp4", "dora").id, 0, Box(0, 0, 1, 1))
    for take in (
        lambda: studio.desk.page(NOBODY),
        lambda: studio.desk.rename(NOBODY, "x"),
        lambda: studio.desk.confirm(NOBODY, [face]),
        lambda: studio.desk.add_photo(NOBODY, photo_of("dora"), 0),
        lambda: studio.desk.merge(NOBODY, [NOBODY]),
        lambda: studio.desk.forget(NOBODY),
        lambda: studio.desk.export(NOBODY, [], "csv"),
        lambda: studio.desk.ignore([]),
    ):
        with pytest.raises(InputError):
            take()
    assert not studio.places.people_journal.exists()
    assert list(studio.places.photos.iterdir()) == []


def test_photos_of_another_model_wait_and_are_not_compared(studio: Studio) -> None:
    studio.film("one.mp4", "dora\nemil")
    dora = studio.desk.create("Dora")
    other = replace(FACE_SPACE, revision="2")
    studio.desk.add_photo(dora, photo_of("dora", space=other), 0)
    assert card_of(studio, dora)[2] == 0
    facts = studio.desk.facts()
    assert "waits for being looked at again" in facts.trouble
    assert (facts.photos_waiting, studio.desk.photos_waiting()) == (1, 1)
    (photo,) = studio.desk.page(dora).photos
    store = PhotoStore(studio.places)
    kept = store.load(photo.id)
    assert kept
    store.save_face(replace(kept, space=FACE_SPACE))
    studio.desk.refresh_photos()
    assert (studio.desk.facts().trouble, studio.desk.photos_waiting()) == ("", 0)
    assert card_of(studio, dora)[2] == 1


def test_before_the_videos_are_of_the_chosen_model_no_photo_is_looked_at_again(studio: Studio) -> None:
    studio.film("one.mp4", "dora\nemil")
    newer = replace(FACE_SPACE, revision="2")
    dora = studio.desk.create("Dora")
    studio.desk.add_photo(dora, photo_of("dora"), 0)
    desk = studio.new_desk(space=newer)
    assert (desk.facts().trouble, desk.photos_waiting()) == ("", 0)
    desk.add_photo(dora, photo_of("dora", number=1, space=newer), 0)
    assert desk.photos_waiting() == 0
    assert "once the videos have been looked at" in desk.facts().trouble


def test_a_face_in_a_photo_counts_once(studio: Studio, ann: PersonId) -> None:
    look = photo_of("ann", "bob", number=7)
    studio.desk.add_photo(ann, look, 0)
    bob = studio.desk.create("Bob")
    for person in (ann, bob):
        with pytest.raises(InputError, match="This photo of “Ann” is there already"):
            studio.desk.add_photo(person, look, 0)
    with pytest.raises(InputError, match="already"):
        studio.desk.ensure_new(look, 0)
    studio.desk.ensure_new(look, 1)
    studio.desk.add_photo(bob, look, 1)
    assert (card_of(studio, ann)[1], card_of(studio, bob)[1]) == (3, 1)
    studio.desk.delete(ann)
    studio.desk.add_photo(bob, look, 0)
    assert len(list(studio.places.photos.glob("*.jpg"))) == 5


def test_several_photos_are_one_step(studio: Studio, ann: PersonId) -> None:
    before = studio.desk.facts()
    looks = [(photo_of("ann", "bob", number=number), 0) for number in (7, 8)]
    added = studio.desk.add_photos(ann, looks)
    assert [photo.id for photo in studio.desk.page(ann).photos[2:]] == list(added)
    assert not PhotoStore(studio.places).new()
    assert studio.desk.undo() == "Add 2 photos of “Ann”"
    assert replace(studio.desk.facts(), redo="") == before
    studio.desk.redo()
    assert card_of(studio, ann)[1] == 4


@pytest.mark.parametrize(("count", "told"), [(1, "Add “Bob” with 1 photo"), (2, "Add “Bob” with 2 photos")])
def test_who_is_made_known_by_photos_is_gone_with_them_in_one_step(
    studio: Studio, ann: PersonId, count: int, told: str
) -> None:
    before = studio.desk.facts()
    bob = studio.desk.create("Bob", photos=[(photo_of("bob", number=number), 0) for number in range(count)])
    assert card_of(studio, bob) == ("Bob", count, 2, 4_000)
    assert studio.desk.undo() == told
    assert replace(studio.desk.facts(), redo="", removed=()) == before


def test_of_several_photos_none_is_added_where_one_cannot_be(studio: Studio, ann: PersonId) -> None:
    before = studio.desk.facts(), sorted(studio.places.photos.iterdir())
    good = (photo_of("bob", "cem"), 0)
    for wrong, why in (
        ((photo_of("ann", number=1), 0), "This photo of “Ann” is there already"),
        (good, "given twice"),
        ((photo_of("bob", number=2), 1), "no such face"),
    ):
        with pytest.raises(InputError, match=why):
            studio.desk.add_photos(ann, [good, wrong])
        with pytest.raises(InputError, match=why):
            studio.desk.create("Bob", photos=[good, wrong])
        assert (studio.desk.facts(), sorted(studio.places.photos.iterdir())) == before
    with pytest.raises(InputError, match="No photo was chosen"):
        studio.desk.add_photos(ann, [])
    other_face = studio.desk.add_photos(ann, [good, (good[0], 1)])
    assert len(other_face) == 2


def test_export_names_the_moments_of_one_video_or_of_all(studio: Studio, ann: PersonId) -> None:
    trip = studio.video("trip.mp4").id
    assert studio.desk.export(ann, [trip], "srt") == "1\n00:00:00,000 --> 00:00:02,000\nAnn\n"
    assert studio.desk.export(ann, [], "csv").splitlines() == [
        "person,video,start_s,end_s",
        "Ann,party.mp4,2.000,4.000",
        "Ann,trip.mp4,0.000,2.000",
    ]
    with pytest.raises(InputError, match="2"):
        studio.desk.export(ann, [], "vtt")
    with pytest.raises(InputError, match="form"):
        studio.desk.export(ann, [trip], "xml")


def test_a_video_that_goes_takes_its_faces_with_it(studio: Studio, ann: PersonId) -> None:
    studio.shop.indexing.remove(studio.video("trip.mp4").id)
    studio.shop.finish()
    studio.desk.refresh()
    assert card_of(studio, ann)[2:] == (1, 2_000)


def test_a_video_away_is_still_counted(studio: Studio, ann: PersonId) -> None:
    trip = studio.video("trip.mp4")
    (studio.films / "trip.mp4.heimdex.json").unlink()
    spans = studio.new_desk().presence(trip.id)
    assert spans[0].spans == (TimeSpan(0, 2_000),), "by the faces alone"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_all_that_is_kept_of_people_is_private(studio: Studio, ann: PersonId) -> None:
    private = [file for file in studio.places.people.rglob("*") if file.is_file()]
    assert len(private) == 1 + 4 + 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in private} == {0o600}


def test_the_log_names_nobody(studio: Studio, ann: PersonId, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    studio.desk.rename(ann, "Quorra Zyx")
    studio.settle()
    studio.desk.forget(ann)
    assert "Quorra" not in caplog.text


def test_the_clearer_photo_counts_more(studio: Studio) -> None:
    studio.film("one.mp4", "dora\nemil")
    person = studio.desk.create("Dora")
    look = photo_of("emil")
    poor = replace(look.faces[0].face, quality=replace(look.faces[0].face.quality, sharpness=0.0))
    studio.desk.add_photo(person, replace(look, faces=[replace(look.faces[0], face=poor)]), 0)
    studio.desk.add_photo(person, photo_of("dora"), 0)
    studio.settle()
    assert studio.seen("one.mp4") == [{"Dora"}, set()]


def test_only_the_files_asked_about_are_read_again(studio: Studio, ann: PersonId) -> None:
    before = studio.places.faces_of(studio.video("party.mp4").id)
    content = before.read_bytes()
    before.write_bytes(b"damaged")
    studio.desk.refresh([studio.video("trip.mp4").id])
    assert card_of(studio, ann)[2] == 2, "what is in memory still counts"
    studio.desk.refresh()
    assert card_of(studio, ann)[2] == 1
    before.write_bytes(content)
    studio.desk.refresh()
    assert card_of(studio, ann)[2] == 2


def test_an_order_that_cannot_be_written_down_for_the_videos_stands_and_is_shown(studio: Studio) -> None:
    studio.film("one.mp4", "dora\ndora")
    faces = studio.faces_of("dora", "one.mp4")
    seen = studio.places.seen
    studio.desk.facts()
    seen.rmdir()
    seen.write_bytes(b"")
    with pytest.raises(MachineError):
        studio.desk.create("Dora", faces)
    (card,) = studio.desk.facts().people
    assert (card.name, card.scene_count) == ("Dora", 2)
    seen.unlink()
    seen.mkdir()
    studio.changed.clear()
    studio.desk.create("Emil")
    assert set(studio.changed) == {studio.video("one.mp4").id}
    studio.settle()
    assert studio.seen("one.mp4") == [{"Dora"}, {"Dora"}]


def test_what_is_so_already_is_no_step(studio: Studio, ann: PersonId) -> None:
    first, second = (photo.id for photo in studio.desk.page(ann).photos)
    for order in (lambda: studio.desk.hide(ann, True), lambda: studio.desk.feature(ann, second)):
        order()
        after = studio.desk.facts()
        order()
        assert studio.desk.facts() == after
    studio.desk.undo()
    studio.desk.undo()
    assert "photo" in studio.desk.facts().undo
    assert studio.desk.page(ann).photos[0].id == first


def test_who_was_merged_into_somebody_off_the_list_is_found_by_name(studio: Studio, ann: PersonId) -> None:
    bob = studio.desk.create("Bob")
    studio.desk.merge(ann, [bob])
    studio.desk.delete(ann)
    (gone,) = studio.desk.removed()
    assert (gone.name, gone.names, gone.can_return) == ("Ann", ("Ann", "Bob"), True)


def test_who_lost_their_first_line_of_the_journal_can_be_forgotten(studio: Studio, ann: PersonId) -> None:
    studio.desk.rename(ann, "Anna")
    studio.desk.delete(ann)
    journal = studio.places.people_journal
    first, *others = journal.read_bytes().splitlines(keepends=True)
    assert b"made" in first
    journal.write_bytes(b"".join((first[:20] + b"\n", *others)))
    desk = studio.new_desk()
    (gone,) = desk.removed()
    assert (gone.id, gone.name, gone.can_return) == (ann, "Anna", False)
    with pytest.raises(InputError):
        desk.restore(ann)
    desk.forget(ann)
    assert b"Anna" not in journal.read_bytes()
    assert desk.removed() == ()
