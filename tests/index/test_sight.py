"""What a cosine with a picture is worth: by unrelated looks, or by the library where these say nothing."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.index.background_looks import LOOKS, NAMES
from heimdex_desktop.index.sight import Sight, Sights, Yardstick, best_of_nothing

DIMENSIONS = 64


class LooksEncoder:
    """Gives each text a direction of its own; `known` are texts that mean the same, all others are one."""

    space = EmbeddingSpace("looks", "1", DIMENSIONS)

    def __init__(
        self,
        *,
        knows_all: bool = True,
        same: dict[str, str] | None = None,
        logistic: Logistic | None = None,
    ) -> None:
        self.logistic = logistic
        self._knows_all = knows_all
        self._same = same or {}
        self.asked = 0

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        self.asked += len(texts)
        return np.stack([self.direction(text) for text in texts])

    def direction(self, text: str) -> Vectors:
        is_known = self._knows_all or text not in LOOKS
        named = self._same.get(text, text) if is_known else "unknown"
        row = np.random.default_rng(list(named.encode())).normal(size=DIMENSIONS)
        return (row / np.linalg.norm(row)).astype(np.float32)


def pictures_like(*vectors: Vectors) -> Vectors:
    """Return pictures between what they show and chance, as real ones lie."""
    rng = np.random.default_rng(3)
    mixed = np.stack(vectors) + 0.6 * rng.normal(size=(len(vectors), DIMENSIONS)) / np.sqrt(DIMENSIONS)
    return (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)


def sight_of(encoder: LooksEncoder, text: str, pictures: Vectors) -> Sight:
    sight = Sights(encoder).sight(text, len(pictures), lambda size: pictures[:size])
    assert sight
    return sight


@pytest.mark.parametrize("knows_all", [True, False], ids=["by looks", "by the library"])
def test_what_a_picture_shows_stands_out_and_the_rest_does_not(knows_all: bool) -> None:
    encoder = LooksEncoder(knows_all=knows_all)
    pictures = pictures_like(*(encoder.direction(f"thing {number}") for number in range(40)))
    sight = sight_of(encoder, "thing 7", pictures)
    worth = [sight.worth(picture) for picture in pictures]
    assert worth.index(max(worth)) == 7
    assert worth[7] > 0.7
    assert max(worth[:7] + worth[8:]) < 0.5


@pytest.mark.parametrize("knows_all", [True, False], ids=["by looks", "by the library"])
def test_what_no_picture_shows_stands_out_nowhere(knows_all: bool) -> None:
    encoder = LooksEncoder(knows_all=knows_all)
    pictures = pictures_like(*(encoder.direction(f"thing {number}") for number in range(40)))
    worth = [sight_of(encoder, f"absent {n}", pictures).worth(each) for n in range(10) for each in pictures]
    # Sixty looks measure the spread of chance only roughly.
    assert np.mean(np.array(worth) >= 0.5) <= 0.02


@given(st.floats(-1, 1), st.floats(-1, 1), st.sampled_from([None, Logistic(110.0, -16.0, -10.0)]))
def test_worth_is_a_share_and_follows_the_cosine(one: float, other: float, logistic: Logistic | None) -> None:
    query = np.eye(2, dtype=np.float32)[0]
    sight = Sight(query, Yardstick(0.0, 0.05, middle=3.0, step=0.4), logistic)
    near, far = sorted((one, other))
    worth = [sight.worth(np.array([cosine, 0], np.float32)) for cosine in (near, far)]
    assert 0.0 <= worth[0] <= worth[1] <= 1.0


@given(st.floats(-1, 1))
def test_half_is_what_lies_one_step_above_the_best_of_nothing(cosine: float) -> None:
    yardstick = Yardstick(0.1, 0.02, middle=2.5, step=0.3)
    limit = 0.1 + 2.8 * 0.02
    assert yardstick.worth(limit) == pytest.approx(0.5)
    assert yardstick.worth(limit - 0.3 * 0.02) < 0.25
    assert (yardstick.worth(cosine) > 0.5) is (cosine > limit)


def test_long_tails_raise_the_bar_and_short_ones_do_not_lower_it() -> None:
    yardstick = Yardstick(0.0, 0.1, middle=2.5, step=0.3)
    far, near = np.linspace(0.3, 1.0, 60, dtype=np.float32), np.linspace(0.0, 0.2, 60, dtype=np.float32)
    assert yardstick.raised(far).worth(0.4) < 0.5 < yardstick.worth(0.4)
    assert yardstick.raised(near) == yardstick


def test_looks_that_the_library_shows_do_not_raise_the_bar() -> None:
    yardstick = Yardstick(0.0, 0.1, middle=2.5, step=0.3)
    unseen, seen = np.linspace(0.3, 0.5, 30, dtype=np.float32), np.full(30, 0.95, np.float32)
    raised = yardstick.raised(np.concatenate([unseen, seen]))
    assert raised.middle * raised.spread == pytest.approx(0.4, abs=0.01)
    assert raised.worth(0.95) > 0.7


def test_the_library_is_looked_at_again_only_when_it_changed_much() -> None:
    encoder, sizes = LooksEncoder(), list[int]()
    pictures = pictures_like(*(encoder.direction(f"thing {number}") for number in range(40)))

    def sample(size: int) -> Vectors:
        sizes.append(size)
        return pictures

    sights = Sights(encoder)
    for count in (100, 110, 100, 200, 190, 10):
        sights.sight("thing 7", count, sample)
    assert len(sizes) == 3


def test_a_models_own_opinion_lifts_what_it_believes_and_lowers_what_it_does_not() -> None:
    pictures = pictures_like(*(LooksEncoder().direction(f"thing {number}") for number in range(40)))
    worth: dict[str, list[float]] = {}
    for name, bias in (("sure", -10.0), ("doubtful", -110.0)):
        encoder = LooksEncoder(logistic=Logistic(100.0, bias, -10.0))
        worth[name] = [sight_of(encoder, "thing 7", pictures).worth(each) for each in pictures]
    alone = [sight_of(LooksEncoder(), "thing 7", pictures).worth(each) for each in pictures]
    assert worth["sure"][7] > alone[7] > worth["doubtful"][7]
    assert worth["sure"].index(max(worth["sure"])) == 7
    assert worth["doubtful"][7] < 0.5


def test_a_model_that_was_taught_few_words_is_asked_about_those_and_about_no_others() -> None:
    same = {"a gramophone": "unknown"}
    opinion = Logistic(100.0, -10.0, -10.0)
    encoder = LooksEncoder(knows_all=False, same=same, logistic=opinion)
    pictures = pictures_like(*(encoder.direction(f"thing {number}") for number in range(40)))
    assert sight_of(encoder, "thing 7", pictures).logistic is opinion
    assert Sights(encoder).sight("a gramophone", len(pictures), lambda size: pictures[:size]) is None


def test_what_a_model_with_many_words_takes_for_a_look_is_not_unknown_to_it() -> None:
    encoder = LooksEncoder(same={"a board for chess": LOOKS[0]})
    pictures = pictures_like(encoder.direction(LOOKS[0]), *map(encoder.direction, "abcdefgh"))
    sight = sight_of(encoder, "a board for chess", pictures)
    assert max(map(sight.worth, pictures)) == sight.worth(pictures[0])


@given(st.integers(100, 1_000_000))
def test_the_luckiest_of_more_pictures_stands_out_more(count: int) -> None:
    fewer, more = best_of_nothing(count), best_of_nothing(count * 2)
    assert fewer[0] < more[0]
    assert fewer[1] > 0


def test_an_empty_library_is_no_trouble() -> None:
    encoder = LooksEncoder(knows_all=False)
    nothing = np.zeros((0, DIMENSIONS), np.float32)
    assert 0.0 <= sight_of(encoder, "thing", nothing).worth(encoder.direction("thing")) <= 1.0


def test_a_script_is_asked_in_only_where_common_things_are_found_by_their_names() -> None:
    same = {name: english for names in NAMES.values() for name, english in names}
    for encoder, reads in ((LooksEncoder(same=same), True), (LooksEncoder(), False)):
        sights = Sights(encoder)
        assert (sights.sight("고양이", 1, _nothing) is not None) is reads
        assert (sights.sight("犬", 1, _nothing) is not None) is reads
        assert sights.sight("a dog", 1, _nothing) is not None


def test_the_looks_are_encoded_once() -> None:
    encoder = LooksEncoder()
    sights = Sights(encoder)
    sights.prepare()
    asked = encoder.asked
    sights.sight("a dog", 1, _nothing)
    assert encoder.asked == asked + 1


def _nothing(_: int) -> Vectors:
    return np.zeros((0, DIMENSIONS), np.float32)
