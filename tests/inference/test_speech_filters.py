"""What a model invents is left out, and what people say is not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import Segment, Word
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.inference.speech_filters import (
    Guess,
    believable,
    is_drivel,
    is_silence,
    is_unvoiced,
    without_loops,
)

VOICED = (TimeSpan(0, 100_000),)

words = st.sampled_from(["no", "go", "thank", "you", "Anna", "네", "さん", "…"])
texts = st.lists(words, max_size=30).map(" ".join)


def segment_of(start_ms: int, length_ms: int, text: str) -> Segment:
    return Segment(TimeSpan(start_ms, start_ms + length_ms), text)


guesses = st.builds(
    Guess,
    st.builds(segment_of, st.integers(0, 90_000), st.integers(1, 5_000), texts),
    no_speech=st.floats(0, 1),
    mean_log_probability=st.floats(-3, 0),
)


def guess(text: str, start_ms: int = 0, *, no_speech: float = 0.0, log_probability: float = -0.3) -> Guess:
    return Guess(Segment(TimeSpan(start_ms, start_ms + 1_000), text), no_speech, log_probability)


def kept(*told: Guess, voiced: tuple[TimeSpan, ...] = VOICED) -> list[str]:
    return [segment.text for segment in believable(told, voiced)]


@given(st.lists(guesses, max_size=12), st.lists(st.integers(0, 95), max_size=4))
def test_nothing_is_added_moved_or_put_in_another_order(told: list[Guess], starts_s: list[int]) -> None:
    voiced = tuple(TimeSpan(start * 1000, start * 1000 + 500) for start in sorted(set(starts_s)))
    spans = [guess.segment.span for guess in told]
    left = list(believable(told, voiced))
    for segment in left:
        place = spans.index(segment.span)
        del spans[: place + 1]
        assert any(voice.overlap_ms(segment.span) for voice in voiced)
        assert segment.text
        assert not is_drivel(segment.text)


@given(st.lists(guesses, max_size=12))
def test_what_is_left_is_left_again(told: list[Guess]) -> None:
    left = list(believable(told, VOICED))
    again = list(believable([Guess(segment) for segment in left], VOICED))
    assert again == left


@given(st.lists(words, min_size=1, max_size=30, unique=True))
def test_a_text_without_repetition_stays_as_it_is(said: list[str]) -> None:
    segment = Segment(TimeSpan(0, 1_000), " ".join(said))
    assert without_loops(segment) is segment


@given(st.lists(words, min_size=1, max_size=8), st.integers(5, 40))
def test_a_loop_is_said_once(phrase: list[str], times: int) -> None:
    looped = without_loops(Segment(TimeSpan(0, 1_000), " ".join(phrase * times)))
    assert len(looped.text.split()) <= len(phrase)
    assert set(looped.text.split()) <= set(phrase)


def test_a_loop_in_the_middle_leaves_what_is_around_it_with_its_times() -> None:
    texts = ["We", "go", *["thank", "you"] * 9, "home."]
    spoken = tuple(Word(TimeSpan(number * 100, number * 100 + 90), text) for number, text in enumerate(texts))
    segment = without_loops(Segment(TimeSpan(0, 2_100), " ".join(texts), spoken))
    assert segment.text == "We go thank you home."
    assert [word.text for word in segment.words] == ["We", "go", "thank", "you", "home."]
    assert segment.words[-1] == spoken[-1]
    assert segment.span == TimeSpan(0, 2_100)


@pytest.mark.parametrize("text", ["No, no, no, no.", "Ha ha ha ha", "bye bye bye", "네 네 네"])
def test_people_do_repeat_themselves(text: str) -> None:
    assert kept(guess(text)) == [text]


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "silent"),
    [(0.9, -1.5, True), (0.9, -0.5, False), (0.2, -1.5, False), (0.6, -1.5, False), (0.9, -1.0, False)],
)
def test_silence_needs_both_doubts(no_speech: float, log_probability: float, silent: bool) -> None:
    told = guess("Thanks for watching!", no_speech=no_speech, log_probability=log_probability)
    assert is_silence(told) is silent
    assert kept(told) == ([] if silent else ["Thanks for watching!"])


def test_what_is_said_where_nobody_speaks_is_left_out() -> None:
    voiced = (TimeSpan(5_000, 6_000),)
    assert kept(guess("Subtitles by nobody", 1_000), guess("Hello there.", 5_200), voiced=voiced) == [
        "Hello there."
    ]
    assert is_unvoiced(guess("Hello.", 6_000).segment, voiced)


def test_a_text_that_compresses_too_well_is_drivel() -> None:
    assert is_drivel("ありがとうございました。" * 20)
    assert is_drivel("I'm going to be a " * 12)
    assert not is_drivel("The train from Busan arrives at ten, and we will wait for it at the station.")
    assert not is_drivel("")


def test_a_segment_that_echoes_is_believed_twice() -> None:
    loop = [guess("Thank you.", start_ms) for start_ms in range(0, 9_000, 1_000)]
    assert kept(*loop, guess("Good night.", 9_000)) == ["Thank you.", "Thank you.", "Good night."]
    assert kept(*(guess(text, at_ms) for at_ms, text in ((0, "Yes."), (1_000, "yes"), (2_000, "YES!")))) == [
        "Yes.",
        "yes",
    ]


def test_a_sentence_said_again_after_a_breath_is_no_echo() -> None:
    again = [guess("Go left.", start_ms) for start_ms in range(0, 9_000, 1_800)]
    assert kept(*again) == ["Go left."] * 5


def test_one_guess_is_taken_at_a_time() -> None:
    taken: list[int] = []

    def told() -> Iterator[Guess]:
        for number in range(3):
            taken.append(number)
            yield guess(f"sentence {number}", number * 1_000)

    heard = believable(told(), VOICED)
    next(heard)
    assert taken == [0]


def test_marks_alone_are_no_words() -> None:
    assert kept(guess("…"), guess("   "), guess("♪♪"), replace(guess("Hi."), no_speech=0.1)) == ["Hi."]
