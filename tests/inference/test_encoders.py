"""Encoders keep the contract, stay off the network, and say what is missing."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.errors import MachineError, ModelMissing, OutOfMemory
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
from heimdex_desktop.inference.room import Seat, keep_quiet
from heimdex_desktop.inference.self_test import Precision
from tests.inference.encoder_contract import TextEncoderContract
from tests.inference.small_card import Card, TextsOnCard


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    folder = offline_minilm.folder()
    if folder is None:
        pytest.skip("the extra `offline` is not installed")
    return folder


@pytest.fixture(scope="session")
def minilm(minilm_folder: Path) -> SentenceEncoder:
    return SentenceEncoder(minilm_folder, name=offline_minilm.NAME)


def on_card(
    folder: Path,
    card: Card,
    tell: Callable[[str], None] = keep_quiet,
    seat: Seat | None = None,
) -> TextsOnCard:
    encoder = TextsOnCard(folder, name="MiniLM", seat=seat or card.seat(), tell=tell)
    encoder.card = card
    return encoder


class LetterEncoder:
    """Counts letter pairs: a deterministic stand-in that keeps the contract."""

    space = EmbeddingSpace("letters", "1", 64)
    logistic = None

    def encode(self, texts: list[str], purpose: Purpose) -> Vectors:
        rows = np.zeros((len(texts), self.space.dimensions), np.float32)
        rows[:, 0] = 1e-3
        for number, text in enumerate(texts):
            for pair in pairwise(text):
                rows[number, hashlib.sha256("".join(pair).encode()).digest()[0] % 64] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class TestMiniLm(TextEncoderContract):
    @pytest.fixture
    def encoder(self, minilm: SentenceEncoder) -> TextEncoder:
        return minilm


class TestMiniLmOnASmallCard(TextEncoderContract):
    @pytest.fixture
    def encoder(self, minilm_folder: Path) -> TextEncoder:
        return on_card(minilm_folder, Card(fits=3))


class TestLetterEncoder(TextEncoderContract):
    @pytest.fixture
    def encoder(self) -> LetterEncoder:
        return LetterEncoder()


def test_meaning_brings_different_words_together(minilm: SentenceEncoder) -> None:
    query = minilm.encode(["granny's breakfast recipe"], Purpose.QUERY)[0]
    near, far = minilm.encode(
        ["Grandmother shows how to make pancakes.", "The server was restarted."], Purpose.PASSAGE
    )
    assert query @ near > query @ far + 0.3


def test_the_space_names_the_model_and_its_weights(minilm: SentenceEncoder) -> None:
    assert minilm.space == EmbeddingSpace(offline_minilm.NAME, offline_minilm.WEIGHTS_SHA256[:16], 384)


def test_loads_and_encodes_without_a_network_and_without_noise() -> None:
    """In a process of its own, where every connection fails and every warning is an error."""
    script = """
import socket, sys
def refuse(*_): raise AssertionError("a network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import SentenceEncoder
encoder = SentenceEncoder(offline_minilm.folder(), name=offline_minilm.NAME)
assert encoder.space.dimensions == 384
assert "torch" not in sys.modules and "sentence_transformers" not in sys.modules
assert encoder.encode(["hello"], Purpose.QUERY).shape == (1, 384)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_a_folder_without_weights_is_a_missing_model(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelMissing) as raised:
        SentenceEncoder(tmp_path / name).encode(["hello"], Purpose.QUERY)
    assert raised.value.advice
    assert str(tmp_path / name) in raised.value.sentence


def _describe(folder: Path, *, modules: list[str], dimensions: int | None = 4) -> Path:
    """Write the description of a model whose weights are no weights."""
    (folder / "model.safetensors").write_bytes(b"not weights")
    (folder / "config.json").write_text(json.dumps({"hidden_size": dimensions} if dimensions else {}))
    (folder / "modules.json").write_text(json.dumps([{"path": path} for path in modules]))
    for path in modules:
        (folder / path).mkdir(exist_ok=True)
    return folder


def test_weights_that_are_none_are_a_missing_model(tmp_path: Path) -> None:
    encoder = SentenceEncoder(_describe(tmp_path, modules=[]))
    assert encoder.space.dimensions == 4
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        encoder.encode(["hello"], Purpose.QUERY)


def test_a_model_that_does_not_describe_itself_is_refused(tmp_path: Path) -> None:
    encoder = SentenceEncoder(_describe(tmp_path, modules=[], dimensions=None))
    with pytest.raises(ModelMissing, match="how long"):
        encoder.encode([], Purpose.QUERY)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    _describe(tmp_path, modules=["2_Dense"])
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelMissing, match="can carry programs"):
        SentenceEncoder(tmp_path).encode(["hello"], Purpose.QUERY)


def test_other_prefixes_are_another_space(tmp_path: Path) -> None:
    folder = _describe(tmp_path, modules=[])
    plain = SentenceEncoder(folder).space
    choices = ({"query_prefix": "query: "}, {"passage_prefix": "query: "}, {"query_prefix": "q: "})
    prefixed = [SentenceEncoder(folder, options=options).space for options in choices]
    assert len({space.revision for space in (plain, *prefixed)}) == 4
    assert SentenceEncoder(folder, options={"query_prefix": ""}).space == plain


