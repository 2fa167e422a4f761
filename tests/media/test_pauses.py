"""Stretches of sound tile it exactly, and end where it is quiet."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.media.pauses import cut_at_pauses, quietest
from tests.speech import lay_out, silence, white_noise

STEP = SOUND_RATE // 50


def noise_of(seed: int, length: int) -> Sound:
    return np.random.default_rng(seed).normal(0, 0.1, length).astype(np.float32)


sounds = st.builds(noise_of, st.integers(0, 99), st.integers(0, 40_000))


def blocks_of(sound: Sound, size: int) -> list[Sound]:
    return [sound[start : start + size] for start in range(0, len(sound), size)]


@given(sounds, st.integers(1, 9_000), st.integers(20, 1_500), st.floats(0, 1))
def test_stretches_tile_the_sound_and_do_not_depend_on_the_blocks(
    sound: Sound, size: int, longest_ms: int, share: float
) -> None:
    longest_ms -= longest_ms % 20
    search_ms = int(longest_ms * share * 0.9)
    search_ms -= search_ms % 20
    cut = list(cut_at_pauses(blocks_of(sound, size), longest_ms=longest_ms, search_ms=search_ms))
    np.testing.assert_array_equal(np.concatenate([silence(0), *cut]), sound)
    assert all(0 < len(stretch) <= longest_ms * 16 for stretch in cut)
    for stretch in cut[:-1]:
        assert len(stretch) >= (longest_ms - search_ms) * 16
        assert len(stretch) % STEP == 0
    at_once = list(cut_at_pauses([sound], longest_ms=longest_ms, search_ms=search_ms))
    assert [len(stretch) for stretch in cut] == [len(stretch) for stretch in at_once]


@given(sounds, st.integers(0, 4))
def test_going_on_from_any_end_gives_the_same_stretches(sound: Sound, done: int) -> None:
    cut = list(cut_at_pauses([sound], longest_ms=800, search_ms=400))
    heard = sum(len(stretch) for stretch in cut[:done])
    rest = list(cut_at_pauses([sound[heard:]], longest_ms=800, search_ms=400))
    assert [stretch.tolist() for stretch in rest] == [stretch.tolist() for stretch in cut[done:]]


def test_it_cuts_in_the_pause_and_not_in_the_noise() -> None:
    sound = white_noise(120_000)
    sound[54_000 * 16 : 55_000 * 16] = 0
    first, *_ = cut_at_pauses([sound])
    assert 54_000 * 16 < len(first) < 55_000 * 16


def test_where_all_is_silent_a_stretch_is_nearly_as_long_as_may_be() -> None:
    lengths = [len(stretch) for stretch in cut_at_pauses(blocks_of(silence(150_000), 16_000))]
    assert all(59_500 * 16 < length <= 60_000 * 16 for length in lengths[:-1])
    assert sum(lengths) == 150_000 * 16


def test_a_click_of_silence_is_no_pause() -> None:
    sound = white_noise(10_000)
    sound[2_000 * 16 : 2_060 * 16] = 0
    sound[7_000 * 16 : 7_400 * 16] *= 0.1
    assert 7_000 * 16 <= quietest(sound) <= 7_400 * 16


def test_no_sound_is_no_stretch() -> None:
    assert list(cut_at_pauses([])) == []
    assert list(cut_at_pauses([silence(0)])) == []
    assert [len(stretch) for stretch in cut_at_pauses([lay_out(10, [])])] == [160]
