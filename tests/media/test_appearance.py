"""Appearance tags: few, and true to what a person sees."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.media.appearance import ALL_TAGS, tags_of
from heimdex_desktop.media.colours import COLOUR_NAMES, colour_shares
from heimdex_desktop.media.pictures import Picture
from heimdex_desktop.media.samples import Sample
from heimdex_desktop.media.shot_size import SHOT_SIZES
from heimdex_desktop.media.watching import watch

WORDS_FILE = Path(__file__).resolve().parents[2] / "resources" / "appearance_tags.toml"


def tags_of_clip(path: Path) -> set[str]:
    watching = watch(path, 10_000)
    while True:
        try:
            next(watching)
        except StopIteration as end:
            return set(tags_of(end.value.samples))


@pytest.mark.parametrize(
    ("name", "present", "absent"),
    [
        ("silent_film.mp4", {"black and white"}, {"grey", "black", "still", "title card"}),
        ("red_apple.mp4", {"red"}, {"night", "black and white", "fast", "title card"}),
        ("purple_pillow.mp4", {"purple", "fast"}, {"still", "black and white"}),
        ("aquarium.mp4", {"blue"}, {"red", "green", "fast", "black and white"}),
        ("armor_suit.mp4", {"night", "black"}, {"bright", "still"}),
        ("living_room.mp4", {"still"}, {"moving", "fast", "night"}),
        ("river_boat.mp4", set[str](), {"black and white", "red", "blue", "fast"}),
        ("flower_bloom.mp4", {"green", "red"}, {"fast", "plain background"}),
    ],
)
def test_tags_of_real_clips(real_media: Path, name: str, present: set[str], absent: set[str]) -> None:
    tags = tags_of_clip(real_media / "clips" / name)
    assert present <= tags
    assert not absent & tags


def test_a_real_title_is_a_title_card(real_media: Path) -> None:
    assert "title card" in tags_of_clip(real_media / "shots" / "counter_colours.mp4")


def _scores(**measures: float) -> dict[str, float]:
    return dict(tags_of([replace(Sample(0, motion=1.3), **measures)] * 3))


def test_no_samples_no_tags() -> None:
    assert tags_of(()) == {}


def test_an_ordinary_picture_has_no_tag() -> None:
    assert _scores() == {}


def test_light_is_told_by_degrees() -> None:
    assert _scores(lightness=5)["night"] == 1
    assert 0.35 <= _scores(lightness=20)["night"] < 0.5
    assert _scores(lightness=90)["bright"] == 1
    assert not {"night", "bright"} & _scores(lightness=50).keys()


@pytest.mark.parametrize(("motion", "tag"), [(0, "still"), (4, "moving"), (20, "fast")])
def test_there_is_one_word_for_motion(motion: float, tag: str) -> None:
    assert _scores(motion=motion).keys() & {"still", "moving", "fast"} == {tag}


def test_an_empty_screen_is_plain_but_neither_a_film_without_colour_nor_a_title() -> None:
    empty = _scores(flat=1, plain=1, chroma=0, dark_end=50, bright_end=51, motion=0)
    assert empty.keys() >= {"plain background"}
    assert not {"black and white", "title card"} & empty.keys()


def test_letters_on_a_plain_ground_are_a_title_card() -> None:
    card = _scores(flat=0.95, plain=0.92, edges=0.03, motion=0)
    assert card["title card"] == pytest.approx(1)
    assert "plain background" not in card
    assert "title card" not in _scores(flat=0.95, plain=0.92, edges=0.03, motion=5)


def test_a_small_red_thing_counts_more_than_a_little_grey() -> None:
    tags = tags_of([Sample(0, motion=1.3, colours={"red": 0.1, "grey": 0.4})])
    assert set(tags) == {"red"}


MEASURE = st.floats(0, 130, allow_nan=False)
SHARE = st.floats(0, 1, allow_nan=False)


@given(
    lightness=st.floats(0, 100),
    chroma=MEASURE,
    motion=MEASURE,
    shares=st.tuples(SHARE, SHARE, SHARE),
    colours=st.dictionaries(st.sampled_from(COLOUR_NAMES), SHARE),
)
def test_every_score_is_sure_enough_and_its_tag_known(
    lightness: float,
    chroma: float,
    motion: float,
    shares: tuple[float, float, float],
    colours: dict[str, float],
) -> None:
    flat, edges, plain = shares
    sample = Sample(
        0,
        lightness=lightness,
        chroma=chroma,
        motion=motion,
        flat=flat,
        edges=edges,
        plain=plain,
        colours=colours,
    )
    tags = tags_of([sample])
    assert set(tags) <= ALL_TAGS
    assert all(0.35 <= score <= 1 for score in tags.values())
    assert len(set(tags) & set(COLOUR_NAMES)) <= 3


def plain_picture(red: int, green: int, blue: int) -> Picture:
    return np.full((9, 16, 3), (blue, green, red), np.uint8)


@pytest.mark.parametrize(
    ("red_green_blue", "name"),
    [
        ((255, 0, 0), "red"),
        ((139, 0, 0), "red"),
        ((255, 165, 0), "orange"),
        ((255, 255, 0), "yellow"),
        ((0, 128, 0), "green"),
        ((0, 255, 0), "green"),
        ((0, 0, 255), "blue"),
        ((135, 206, 235), "blue"),
        ((128, 0, 128), "purple"),
        ((255, 192, 203), "pink"),
        ((139, 69, 19), "brown"),
        ((255, 255, 255), "white"),
        ((128, 128, 128), "grey"),
        ((0, 0, 0), "black"),
        ((224, 177, 150), None),
    ],
)
def test_colours_have_the_names_people_use(red_green_blue: tuple[int, int, int], name: str | None) -> None:
    assert colour_shares(plain_picture(*red_green_blue)) == ({name: 1.0} if name else {})


def test_shares_are_parts_of_the_picture() -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, :20] = (0, 0, 220)
    assert colour_shares(picture) == pytest.approx({"red": 0.25, "black": 0.75})


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_a_plain_picture_has_one_colour_or_none(red: int, green: int, blue: int) -> None:
    shares = colour_shares(plain_picture(red, green, blue))
    assert list(shares.values()) in ([1.0], [])
    assert shares.keys() <= set(COLOUR_NAMES)


def test_the_words_file_holds_every_tag_and_no_other() -> None:
    tags = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))["tags"]
    assert set(tags) == ALL_TAGS | SHOT_SIZES
    for tag, entry in tags.items():
        words: list[str] = entry["words"]
        assert tag in words
        assert any("가" <= character <= "힣" for word in words for character in word)
        assert len(words) == len({word.casefold() for word in words})


def test_no_word_means_two_tags() -> None:
    tags = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))["tags"]
    words = [word.casefold() for entry in tags.values() for word in entry["words"]]
    assert len(words) == len(set(words))
