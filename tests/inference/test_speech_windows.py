"""Windows hold every voice once, are never too long, and lead back to the right time."""

from itertools import pairwise

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.inference.speech_windows import KEPT_PAUSE_MS, PAD_MS, Window, trimmed, windows_of

lengths_ms = st.integers(1, 20_000)
voices = st.lists(st.tuples(st.integers(1, 8_000), lengths_ms), max_size=12)


def spans_of(steps: list[tuple[int, int]]) -> tuple[tuple[TimeSpan, ...], int]:
    """Return spans made of pauses and lengths, and the end of the sound."""
    spans: list[TimeSpan] = []
    at_ms = 0
    for pause_ms, length_ms in steps:
        spans.append(TimeSpan(at_ms + pause_ms, at_ms + pause_ms + length_ms))
        at_ms = spans[-1].end_ms
    return tuple(spans), at_ms + 700


@given(voices, st.integers(2_000, 30_000))
def test_every_voice_is_heard_once_in_windows_that_fit(steps: list[tuple[int, int]], longest_ms: int) -> None:
    voiced, end_ms = spans_of(steps)
    windows = windows_of(voiced, longest_ms=longest_ms, end_ms=end_ms)
    assert all(0 < window.length_ms <= longest_ms for window in windows)
    pieces = [piece for window in windows for piece in window.pieces]
    assert pieces == sorted(pieces)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(pieces))
    assert all(piece.end_ms <= end_ms for piece in pieces)
    for voice in voiced:
        assert sum(piece.overlap_ms(voice) for piece in pieces) == voice.length_ms


@given(voices, st.data())
def test_every_moment_of_a_window_leads_back_to_its_own(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    voiced, end_ms = spans_of(steps)
    assume(voiced)
    sound = np.arange(end_ms * 16, dtype=np.float32)
    window = data.draw(st.sampled_from(windows_of(voiced, longest_ms=30_000, end_ms=end_ms)))
    samples = window.cut_from(sound)
    assert len(samples) == window.length_ms * 16
    start_ms = data.draw(st.integers(0, window.length_ms - 1))
    length_ms = data.draw(st.integers(0, window.length_ms - start_ms))
    original = window.original(start_ms, start_ms + length_ms)
    assert original.start_ms == samples[start_ms * 16] / 16
    if length_ms:
        assert original.end_ms == samples[(start_ms + length_ms - 1) * 16] / 16 + 1


def test_short_pauses_stay_and_long_ones_are_shortened() -> None:
    voiced = (TimeSpan(1_000, 2_000), TimeSpan(3_500, 4_000), TimeSpan(12_000, 13_000))
    (window,) = windows_of(voiced, longest_ms=29_500, end_ms=20_000)
    assert KEPT_PAUSE_MS == 2_000
    assert window.pieces == (TimeSpan(600, 4_400), TimeSpan(11_600, 13_400))
    assert window.original(3_800 + PAD_MS, window.length_ms) == TimeSpan(12_000, 13_400)


def test_what_does_not_fit_begins_a_new_window_at_a_pause() -> None:
    voiced = tuple(TimeSpan(start, start + 5_000) for start in range(1_000, 31_000, 6_000))
    windows = windows_of(voiced, longest_ms=12_500, end_ms=40_000)
    assert [window.pieces for window in windows] == [
        (TimeSpan(600, 12_400),),
        (TimeSpan(12_600, 24_400),),
        (TimeSpan(24_600, 30_400),),
    ]


def test_times_beyond_a_window_are_brought_into_it() -> None:
    window = Window((TimeSpan(1_000, 2_000), TimeSpan(5_000, 6_000)))
    assert window.original(1_900, 99_000) == TimeSpan(5_900, 6_000)
    assert window.original(50_000, 99_000) == TimeSpan(6_000, 6_000)


@given(voices, st.integers(0, 90_000), lengths_ms)
def test_a_trimmed_span_lies_within_the_old_one(
    steps: list[tuple[int, int]], start_ms: int, length_ms: int
) -> None:
    voiced, _ = spans_of(steps)
    span = TimeSpan(start_ms, start_ms + length_ms)
    left = trimmed(span, voiced)
    assert span.start_ms <= left.start_ms <= left.end_ms <= span.end_ms
    heard_ms = sum(voice.overlap_ms(span) for voice in voiced)
    assert sum(voice.overlap_ms(left) for voice in voiced) == heard_ms
