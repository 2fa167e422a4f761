"""Scenes next to each other and copies are one hit; each scene is shown once, and none is invented."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import VISION, EmbeddingSpace
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.grouping import Group, Ranked, grouped
from heimdex_desktop.index.judging import Judged
from heimdex_desktop.index.schema import VectorColumn

_COLUMN = VectorColumn(VISION, EmbeddingSpace("eyes", "1", 2))
_SPEECH = ("these", "are", "quite", "enough", "words", "to", "tell", "a", "scene")


def ranked(
    score: float,
    video: str,
    start_s: float,
    words: Sequence[str] = (),
    *,
    look: tuple[float, float] | None = None,
    length_s: float = 10,
) -> Ranked:
    span = TimeSpan(round(start_s * 1000), round((start_s + length_s) * 1000))
    vectors = {_COLUMN: np.array(look, np.float32)} if look else {}
    said = f" {' '.join(words)} " if words else ""
    return score, Judged(Candidate(0, VideoId(video), span, said, vectors=vectors), None, {})


def _name(candidate: Candidate) -> str:
    return f"{candidate.video_id} {candidate.span.start_ms / 1000:g}"


def shape(groups: Sequence[Group]) -> list[tuple[str, list[str], list[str]]]:
    return [
        (
            _name(group.best.candidate),
            [_name(one) for one in group.near],
            [_name(one) for one in group.copies],
        )
        for group in groups
    ]


def test_direct_neighbours_join_the_better_one_and_no_chain_grows() -> None:
    scenes = [
        ranked(0.9, "a", 20),
        ranked(0.8, "a", 30),
        ranked(0.7, "a", 40),
        ranked(0.6, "a", 10.3, length_s=9.7),
    ]
    assert shape(grouped(scenes, 9)) == [("a 20", ["a 30", "a 10.3"], []), ("a 40", [], [])]


def test_a_neighbour_in_time_is_one_in_the_same_video_only() -> None:
    scenes = [ranked(0.9, "a", 20), ranked(0.8, "b", 30), ranked(0.7, "a", 31)]
    assert [entry[0] for entry in shape(grouped(scenes, 9))] == ["a 20", "b 30", "a 31"]


def test_the_same_words_and_look_elsewhere_are_a_copy() -> None:
    scenes = [
        ranked(0.9, "a", 0, _SPEECH, look=(1, 0)),
        ranked(0.8, "b", 50, _SPEECH, look=(0.999, 0.0447)),
        ranked(0.7, "c", 0, _SPEECH, look=(0, 1)),
        ranked(0.6, "d", 0, _SPEECH[1:], look=(1, 0)),
    ]
    assert shape(grouped(scenes, 9)) == [("a 0", [], ["b 50"]), ("c 0", [], []), ("d 0", [], [])]


def test_without_a_picture_many_words_and_the_length_tell() -> None:
    scenes = [
        ranked(0.9, "a", 0, _SPEECH),
        ranked(0.8, "b", 0, _SPEECH, length_s=10.5),
        ranked(0.7, "c", 0, _SPEECH, length_s=14),
        ranked(0.6, "d", 0, ("thank", "you")),
        ranked(0.5, "e", 0, ("thank", "you")),
        ranked(0.4, "f", 0),
        ranked(0.3, "g", 0),
    ]
    assert [entry[0] for entry in shape(grouped(scenes, 9))] == ["a 0", "c 0", "d 0", "e 0", "f 0", "g 0"]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.booleans()), unique_by=lambda one: one[:2]
    ),
    st.integers(1, 8),
)
def test_each_scene_is_shown_once_and_the_best_come_first(
    places: list[tuple[str, int, bool]], limit: int
) -> None:
    scenes = [
        ranked(1 - place / 100, video, start * 10, _SPEECH if speaks else ())
        for place, (video, start, speaks) in enumerate(places)
    ]
    groups = grouped(scenes, limit)
    assert len(groups) <= limit
    shown = [scene for best, near, copies in shape(groups) for scene in (best, *near, *copies)]
    assert len(set(shown)) == len(shown)
    scores = [group.score for group in groups]
    assert scores == sorted(scores, reverse=True)
    if places and len(groups) < limit:
        assert sorted(shown) == sorted(_name(one.candidate) for _, one in scenes)
