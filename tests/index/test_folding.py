"""Words are compared without regard to case, accents, spelling forms and light endings."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.index.folding import fold, folded_words, searchable, stem, written_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't SHOUT, Zoë!", ("dont", "shout", "zoe")),
        ("the rose’s thorn, dogs'", ("the", "rose", "thorn", "dogs")),
        ("e-mail/fax_no", ("e", "mail", "fax", "no")),
        ("학습의 방법", ("학습의", "방법")),
        ("がく ｶﾞｸ", ("がく", "ガク")),
        ("हिन्दी भाषा", ("हिन्दी", "भाषा")),
        ("ＡＩ ﬁne Straße", ("ai", "fine", "strasse")),
        ("「客観的、実在」", ("客観的", "実在")),
        ("  …!?  ", ()),
    ],
)
def test_finds_folded_words(text: str, words: tuple[str, ...]) -> None:
    assert folded_words(text) == words
    assert folded_words(unicodedata.normalize("NFD", text)) == words


def test_remembers_how_a_word_is_written() -> None:
    assert [word.surface for word in written_words("“Zoë’s” E-Mail")] == ["Zoë’s", "E", "Mail"]


@pytest.mark.parametrize(
    "family",
    [
        ("party", "parties"),
        ("make", "making", "makes"),
        ("run", "running", "runs"),
        ("decide", "decided", "deciding"),
        ("box", "boxes"),
        ("stop", "stopped"),
        ("try", "tries", "tried"),
        ("recipe", "recipes"),
    ],
)
def test_endings_of_number_and_tense_fall_away(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(("one", "other"), [("glass", "glas"), ("news", "new"), ("sing", "s"), ("bus", "bu")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_needs_no_normal_form(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert folded_words(searchable(text)) == folded_words(text)
    assert folded_words(unicodedata.normalize("NFD", text)) == folded_words(
        unicodedata.normalize("NFC", text)
    )
