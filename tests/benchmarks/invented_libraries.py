"""Libraries of invented words: what is said, what stands on screens, and tags."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from heimdex_desktop.index.folding import folded_words
from heimdex_desktop.index.stop_words import STOP_WORDS
from tests.benchmarks.chatter import chatter
from tests.benchmarks.hopeless_corpus import SAYS_NOTHING, UNSPOKEN, UNWRITTEN
from tests.benchmarks.libraries import Library, Moment, Wanted
from tests.benchmarks.screen_corpus import SCREENS, misspelt_queries, other_screens
from tests.benchmarks.spoken_corpus import (
    EXACT,
    HALF_REMEMBERED,
    ONE_WORD,
    OTHER_SCRIPTS,
    OTHER_SCRIPTS_TALK,
    SPOKEN,
)

TALK_COUNT = 2_000
_SCREEN_COUNT = 500
_TAGGED_COUNT = 400

# What is typed -> the tags of the scenes that it describes.
_TAGGED: Mapping[str, tuple[str, ...]] = {
    "at night": ("night",),
    "black and white": ("black and white",),
    "crimson": ("red",),
    "a dog": ("dog",),
    "puppies": ("dog",),
    "seaside": ("beach",),
    "snowy": ("snow",),
    "kids": ("children",),
    "a big crowd": ("crowd",),
    "fireworks": ("fireworks",),
    "wedding": ("wedding",),
    "on stage": ("stage",),
    "close-up": ("close-up",),
    "aerial view": ("aerial view",),
    "someone dancing": ("dancing",),
    "a red car": ("red", "car"),
    "dog on the beach": ("dog", "beach"),
    "forest in the fog": ("forest", "fog"),
    "children in the snow": ("children", "snow"),
    "city at night": ("city", "night"),
    "a black cat": ("black", "cat"),
    "blue boat": ("blue", "boat"),
    "people dancing at a wedding": ("dancing", "wedding"),
    "fireworks over the harbour": ("fireworks", "harbour"),
    "밤": ("night",),
    "빨간": ("red",),
    "바닷가": ("beach",),
    "눈 오는 숲": ("snow", "forest"),
    "夜": ("night",),
    "海辺の犬": ("beach", "dog"),
}
_UNTAGGED: Sequence[str] = (
    *("volcano", "elephants", "a pizza", "playing the piano", "underwater", "golf", "helicopter", "a violin"),
    *("Christmas", "camels in the desert", "surfing", "코끼리", "화산", "ピアノ", "graduation", "a statue"),
)


def spoken_library() -> Library:
    """Return what is said: scenes that are looked for, among two thousand of everyday talk."""
    looked_for = [*SPOKEN, *OTHER_SCRIPTS]
    moments = [Moment(said, said) for said in (*looked_for, *OTHER_SCRIPTS_TALK)]
    moments += [Moment(said=said) for said in chatter(TALK_COUNT)]
    return Library(
        "invented talk",
        _shuffled(moments),
        {
            "exact words": [_beginning(query, start) for query, start in EXACT.items()],
            "exact words but one": [_beginning(query, start) for query, start in HALF_REMEMBERED.items()],
            "other words": [
                Wanted(query, frozenset({said})) for said, typed in SPOKEN.items() for query in typed
            ],
            "one word that is meant": [_beginning(query, start) for query, start in ONE_WORD.items()],
            "words in Korean, Japanese, Chinese": [
                Wanted(query, _holding(query, said, looked_for))
                for said, typed in OTHER_SCRIPTS.items()
                for query in typed
            ],
            "nothing said of it": [Wanted(query) for query in UNSPOKEN],
            "one word that says nothing": [Wanted(query) for query in SAYS_NOTHING],
        },
    )


def screen_library() -> Library:
    """Return what is written: lines that are looked for, among others, half of them while people talk."""
    lines = [*SCREENS, *other_screens(_SCREEN_COUNT)]
    spoken = chatter(len(lines))
    moments = [
        Moment(line, said if number % 2 else "", screen=(line,))
        for number, (line, said) in enumerate(zip(lines, spoken, strict=True))
    ]
    return Library(
        "invented screens",
        _shuffled(moments),
        {
            "text on screen": [Wanted(query, frozenset({line})) for line, query in SCREENS.items()],
            "text on screen, a letter wrong": [
                Wanted(query, frozenset({line})) for line, query in misspelt_queries()
            ],
            "nothing written of it": [Wanted(query) for query in UNWRITTEN],
        },
    )


def tag_library() -> Library:
    """Return scenes with a few tags each, half of them while people talk about something else."""
    rng = np.random.default_rng(33)
    tags = sorted({tag for wanted in _TAGGED.values() for tag in wanted})
    spoken = talk_without((*_TAGGED, *_UNTAGGED), _TAGGED_COUNT)
    moments: list[Moment] = []
    for number, said in enumerate(spoken):
        chosen = [str(tag) for tag in rng.choice(tags, int(rng.integers(1, 5)), replace=False)]
        # The tagger gives none of which it is less sure than this.
        sure = {tag: float(rng.uniform(0.7, 1.0)) for tag in chosen}
        moments.append(Moment(str(number), said if number % 2 else "", sure))
    wanted = [
        Wanted(query, frozenset(one.name for one in moments if set(named) <= set(one.tags)))
        for query, named in _TAGGED.items()
    ]
    return Library(
        "invented tags",
        moments,
        {
            "tags": [one for one in wanted if one.names],
            "no such tag": [Wanted(query) for query in _UNTAGGED],
        },
    )


def talk_without(queries: Iterable[str], count: int) -> tuple[str, ...]:
    """Return everyday talk in which no word of the queries is said."""
    words = {word for query in queries for word in folded_words(query)} - STOP_WORDS
    stems = {word.rstrip("s") for word in words}
    kept = (
        said
        for said in chatter(4 * count)
        if stems.isdisjoint(word.rstrip("s") for word in folded_words(said))
    )
    return tuple(said for said, _ in zip(kept, range(count), strict=False))


def _beginning(query: str, start: str) -> Wanted:
    return Wanted(query, frozenset(said for said in SPOKEN if said.startswith(start)))


def _holding(query: str, said: str, texts: Sequence[str]) -> frozenset[str]:
    """Return the scene that a query was made for, and all that hold it letter by letter."""
    return frozenset({said, *(text for text in texts if query in text)})


def _shuffled(moments: Sequence[Moment]) -> list[Moment]:
    order = np.random.default_rng(34).permutation(len(moments))
    return [moments[number] for number in order]
