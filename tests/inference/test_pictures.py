"""Picture encoders keep the contract, share one model, stay off the network, and say what is missing."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import ImageEncoder, Picture, Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.errors import ModelMissing, OutOfMemory
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference.pictures import (
    CONFIG_FILE,
    WEIGHTS_FILE,
    LoadedClip,
    OpenClipModel,
    OpenClipPictures,
    OpenClipTexts,
    Side,
)
from heimdex_desktop.inference.room import Seat, keep_quiet
from heimdex_desktop.inference.self_test import Precision
from heimdex_desktop.media.opencv import cv2
from tests.inference.encoder_contract import TextEncoderContract
from tests.inference.picture_contract import ImageEncoderContract, patchwork
from tests.inference.small_card import Card, ClipOnCard
from tests.models.pictures import Colour, Ground, Hour, Shape, Sight, Size, draw
from tests.models.pictures import Side as Place

TINY = Path(__file__).parents[1] / "models" / "tiny-clip"
RED_STAR = Sight(Colour.RED, Shape.STAR, 1, Hour.NIGHT, Ground.SNOW, Size.BIG, Place.LEFT)
BLUE_RINGS = Sight(Colour.BLUE, Shape.RING, 3, Hour.DAY, Ground.GRASS)


@pytest.fixture(scope="module")
def tiny() -> OpenClipModel:
    return OpenClipModel(TINY)


@pytest.fixture(scope="module")
def bridge(real_models: Path) -> OpenClipModel:
    return OpenClipModel(real_models / "vision-bridge")


def on_card(
    card: Card, tell: Callable[[str], None] = keep_quiet, precision: Precision = Precision.FLOAT32
) -> ClipOnCard:
    model = ClipOnCard(TINY, seat=card.seat(precision), tell=tell)
    model.card = card
    return model


def seen(model: OpenClipModel, *pictures: Picture) -> Vectors:
    return OpenClipPictures(model).encode(pictures)


def said(model: OpenClipModel, *texts: str) -> Vectors:
    return OpenClipTexts(model).encode(texts, Purpose.QUERY)


def photo(file: Path) -> Picture:
    picture = cv2.imread(str(file))
    assert picture is not None
    return picture.astype(np.uint8)


class PatchEncoder:
    """Takes the mean colours of 4 by 3 patches: a deterministic stand-in that keeps the contract."""

    space = EmbeddingSpace("patches", "1", 37)
    input_side_px = 40

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        rows = np.zeros((len(pictures), self.space.dimensions), np.float32)
        rows[:, -1] = 1.0
        for row, picture in zip(rows, pictures, strict=True):
            height, width = picture.shape[:2]
            places = np.ix_((np.arange(3) * 2 + 1) * height // 6, (np.arange(4) * 2 + 1) * width // 8)
            row[:-1] = picture[places].ravel() / 127.5 - 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class TestPatchEncoder(ImageEncoderContract):
    @pytest.fixture
    def encoder(self) -> ImageEncoder:
        return PatchEncoder()


class TestTinyPictures(ImageEncoderContract):
    @pytest.fixture
    def encoder(self, tiny: OpenClipModel) -> ImageEncoder:
        return OpenClipPictures(tiny, batch_size=2)


class TestTinyPicturesOnASmallCard(ImageEncoderContract):
    @pytest.fixture
    def encoder(self) -> ImageEncoder:
        return OpenClipPictures(on_card(Card(fits=2)), batch_size=16)


class TestBridgePictures(ImageEncoderContract):
    @pytest.fixture
    def encoder(self, bridge: OpenClipModel) -> ImageEncoder:
        return OpenClipPictures(bridge, batch_size=4)

    @pytest.fixture
    def sights(self, real_media: Path) -> tuple[Picture, Picture]:
        names = ("n01443537_goldfish.jpg", "n03642806_laptop.jpg")
        fish, laptop = (photo(real_media / "images_inet" / name) for name in names)
        return fish, laptop


class TestTinyTexts(TextEncoderContract):
    @pytest.fixture
    def encoder(self, tiny: OpenClipModel) -> TextEncoder:
        return OpenClipTexts(tiny, batch_size=4)

    def test_equal_texts_lie_closer_than_others(self, encoder: TextEncoder) -> None:
        """It knows no other words than those about drawn pictures."""
        query = encoder.encode(["a big red star at night"], Purpose.QUERY)[0]
        same, other = encoder.encode(["large red star in the dark", "three blue rings"], Purpose.PASSAGE)
        assert query @ same > query @ other + 0.2


class TestTinyTextsOnASmallCard(TestTinyTexts):
    @pytest.fixture
    def encoder(self, tiny: OpenClipModel) -> TextEncoder:
        return OpenClipTexts(on_card(Card(fits=3)), batch_size=8)


class TestBridgeTexts(TextEncoderContract):
    @pytest.fixture
    def encoder(self, bridge: OpenClipModel) -> TextEncoder:
        return OpenClipTexts(bridge)

    def test_equal_texts_lie_closer_than_others(self, encoder: TextEncoder) -> None:
        """It knows no sentences, only what things are called."""
        query = encoder.encode(["a dog"], Purpose.QUERY)[0]
        same, other = encoder.encode(["a photo of a dog", "a photo of a train"], Purpose.PASSAGE)
        assert query @ same > query @ other + 0.2


def test_texts_and_pictures_share_a_space_and_find_each_other(tiny: OpenClipModel) -> None:
    pictures, texts = OpenClipPictures(tiny), OpenClipTexts(tiny)
    assert pictures.space == texts.space == tiny.space
    rng = np.random.default_rng(3)
    shown = pictures.encode([draw(sight, rng) for sight in (RED_STAR, BLUE_RINGS)])
    told = texts.encode(["a red star at night", "three blue rings over grass"], Purpose.QUERY)
    assert (told @ shown.T).argmax(axis=1).tolist() == [0, 1]


def test_pictures_are_prepared_as_open_clip_does_it(tiny: OpenClipModel) -> None:
    import open_clip
    import torch
    from PIL import Image

    made: Any = open_clip.create_model_and_transforms(f"local-dir:{TINY}")
    network, _, prepare = made
    picture = draw(RED_STAR, np.random.default_rng(1), width_px=200, height_px=90)
    with torch.inference_mode():
        shown = prepare(Image.fromarray(picture[..., ::-1].copy()))[None]
        wanted = network.eval().encode_image(shown, normalize=True).numpy()
    np.testing.assert_allclose(seen(tiny, picture), wanted, atol=1e-5)


def test_of_a_ribbon_only_the_middle_is_seen_where_the_model_crops(bridge: OpenClipModel) -> None:
    ribbon = patchwork(1_200, 40)
    whole, middle = seen(bridge, ribbon, ribbon[:, 440:760])
    np.testing.assert_allclose(whole, middle, atol=1e-5)


def test_a_model_has_an_opinion_of_cosines_where_it_was_trained_to(
    tiny: OpenClipModel, bridge: OpenClipModel
) -> None:
    logistic = OpenClipTexts(tiny).logistic
    assert logistic is not None
    assert logistic.scale > 0 > logistic.bias
    # What the training began with, see its configuration.
    assert logistic.prior == -5.0
    assert OpenClipTexts(bridge).logistic is None


@pytest.fixture(params=["tiny", "bridge", "custom"])
def whole(request: pytest.FixtureRequest, tiny: OpenClipModel, tmp_path: Path) -> OpenClipModel:
    """Models with the text half beside the picture half, and inside a module of its own."""
    if request.param == "bridge":
        return request.getfixturevalue("bridge")
    return tiny if request.param == "tiny" else OpenClipModel(_with_module_of_texts(tmp_path))


def _with_module_of_texts(folder: Path) -> Path:
    import open_clip
    from safetensors.torch import save_file

    copied = Path(shutil.copytree(TINY, folder / "custom"))
    described = json.loads((copied / CONFIG_FILE).read_text("utf-8"))
    described["model_cfg"]["custom_text"] = True
    (copied / CONFIG_FILE).write_text(json.dumps(described), "utf-8")
    made: Any = open_clip.create_model(f"local-dir:{copied}")
    save_file(made.state_dict(), copied / WEIGHTS_FILE)
    return copied


def test_the_half_of_texts_says_the_same_and_holds_no_other_weights(whole: OpenClipModel) -> None:
    folder = whole._folder  # pyright: ignore[reportPrivateUsage] - the half is of the same files
    half = OpenClipModel(folder, side=Side.TEXTS)
    np.testing.assert_array_equal(said(half, "a ring", "a dog"), said(whole, "a ring", "a dog"))
    held = {name for name, _ in _network(half).named_parameters()}
    assert held == {name for name, _ in _network(whole).named_parameters() if not name.startswith("visual.")}
    assert half.space == whole.space
    assert OpenClipTexts(half).logistic == OpenClipTexts(whole).logistic


def test_the_half_of_texts_needs_all_of_its_weights(copy: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / WEIGHTS_FILE)
    del weights["ln_final.weight"]
    save_file(weights, copy / WEIGHTS_FILE)
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        said(OpenClipModel(copy, side=Side.TEXTS), "a ring")


def _network(model: OpenClipModel) -> Any:
    return model._seated.network().network  # pyright: ignore[reportPrivateUsage] - memory has no public face


def test_two_encoders_load_their_model_once() -> None:
    class Counted(OpenClipModel):
        loads = 0

        def _load(self, seat: Seat) -> LoadedClip:
            self.loads += 1
            return super()._load(seat)

    model = Counted(TINY)
    OpenClipPictures(model).encode([patchwork(8, 8)])
    OpenClipTexts(model).encode(["a star"], Purpose.QUERY)
    assert model.loads == 1


@pytest.mark.parametrize("precision", [Precision.FLOAT16, Precision.BFLOAT16])
def test_coarser_numbers_are_used_and_change_little(tiny: OpenClipModel, precision: Precision) -> None:
    import torch

    coarse = OpenClipModel(TINY, seat=Seat("cpu", precision))
    picture = draw(RED_STAR, np.random.default_rng(1))
    assert (seen(coarse, picture) @ seen(tiny, picture).T).item() > 0.999
    assert (said(coarse, "a red star") @ said(tiny, "a red star").T).item() > 0.999
    assert coarse.space == tiny.space
    weights = dict(_network(coarse).named_parameters())
    assert weights["visual.conv1.weight"].dtype is getattr(torch, precision.value)
    assert weights["transformer.resblocks.0.mlp.c_fc.weight"].dtype is getattr(torch, precision.value)


def test_a_batch_that_does_not_fit_is_halved_and_gives_the_same_vectors(tiny: OpenClipModel) -> None:
    told: list[str] = []
    card = Card(fits=3)
    model = on_card(card, told.append)
    pictures = [patchwork(40 + 5 * seed, 60, seed) for seed in range(9)]
    encoder = OpenClipPictures(model, batch_size=8)
    np.testing.assert_allclose(encoder.encode(pictures), seen(tiny, *pictures), atol=1e-5)
    assert card.sizes == [8, 4, 2, 2, 2, 2, 1]
    encoder.encode(pictures[:3])
    assert card.sizes[7:] == [2, 1], "the size is remembered"
    assert model.loads == 1
    [sentence] = told
    assert "the picture model tiny-clip" in sentence
    assert "2 instead of 8" in sentence


@pytest.mark.parametrize("precision", [Precision.FLOAT16, Precision.BFLOAT16])
def test_where_no_picture_fits_all_goes_on_on_the_cpu_as_exactly_as_ever(
    tiny: OpenClipModel, precision: Precision
) -> None:
    told: list[str] = []
    model = on_card(Card(fits=0), told.append, precision)
    pictures, texts = OpenClipPictures(model, batch_size=4), OpenClipTexts(model)
    shown = [patchwork(40, 60, seed) for seed in range(4)]
    np.testing.assert_array_equal(pictures.encode(shown), OpenClipPictures(tiny, batch_size=4).encode(shown))
    np.testing.assert_array_equal(texts.encode(["a star"], Purpose.QUERY), said(tiny, "a star"))
    assert model.loads == 2
    [sentence] = told
    assert "the graphics card" in sentence.lower()
    assert "on the CPU" in sentence


def test_what_was_seen_before_the_card_filled_up_is_kept() -> None:
    card = Card(fits=2)
    encoder = OpenClipPictures(model := on_card(card), batch_size=2)
    pictures = [patchwork(40, 60, seed) for seed in range(6)]
    admitted = card.admit

    def fill_up(size: int) -> None:
        card.fits = 2 if len(card.sizes) < 2 else 0
        admitted(size)

    card.admit = fill_up
    vectors = encoder.encode(pictures)
    assert card.sizes == [2, 2, 2, 1], "the two batches before are not done again"
    assert model.loads == 2
    np.testing.assert_allclose(vectors, seen(OpenClipModel(TINY), *pictures), atol=1e-5)


def test_loads_and_encodes_without_a_network_and_without_noise() -> None:
    """In a process of its own, where every connection fails and every warning is an error."""
    script = f"""
