"""One score out of several channels: bounded, monotone, and never led by a guess about the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.search import Channel, Verdict
from heimdex_desktop.index.fusion import WEIGHTS, Evidence, fuse, said, verdict

_SHARES = st.floats(0, 1)
_CHANNELS = st.dictionaries(st.sampled_from(list(WEIGHTS)), st.builds(Evidence, _SHARES, _SHARES))


@given(_CHANNELS)
def test_the_score_is_a_share(channels: dict[Channel, Evidence]) -> None:
    assert 0.0 <= fuse(channels) <= 1.0


@given(_CHANNELS, st.sampled_from(list(WEIGHTS)), _SHARES)
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


def test_the_weights_apply_to_what_a_scene_has() -> None:
    both = {Channel.SAID: Evidence(1.0), Channel.TAGS: Evidence(0.0)}
    assert fuse(both) == pytest.approx(0.5 / 0.65)
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
