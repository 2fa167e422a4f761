"""Operators become filters; what cannot be understood stays a word, and a note says why."""

from datetime import date

import pytest

from heimdex_desktop.domain.filters import (
    Before,
    Comparison,
    Content,
    During,
    Filter,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    Not,
    Period,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
)
from heimdex_desktop.domain.query import parse

_TODAY = date(2024, 5, 3)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("tag:night", HasTag("night")),
        ('tag:"black and white"', HasTag("black and white")),
        ("TAG：밤", HasTag("밤")),
        ("tag:night,", HasTag("night")),
        ("(tag:night)", HasTag("night")),
        ("in:Films(2024)", InFolder("Films(2024)")),
        ("in:“My Films”", InFolder("My Films")),
        ("in:~/Films", InFolder("~/Films")),
        ("in:C:\\Films", InFolder("C:\\Films")),
        ("in:/", InFolder("/")),
        ("after:2024", Since(date(2024, 1, 1))),
        ("after:2024-01", Since(date(2024, 1, 1))),
        ("after:2024/1/15", Since(date(2024, 1, 15))),
        ("after:yesterday", Since(date(2024, 5, 2))),
        ("before:2024", Before(date(2024, 1, 1))),
        ("before:TODAY", Before(date(2024, 5, 3))),
        ("on:2024-05-03", During(Period(2024, 5, 3))),
        ("on:2024-05", During(Period(2024, 5))),
        ("on:today", During(Period(2024, 5, 3))),
        ("longer:10s", LongerThan(10_000)),
        ("longer:1:30", LongerThan(90_000)),
        ("longer:1:02:03", LongerThan(3_723_000)),
        ("longer:1.5s", LongerThan(1_500)),
        ("longer:90", LongerThan(90_000)),
        ("shorter:1m30s", ShorterThan(90_000)),
        ("shorter:2min", ShorterThan(120_000)),
        ("shorter:500ms", ShorterThan(500)),
        ("shorter:1h", ShorterThan(3_600_000)),
        ("longer:٣s", LongerThan(3_000)),
        ("res:1080", Resolution(Comparison.EQUAL, 1080)),
        ("res:720p", Resolution(Comparison.EQUAL, 720)),
        ("res:>=1080", Resolution(Comparison.AT_LEAST, 1080)),
        ("res:4k", Resolution(Comparison.AT_LEAST, 2160)),
        ("res:<HD", Resolution(Comparison.LESS, 720)),
        ("lang:ko", SpokenIn("ko")),
        ("lang:pt_BR", SpokenIn("pt-br")),
        ("people:0", PersonCount(Comparison.EQUAL, 0)),
        ("people:>=3", PersonCount(Comparison.AT_LEAST, 3)),
        ("people:＞＝３", PersonCount(Comparison.AT_LEAST, 3)),
        ("people:≤2", PersonCount(Comparison.AT_MOST, 2)),
        ("people:3+", PersonCount(Comparison.AT_LEAST, 3)),
        ("has:speech", Has(Content.SPEECH)),
        ("has:Text", Has(Content.TEXT)),
        ('has:"faces"', Has(Content.FACES)),
        ("-tag:night", Not(HasTag("night"))),
        ('－in:"My Films"', Not(InFolder("My Films"))),
    ],
)
def test_an_operator_is_a_filter_and_no_word(typed: str, expected: Filter) -> None:
    query = parse(f"snow {typed} fire", _TODAY)
    assert query.filters == (expected,)
    assert (query.text, query.words) == ("snow fire", ("snow", "fire"))
    assert query.notes == ()


@pytest.mark.parametrize(
    "typed",
    [
        *("tag:", "tag:!", "after:", "after:tomorrowish", "after:2024-02-30", "on:2024-13", "before:9999"),
        *("on:0000", "longer:long", "longer:0s", "longer:1:2:3:4", "shorter:-5s", "res:big", "res:-1"),
        *(
            "lang:korean",
            "people:many",
            "people:>>3",
            "people:=>3",
            "has:dog",
            "person:",
            "foo:bar",
            "tags:x",
        ),
    ],
)
def test_what_is_not_understood_is_a_word_with_a_note(typed: str) -> None:
    query = parse(f"snow {typed}", _TODAY)
    assert query.filters == ()
    assert query.words[:2] == ("snow", typed.rstrip(":!").split(">>")[0].rstrip(":"))
    assert [note.start for note in query.notes][:1] == [5]
    assert all(note.sentence.endswith((".", "?")) for note in query.notes)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("after:tomorrowish", "“after:tomorrowish” is no date. Write for example after:2024-01-15."),
        ("tag:", "“tag:” wants a tag right behind it, such as tag:night."),
        ("lang:korean", "“lang:korean” is no language code. Write for example lang:ko."),
        ("tags:sea", "“tags:” is not known. Did you mean “tag:”?"),
        ("quux:sea", "“quux:” is not known. This is looked for as a word."),
        ("person:", "“person:” wants a name right behind it, such as person:Minji."),
        ("OR", "“OR” joins people only, such as @Minji OR @Jun; here it is a word to look for."),
        (">> sea", "“>>” wants something to look for on both sides, such as snow >> fire."),
        ("-(red car)", 'Brackets join people only. To leave words out, write -word or -"these words".'),
    ],
)
def test_a_note_says_what_to_type_instead(typed: str, sentence: str) -> None:
    assert parse(typed).notes[0].sentence == sentence


@pytest.mark.parametrize(
    "typed", ["12:30", "http://x", "note: sea", "C:\\x", "this or that", "a (b) c", "5 > 3"]
)
def test_ordinary_writing_is_left_alone(typed: str) -> None:
    query = parse(typed)
    assert query.notes == ()
    assert query.text == typed
    assert query.filters == ()


def test_a_note_points_at_what_was_typed() -> None:
    typed = "\u200b\u200bsnow  after:\u200btomorrowish fire"
    (note,) = parse(typed).notes
    assert typed[note.start : note.end] == "after:\u200btomorrowish"


def test_days_by_name_need_a_today() -> None:
    query = parse("after:yesterday")
    assert query.filters == ()
    assert query.words == ("after:yesterday",)
    assert len(query.notes) == 1


def test_days_by_name_do_not_fall_off_the_calendar() -> None:
    assert parse("after:yesterday", date.min).filters == (Since(date.min),)
    assert parse("on:today", date.max).filters == ()


def test_what_is_unwanted_is_kept_apart_from_what_is_to_be_found() -> None:
    query = parse('sea -beach −"red, car!" －night e-mail - not --this -> -"')
    assert query.without == ("beach", "red car", "night")
    assert query.words == ("sea", "e-mail", "not", "this")
    assert query.text == "sea e-mail - not --this -> -"


def test_an_open_quote_after_a_minus_runs_to_the_end() -> None:
    query = parse('sea -"red ca')
    assert query.words == ("sea",)
    assert query.without == ("red ca",)


def test_repeats_count_once() -> None:
    query = parse("tag:a tag:a -b -b")
    assert query.filters == (HasTag("a"),)
    assert query.without == ("b",)


def test_a_query_of_conditions_alone_has_nothing_to_compare() -> None:
    query = parse("tag:night -sea @Minji")
    assert query.is_empty
    assert not query.is_blank
    assert parse(" ... ").is_blank


def test_brackets_are_punctuation_between_words_and_nothing_beside_operators() -> None:
    assert parse("(snow) fire").text == "(snow) fire"
    assert parse("(tag:night | snow)").text == "snow)"
