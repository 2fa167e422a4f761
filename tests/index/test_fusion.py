"""One score out of several channels: bounded, monotone, and never led by a guess about the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.search import Channel, Verdict
from heimdex_desktop.index.fusion import WEIGHTS, Evidence, fuse, said, verdict

_SHARES = st.floats(0, 1)
_EVIDENCE = st.builds(Evidence, _SHARES, _SHARES)
_OTHERS = st.dictionaries(st.sampled_from([Channel.SEEN, Channel.TAGS]), _EVIDENCE)
# What is said always speaks to the whole query.
_SPOKEN = st.builds(Evidence, _SHARES)


def _with_speech(others: dict[Channel, Evidence], spoken: Evidence | None) -> dict[Channel, Evidence]:
    return others | ({Channel.SAID: spoken} if spoken else {})


_CHANNELS = st.builds(
    _with_speech,
    st.dictionaries(st.sampled_from([Channel.SEEN, Channel.TAGS, Channel.TEXT]), _EVIDENCE),
    st.none() | _SPOKEN,
)


@given(_CHANNELS)
def test_the_score_is_a_share(channels: dict[Channel, Evidence]) -> None:
    assert 0.0 <= fuse(channels) <= 1.0


@given(_CHANNELS, st.sampled_from([*WEIGHTS, Channel.TEXT]), _SHARES)
def test_a_better_channel_never_lowers_the_score(
    channels: dict[Channel, Evidence], which: Channel, more: float
) -> None:
    if which in channels:
        old = channels[which]
        better = channels | {which: Evidence(max(old.score, more), old.explained)}
        assert fuse(better) >= fuse(channels) - 1e-12


@given(_SHARES, _SHARES, _SHARES)
def test_no_silent_scene_beats_the_spoken_words(tag: float, explained: float, other_tag: float) -> None:
    spoken = {Channel.SAID: Evidence(1.0), Channel.TAGS: Evidence(other_tag, explained)}
    assert fuse({Channel.TAGS: Evidence(tag, explained)}) <= fuse(spoken) + 1e-12


@given(_CHANNELS)
def test_speech_about_something_else_takes_nothing_away(channels: dict[Channel, Evidence]) -> None:
    silent = {channel: evidence for channel, evidence in channels.items() if channel is not Channel.SAID}
    assert fuse(channels) >= fuse(silent)


@given(_OTHERS)
def test_what_the_screen_holds_whole_is_worth_what_is_said(others: dict[Channel, Evidence]) -> None:
    said_whole, shown_whole = {Channel.SAID: Evidence(1.0)}, {Channel.TEXT: Evidence(1.0)}
    assert fuse(others | shown_whole) == pytest.approx(fuse(others | said_whole))
    assert fuse(others) <= fuse(others | shown_whole) + 1e-12


@given(_CHANNELS, st.sampled_from([Channel.SAID, Channel.TEXT]))
def test_words_about_something_else_take_nothing_away(
    channels: dict[Channel, Evidence], which: Channel
) -> None:
    without = {channel: evidence for channel, evidence in channels.items() if channel is not which}
    assert fuse(channels) >= fuse(without) - 1e-12


@given(_OTHERS)
def test_text_that_holds_nothing_of_the_query_changes_nothing(others: dict[Channel, Evidence]) -> None:
    for scene in (others, others | {Channel.SAID: Evidence(0.6)}):
        assert fuse(scene | {Channel.TEXT: Evidence(0.0, 0.0)}) == pytest.approx(fuse(scene))


def test_other_words_and_a_doubtful_picture_do_not_outvote_the_screen() -> None:
    shown = {Channel.TEXT: Evidence(1.0)}
    assert fuse(shown) == 1.0
    assert fuse(shown | {Channel.SAID: Evidence(0.0)}) == 1.0
    assert fuse(shown | {Channel.SEEN: Evidence(0.0)}) >= fuse({Channel.SEEN: Evidence(1.0)})


def test_a_part_on_the_screen_counts_as_a_part() -> None:
    half = {Channel.TEXT: Evidence(0.35, 0.5)}
    assert fuse(half) == pytest.approx(0.35)
    assert fuse({Channel.SAID: Evidence(0.35)} | half) == pytest.approx(1 - 0.65 * 0.65)


def test_the_weights_apply_to_what_a_scene_has() -> None:
    both = {Channel.SAID: Evidence(1.0), Channel.TAGS: Evidence(0.0)}
    assert fuse(both) == 1.0
    assert fuse({Channel.SEEN: Evidence(0.6), Channel.TAGS: Evidence(1.0)}) == pytest.approx(0.8 * 0.36 / 0.5)
    assert fuse({Channel.SEEN: Evidence(1.0), Channel.SAID: Evidence(0.0)}) == pytest.approx(0.8)
    assert fuse({Channel.SAID: Evidence(0.6)}) == pytest.approx(0.6)
    assert fuse({}) == 0.0


def test_one_colour_in_a_long_sentence_counts_little() -> None:
    sentence = {Channel.SAID: Evidence(0.9)}
    assert fuse(sentence | {Channel.TAGS: Evidence(0.0, 0.1)}) > 0.85
    assert fuse({Channel.TAGS: Evidence(1.0, 0.1)}) < 0.1
    assert fuse({Channel.TAGS: Evidence(1.0, 1.0)}) > 0.7


@given(_SHARES, st.none() | _SHARES)
def test_words_and_meaning_only_strengthen_each_other(exact: float, meaning: float | None) -> None:
    assert max(exact, meaning or 0.0) - 1e-12 <= said(exact, meaning) <= 1.0


def test_the_verdict_follows_the_best_score() -> None:
    assert [verdict(score) for score in (0.0, 0.2, 0.3, 0.5, 1.0)] == [
        Verdict.NONE,
        Verdict.NONE,
        Verdict.WEAK,
        Verdict.GOOD,
        Verdict.GOOD,
    ]
