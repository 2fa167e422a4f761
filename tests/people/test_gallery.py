"""Who is known is what all steps add up to; each can be undone and done again."""

from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Entry,
    Event,
    Freed,
    Ignored,
    Made,
    Merged,
    PhotoAdded,
    PhotoRemoved,
    Pictured,
    Redo,
    Rejected,
    Renamed,
    Restored,
    Shown,
    Standing,
    Undo,
    standing_of,
)
from heimdex_desktop.people.forgetting import journal_of, without
from heimdex_desktop.people.gallery import Gallery, Said, gallery_after
from tests.people.steps import FACES, PEOPLE, PHOTOS, entries

ANN, BOB, CEM, _ = PEOPLE
FIRST, SECOND, *_ = FACES


def after(*events: Event) -> Gallery:
    return gallery_after([(event,) for event in events])


def gallery_of(journal: list[Entry]) -> Gallery:
    return gallery_after(standing_of(journal).done)


def test_somebody_is_made_named_and_pictured() -> None:
    one, other, _ = PHOTOS
    known = after(
        Made(ANN, "Ann"),
        PhotoAdded(ANN, one),
        PhotoAdded(ANN, other),
        PhotoAdded(ANN, one),
        Renamed(ANN, "Anna", ("안나",)),
    ).people[ANN]
    assert (known.name, known.aliases, known.photos, known.picture) == ("Anna", ("안나",), (one, other), one)
    pictured = after(Made(ANN, "Ann"), PhotoAdded(ANN, one), PhotoAdded(ANN, other), Pictured(ANN, other))
    assert pictured.people[ANN].picture == other
    bare = after(Made(ANN, "Ann"), PhotoAdded(ANN, one), Pictured(ANN, one), PhotoRemoved(ANN, one))
    assert bare.people[ANN].picture is None


def test_names_are_found_in_any_case_and_script_and_two_may_have_one() -> None:
    gallery = after(Made(ANN, "Kim"), Renamed(ANN, "Kim", ("민지",)), Made(BOB, "kim"))
    assert [one.id for one in gallery.named(" KIM ")] == [ANN, BOB]
    assert [one.id for one in gallery.named("민지")] == [ANN]
    assert gallery.named("") == ()


def test_the_last_word_on_a_face_counts_and_a_rejection_is_remembered() -> None:
    gallery = after(Made(ANN, "Ann"), Made(BOB, "Bob"), Confirmed(ANN, (FIRST,)), Rejected(ANN, (FIRST,)))
    assert gallery.faces[FIRST] == Said(is_not_of=frozenset({ANN}))
    gallery = after(Made(ANN, "Ann"), Made(BOB, "Bob"), Rejected(ANN, (FIRST,)), Confirmed(BOB, (FIRST,)))
    assert gallery.faces[FIRST] == Said(BOB, is_not_of=frozenset({ANN}))
    moved = after(Made(ANN, "Ann"), Made(BOB, "Bob"), Confirmed(ANN, (FIRST,)), Confirmed(BOB, (FIRST,)))
    assert moved.faces == {FIRST: Said(BOB)}
    assert after(Ignored((FIRST,))).faces == {FIRST: Said(is_ignored=True)}
    assert after(Ignored((FIRST,)), Freed((FIRST,))).faces == {}


def test_merging_brings_names_photos_faces_and_rejections_together() -> None:
    gallery = after(
        Made(ANN, "Ann"),
        Made(BOB, "Anna"),
        PhotoAdded(BOB, PHOTOS[0]),
        Confirmed(BOB, (FIRST,)),
        Rejected(BOB, (SECOND,)),
        Merged(ANN, (BOB,)),
    )
    assert list(gallery.people) == [ANN]
    assert (gallery.people[ANN].aliases, gallery.people[ANN].photos) == (("Anna",), (PHOTOS[0],))
    assert gallery.faces == {SECOND: Said(is_not_of=frozenset({ANN})), FIRST: Said(ANN)}


def test_merging_keeps_a_face_that_was_confirmed_as_one_and_rejected_as_the_other() -> None:
    gallery = after(
        Made(ANN, "Ann"),
        Made(BOB, "Bob"),
        Rejected(ANN, (FIRST,)),
        Confirmed(BOB, (FIRST,)),
        Merged(ANN, (BOB,)),
    )
    assert gallery.faces == {FIRST: Said(ANN)}


def test_deleting_takes_back_all_that_was_said_of_somebody() -> None:
    gallery = after(
        Made(ANN, "Ann"), Made(BOB, "Bob"), Confirmed(ANN, (FIRST,)), Rejected(ANN, (SECOND,)), Deleted(ANN)
    )
    assert (list(gallery.people), gallery.faces) == ([BOB], {})
    assert after(Confirmed(ANN, (FIRST,)), Shown(ANN, hidden=True)) == Gallery()


