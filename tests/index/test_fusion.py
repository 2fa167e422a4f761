"""One score out of several channels: bounded, monotone, and never led by a guess about the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.search import Channel, Evidence, Verdict
from heimdex_desktop.index.fusion import (
    GOOD_FROM,
    WEIGHTS,
    calibrated,
    fuse,
    raw_cosines,
    reciprocal_ranks,
    said,
    support,
    verdict,
)

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
    tagged, seen = {Channel.TAGS: Evidence(1.0)}, {Channel.SEEN: Evidence(0.5)}
    assert fuse(tagged) == pytest.approx(0.8)
    assert fuse(seen | tagged) == pytest.approx(1 - 0.5 * (1 - 0.8 * 0.15 / 0.35))
    assert fuse({Channel.SEEN: Evidence(1.0), Channel.SAID: Evidence(0.0)}) == pytest.approx(0.8)
    assert fuse({Channel.SAID: Evidence(0.6)}) == pytest.approx(0.6)
    assert fuse({}) == 0.0


def test_one_colour_in_a_long_sentence_counts_little() -> None:
    sentence = {Channel.SAID: Evidence(0.9)}
    assert fuse(sentence | {Channel.TAGS: Evidence(0.0, 0.1)}) > 0.85
    assert fuse({Channel.TAGS: Evidence(1.0, 0.1)}) < 0.1
    assert fuse({Channel.TAGS: Evidence(1.0, 1.0)}) > 0.7


@given(_SHARES, _SHARES, _SHARES)
def test_words_and_meaning_only_strengthen_each_other(exact: float, meaning: float, more: float) -> None:
    both = said(exact, meaning)
    assert 0.0 <= both <= said(max(exact, more), meaning) + 1e-12
    assert both <= said(exact, max(meaning, more)) + 1e-12
    assert said(exact, None) == exact


@given(_SHARES)
def test_no_guess_about_the_meaning_beats_all_the_words(meaning: float) -> None:
    assert said(1.0, meaning) == 1.0
    assert said(0.0, meaning) <= 0.8
    assert (said(0.0, meaning) >= GOOD_FROM) is (meaning >= GOOD_FROM)
    assert said(0.0, min(meaning, GOOD_FROM)) == pytest.approx(min(meaning, GOOD_FROM))


def test_a_chance_word_does_not_outvote_a_meaning() -> None:
    one_of_three, likely, unlikely = 0.2, 0.35, 0.2
    assert said(one_of_three, unlikely) < said(0.0, likely)


@given(_SHARES, _SHARES)
def test_words_and_looks_together_are_surer(words: float, look: float) -> None:
    spoken, shown = {Channel.SAID: Evidence(words)}, {Channel.SEEN: Evidence(look)}
    both = fuse(spoken | shown)
    assert both >= max(fuse(spoken), fuse(shown)) - 1e-12
    if 0.01 < words < 0.99 and look > 0.01:
        assert both > max(fuse(spoken), fuse(shown))


def test_a_tag_that_is_missing_takes_nothing_away_from_what_is_seen() -> None:
    seen = {Channel.SEEN: Evidence(0.7)}
    assert fuse(seen | {Channel.TAGS: Evidence(0.0)}) == pytest.approx(fuse(seen))


def test_guesses_about_looks_and_about_meaning_are_held_alike() -> None:
    for guess in (0.2, 0.5, 0.7, 1.0):
        assert fuse({Channel.SEEN: Evidence(guess)}) == pytest.approx(said(0.0, guess))


@given(_CHANNELS)
def test_of_equal_scores_more_evidence_is_more_support(channels: dict[Channel, Evidence]) -> None:
    whole = channels | {Channel.SAID: Evidence(1.0)}
    assert fuse(whole) == 1.0
    shown = whole | {Channel.SEEN: Evidence(1.0)}
    less = whole | {Channel.SEEN: Evidence(0.4)}
    assert fuse(shown) == fuse(less)
    assert support(shown) > support(less)


def test_the_verdict_follows_the_best_score() -> None:
    assert [verdict(score) for score in (0.0, 0.39, 0.41, 0.5, 1.0)] == [
        Verdict.NONE,
        Verdict.NONE,
        Verdict.WEAK,
        Verdict.GOOD,
        Verdict.GOOD,
    ]


_FADERS = st.dictionaries(st.sampled_from(list(Channel)), st.floats(0, 3))


def _with_person(channels: dict[Channel, Evidence], who: Evidence | None) -> dict[Channel, Evidence]:
    return channels | ({Channel.WHO: who} if who else {})


_WITH_WHO = st.builds(_with_person, _CHANNELS, st.none() | st.builds(Evidence, _SHARES, _SHARES))


@given(_WITH_WHO, _FADERS)
def test_whatever_is_turned_the_score_is_a_share(
    channels: dict[Channel, Evidence], faders: dict[Channel, float]
) -> None:
    assert 0.0 <= fuse(channels, faders) <= 1.0


@given(_WITH_WHO)
def test_faders_in_their_middle_change_nothing(channels: dict[Channel, Evidence]) -> None:
    assert fuse(channels, dict.fromkeys(Channel, 1.0)) == fuse(channels)


@given(_WITH_WHO, st.sampled_from(list(Channel)))
def test_a_channel_turned_off_is_as_good_as_not_there(
    channels: dict[Channel, Evidence], which: Channel
) -> None:
    without = {channel: found for channel, found in channels.items() if channel is not which}
    assert fuse(channels, {which: 0.0}) == fuse(without)


@given(_WITH_WHO, st.sampled_from([*WEIGHTS, Channel.TEXT, Channel.WHO]), _SHARES)
def test_a_channel_turned_down_never_raises_a_score(
    channels: dict[Channel, Evidence], which: Channel, share: float
) -> None:
    # Turned off it is not there, and what the others say counts in full.
    if share > 0 and channels.keys() == {which}:
        assert fuse(channels, {which: share}) <= fuse(channels) + 1e-12


def test_a_channel_turned_up_outvotes_the_others() -> None:
    spoken, shown = {Channel.SAID: Evidence(0.9)}, {Channel.SEEN: Evidence(0.9)}
    assert fuse(spoken) > fuse(shown)
    up = {Channel.SEEN: 2.0}
    assert fuse(shown, up) >= fuse(spoken, up)
    down = {Channel.SAID: 0.5}
    assert fuse(shown, down) > fuse(spoken, down)


def test_a_person_lifts_a_scene_and_decides_alone_where_nothing_else_is_asked() -> None:
    named, alone = {Channel.WHO: Evidence(0.8, 0.5)}, {Channel.WHO: Evidence(0.8)}
    assert fuse({Channel.SAID: Evidence(0.5)} | named) == pytest.approx(0.5 + 0.3 * 0.8)
    assert fuse({Channel.SAID: Evidence(0.9)} | named) == 1.0
    assert fuse(named) == pytest.approx(0.3 * 0.8), "nothing says that the other words are answered"
    assert fuse(alone) == 0.8
    assert fuse({Channel.SAID: Evidence(0.1)} | alone) == 0.8


@given(_CHANNELS, _SHARES)
def test_a_person_who_has_to_be_there_changes_no_score(
    channels: dict[Channel, Evidence], confidence: float
) -> None:
    must = channels | {Channel.WHO: Evidence(confidence, explained=0.0)}
    assert fuse(must) == fuse(channels)
    assert support(must) == support(channels)


@given(st.lists(_WITH_WHO, max_size=8), _FADERS)
def test_every_fusion_gives_each_scene_a_share(
    scenes: list[dict[Channel, Evidence]], faders: dict[Channel, float]
) -> None:
    for fusion in (calibrated, raw_cosines, reciprocal_ranks):
        scores = fusion(scenes, faders)
        assert len(scores) == len(scenes)
        assert all(0.0 <= score <= 1.0 for score in scores)


def test_ranks_alone_decide_in_their_fusion() -> None:
    first = {Channel.SAID: Evidence(0.9), Channel.SEEN: Evidence(0.2)}
    second = {Channel.SAID: Evidence(0.1), Channel.SEEN: Evidence(0.1)}
    nothing = {Channel.SAID: Evidence(0.0)}
    scores = reciprocal_ranks([second, nothing, first])
    assert scores[2] == 1.0
    assert scores[2] > scores[0] > scores[1] == 0.0


def test_the_owner_s_formula_adds_cosines_as_they_are() -> None:
    scene = {Channel.SAID: Evidence(0.9, cosine=0.4), Channel.SEEN: Evidence(0.2, cosine=0.1)}
    tagged = scene | {Channel.TAGS: Evidence(1.0), Channel.WHO: Evidence(1.0)}
    assert raw_cosines([scene]) == [pytest.approx(0.5 * 0.4 + 0.35 * 0.1)]
    assert raw_cosines([tagged]) == [pytest.approx(0.5 * 0.4 + 0.35 * 0.1 + 0.15 + 0.3)]
