"""Libraries of drawn pictures, seen by the tests' own small model: silent, and while people talk."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import TextEncoder, Vectors
from heimdex_desktop.index.folding import folded_words, stem
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from tests.benchmarks.hopeless_corpus import UNSPOKEN
from tests.benchmarks.invented_libraries import talk_without
from tests.benchmarks.libraries import Library, Moment, Remembering, Wanted
from tests.benchmarks.spoken_corpus import SPOKEN
from tests.models.captions import describe, describe_whole, fits
from tests.models.pictures import Colour, Shape, Sight, all_sights, draw, numbers_of

TINY = Path(__file__).parents[1] / "models" / "tiny-clip"
_SILENT_COUNT = 200
_QUERY_COUNT = 60
_MIXED_COUNT = 40
_ABSENT_COUNT = 40
# Who speaks of one of these, or asks for it in other words, means what pictures show as well.
_DRAWN = {
    stem(word)
    for word in (
        *("circle", "disc", "ball", "square", "box", "triangle", "star", "ring", "hoop", "heart"),
        *("grass", "meadow", "lawn", "sand", "desert", "beach", "snow", "snowy"),
        *("sea", "water", "ocean", "waves", "day", "daytime", "daylight", "night", "dark"),
        *("red", "orange", "yellow", "green", "blue", "pink", "white"),
    )
}


class Drawing:
    """Draws sights and encodes them with the tiny model; the same for the same `seed`."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        model = OpenClipModel(TINY)
        self.texts: TextEncoder = Remembering(OpenClipTexts(model))
        self._pictures = OpenClipPictures(model)

    def choose(self, count: int) -> list[Sight]:
        """Choose different sights, of mixes that the model never saw, without purple things and crosses."""
        there = [sight for sight in all_sights() if sight.is_kept_back and not _is_absent(sight)]
        return [there[number] for number in self.rng.choice(len(there), count, replace=False)]

    def looks(self, sights: Sequence[Sight]) -> Vectors:
        """Draw each sight anew and return the pictures' unit vectors, shape (n, dimensions)."""
        return self._pictures.encode([draw(sight, self.rng) for sight in sights])

    def absent(self) -> list[Wanted]:
        """Return descriptions of purple things and crosses, which no library shows."""
        there = [sight for sight in all_sights() if sight.is_kept_back and _is_absent(sight)]
        chosen = self.rng.choice(len(there), _ABSENT_COUNT, replace=False)
        return [Wanted(describe_whole(there[number], self.rng)) for number in chosen]


def drawn_library() -> Library:
    """Return silent drawn pictures, asked for by all and by a part of what they show."""
    drawing = Drawing(35)
    sights = drawing.choose(_SILENT_COUNT)
    names = [str(number) for number in range(len(sights))]
    looks = drawing.looks(sights)
    whole = [
        Wanted(describe_whole(sight, drawing.rng), frozenset({name}))
        for sight, name in zip(sights[:_QUERY_COUNT], names, strict=False)
    ]
    captions = [describe(sight, drawing.rng) for sight in sights[-_QUERY_COUNT:]]
    true = fits(np.stack([caption.said for caption in captions]), _numbers(sights))
    parts = [
        Wanted(caption.text, frozenset(names[place] for place in np.flatnonzero(row)))
        for caption, row in zip(captions, true, strict=True)
    ]
    return Library(
        "drawn pictures",
        [Moment(name, look=look) for name, look in zip(names, looks, strict=True)],
        {"seen, all of it": whole, "seen, a part of it": parts, "nothing seen of it": drawing.absent()},
        drawing.texts,
    )


def mixed_library() -> Library:
    """Return drawn pictures while people talk about something else, some of which is asked for too."""
    drawing = Drawing(36)
    sights = drawing.choose(3 * _MIXED_COUNT)
    spoken = [said for said, typed in SPOKEN.items() if not any(map(_names_what_is_drawn, (said, *typed)))]
    under, silent = sights[:_MIXED_COUNT], sights[2 * _MIXED_COUNT :]
    both = sights[_MIXED_COUNT : _MIXED_COUNT + len(spoken)]
    captions = [describe_whole(sight, drawing.rng) for sight in sights]
    talk = iter(talk_without(captions, 2 * _MIXED_COUNT))
    typed = [SPOKEN[said] for said in spoken]
    moments = [
        *_moments(drawing, under, [next(talk) for _ in under], "under"),
        *_moments(drawing, silent, [""] * len(silent), "silent"),
        # The words with the picture; the picture with other words; the words with another picture.
        *_moments(drawing, both, spoken, "both"),
        *_moments(drawing, both, [next(talk) for _ in both], "picture"),
        *_moments(drawing, [*both[1:], both[0]], spoken, "words"),
    ]
    numbers = range(_MIXED_COUNT)
    return Library(
        "drawn pictures and talk",
        moments,
        {
            "seen while other things are said": [
                Wanted(captions[n], frozenset({f"under {n}"})) for n in numbers
            ],
            "seen in silence": [
                Wanted(captions[2 * _MIXED_COUNT + n], frozenset({f"silent {n}"})) for n in numbers
            ],
            "said over other pictures": [
                Wanted(typed[n][-1], frozenset({f"both {n}", f"words {n}"})) for n in range(len(spoken))
            ],
            "seen, and other words said": [
                Wanted(f"{captions[_MIXED_COUNT + n]}, {typed[n][0]}", frozenset({f"both {n}"}))
                for n in range(len(spoken))
            ],
            "neither said nor seen": [
                *drawing.absent(),
                *(Wanted(query) for query in UNSPOKEN[:_ABSENT_COUNT]),
            ],
        },
        drawing.texts,
    )


def told_library() -> Library:
    """Return drawn pictures that are spoken about, in their own scene, in another, or not at all."""
    drawing = Drawing(37)
    sights = drawing.choose(_MIXED_COUNT)
    captions = [describe_whole(sight, drawing.rng) for sight in sights]
    others = [*sights[1:], sights[0]]
    moments = [
        *_moments(drawing, sights, [_of(caption) for caption in captions], "both"),
        *_moments(drawing, sights, talk_without(captions, len(sights)), "shown"),
        *_moments(drawing, others, [_of(caption) for caption in captions], "told"),
    ]
    wanted = [Wanted(caption, frozenset({f"both {number}"})) for number, caption in enumerate(captions)]
    return Library("drawn pictures explained", moments, {"seen and spoken of": wanted}, drawing.texts)


def _moments(drawing: Drawing, sights: Sequence[Sight], spoken: Sequence[str], name: str) -> list[Moment]:
    looks = drawing.looks(sights)
    return [
        Moment(f"{name} {number}", said, look=look)
        for number, (said, look) in enumerate(zip(spoken, looks, strict=False))
    ]


def _of(caption: str) -> str:
    return f"And what we have here, as I promised you last week, is {caption}."


def _names_what_is_drawn(text: str) -> bool:
    return not _DRAWN.isdisjoint(map(stem, folded_words(text)))


def _is_absent(sight: Sight) -> bool:
    return sight.colour is Colour.PURPLE or sight.shape is Shape.CROSS


def _numbers(sights: Sequence[Sight]) -> NDArray[np.int8]:
    return np.stack([numbers_of(sight) for sight in sights])
