"""Arrows make a sequence of queries that have to be answered one after the other."""

import pytest

from heimdex_desktop.domain.filters import HasTag
from heimdex_desktop.domain.people import Person
from heimdex_desktop.domain.query import DEFAULT_WITHIN_MS, MOST_PARTS, parse


@pytest.mark.parametrize(
    ("typed", "texts", "within_ms"),
    [
        ("snow >> fire", ["snow", "fire"], DEFAULT_WITHIN_MS),
        ("snow>>fire＞＞dog", ["snow", "fire", "dog"], DEFAULT_WITHIN_MS),
        ("snow >> fire >> dog within 2m", ["snow", "fire", "dog"], 120_000),
        ("snow >> fire within 90 s", ["snow", "fire"], 90_000),
        ("snow >> fire Within 1:30", ["snow", "fire"], 90_000),
        ("snow within 5s >> fire", ["snow within 5s", "fire"], DEFAULT_WITHIN_MS),
        ("snow >> fire within reach", ["snow", "fire within reach"], DEFAULT_WITHIN_MS),
        ("snow >> >> fire >>", ["snow", "fire"], DEFAULT_WITHIN_MS),
        (">> snow >> ... >> fire", ["snow", "fire"], DEFAULT_WITHIN_MS),
    ],
)
def test_parts_and_the_time_they_lie_within(typed: str, texts: list[str], within_ms: int) -> None:
    sequence = parse(typed).sequence
    assert sequence is not None
    assert [part.text for part in sequence.parts] == texts
    assert sequence.within_ms == within_ms


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("snow >>", "snow"),
        (">> snow", "snow"),
        ("snow >> within 60s", "snow"),
        (">>", ""),
        ("... >> !", "..."),
    ],
)
def test_one_side_alone_is_no_sequence(typed: str, text: str) -> None:
    query = parse(typed)
    assert query.sequence is None
    assert query.text == text


@pytest.mark.parametrize("typed", ["snow within 60s", ">>> import", "a > b", '"snow >> fire"'])
def test_without_an_arrow_nothing_is_taken_away(typed: str) -> None:
    query = parse(typed)
    assert query.sequence is None
    assert query.text == typed.strip('"')


def test_each_part_is_a_query_of_its_own_and_the_whole_has_the_words() -> None:
    query = parse('@Minji "let it snow" -rain >> tag:night fire')
    assert query.sequence is not None
    first, second = query.sequence.parts
    assert (first.people, first.phrases, first.without) == (Person("Minji"), ("let it snow",), ("rain",))
    assert (second.filters, second.words) == ((HasTag("night"),), ("fire",))
    assert (query.text, query.words, query.phrases) == ("let it snow fire", ("fire",), ("let it snow",))
    assert (query.people, query.filters, query.without) == (None, (), ())


def test_parts_beyond_the_most_belong_to_the_last() -> None:
    sequence = parse(" >> ".join("abcdefghij")).sequence
    assert sequence is not None
    assert len(sequence.parts) == MOST_PARTS
    assert sequence.parts[-1].words == ("h", "i", "j")
