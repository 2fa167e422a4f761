"""What is said in a scene is known line by line, with the moment of each."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import Box, SceneId, ScreenText, Segment, Word
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.lines import (
    Line,
    beginnings,
    lines_of,
    lines_on_screen,
    lines_said,
    lines_written,
)

_BOX = Box(0, 0, 1, 1)


def found(lines: list[Line], written: list[Line]) -> FoundScene:
    return FoundScene(
        SceneId("1"),
        VideoId("v"),
        (Path("/a.mp4"),),
        TimeSpan(0, 1),
        transcript=" ".join(line.text for line in lines),
        screen_text="\n".join(line.text for line in written),
        said_at_ms=tuple(line.at_ms for line in lines),
        said_from=tuple(beginnings(lines)),
        screen_at_ms=tuple(line.at_ms for line in written),
    )


def spoken(text: str, at_ms: int = 1_000, *, step_ms: int = 400) -> Segment:
    """Return a segment whose words follow each other without a pause."""
    words = tuple(
        Word(TimeSpan(at_ms + place * step_ms, at_ms + (place + 1) * step_ms), word)
        for place, word in enumerate(text.split())
    )
    return Segment(TimeSpan(at_ms, words[-1].span.end_ms), text, words)


def test_a_segment_without_times_of_words_is_one_line() -> None:
    segment = Segment(TimeSpan(2_000, 9_000), "Come in. Sit down.")
    assert lines_said([segment]) == [Line(2_000, "Come in. Sit down.")]


def test_sentences_of_one_segment_begin_when_their_first_word_is_said() -> None:
    found_lines = lines_said([spoken("The boat sails. Is it late? Very late!")])
    assert found_lines == [
        Line(1_000, "The boat sails."),
        Line(2_200, "Is it late?"),
        Line(3_400, "Very late!"),
    ]


def test_a_long_pause_begins_a_line_where_no_full_stop_is_written() -> None:
    words = (
        Word(TimeSpan(0, 400), "first"),
        Word(TimeSpan(500, 900), "this"),
        Word(TimeSpan(2_000, 2_400), "then"),
        Word(TimeSpan(2_500, 2_900), "that"),
    )
    segment = Segment(TimeSpan(0, 2_900), "first this then that", words)
    assert lines_said([segment]) == [Line(0, "first this"), Line(2_000, "then that")]


def test_words_that_are_not_those_of_the_text_cut_nothing() -> None:
    segment = spoken("One. Two.")
    other = Segment(segment.span, "Something else. Really.", segment.words)
    assert lines_said([other]) == [Line(1_000, "Something else. Really.")]


def test_scripts_without_spaces_are_cut_only_where_there_is_a_space() -> None:
    words = (Word(TimeSpan(0, 400), "行きます。"), Word(TimeSpan(400, 800), "はい。"))
    assert lines_said([Segment(TimeSpan(0, 800), "行きます。はい。", words)]) == [Line(0, "行きます。はい。")]


@given(st.lists(st.tuples(st.integers(0, 10**7), st.text(max_size=30)), max_size=8))
def test_lines_come_back_from_a_found_scene_as_they_were(segments: list[tuple[int, str]]) -> None:
    lines = lines_said([Segment(TimeSpan(at_ms, at_ms), text) for at_ms, text in segments])
    assert lines == [Line(at_ms, unicodedata.normalize("NFC", text)) for at_ms, text in segments]
    assert lines_of(found(lines, [])) == lines


@given(st.lists(st.tuples(st.integers(0, 10**7), st.text(max_size=30)), max_size=8))
def test_lines_on_screen_come_back_too(texts: list[tuple[int, str]]) -> None:
    written = lines_written([ScreenText(text, 0.9, _BOX, at_ms) for at_ms, text in texts])
    assert lines_on_screen(found([], written)) == written
    assert [line.at_ms for line in written] == [at_ms for at_ms, _ in texts]


@pytest.mark.parametrize("text", ["two\nlines", "two\r\nlines", "two\u2028lines"])
def test_what_is_written_stands_on_one_line(text: str) -> None:
    assert lines_written([ScreenText(text, 0.9, _BOX, 5)]) == [Line(5, "two lines")]
