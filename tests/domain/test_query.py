"""What a person types becomes words and phrases, whatever it is."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heimdex_desktop.domain.query import LONGEST_QUERY_CHARACTERS, parse
from tests.domain.typed_texts import typed_texts

_QUOTES = '"“”„‟«»＂「」『』'


@pytest.mark.parametrize(
    ("typed", "words", "phrases"),
    [
        ("pancake recipe", ("pancake", "recipe"), ()),
        ('find "ask not" now', ("find", "now"), ("ask not",)),
        ("“ask not” and «the end»", ("and",), ("ask not", "the end")),
        ("„Guten Tag“ 「学習する」", (), ("Guten Tag", "学習する")),
        ('open "while typ', ("open", "while", "typ"), ()),
        ('""  " " "..."', (), ()),
        ("don't e-mail, me!", ("don't", "e-mail", "me"), ()),
        ("  ?! - ...  ", (), ()),
        ("tab\tand\nline\x00end", ("tab", "and", "line", "end"), ()),
        ("zero\u200bwidth", ("zerowidth",), ()),
        ("빨간 사과", ("빨간", "사과"), ()),
        ('"same" "same"', (), ("same",)),
    ],
)
def test_takes_a_typed_text_apart(typed: str, words: tuple[str, ...], phrases: tuple[str, ...]) -> None:
    query = parse(typed)
    assert query.words == words
    assert query.phrases == phrases
    assert query.is_empty == (not words and not phrases)


def test_the_text_is_the_whole_on_one_line() -> None:
    assert parse('  find\n"ask not"   now ').text == "find ask not now"


def test_both_spellings_of_an_accent_are_one() -> None:
    assert parse(unicodedata.normalize("NFD", "café 밤")) == parse("café 밤")


def test_a_pasted_book_is_cut() -> None:
    query = parse("word " * 250_000)
    assert len(query.text) <= LONGEST_QUERY_CHARACTERS
    assert len(query.words) == LONGEST_QUERY_CHARACTERS // len("word ")


@given(typed_texts | st.text(alphabet=f"{_QUOTES}' ab밤\ud800\n-"))
@example('"' * 400)
@example("\ud800 \U0010ffff \u202e")
def test_never_raises_and_leaves_only_clean_words(typed: str) -> None:
    query = parse(typed)
    for word in (*query.words, *" ".join((*query.phrases, *query.without)).split()):
        assert word.strip() == word
        assert not set(word) & set(_QUOTES)
        assert unicodedata.category(word[0])[0] not in "PSCZ"
        assert unicodedata.category(word[-1])[0] not in "PSCZ"
    assert query.text == " ".join(query.text.split())
    assert query.typed == typed


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=8))
def test_plain_words_come_back_in_order(words: list[str]) -> None:
    assert parse(" ".join(words)).words == tuple(words)
    assert parse(f'"{" ".join(words)}"').phrases == (" ".join(words),)
