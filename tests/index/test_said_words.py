"""Transcripts are found by their distinct words as a scan for the probe finds them."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import searchable
from heimdex_desktop.index.said_words import SaidWords

_TEXTS = (
    "The boats sail, the boat sailed",
    "기계 학습의 역사",
    "학습",
    "iPhone은 좋다",
    "客観的実在の判断 x線",
    "昨夜は夜が長い",
    "",
    "a to z, to be",
    "boatswain 습관",
    "𠮷野家 Ωmega ωmega",
)
_WORDS = sorted({word for text in _TEXTS for word in searchable(text).split()})


def _found(texts: tuple[str, ...], term: Term) -> set[int]:
    words = SaidWords.of(pa.array([searchable(text) for text in texts], pa.string()))
    return set(words.holding(term).tolist())


def _scanned(texts: tuple[str, ...], term: Term) -> set[int]:
    return {row for row, text in enumerate(texts) if term.probe in searchable(text)}


@pytest.mark.parametrize(
    "word", [*_WORDS, "boa", "iphone", "학습을", "実", "夜", "to", "nothing", "없다", "無"]
)
def test_every_text_with_the_probe_is_found(word: str) -> None:
    assert _found(_TEXTS, Term.of(word)) == _scanned(_TEXTS, Term.of(word))


_SIGNS = st.text("ab zé습학의夜が𠮷1'", max_size=12)


@given(st.lists(_SIGNS, max_size=6).map(tuple), st.text("abz습학의夜が𠮷1", min_size=1, max_size=2))
def test_any_short_word_is_found_where_a_scan_finds_it(texts: tuple[str, ...], word: str) -> None:
    term = Term.of(word)
    assert _found(texts, term) == _scanned(texts, term)


@given(st.lists(_SIGNS, max_size=6).map(tuple), st.text("ab습학의夜が𠮷", min_size=1, max_size=5))
def test_no_text_with_a_longer_word_is_missed(texts: tuple[str, ...], word: str) -> None:
    term = Term.of(word)
    assert _found(texts, term) >= _scanned(texts, term)


def test_pairs_of_one_run_do_not_reach_into_the_next() -> None:
    assert _found(("학습 의", "학 습의"), Term.of("습의")) == {1}


def test_its_size_grows_with_what_is_said() -> None:
    sizes = [SaidWords.of(pa.array([" 학습 sea "] * count)).size_bytes for count in (1, 1_000)]
    assert sizes[0] < 400
    assert 12_000 < sizes[1] < 40_000
