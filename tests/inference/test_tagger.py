"""The tagger gives few and true tags, by comparing texts with pictures and nothing else."""

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Purpose, Vectors
from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from heimdex_desktop.inference.tag_scores import Panel, chance_that_noise_stays_below
from heimdex_desktop.inference.tagger import FLOOR, MOST_TAGS, ZeroShotTagger
from heimdex_desktop.inference.vocabulary import NEUTRAL, Tag, Vocabulary
from heimdex_desktop.services import resource
from tests.inference.test_pictures import TINY, photo
from tests.models.pictures import Colour, Shape, all_sights, draw

TAGS_FILE = resource("vision_tags.toml")
_COUNT = 60
_NAMES = tuple(f"thing {number}" for number in range(_COUNT))


class AxisEncoder:
    """Gives each thing an axis, all texts a share of one more, and leaves the last to what has no word.

    A text is the sum of its words, so that "a thing" lies near both. `encoded` counts the texts.
    """

    space = EmbeddingSpace("axes", "1", _COUNT + 2)
    logistic = None

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.space.dimensions), np.float32)
        rows[:, -2] = 0.2
        for row, text in zip(rows, texts, strict=True):
            for number, name in enumerate(_NAMES):
                row[number] += f" {name} " in f" {text} "
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def vocabulary(*extra: Tag) -> Vocabulary:
    return Vocabulary((*extra, *(Tag(name, "thing", (name,)) for name in _NAMES)))


def picture_of(**shares: float) -> Vectors:
    """Return the vector of a picture that shows some things: `t3=1.0`; grain keeps all others apart."""
    grain = np.random.default_rng(4).normal(0, 0.02, (1, _COUNT + 2))
    for name, share in shares.items():
        grain[0, int(name[1:])] += share
    grain[0, -2:] += 0.05, 0.5
    return (grain / np.linalg.norm(grain)).astype(np.float32)


def tags_of(picture: Vectors, *extra: Tag) -> dict[str, float]:
    (tags,) = ZeroShotTagger(AxisEncoder(), vocabulary(*extra)).tags(picture)
    return dict(tags)


def test_what_is_there_is_named_and_nothing_else() -> None:
    tags = tags_of(picture_of(t3=1.0, t7=0.8))
    assert set(tags) == {"thing 3", "thing 7"}
    assert all(FLOOR <= score <= 1.0 for score in tags.values())


def test_a_picture_of_nothing_gets_no_tag() -> None:
    assert tags_of(picture_of()) == {}


def test_a_picture_that_has_no_vector_gets_no_tag() -> None:
    assert tags_of(np.zeros((1, _COUNT + 2), np.float32)) == {}


def test_a_crowd_of_things_gets_no_more_than_the_surest() -> None:
    shown = {f"t{number}": 1.0 - number / 100 for number in range(20)}
    tags = tags_of(picture_of(**shown))
    assert len(tags) <= MOST_TAGS
    assert list(tags.values()) == sorted(tags.values(), reverse=True)


def test_a_tag_that_is_named_as_a_group_is_true_where_one_of_the_group_is() -> None:
    tags = tags_of(picture_of(t3=1.0), Tag("thing", "other", ("nothing known",)))
    assert tags["thing"] == tags["thing 3"]


def test_a_tag_that_means_the_same_as_a_surer_one_is_not_added() -> None:
    """Its vector lies near the picture only through what the surer one says."""
    twin = Tag("twin", "other", ("thing 3 thing 9",))
    assert set(tags_of(picture_of(t3=1.0), twin)) == {"thing 3"}


def test_a_tag_must_be_nearer_than_a_sentence_true_of_every_picture() -> None:
    tags, neutral = np.eye(_COUNT, dtype=np.float32), np.eye(_COUNT, dtype=np.float32)[:1]
    panel = Panel(tags, neutral, np.ones(_COUNT, np.bool_), most=2)
    picture = np.zeros((1, _COUNT), np.float32)
    picture[0, :2] = 0.8, 0.6
    assert panel.outstanding(picture)[0, 1] == 0.0


def test_what_hardly_stands_out_is_told_where_the_model_believes_it_and_else_not() -> None:
    tags = np.eye(_COUNT, dtype=np.float32)
    picture = np.random.default_rng(2).normal(0, 0.1, (1, _COUNT)).astype(np.float32)
    picture[0, 3] = 0.35
    rivals, neutral = np.ones(_COUNT, np.bool_), -tags[:1]
    scores = {
        bias: Panel(tags, neutral, rivals, most=2, logistic=Logistic(50.0, bias, 0.0)).outstanding(picture)
        for bias in (-5.0, -40.0)
    }
    alone = Panel(tags, neutral, rivals, most=2).outstanding(picture)
    assert scores[-40.0][0, 3] < alone[0, 3] < scores[-5.0][0, 3]
    assert ((scores[-5.0] >= 0) & (scores[-5.0] <= 1)).all()


def test_no_pictures_have_no_tags() -> None:
    encoder = AxisEncoder()
    assert ZeroShotTagger(encoder, vocabulary()).tags(np.zeros((0, _COUNT + 2), np.float32)) == []
    assert encoder.encoded == 0


