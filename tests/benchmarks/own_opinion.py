"""What a picture model's own opinion of a cosine is good for, with the tiny model and drawn pictures.

Libraries of fifty scenes are asked for what they show, told in full or in part, and for what they do not:
mixes of which no scene shows all, colours on shapes that no scene shows, and things that the model was never
taught a word for. A query counts as found from a worth of 0.5, as hopeless below 0.25. The unrelated looks
are said in words that the tiny model knows; in the product's own it knows a tenth, so that there the library
is its yardstick. Tags are asked for mixes of colour and shape, and for single traits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.index.sight import Sight, Sights
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from heimdex_desktop.inference.tagger import ZeroShotTagger
from heimdex_desktop.inference.vocabulary import Tag, Vocabulary
from heimdex_desktop.services import resource
from tests.models.captions import describe, describe_absent, describe_whole
from tests.models.clips import choose_sights
from tests.models.pictures import Colour, Shape, all_sights, draw
from tests.models.pictures import Sight as Shown

_SEEDS = range(11, 15)
_SCENES = 50
_LOOKS = 60
_TAGGED = 120
_UNKNOWN = (
    *("a dog", "a man cooking dinner", "people at a wedding", "a car in the street", "a piano", "a horse"),
    *("an airplane taking off", "a bowl of soup", "a child on a bicycle", "a map of a city", "fireworks"),
)
_HOPELESS = ("absent mix", "absent colour", "unknown")


class Silent:
    """A TextEncoder that keeps its model's opinion to itself."""

    logistic: Logistic | None = None

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder

    @property
    def space(self) -> EmbeddingSpace:
        return self._encoder.space

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        return self._encoder.encode(texts, purpose)


@dataclass(frozen=True, slots=True)
class Library:
    """Pictures, queries by kind ("in full" has one for each picture, in order), and unrelated looks."""

    pictures: Vectors
    queries: Mapping[str, Sequence[str]]
    looks: Sequence[str]

    @classmethod
    def drawn(cls, model: OpenClipModel, seed: int, count: int = _SCENES) -> "Library":
        rng = np.random.default_rng(seed)
        sights = choose_sights(count, rng)
        others = [sight for sight in all_sights() if sight not in sights]
        mixes = {(sight.colour, sight.shape) for sight in sights}
        queries = {
            "in full": [describe_whole(sight, rng) for sight in sights],
            "in part": [describe(sight, rng).text for sight in sights],
            "absent mix": describe_absent(sights, others, count, rng),
            "absent colour": [f"{c} {shape}" for c in Colour for shape in Shape if (c, shape) not in mixes],
            "unknown": _UNKNOWN,
        }
        pictures = OpenClipPictures(model).encode([draw(sight, rng) for sight in sights])
        return cls(pictures, queries, describe_absent(sights, others, _LOOKS, rng))

    def worth(self, sights: Sights, kind: str, change: Callable[[Sight], Sight] = lambda s: s) -> Vectors:
        """Return what each picture is worth for each query of a kind, shape (queries, pictures).

        Nothing, where the model has no word of the query.
        """
        found = [
            sights.sight(text, len(self.pictures), lambda size: self.pictures[:size])
            for text in self.queries[kind]
        ]
        nothing = np.zeros(len(self.pictures))
        return np.array([change(one).worths(self.pictures) if one else nothing for one in found], np.float32)


def print_worth(model: OpenClipModel) -> None:
    libraries = [Library.drawn(model, seed) for seed in _SEEDS]
    texts = OpenClipTexts(model)
    silent = Silent(texts)
    print(f"\nfound: first, in full, in part; hopeless: {', '.join(_HOPELESS)}; of these good all the same")
    _print_worths("looks alone", [(one, Sights(silent, one.looks)) for one in libraries])
    _print_worths("looks and the model's opinion", [(one, Sights(texts, one.looks)) for one in libraries])
    _print_worths("the library alone", [(one, Sights(silent)) for one in libraries])
    asked = [(one, Sights(silent)) for one in libraries]
    _print_worths("the library and the opinion", asked, lambda s: replace(s, logistic=model.logistic))
    logistic = model.logistic
    if logistic:
        _print_shares("the opinion alone", [(one, _opinions(one, texts, logistic)) for one in libraries])


def _print_worths(
    title: str, asked: Sequence[tuple[Library, Sights]], change: Callable[[Sight], Sight] = lambda s: s
) -> None:
    worths = [(one, {kind: one.worth(sights, kind, change) for kind in one.queries}) for one, sights in asked]
    _print_shares(title, worths)


def _opinions(library: Library, texts: TextEncoder, logistic: Logistic) -> Mapping[str, NDArray[np.floating]]:
    return {
        kind: logistic.opinion(texts.encode(queries, Purpose.QUERY) @ library.pictures.T)
        for kind, queries in library.queries.items()
    }


def _print_shares(title: str, worths: Sequence[tuple[Library, Mapping[str, NDArray[np.floating]]]]) -> None:
    first = np.concatenate(
        [of["in full"].argmax(axis=1) == np.arange(len(library.pictures)) for library, of in worths]
    )
    best = {
        kind: np.concatenate([of[kind].max(axis=1) for _, of in worths])
        for kind in ("in full", "in part", *_HOPELESS)
    }
    found = [first.mean(), *((best[kind] >= 0.5).mean() for kind in ("in full", "in part"))]
    lost = [(best[kind] < 0.25).mean() for kind in _HOPELESS]
    wrong = [(best[kind] >= 0.5).mean() for kind in _HOPELESS]
    print(f"{title:<30}" + "".join(f"{share:>7.0%}" for share in (*found, *lost, *wrong)))


def print_tags(model: OpenClipModel) -> None:
    texts = OpenClipTexts(model)
    rng, sights = np.random.default_rng(9), all_sights()
    shown = [sights[number] for number in rng.choice(len(sights), _TAGGED, replace=False)]
    vectors = OpenClipPictures(model).encode([draw(sight, rng) for sight in shown])
    print(f"\n{'tags':<44}{'true':>14}{'given':>14}{'a picture':>12}")
    for title, truth in (("mixes", _mixes), ("traits", _traits)):
        names = sorted({name for sight in sights for name in truth(sight)})
        known = Vocabulary(tuple(Tag(name, "drawn", (name,)) for name in names))
        for way, encoder in (("alone", Silent(texts)), ("and the model's opinion", texts)):
            given = ZeroShotTagger(encoder, known).tags(vectors)
            _print_tags(f"{title}, standing out {way}", given, [truth(sight) for sight in shown])
    product = Vocabulary.load(resource("vision_tags.toml"))
    for way, encoder in (("alone", Silent(texts)), ("and the model's opinion", texts)):
        given = ZeroShotTagger(encoder, product).tags(vectors)
        print(f"{f'words it was not taught, {way}':<44}{sum(map(len, given)) / len(given):>40.2f}")


def _mixes(sight: Shown) -> set[str]:
    return {f"{sight.colour} {sight.shape}"}


def _traits(sight: Shown) -> set[str]:
    return {f"{sight.colour} thing", str(sight.shape), str(sight.hour), str(sight.ground)}


def _print_tags(title: str, given: Sequence[Mapping[str, float]], truth: Sequence[set[str]]) -> None:
    told, wanted = sum(map(len, given)), sum(map(len, truth))
    true = sum(len(names & tags.keys()) for tags, names in zip(given, truth, strict=True))
    shares = f"{true}/{told} {true / max(told, 1):.0%}", f"{true}/{wanted} {true / wanted:.0%}"
    print(f"{title:<44}{shares[0]:>14}{shares[1]:>14}{told / len(given):>12.2f}")
