"""Words about drawn pictures: each caption says some of what a picture shows, in one of many wordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.models.pictures import FACETS, Colour, Ground, Hour, Shape, Side, Sight, Size, numbers_of

_SHAPES: Mapping[Shape, Sequence[str]] = {
    Shape.CIRCLE: ("circle", "disc", "ball"),
    Shape.SQUARE: ("square", "box"),
    Shape.TRIANGLE: ("triangle",),
    Shape.STAR: ("star",),
    Shape.RING: ("ring", "hoop"),
    Shape.CROSS: ("cross", "plus"),
    Shape.HEART: ("heart",),
}
_COLOURS: Mapping[Colour, Sequence[str]] = {
    colour: (colour.value,) for colour in Colour if colour is not Colour.PURPLE
} | {Colour.PURPLE: ("purple", "violet")}
_NUMBERS: Sequence[Sequence[str]] = (
    ("one", "a single", "1"),
    ("two", "a pair of", "2"),
    ("three", "3"),
    ("four", "4"),
)
_SIZES: Mapping[Size, Sequence[str]] = {
    Size.SMALL: ("small", "little", "tiny"),
    Size.BIG: ("big", "large", "huge"),
}
_SIDES: Mapping[Side, Sequence[str]] = {
    Side.LEFT: ("on the left", "on the left side", "at the left"),
    Side.RIGHT: ("on the right", "on the right side", "at the right"),
}
_HOURS: Mapping[Hour, Sequence[str]] = {
    Hour.DAY: ("by day", "during the day", "in daylight", "in the daytime"),
    Hour.NIGHT: ("at night", "by night", "in the dark", "in the night"),
}
_GROUNDS: Mapping[Ground, Sequence[str]] = {
    Ground.GRASS: ("over grass", "above the grass", "over a meadow", "above a lawn"),
    Ground.SAND: ("over sand", "above the sand", "over a desert", "above a beach"),
    Ground.SNOW: ("over snow", "above the snow", "over a snowy field"),
    Ground.SEA: ("over the sea", "above the water", "over the ocean", "above the waves"),
}
_OPENINGS = (
    "",
    "",
    "",
    "",
    "a picture of",
    "a photo of",
    "there is",
    "we see",
    "a scene with",
    "an image of",
)
_NAMELESS = ("shape", "thing")
_BARE_CHANCE = 0.3
FACET_CHANCES = {
    "colour": 0.9,
    "shape": 0.9,
    "count": 0.7,
    "hour": 0.55,
    "ground": 0.6,
    "size": 0.6,
    "side": 0.6,
}


@dataclass(frozen=True, slots=True)
class Caption:
    """A text and the facets it speaks of, as `numbers_of` gives them; -1 where it says nothing."""

    text: str
    said: NDArray[np.int8]


def fits(captions: NDArray[np.int8], sights: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return for each caption and each sight, (captions, sights), whether the one is true of the other."""
    said = captions[:, None, :]
    return ((said == -1) | (said == sights[None])).all(axis=2)


def describe(sight: Sight, rng: Generator) -> Caption:
    """Say a random part of what a sight shows."""
    numbers = numbers_of(sight)
    told = {facet for facet, chance in FACET_CHANCES.items() if rng.random() < chance}
    told &= {facet for facet, number in zip(FACETS, numbers, strict=True) if number >= 0}
    told = told or {"shape"}
    said = np.where([facet in told for facet in FACETS], numbers, -1).astype(np.int8)
    return Caption(_worded(sight, told, rng), said)


def describe_absent(there: Sequence[Sight], others: Sequence[Sight], count: int, rng: Generator) -> list[str]:
    """Say two things or more that go together in one of the others and in none of the sights there."""
    numbers = np.stack([numbers_of(sight) for sight in there])
    texts: list[str] = []
    while len(texts) < count:
        caption = describe(others[int(rng.integers(len(others)))], rng)
        if (caption.said >= 0).sum() > 1 and not fits(caption.said[None], numbers).any():
            texts.append(caption.text)
    return texts


def describe_whole(sight: Sight, rng: Generator) -> str:
    """Say all of what a sight shows."""
    told = {facet for facet, number in zip(FACETS, numbers_of(sight), strict=True) if number >= 0}
    return _worded(sight, told, rng)


def _worded(sight: Sight, told: set[str], rng: Generator) -> str:
    if len(told) == 1 and told <= {"hour", "ground"} and rng.random() < _BARE_CHANCE:
        return str(getattr(sight, *told))
    where = [
        _one_of(words[getattr(sight, facet)], rng)
        for facet, words in (("side", _SIDES), ("hour", _HOURS), ("ground", _GROUNDS))
        if facet in told
    ]
    rng.shuffle(where)
    thing = _thing(sight, told, rng)
    if where and rng.random() < 0.2:
        return " ".join([where.pop(), thing, *where])
    opening = _one_of(_OPENINGS, rng)
    return " ".join([*([opening] if opening else []), thing, *where])


def _thing(sight: Sight, told: set[str], rng: Generator) -> str:
    words: list[str] = []
    several = sight.count > 1 if "count" in told else sight.count > 1 and rng.random() < 0.7
    if "count" in told:
        words.append(_one_of(_NUMBERS[sight.count - 1], rng))
    elif not several and rng.random() < 0.5:
        words.append("a")
    if "size" in told and sight.size:
        words.append(_one_of(_SIZES[sight.size], rng))
    if "colour" in told:
        words.append(_one_of(_COLOURS[sight.colour], rng))
    noun = _one_of(_SHAPES[sight.shape] if "shape" in told else _NAMELESS, rng)
    words.append(_plural(noun) if several else noun)
    return " ".join(words)


def _one_of(words: Sequence[str], rng: Generator) -> str:
    return words[int(rng.integers(len(words)))]


def every_word() -> tuple[str, ...]:
    """Return every word that a caption may hold, in alphabetical order."""
    nouns = [*_NAMELESS, *(noun for names in _SHAPES.values() for noun in names)]
    tables = (*_COLOURS.values(), *_NUMBERS, *_SIZES.values(), *_SIDES.values(), *_HOURS.values())
    tables += (*_GROUNDS.values(), _OPENINGS, nouns, [_plural(noun) for noun in nouns])
    phrases = [*(phrase for table in tables for phrase in table), *Hour, *Ground, "an", "the", "of"]
    return tuple(sorted({word for phrase in phrases for word in phrase.split()}))


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith(("x", "s")) else "s")