def test_who_is_put_back_is_as_if_never_off_the_list() -> None:
    said = (Made(ANN, "Ann"), Made(BOB, "Bob"), Confirmed(ANN, (FIRST,)), Rejected(ANN, (SECOND,)))
    there = after(*said)
    assert after(*said, Deleted(ANN), Restored(ANN)) == there
    assert after(*said, Deleted(ANN), Restored(ANN), Deleted(ANN)) == after(*said, Deleted(ANN))
    assert after(*said, Restored(ANN)) == there
    meanwhile = after(*said, Deleted(ANN), Confirmed(BOB, (FIRST,)), Restored(ANN))
    assert meanwhile.faces == {FIRST: Said(BOB), SECOND: Said(is_not_of=frozenset({ANN}))}


def test_undo_and_redo_walk_along_the_steps() -> None:
    steps: list[Entry] = [(Made(ANN, "Ann"),), (Made(BOB, "Bob"), Confirmed(BOB, (FIRST,)))]
    both = gallery_of(steps)
    assert list(gallery_of([*steps, Undo()]).people) == [ANN]
    assert gallery_of([*steps, Undo(), Undo(), Undo(), Redo(), Redo(), Redo()]) == both
    assert list(gallery_of([*steps, Undo(), (Made(CEM, "Cem"),), Redo()]).people) == [ANN, CEM]


@given(entries)
def test_the_journal_may_be_read_line_by_line_or_at_once(journal: list[Entry]) -> None:
    standing = Standing()
    for entry in journal:
        standing = standing.after(entry)
    assert standing == standing_of(journal)


@given(entries, st.integers(1, 10))
def test_ten_times_undone_and_done_again_nothing_has_changed(journal: list[Entry], times: int) -> None:
    before = standing_of(journal)
    back = min(times, len(before.done))
    again = standing_of([*journal, *[Undo()] * back, *[Redo()] * back])
    assert again == before
    assert gallery_after(again.done) == gallery_after(before.done)


@given(entries)
def test_all_steps_are_taken_whatever_they_say(journal: list[Entry]) -> None:
    gallery = gallery_of(journal)
    for said in gallery.faces.values():
        assert said.is_of is None or said.is_of in gallery.people
        assert said.is_of not in said.is_not_of
        assert not (said.is_of and said.is_ignored)
        assert not said.is_nothing


@given(entries)
def test_who_is_forgotten_was_never_spoken_of(journal: list[Entry]) -> None:
    left = without(standing_of(journal), ANN)
    assert ANN not in repr(left)
    assert standing_of(journal_of(left)) == left
    if ANN not in repr(journal):
        assert left == standing_of(journal)


def test_who_was_merged_into_somebody_is_forgotten_with_them_and_the_others_stay() -> None:
    journal: list[Entry] = [
        (Made(ANN, "Ann"),),
        (Made(BOB, "Bob"),),
        (Made(CEM, "Cem"),),
        (Merged(BOB, (CEM,)),),
        (Merged(ANN, (BOB,)),),
    ]
    assert standing_of(journal) != Standing()
    assert without(standing_of(journal), ANN) == Standing()
    parted = without(standing_of([*journal, Undo()]), ANN)
    assert list(gallery_after(parted.done).people) == [BOB]
    assert without(standing_of(journal[:4]), CEM).done == ((Made(ANN, "Ann"),), (Made(BOB, "Bob"),))


def test_a_face_that_was_corrected_to_who_is_forgotten_is_nobodys_again() -> None:
    corrected: list[Entry] = [
        (Made(ANN, "Ann"),),
        (Made(BOB, "Bob"),),
        (Confirmed(BOB, (FIRST, SECOND)),),
        (Confirmed(ANN, (FIRST,)),),
    ]
    left = without(standing_of(corrected), ANN)
    assert gallery_after(left.done).faces == {SECOND: Said(BOB)}
    assert str(FIRST) not in repr(left)
    removed = without(standing_of([*corrected, (Deleted(ANN),)]), ANN)
    assert removed == left, "also of somebody who is off the list"
    back: list[Entry] = [*corrected, (Confirmed(BOB, (FIRST,)),)]
    assert set(gallery_after(without(standing_of(back), ANN).done).faces) == {FIRST, SECOND}


def test_of_faces_that_are_erased_nothing_is_said_any_more() -> None:
    journal: list[Entry] = [(Made(ANN, "Ann"),), (Made(BOB, "Bob"),), (Rejected(BOB, (FIRST,)),)]
    assert without(standing_of(journal), ANN, {FIRST}).done == ((Made(BOB, "Bob"),),)