def test_an_empty_vocabulary_names_nothing() -> None:
    assert ZeroShotTagger(AxisEncoder(), Vocabulary(())).tags(picture_of(t3=1.0)) == [{}]


def test_the_words_are_encoded_once() -> None:
    encoder = AxisEncoder()
    tagger = ZeroShotTagger(encoder, vocabulary())
    first, second = (tagger.tags(picture_of(t3=1.0)) for _ in range(2))
    assert first == second
    assert encoder.encoded == sum(len(tag.questions) for tag in vocabulary().tags) + len(NEUTRAL)


@given(st.integers(20, 400), st.integers(0, 2**32 - 1))
def test_noise_seldom_passes_for_a_tag(count: int, seed: int) -> None:
    """Of pictures whose cosines are nothing but noise, the share with a tag is what the floor says."""
    highest = np.random.default_rng(seed).normal(size=(400, count)).max(axis=1).astype(np.float32)
    assert abs((chance_that_noise_stays_below(highest, count) < FLOOR).mean() - FLOOR) < 0.15


def test_surer_is_higher() -> None:
    chances = chance_that_noise_stays_below(np.linspace(-50, 50, 101, dtype=np.float32), 200)
    assert (np.diff(chances) >= 0).all()
    assert (chances[0], chances[-1]) == (0.0, 1.0)


def test_own_tags_are_asked_for_and_change_the_fingerprint() -> None:
    plain, own = Vocabulary.load(TAGS_FILE), Vocabulary.load(TAGS_FILE, ["  My Red  Boat ", "dog", ""])
    assert {tag.name for tag in own.tags} - {tag.name for tag in plain.tags} == {"my red boat"}
    assert own.fingerprint != plain.fingerprint
    assert Vocabulary.load(TAGS_FILE, ["dog"]).fingerprint == plain.fingerprint


def test_only_what_a_model_is_asked_decides_the_fingerprint(tmp_path: Path) -> None:
    def written(words: str, prompt: str) -> str:
        file = tmp_path / "tags.toml"
        file.write_text(
            f'[tags.dog]\ngroup = "animal"\nprompts = ["{prompt}"]\nwords = ["{words}"]\n', "utf-8"
        )
        return Vocabulary.load(file).fingerprint

    assert written("dog", "a dog") == written("hound", "a dog")
    assert written("dog", "a dog") != written("dog", "a puppy")


@pytest.mark.parametrize("content", ["", "[tags", "[tags.dog]\n", "[tags]\ndog = 3\n"])
def test_a_list_of_another_form_is_said_to_be_broken(tmp_path: Path, content: str) -> None:
    (tmp_path / "tags.toml").write_text(content, "utf-8")
    with pytest.raises(MachineError, match=r"tags\.toml"):
        Vocabulary.load(tmp_path / "tags.toml")


def test_every_tag_can_be_asked_for_in_three_languages() -> None:
    tables = tomllib.loads(TAGS_FILE.read_text("utf-8"))["tags"]
    for name, table in tables.items():
        scripts = {_script(word) for word in table["words"]}
        assert {"latin", "hangul"} <= scripts, name
        assert "japanese" in scripts, name
        assert all(prompt and prompt == prompt.strip() for prompt in table["prompts"]), name
    assert TagWords.load(TAGS_FILE)


def _script(word: str) -> str:
    if any("가" <= letter <= "힣" for letter in word):
        return "hangul"
    return "latin" if word.isascii() else "japanese"


def test_what_drawn_pictures_are_said_to_show_is_true() -> None:
    model = OpenClipModel(TINY)
    names = [f"{colour} {shape}" for colour in Colour for shape in Shape]
    known = Vocabulary(tuple(Tag(name, "drawn", (f"a {name}",)) for name in names))
    sights = all_sights()
    chosen = [sights[number] for number in np.random.default_rng(8).choice(len(sights), 60, replace=False)]
    rng = np.random.default_rng(9)
    vectors = OpenClipPictures(model).encode([draw(sight, rng) for sight in chosen])
    found = ZeroShotTagger(OpenClipTexts(model), known).tags(vectors)
    pairs = list(zip(found, chosen, strict=True))
    right = sum(f"{sight.colour} {sight.shape}" in tags for tags, sight in pairs)
    told = sum(len(tags) for tags in found)
    # Among tags that are all alike few stand out; what the model itself believes as well is true.
    assert told > len(chosen) / 5
    assert right / told > 0.95


def test_photos_of_dogs_and_pianos_get_their_tags(real_models: Path, real_media: Path) -> None:
    model = OpenClipModel(real_models / "vision-bridge")
    with (real_media / "truth" / "images_inet.csv").open(encoding="utf-8") as listing:
        files = {row["label"]: row["file"] for row in csv.DictReader(listing)}
    pictures = [photo(real_media / files[label]) for label in ("Border collie", "grand piano")]
    tagger = ZeroShotTagger(OpenClipTexts(model), Vocabulary.load(TAGS_FILE))
    dog, piano = tagger.tags(OpenClipPictures(model).encode(pictures))
    assert {"dog", "animal"} <= set(dog)
    assert "piano" in piano
    assert not {"dog", "animal"} & set(piano)
