"""Scenes: they tile the video, last 2 to 30 seconds, and are shown by good stills."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import Scene, Shot, scene_id
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.media.keyframes import keyframes_of
from heimdex_desktop.media.samples import Sample
from heimdex_desktop.media.scenes import scenes_of
from heimdex_desktop.media.watching import Watched

VIDEO = VideoId("5c1d0d0e-3f61-5b0b-9d80-3f0a3a4b8f11")
RED, GREEN, BLUE = (53, 80, 67) * 12, (88, -86, 83) * 12, (32, 79, -108) * 12


def film(*lengths_ms: int, samples: tuple[Sample, ...] = ()) -> Watched:
    edges_ms = [0]
    for length_ms in lengths_ms:
        edges_ms.append(edges_ms[-1] + length_ms)
    shots = tuple(Shot(TimeSpan(*edge)) for edge in pairwise(edges_ms))
    return Watched(edges_ms[-1], shots, samples)


def sampled(end_ms: int, *, palettes: dict[int, tuple[int, ...]] | None = None, motion: int = 0):
    """A sample every half second; `palettes` gives the look from a time on."""
    looks = palettes or {0: RED}
    return tuple(
        Sample(at_ms, motion=motion, palette=looks[max(start for start in looks if start <= at_ms)])
        for at_ms in range(0, end_ms, 500)
    )


def spans(scenes: tuple[Scene, ...]) -> list[tuple[int, int]]:
    return [(scene.span.start_ms, scene.span.end_ms) for scene in scenes]


def test_every_shot_of_a_fitting_length_is_a_scene() -> None:
    assert spans(scenes_of(VIDEO, film(2000, 7000, 30_000))) == [(0, 2000), (2000, 9000), (9000, 39_000)]


def test_without_a_cut_there_is_one_scene() -> None:
    assert spans(scenes_of(VIDEO, film(9000))) == [(0, 9000)]


def test_a_video_shorter_than_a_scene_is_one_scene() -> None:
    assert spans(scenes_of(VIDEO, film(300, 200, 700))) == [(0, 1200)]
    assert spans(scenes_of(VIDEO, film(1))) == [(0, 1)]


def test_nothing_watched_makes_no_scene() -> None:
    assert scenes_of(VIDEO, Watched(0, (), ())) == ()


@pytest.mark.parametrize(
    ("look", "expected"), [(RED, [(0, 6000), (6000, 11_000)]), (BLUE, [(0, 5000), (5000, 11_000)])]
)
def test_a_short_shot_joins_the_neighbour_it_looks_like(
    look: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    samples = sampled(11_000, palettes={0: RED, 5000: look, 6000: BLUE})
    assert spans(scenes_of(VIDEO, film(5000, 1000, 5000, samples=samples))) == expected


def test_short_shots_at_the_ends_join_the_only_neighbour() -> None:
    assert spans(scenes_of(VIDEO, film(500, 4000, 500))) == [(0, 5000)]


def test_a_long_take_is_split_evenly() -> None:
    lengths_ms = [scene.span.length_ms for scene in scenes_of(VIDEO, film(100_000))]
    assert lengths_ms == [20_000] * 5


def test_a_long_take_is_split_where_little_moves() -> None:
    samples = tuple(Sample(at_ms, motion=0.0 if at_ms == 21_500 else 9.0) for at_ms in range(0, 40_000, 500))
    assert spans(scenes_of(VIDEO, film(40_000, samples=samples))) == [(0, 21_500), (21_500, 40_000)]


def test_a_montage_is_split_at_its_cuts() -> None:
    montage = film(*[1900] * 20, samples=sampled(38_000))
    cuts_ms = {shot.span.start_ms for shot in montage.shots}
    scenes = scenes_of(VIDEO, montage)
    assert len(scenes) > 1
    assert {scene.span.start_ms for scene in scenes} <= cuts_ms


def test_ids_are_those_of_the_spans() -> None:
    for scene in scenes_of(VIDEO, film(5000, 6000)):
        assert scene.id == scene_id(VIDEO, scene.span)


def test_tags_and_counts_come_from_the_samples_of_the_scene() -> None:
    calm, wild = sampled(4000), tuple(Sample(at_ms, motion=20) for at_ms in range(4000, 8000, 500))
    first, second = scenes_of(VIDEO, film(4000, 4000, samples=(*calm, *wild)))
    assert (first.sampled_count, second.sampled_count) == (8, 8)
    assert "still" in first.tags
    assert "fast" in second.tags


def test_the_jump_of_a_cut_is_not_motion() -> None:
    samples = tuple(Sample(at_ms, motion=30 if at_ms == 2100 else 0.1) for at_ms in (500, 1000, 2100, 3000))
    _, second = scenes_of(VIDEO, film(2000, 2000, samples=samples))
    assert set(second.tags) == {"still"}
    assert second.sampled_count == 2


SHOTS = st.lists(st.one_of(st.integers(1, 3000), st.integers(1, 200_000)), min_size=1, max_size=40)


@given(lengths_ms=SHOTS, every_ms=st.sampled_from([300, 500, 4000, 10**9]), seed=st.integers(0, 9))
def test_scenes_tile_the_video_and_keep_their_bounds(lengths_ms: list[int], every_ms: int, seed: int) -> None:
    total_ms = sum(lengths_ms)
    samples = tuple(
        Sample(
            at_ms, motion=(at_ms * 7 + seed) % 13, lightness=(at_ms + seed) % 90, palette=(at_ms % 50,) * 36
        )
        for at_ms in range(0, total_ms, every_ms)
    )
    scenes = scenes_of(VIDEO, film(*lengths_ms, samples=samples))
    edges = spans(scenes)
    assert edges[0][0] == 0
    assert edges[-1][1] == total_ms
    assert all(one[1] == other[0] for one, other in pairwise(edges))
    assert all(end_ms - start_ms <= 30_000 for start_ms, end_ms in edges)
    assert total_ms < 2000 or all(end_ms - start_ms >= 2000 for start_ms, end_ms in edges)
    assert sum(scene.sampled_count for scene in scenes) == len(samples)
    for scene in scenes:
        moments_ms = [keyframe.at_ms for keyframe in scene.keyframes]
        assert 1 <= len(moments_ms) <= 3
        assert moments_ms == sorted(set(moments_ms))
        assert all(scene.span.contains(at_ms) for at_ms in moments_ms)


def keyframe_ms(span: TimeSpan, *samples: Sample, cuts_ms: tuple[int, ...] = ()) -> list[int]:
    chosen = keyframes_of(span, samples, cuts_ms=[span.start_ms, *cuts_ms, span.end_ms])
    return [keyframe.at_ms for keyframe in chosen]


def test_the_sharp_frame_is_shown() -> None:
    blurred, sharp = Sample(2000, sharpness=10), Sample(3500, sharpness=900)
    assert keyframe_ms(TimeSpan(0, 4500), blurred, sharp) == [3500]


def test_a_black_frame_is_not_shown_while_there_is_another() -> None:
    black = Sample(2000, lightness=1, dark_end=0, bright_end=3, sharpness=50)
    dim = Sample(3000, lightness=9, dark_end=0, bright_end=30, sharpness=2)
    assert keyframe_ms(TimeSpan(0, 4000), black, dim) == [3000]
    assert keyframe_ms(TimeSpan(0, 4000), black) == [2000]


def test_a_frame_in_a_dissolve_or_at_a_cut_is_not_shown() -> None:
    in_dissolve, clear = Sample(1800, motion=25, sharpness=300), Sample(3000, sharpness=100)
    assert keyframe_ms(TimeSpan(0, 4000), in_dissolve, clear) == [3000]
    at_cut = Sample(2000, sharpness=300)
    assert keyframe_ms(TimeSpan(0, 4000), at_cut, clear, cuts_ms=(2000,)) == [3000]


def test_long_scenes_have_up_to_three_keyframes() -> None:
    samples = sampled(30_000)
    counts = [len(keyframe_ms(TimeSpan(0, end_ms), *samples)) for end_ms in (3000, 15_999, 16_000, 30_000)]
    assert counts == [1, 1, 2, 3]


def test_without_samples_the_middle_is_shown() -> None:
    assert keyframe_ms(TimeSpan(1000, 4000)) == [2500]
