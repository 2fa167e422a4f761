"""Words that pass for others: misread signs, a letter or two, spaces that were not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.spelling import ScreenMatcher, Spelling, edits, shape

_SHORT = st.text("abr", max_size=6)


def _credit(wanted: str, word: str) -> float:
    return Spelling(Term.of(wanted)).credit(word)


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance by its definition."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        _distance(one[1:], other[1:]) + (one[0] != other[0]),
        _distance(one[1:], other) + 1,
        _distance(one, other[1:]) + 1,
    )


@given(_SHORT, _SHORT, st.integers(0, 3))
def test_edits_are_counted_as_by_definition_and_bounded(one: str, other: str, most: int) -> None:
    true = _distance(one, other)
    assert edits(one, other, most) == (true if true <= most else None)


@given(_SHORT, _SHORT, st.integers(0, 2))
def test_edits_inside_are_those_of_the_nearest_piece(one: str, other: str, most: int) -> None:
    pieces = {other[start:end] for start in range(len(other) + 1) for end in range(start, len(other) + 1)}
    true = min(_distance(one, piece) for piece in pieces)
    assert edits(one, other, most, inside=True) == (true if true <= most else None)


@pytest.mark.parametrize(
    ("wanted", "word"),
    [("modern", "modem"), ("100m", "loom"), ("milk", "m1lk"), ("2024", "2o24"), ("barn", "bam")],
)
def test_what_a_reader_confuses_is_nearly_as_good(wanted: str, word: str) -> None:
    assert shape(wanted) == shape(word)
    assert _credit(wanted, word) == 0.9


@pytest.mark.parametrize(
    ("wanted", "word", "passes"),
    [
        ("road", "rood", True),
        ("road", "rad", True),
        ("road", "roads", True),
        ("road", "reed", False),
        ("cat", "car", False),
        ("castellano", "castelano", True),
        ("castellano", "kastelano", True),
        ("castellano", "kastelana", False),
        ("station", "statoin", False),
        ("because", "becouse", False),
        ("1984", "1985", False),
        ("b1234567", "b1234568", False),
    ],
)
def test_a_letter_may_differ_and_two_in_a_long_word(wanted: str, word: str, *, passes: bool) -> None:
    assert bool(_credit(wanted, word)) is passes


def test_a_better_spelling_earns_more() -> None:
    assert _credit("castellano", "castellan0") > _credit("castellano", "castelano")
    assert _credit("castellano", "castelano") > _credit("castellano", "kastelano") > 0
    assert _credit("castellano", "castelano") > _credit("road", "rood")


@pytest.mark.parametrize(
    ("wanted", "word", "passes"),
    [
        ("brandon", "bybrandoncastellano", True),
        ("road", "broadcast", False),
        ("東京駅前", "東京", True),
        ("東京駅前", "東", False),
        ("天気予報局", "今日の天気予報同です", True),
        ("天気予報局", "今日の映画", False),
        ("서울역에서는", "서울역출구", True),
        ("기계학습은", "기게학습의역사", True),
    ],
)
def test_a_word_may_stand_where_no_space_was_read_or_written(wanted: str, word: str, *, passes: bool) -> None:
    matcher = ScreenMatcher([Term.of(wanted)])
    assert bool(matcher.match(word)) is passes


def test_the_word_itself_counts_whole_and_is_not_scored_by_its_spelling() -> None:
    matcher = ScreenMatcher([Term.of("parties"), Term.of("party"), Term.of("partly")])
    assert dict(matcher.match("party")) == {0: 1.0, 1: 1.0, 2: pytest.approx(0.75)}


@given(st.text("abcdrnm01", min_size=4, max_size=12), st.data())
def test_every_word_that_passes_holds_a_piece_at_about_its_place(wanted: str, data: st.DataObject) -> None:
    spelling = Spelling(Term.of(wanted))
    word = list(shape(wanted))
    for _ in range(spelling.most):
        place = data.draw(st.integers(0, len(word)))
        change = data.draw(st.sampled_from(["add", "drop", "put"]))
        word[place : place + (change != "add")] = [] if change == "drop" else ["x"]
    found = "".join(word)
    assert any(
        found[at:].startswith(piece)
        for start, piece in spelling.pieces
        for at in range(max(0, start - spelling.most), start + spelling.most + 1)
    )
