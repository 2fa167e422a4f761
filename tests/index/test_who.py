"""Who is asked for decides what a scene is worth, and loses no scene that meets what is asked."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.people import (
    Absent,
    AllOf,
    AnyOf,
    Person,
    Who,
    asks_for_somebody,
    holds,
    names_asked_for,
    names_of,
)
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.clauses import NOTHING, Inverse, Shows
from heimdex_desktop.index.known_people import KnownPeople
from heimdex_desktop.index.who import WhoQuery, clause_of
from tests.index.samples import video_id

_NAMES = ("ann", "bob", "cem")
_KNOWN = KnownPeople({name: (name,) for name in _NAMES})
_WHO = st.recursive(
    st.builds(Person, st.sampled_from([*_NAMES, "nobody"])),
    lambda who: (
        st.builds(Absent, who)
        | st.builds(AllOf, st.lists(who, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(who, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)
_SEEN = st.dictionaries(st.sampled_from(_NAMES), st.floats(0.5, 1.0, width=32))


def _scene(seen: Mapping[str, float]) -> Candidate:
    return Candidate(0, video_id("party"), TimeSpan(0, 1_000), people=seen)


def _asked(who: Who) -> WhoQuery:
    return WhoQuery(who, {name: _KNOWN.ids_of(name) for name in names_of(who)}, is_alone=True)


@given(_WHO, _SEEN)
def test_no_scene_that_meets_what_is_asked_is_worth_nothing(who: Who, seen: Mapping[str, float]) -> None:
    (found,) = _asked(who).evidence([_scene(seen)])
    if asks_for_somebody(who) and holds(who, lambda name: name in seen):
        assert found
        assert min(seen.values()) <= found.score <= max(seen.values())
    if not asks_for_somebody(who):
        assert found is None, "whose absence is enough is worth nothing by itself"


@given(_WHO)
def test_who_asks_for_somebody_is_not_content_with_nobody(who: Who) -> None:
    if asks_for_somebody(who):
        assert not holds(who, lambda name: False)
    assert set(names_asked_for(who)) <= set(names_of(who))


@given(_SEEN)
def test_all_who_are_named_among_the_words_count_alike(seen: Mapping[str, float]) -> None:
    who = _KNOWN.ask(parse("ann and bob dance"), is_alone=False)
    (found,) = who.evidence([_scene(seen)])
    mean = (seen.get("ann", 0.0) + seen.get("bob", 0.0)) / 2
    assert (found.score if found else 0.0) == pytest.approx(mean)
    assert found is None or found.explained == pytest.approx(2 / 3)


def test_a_condition_names_people_by_their_ids() -> None:
    ids = {"ann": ("1", "2")}

    def ids_of(name: str) -> tuple[str, ...]:
        return ids.get(name, ())

    assert clause_of(Person("ann"), ids_of) == Shows(("1", "2"))
    assert clause_of(Person("zed"), ids_of) == NOTHING
    assert clause_of(Absent(Person("ann")), ids_of) == Inverse(Shows(("1", "2")))
    assert "'1'" in Shows(("1", "2")).sql
    assert "''" in Shows(("o'hara",)).sql


@pytest.mark.parametrize(
    ("typed", "named", "explained"),
    [
        ("ann", 1, 1.0),
        ("ANN's cake", 1, 0.5),
        ("where is ann", 1, 1.0),
        ("the video with ann", 1, 1.0),
        ('"ann" cake', 0, 0.0),
        ('ann "red cake"', 1, 1 / 3),
        ("annie", 0, 0.0),
        ("ann ann bob", 2, 1.0),
        ("cake", 0, 0.0),
        ("", 0, 0.0),
    ],
)
def test_a_name_among_the_words_is_found(typed: str, named: int, explained: float) -> None:
    who = _KNOWN.ask(parse(typed), is_alone=False)
    assert len(who.named) == named
    assert who.explained == pytest.approx(explained)


def test_a_name_is_found_in_any_spelling_of_its_letters() -> None:
    known = KnownPeople({"José": ("1",), "할머니": ("2",), "Anna Maria": ("3",), "🦊": ("4",)})
    for name in ("josé", "JOSE\u0301", " José, "):
        assert known.ids_of(name) == ("1",)
    assert known.ids_of("\u1112\u1161\u11af\u1106\u1165\u1102\u1175") == ("2",)
    assert known.ids_of("anna  maria") == ("3",)
    assert known.ids_of("") == ()
    assert known.name_of("4") == "🦊"
    assert known.similar_to("annamaria") == "Anna Maria"
    assert known.similar_to("xyz") is None


def test_a_word_of_a_name_is_enough_where_nobody_has_it_as_a_whole() -> None:
    known = KnownPeople({"Katy Perry": ("1",), "Mary of the Hill": ("2",), "Perry": ("3",), "Ann": ("4",)})
    assert known.ids_of("katy") == ("1",)
    assert known.ids_of("Perry") == ("3",)
    assert known.ids_of("the") == known.ids_of("kat") == ()
    assert KnownPeople({"Ann Lee": ("1",), "Ann Ray": ("2",)}).ids_of("ANN") == ("1", "2")


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("유나 바다", ["유나"]),
        ("유도 대회", []),
        ("미나 미나가", ["미나"]),
        ("지은이가 간다", ["지은"]),
        ("하은은 어디", ["하은"]),
        ("유이가 웃는다", ["유이"]),
        ("유이와 김 하은이", ["유이", "김 하은"]),
    ],
)
def test_a_name_that_ends_like_a_particle_is_found_whole(typed: str, people: list[str]) -> None:
    names = ("유나", "유이", "지은", "하은", "김 하은", "미나")
    named = KnownPeople({name: (name,) for name in names}).ask(parse(typed), is_alone=False).named
    assert [one for (one,) in named] == people


def test_a_name_after_an_at_is_found_as_it_is_typed_then_without_a_particle() -> None:
    known = KnownPeople({name: (name,) for name in ("유", "유나", "지은", "김하은", "최지은이")})
    assert known.ids_of("유나") == ("유나",)
    assert known.ids_of("지은이") == known.ids_of("지은이가") == ("지은",)
    assert known.ids_of("김하은이") == ("김하은",)
    assert known.ids_of("최지은이") == ("최지은이",)
    assert known.ids_of("유이") == (), "too bold after one syllable"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("O’Brien", "O'Brien"),
        ("Ａｎｎａ", "Anna"),
        ("ışık", "Işık"),
        ("INCI", "İnci"),
        ("Jean", "Jean-Luc Picard"),
        ("Luc", "Jean-Luc Picard"),
        ("jean\u2011luc", "Jean-Luc Picard"),
        ("می\u200cنا", "مینا"),
        ("مینا", "می\u200cنا"),
        ("Q Kim", "“Q” Kim"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(typed: str, name: str) -> None:
    known = KnownPeople({name: ("1",)})
    assert known.ids_of(typed) == ("1",)
    people = parse(f'@"{typed}"').people
    assert [known.ids_of(one) for one in names_of(people)] == [("1",)]


@pytest.mark.parametrize(
    "name", ["O'Brien", "Işık", "می\u200cنا", "Jean-Luc Picard", "Anna “Q” Kim", "Anna 😀"]
)
def test_a_name_is_found_among_words_as_it_is_written(name: str) -> None:
    who = KnownPeople({name: ("1",)}).ask(parse(name.replace("“", "").replace("”", "")), is_alone=False)
    assert who.named == (("1",),)
