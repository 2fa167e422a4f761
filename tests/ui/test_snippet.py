"""The piece of a transcript around the matched words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.ui.snippet import marks_in, snippet

LONG = " ".join(f"word{number}" for number in range(200))


def joined(transcript: str, *words: str, limit_chars: int = 60) -> str:
    return "".join(piece.text for piece in snippet(transcript, words, limit_chars=limit_chars))


def marked(transcript: str, *words: str, limit_chars: int = 60) -> list[str]:
    return [piece.text for piece in snippet(transcript, words, limit_chars=limit_chars) if piece.is_marked]


def test_short_text_is_kept_whole() -> None:
    assert joined("We saw\n the  sea.", "sea") == "We saw the sea."


def test_the_window_lies_around_the_first_match_and_says_what_was_cut() -> None:
    cut = joined(LONG, "word100")
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert "word100" in cut
    assert len(cut) <= 62


def test_without_a_match_the_beginning_is_shown() -> None:
    assert joined(LONG, "nothing").startswith("word0 word1")


@pytest.mark.parametrize(
    ("transcript", "word", "marks"),
    [
        ("The SEA, the sea!", "sea", ["SEA", "sea"]),
        ("an oversea trip", "sea", []),
        ("running fast", "run", ["run"]),
        ("학습의 결과", "학습", ["학습"]),
        ("東京都に行く", "京都", ["京都"]),
        ("c++ and (maybe) c", "c++", ["c++"]),
        ("light  house", "light house", ["light house"]),
        ("a cat", "", []),
    ],
)
def test_marks(transcript: str, word: str, marks: list[str]) -> None:
    assert marked(transcript, word) == marks


def test_marks_that_touch_are_one() -> None:
    assert marks_in("lighthouse", ["light", "lighthouse"]) == ((0, 10),)


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=4), st.integers(10, 200))
def test_a_snippet_is_a_stretch_of_the_transcript(text: str, words: list[str], limit_chars: int) -> None:
    pieces = snippet(text, words, limit_chars=limit_chars)
    folded = " ".join(text.split())
    body = "".join(piece.text for piece in pieces)
    if body != folded:
        body = body.removeprefix("…").removesuffix("…")
    assert body in folded
    assert len(body) <= max(limit_chars, 0) or len(folded) <= limit_chars
    assert all(piece.text for piece in pieces)


@given(st.text(max_size=200), st.lists(st.text(max_size=6), max_size=4))
def test_marks_are_in_order_and_apart(text: str, words: list[str]) -> None:
    ends = [edge for mark in marks_in(text, words) for edge in mark]
    assert ends == sorted(ends)
    assert len(set(ends)) == len(ends)
