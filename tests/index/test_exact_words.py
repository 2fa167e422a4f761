"""The share of a query's words that stand in a transcript, by rarity and order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.query import parse
from heimdex_desktop.index.exact_words import Matcher, Term, exactness, marked_words, weights, word_query
from heimdex_desktop.index.folding import folded_words, searchable

_VOCABULARY = "the boat sails boats run running parties 학습 학습의 夜 sea"
_WORDS = st.lists(st.sampled_from(_VOCABULARY.split()), max_size=8)


def _score(typed: str, transcript: str) -> float:
    terms = word_query(parse(typed)).terms
    return exactness(Matcher(terms), weights(terms, [1] * len(terms), 100), searchable(transcript))


def _marks(typed: str, transcript: str) -> tuple[str, ...]:
    return marked_words(Matcher(word_query(parse(typed)).terms), transcript)


@pytest.mark.parametrize(
    ("typed", "transcript"),
    [
        ("pancake recipe", "Grandmother's pancake recipe is simple"),
        ("PANCAKES", "one pancake"),
        ("party", "two parties"),
        ("cafe", "the Café is closed"),
        ("학습", "기계 학습의 역사"),
        ("학습을", "기계 학습의 역사"),
        ("夜", "昨夜は 夜が長い"),
        ("実在", "客観的実在の判断"),
        ("to be or not to be", "to be, or not to be"),
    ],
)
def test_all_words_in_order_score_full(typed: str, transcript: str) -> None:
    assert _score(typed, transcript) == pytest.approx(1.0)


def test_words_out_of_order_score_a_little_less() -> None:
    assert 0.8 < _score("pancake recipe", "a recipe, though not for pancakes") < 1.0


def test_half_of_the_words_score_less_than_half() -> None:
    assert 0.2 < _score("pancake telescope", "a pancake") < 0.5


def test_function_words_count_little() -> None:
    assert _score("what is the telescope", "what is the matter") < 0.15
    assert _score("what is the telescope", "telescope") > 0.5


def test_a_rare_word_outweighs_a_frequent_one() -> None:
    terms = word_query(parse("budget meeting")).terms
    weighed = weights(terms, [2, 80], 100)
    budget = exactness(Matcher(terms), weighed, " budget ")
    assert budget > 2 * exactness(Matcher(terms), weighed, " meeting ") > 0


def test_a_word_is_not_found_inside_another() -> None:
    assert _score("car", "the carpet is scarce") < 0.5
    assert _score("art show", "we start the party") == 0.0


def test_the_last_word_may_be_unfinished() -> None:
    assert 0 < _score("grandm", "my grandmother") < 1
    assert _score("grandm recipe", "my grandmother") == 0.0


def test_marks_words_as_they_are_written() -> None:
    assert _marks("the pancake zoe", "The Pancakes of the Zoë; pancakes, Pancakes") == (
        "Pancakes",
        "Zoë",
        "pancakes",
    )
    assert _marks("to be", "To be is to do") == ("To", "be", "to")


def test_a_quoted_phrase_keeps_its_ends_open_only_where_endings_are_glued_on() -> None:
    assert word_query(parse('"ask not"')).phrases == (" ask not ",)
    assert word_query(parse('"학습 방법"')).phrases == ("학습 방법",)


@given(_WORDS, _WORDS)
def test_scores_lie_between_none_and_all(typed: list[str], said: list[str]) -> None:
    assert 0.0 <= _score(" ".join(typed), " ".join(said)) <= 1.0


@given(_WORDS, _WORDS, st.sampled_from(["lamp", "boats", "학습"]))
def test_hearing_more_never_lowers_the_share(typed: list[str], said: list[str], more: str) -> None:
    assert _score(" ".join(typed), " ".join([*said, more])) >= _score(" ".join(typed), " ".join(said)) - 1e-9


@given(
    st.from_regex(r"[a-z]{1,12}", fullmatch=True)
    | st.sampled_from(["학습을", "夜", "がく", "café", "i", "sky"])
)
def test_every_text_that_holds_a_word_holds_its_probe(word: str) -> None:
    (folded,) = folded_words(word)
    for said in (folded, f"{folded}s", f"{folded}ing", f"{folded}ed"):
        term = Term.of(folded)
        if Matcher([term]).match(said):
            assert term.probe in searchable(said)


@given(_WORDS, st.sampled_from(("sails the", "running", "학습을 party", "夜", "se", "boa run")))
def test_words_are_found_where_they_stand(words: list[str], typed: str) -> None:
    """Compared with every word, not only with those that may match."""
    matcher = Matcher(word_query(parse(typed)).terms)
    expected: list[dict[int, float]] = [{} for _ in matcher.terms]
    for place, word in enumerate(words):
        for number, credit in matcher.match(word).items():
            expected[number][place] = credit
    assert matcher.places(searchable(" ".join(words))) == expected
