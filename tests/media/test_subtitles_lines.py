"""Markup goes, repetitions merge, and no word that was said is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import Segment
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.media.subtitle_lines import Cue, plain_lines, segments_of
from heimdex_desktop.media.text_encoding import text_of

LETTERS = st.text(st.sampled_from("ab 가나éß"), min_size=1, max_size=6)
CUES = st.lists(
    st.builds(
        Cue,
        st.integers(-5_000, 100_000),
        st.integers(-5_000, 200_000),
        st.lists(st.sampled_from(["one", "two", "three", "four"]), max_size=3).map(tuple),
    ),
    max_size=12,
)


def at(start_ms: int, end_ms: int, text: str) -> Segment:
    return Segment(TimeSpan(start_ms, end_ms), text)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("plain", ("plain",)),
        ("<i>slanted</i> and <b>bold", ("slanted and bold",)),
        ("{\\an8}up{\\i1} there{\\i0}", ("up there",)),
        ("one\\Ntwo\\nthree\\hfour", ("one", "two", "three four")),
        ("one\r\ntwo", ("one", "two")),
        ("{\\p1}m 0 0 l 10 10{\\p0}words", ("words",)),
        ("{\\c&HFFFFFF&\\p2}m 0 0 b 1 1", ()),
        ("Tom &amp; Ann &lt;3", ("Tom & Ann <3",)),
        ("a < b and 3 > 2", ("a < b and 3 > 2",)),
        ("<v Ann>hi <00:00:01.500>you", ("hi you",)),
        ("♪\n- \n...", ()),
        ("a\u200b\ufeff \u00a0 b", ("a b",)),
        ("said\n\n3\n00:00:05.5 --> 00:00:06\nswallowed", ("said",)),
        (unicodedata.normalize("NFD", "첫눈"), ("첫눈",)),
        ("", ()),
    ],
)
def test_only_words_stay(shown: str, said: tuple[str, ...]) -> None:
    assert plain_lines(shown) == said


def test_rolling_captions_are_said_once() -> None:
    """Each line shows first below, then for an instant alone, then above the next one."""
    cues = [
        Cue(0, 2000, ("we take the train",)),
        Cue(2000, 2010, ("we take the train",)),
        Cue(2010, 4000, ("we take the train", "that leaves at noon")),
        Cue(4000, 4010, ("that leaves at noon",)),
        Cue(4010, 6000, ("that leaves at noon", "from the old station")),
    ]
    assert segments_of(cues) == (
        at(0, 2010, "we take the train"),
        at(2010, 4000, "that leaves at noon"),
        at(4010, 6000, "from the old station"),
    )


def test_the_same_words_later_are_said_again() -> None:
    cues = [Cue(0, 1000, ("Yes.",)), Cue(5000, 6000, ("Yes.",))]
    assert segments_of(cues) == (at(0, 1000, "Yes."), at(5000, 6000, "Yes."))


def test_two_speakers_at_once_are_both_heard() -> None:
    cues = [Cue(0, 3000, ("Sit down.",)), Cue(1000, 2000, ("Never.",)), Cue(2000, 4000, ("Sit down.",))]
    assert segments_of(cues) == (at(0, 4000, "Sit down."), at(1000, 2000, "Never."))


def test_what_ends_before_the_first_frame_is_dropped() -> None:
    cues = [Cue(-3000, -1000, ("gone",)), Cue(-500, 700, ("half",)), Cue(0, 0, ("now",))]
    assert [segment.text for segment in segments_of(cues)] == ["now", "half"]


@given(CUES)
def test_segments_are_in_order_and_bounded(cues: list[Cue]) -> None:
    spans = [segment.span for segment in segments_of(cues)]
    assert [span.start_ms for span in spans] == sorted(span.start_ms for span in spans)
    assert all(span.length_ms <= 60_000 for span in spans)


@given(CUES)
def test_no_word_is_lost_and_none_invented(cues: list[Cue]) -> None:
    shown = {
        line
        for cue in cues
        if max(cue.start_ms, cue.end_ms) > 0 or cue.start_ms == cue.end_ms == 0
        for line in cue.lines
    }
    assert {word for segment in segments_of(cues) for word in segment.text.split()} == shown


@given(CUES)
def test_merging_what_is_merged_changes_nothing_about_the_words(cues: list[Cue]) -> None:
    once = segments_of(cues)
    again = segments_of(Cue(s.span.start_ms, s.span.end_ms, (s.text,)) for s in once)
    assert {segment.text for segment in again} == {segment.text for segment in once}


@given(st.text(max_size=60))
def test_any_text_is_tidied_without_fault(text: str) -> None:
    for line in plain_lines(text):
        assert line == " ".join(line.split())
        assert line == unicodedata.normalize("NFC", line)
        assert any(character.isalnum() for character in line)


@given(st.lists(LETTERS, min_size=1, max_size=4))
def test_unicode_text_is_read_back_in_every_unicode_encoding(lines: list[str]) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n" + "\n".join(lines)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        assert text_of(text.encode(encoding)) == text


@given(st.binary(max_size=80))
def test_any_bytes_give_some_text(raw: bytes) -> None:
    assert isinstance(text_of(raw), str)