import socket, sys
from pathlib import Path
def refuse(*_): raise AssertionError("a network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipTexts, Side
model = OpenClipModel(Path({str(TINY)!r}))
assert (model.space.dimensions, model.input_side_px) == (64, 64)
assert "torch" not in sys.modules and "open_clip" not in sys.modules
assert OpenClipTexts(model).encode(["a star"], Purpose.QUERY).shape == (1, 64)
half = OpenClipModel(Path({str(TINY)!r}), side=Side.TEXTS)
assert OpenClipTexts(half).encode(["a star"], Purpose.QUERY).shape == (1, 64)
import logging
assert not logging.getLogger().handlers and not logging.getLogger().filters
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "copy"))


def test_other_weights_are_another_space(copy: Path, tiny: OpenClipModel) -> None:
    weights = bytearray((copy / WEIGHTS_FILE).read_bytes())
    weights[-1] ^= 1
    (copy / WEIGHTS_FILE).write_bytes(weights)
    changed = OpenClipModel(copy, name=TINY.name).space
    assert changed.model == tiny.space.model
    assert changed.revision != tiny.space.revision


@pytest.mark.parametrize("name", [CONFIG_FILE, WEIGHTS_FILE])
def test_a_folder_without_its_files_is_a_missing_model(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelMissing, match=name) as raised:
        OpenClipPictures(OpenClipModel(copy)).encode([patchwork(8, 8)])
    assert raised.value.advice
    assert str(copy) in raised.value.sentence


