"""The best chains are found, whatever scenes there are."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.sequences import Chain, Link, chains


def link(video: str, start_s: int, score: float, length_s: int = 5) -> Link[str]:
    span = TimeSpan(start_s * 1000, (start_s + length_s) * 1000)
    return Link(VideoId(video), span, score, f"{video}{start_s}")


def names(found: list[Chain[str]]) -> list[list[str]]:
    return [[one.kept for one in chain.links] for chain in found]


def test_a_chain_goes_on_in_time_within_one_video() -> None:
    first = [link("a", 0, 0.9), link("a", 50, 0.9), link("b", 0, 0.5)]
    second = [link("a", 30, 0.4), link("b", 10, 0.8), link("c", 1, 1.0)]
    found = chains([first, second], 60_000)
    assert names(found) == [["b0", "b10"], ["a0", "a30"]]
    assert found[0].score == pytest.approx((0.5 * 0.8) ** 0.5)


def test_what_is_too_far_apart_is_no_chain() -> None:
    assert names(chains([[link("a", 0, 1.0)], [link("a", 65, 1.0)]], 60_000)) == [["a0", "a65"]]
    assert chains([[link("a", 0, 1.0)], [link("a", 66, 1.0)]], 60_000) == []


def test_one_scene_does_not_follow_itself() -> None:
    assert chains([[link("a", 0, 1.0)], [link("a", 0, 1.0)]], 60_000) == []


def test_what_is_worth_nothing_is_no_part_of_a_chain() -> None:
    assert chains([[link("a", 0, 1.0)], [link("a", 5, 0.0)]], 60_000) == []
    assert chains([], 1) == []


_LINKS = st.lists(
    st.builds(
        link,
        st.sampled_from("ab"),
        st.integers(0, 30),
        st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        st.integers(0, 9),
    ),
    max_size=6,
    unique_by=lambda one: (one.video_id, one.span),
)


@given(st.lists(_LINKS, min_size=1, max_size=3), st.integers(0, 12))
def test_no_combination_is_missed(parts: list[list[Link[str]]], within_s: int) -> None:
    best: dict[tuple[str, TimeSpan], float] = {}
    for combination in product(*parts):
        pairs = list(pairwise(combination))
        fits = all(
            one.video_id == two.video_id
            and one.span.start_ms < two.span.start_ms <= one.span.end_ms + within_s * 1000
            for one, two in pairs
        )
        score = 1.0
        for one in combination:
            score *= one.score
        if fits and score:
            key = (combination[0].video_id, combination[0].span)
            best[key] = max(best.get(key, 0.0), score)
    found = chains(parts, within_s * 1000)
    by_start = {(chain.links[0].video_id, chain.links[0].span): chain.score for chain in found}
    assert by_start == pytest.approx({key: score ** (1 / len(parts)) for key, score in best.items()})
    assert [chain.score for chain in found] == sorted((chain.score for chain in found), reverse=True)