def test_prompts_of_the_model_count_until_options_say_otherwise(tmp_path: Path) -> None:
    folder = _describe(tmp_path, modules=[])
    plain = SentenceEncoder(folder).space
    told = {"prompts": {"query": "query: ", "passage": "passage: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(told))
    options = {"query_prefix": "query: ", "passage_prefix": "passage: "}
    own = SentenceEncoder(folder).space
    assert own == SentenceEncoder(folder, options=options).space != plain
    assert SentenceEncoder(folder, options={"query_prefix": "", "passage_prefix": ""}).space == plain


def test_prefixes_are_put_before_texts(minilm_folder: Path) -> None:
    folder = minilm_folder
    options = {"query_prefix": "query: ", "passage_prefix": "passage: "}
    plain, prefixed = SentenceEncoder(folder), SentenceEncoder(folder, options=options)
    for purpose in Purpose:
        wanted = plain.encode([f"{purpose}: a red boat"], purpose)
        np.testing.assert_allclose(prefixed.encode(["a red boat"], purpose), wanted, atol=1e-5)


def test_the_last_layer_decides_how_long_vectors_are(tmp_path: Path) -> None:
    _describe(tmp_path, modules=["1_Pooling", "2_Dense", "3_Normalize"])
    (tmp_path / "1_Pooling" / "config.json").write_text('{"word_embedding_dimension": 384}')
    (tmp_path / "2_Dense" / "config.json").write_text('{"in_features": 384, "out_features": 128}')
    assert SentenceEncoder(tmp_path).space == EmbeddingSpace(
        tmp_path.name, hashlib.sha256(b"not weights").hexdigest()[:16], 128
    )


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_no_room_is_told_as_such(tmp_path: Path, error: Exception) -> None:
    class Full(SentenceEncoder):
        def _load(self, seat: Seat) -> NoReturn:
            raise error

    with pytest.raises(OutOfMemory) as raised:
        Full(_describe(tmp_path, modules=[])).encode(["hello"], Purpose.QUERY)
    assert raised.value.advice


@pytest.mark.parametrize("precision", [Precision.FLOAT16, Precision.BFLOAT16])
def test_coarser_numbers_are_used_and_change_little(
    minilm: SentenceEncoder, minilm_folder: Path, precision: Precision
) -> None:
    coarse = SentenceEncoder(minilm_folder, name=offline_minilm.NAME, seat=Seat("cpu", precision))
    texts = ["The train leaves at noon.", "pancakes with syrup"]
    likeness = (coarse.encode(texts, Purpose.PASSAGE) * minilm.encode(texts, Purpose.PASSAGE)).sum(axis=1)
    assert (likeness > 0.999).all()
    assert coarse.space == minilm.space
    network = coarse._seated.network()  # pyright: ignore[reportPrivateUsage] - numbers have no public face
    assert {str(weights.dtype) for weights in network.parameters()} == {f"torch.{precision.value}"}


def test_a_batch_that_does_not_fit_is_halved_and_the_size_is_remembered(
    minilm: SentenceEncoder, minilm_folder: Path
) -> None:
    told: list[str] = []
    card = Card(fits=3)
    encoder = on_card(minilm_folder, card, told.append, card.seat(batch_factor=4))
    texts = [f"sentence number {number}" for number in range(9)]
    vectors = encoder.encode(texts, Purpose.PASSAGE)
    np.testing.assert_allclose(vectors, minilm.encode(texts, Purpose.PASSAGE), atol=1e-5)
    assert card.sizes == [9, 4, 2, 2, 2, 2, 1]
    encoder.encode(texts[:3], Purpose.PASSAGE)
    assert card.sizes[7:] == [2, 1]
    [sentence] = told
    assert "the language model MiniLM" in sentence
    assert "2 instead of 128" in sentence


def test_where_no_text_fits_the_cpu_goes_on_as_exactly_as_ever(
    minilm: SentenceEncoder, minilm_folder: Path
) -> None:
    told: list[str] = []
    card = Card(fits=0)
    encoder = on_card(minilm_folder, card, told.append, card.seat(Precision.FLOAT16))
    wanted = minilm.encode(["hello"], Purpose.QUERY)
    np.testing.assert_array_equal(encoder.encode(["hello"], Purpose.QUERY), wanted)
    np.testing.assert_array_equal(encoder.encode(["hello"], Purpose.QUERY), wanted)
    [sentence] = told
    assert "on the CPU" in sentence


def test_an_absent_package_is_no_error() -> None:
    assert offline_minilm.folder("a_package_that_is_not_there") is None


def test_weights_other_than_the_published_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "changed_model"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('it must not be imported')")
    (package / "model" / "model.safetensors").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MachineError, match="not the one that was published"):
        offline_minilm.folder("changed_model")