def test_pickled_weights_are_no_weights(copy: Path) -> None:
    (copy / WEIGHTS_FILE).rename(copy / "open_clip_pytorch_model.bin")
    with pytest.raises(ModelMissing, match=WEIGHTS_FILE):
        OpenClipTexts(OpenClipModel(copy)).encode(["a star"], Purpose.QUERY)


def test_weights_that_are_none_are_a_missing_model(copy: Path) -> None:
    (copy / WEIGHTS_FILE).write_bytes(b"not weights")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        said(OpenClipModel(copy), "a star")


def test_a_tokenizer_that_brings_a_program_is_not_run(copy: Path) -> None:
    described = json.loads((copy / "tokenizer_config.json").read_text("utf-8"))
    described |= {"tokenizer_class": "Evil", "auto_map": {"AutoTokenizer": [None, "evil.Evil"]}}
    (copy / "tokenizer_config.json").write_text(json.dumps(described), "utf-8")
    (copy / "evil.py").write_text(f"open({str(copy / 'ran')!r}, 'w')\nclass Evil: pass\n", "utf-8")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        said(OpenClipModel(copy), "a star")
    assert not (copy / "ran").exists()


def test_a_description_of_another_model_is_a_missing_model(copy: Path) -> None:
    config = json.loads((copy / CONFIG_FILE).read_text("utf-8"))
    config["model_cfg"]["embed_dim"] = 32
    (copy / CONFIG_FILE).write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        said(OpenClipModel(copy), "a star")


@pytest.mark.parametrize("content", ["[]", "{}", '{"model_cfg": 3}', '{"model_cfg": {"embed_dim": "long"}}'])
def test_a_description_that_says_nothing_is_a_missing_model(copy: Path, content: str) -> None:
    (copy / CONFIG_FILE).write_text(content, "utf-8")
    with pytest.raises(ModelMissing):
        OpenClipPictures(OpenClipModel(copy)).encode([])


def test_no_room_is_told_as_such() -> None:
    class Full(OpenClipModel):
        def _load(self, seat: Seat) -> NoReturn:
            message = "CUDA out of memory. Tried to allocate 2 GiB"
            raise RuntimeError(message)

    with pytest.raises(OutOfMemory) as raised:
        seen(Full(TINY), patchwork(8, 8))
    assert raised.value.advice
