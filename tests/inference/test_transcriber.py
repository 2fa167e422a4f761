"""Whisper models keep the contract of a Transcriber, stay off the network, and say what is wrong."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel

from heimdex_desktop.domain.contracts import Sound, Transcriber
from heimdex_desktop.domain.errors import MachineError, ModelMissing, OutOfMemory
from heimdex_desktop.inference.room import Room, Seat, keep_quiet
from heimdex_desktop.inference.self_test import Precision
from heimdex_desktop.inference.speech_model import SpeechModel
from heimdex_desktop.inference.transcriber import SpeechOptions, WhisperTranscriber
from tests.inference.small_card import Card
from tests.inference.transcriber_contract import Spoken, TranscriberContract
from tests.speech import (
    BOAT,
    CAR,
    DOG,
    GUITAR,
    NANO_WHISPER,
    SENTENCES,
    ToneTranscriber,
    decoded,
    lay_out,
    pink_noise,
    silence,
    sound_of,
    whistled,
)

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = SpeechOptions(Seat("cpu", Precision.INT8), 1)


@pytest.fixture(scope="session")
def nano_whisper() -> WhisperTranscriber:
    return WhisperTranscriber(NANO_WHISPER, options=ONE_THREAD)


class TestWhisper(TranscriberContract):
    @pytest.fixture
    def transcriber(self, nano_whisper: WhisperTranscriber) -> Transcriber:
        return nano_whisper

    @pytest.fixture
    def spoken(self) -> Spoken:
        return Spoken(sound_of(BOAT), BOAT.text, "en")


class TestWhisperInBatches(TranscriberContract):
    """What is done on a GPU, on the CPU of this machine."""

    @pytest.fixture
    def transcriber(self) -> Transcriber:
        return OnCard(Card(fits=8))

    @pytest.fixture
    def spoken(self) -> Spoken:
        return Spoken(sound_of(GUITAR), GUITAR.text, "en")


class TestWhisperOnASmallCard(TestWhisperInBatches):
    @pytest.fixture
    def transcriber(self) -> Transcriber:
        return OnCard(Card(fits=2))


class TestWhisperOnACardWithoutRoom(TestWhisperInBatches):
    @pytest.fixture
    def transcriber(self) -> Transcriber:
        return OnCard(Card(fits=0))


class TestWhisperWithoutWordTimes(TranscriberContract):
    @pytest.fixture
    def transcriber(self, tmp_path: Path) -> Transcriber:
        return WhisperTranscriber(without_alignment_heads(tmp_path), options=ONE_THREAD)

    @pytest.fixture
    def spoken(self) -> Spoken:
        return Spoken(sound_of(DOG), DOG.text, "en")


class TestTones(TranscriberContract):
    @pytest.fixture
    def transcriber(self) -> Transcriber:
        return ToneTranscriber()

    @pytest.fixture
    def spoken(self) -> Spoken:
        return Spoken(whistled("low", "high", "high"), "low high high", "x-whistle")


class ModelOnCard(SpeechModel):
    """The real model on a small card."""

    card: Card
    loads = 0

    def _load(self, seat: Seat) -> Any:
        self.loads += 1
        network: Any = super()._load(replace(seat, device="cpu"))
        if not seat.is_cpu:
            network.encode = self._admitted(network.encode)
        return network

    def _admitted(self, encode: Callable[[Sound], Any]) -> Callable[[Sound], Any]:
        def admit_and_encode(features: Sound) -> Any:
            self.card.admit(len(features) if features.ndim == 3 else 1)
            return encode(features)

        return admit_and_encode


class OnCard(WhisperTranscriber):
    """The real transcriber on a small card."""

    def __init__(self, card: Card, tell: Callable[[str], None] = keep_quiet) -> None:
        seat = Seat("cuda", Precision.INT8, on_cpu=Precision.INT8)
        super().__init__(NANO_WHISPER, options=SpeechOptions(seat, 1), tell=tell)
        self.model = self._model = ModelOnCard(NANO_WHISPER, seat=seat, threads=1, tell=tell)
        self.model.card = card
        self._room = Room(self.model.seated, on_cpu=1, on_device=8)


def copied(folder: Path) -> Path:
    return shutil.copytree(NANO_WHISPER, folder / "model", ignore=shutil.ignore_patterns("training"))


def without_alignment_heads(folder: Path) -> Path:
    model = copied(folder)
    described = json.loads((model / "config.json").read_text("utf-8"))
    del described["alignment_heads"]
    (model / "config.json").write_text(json.dumps(described), "utf-8")
    return model


def all_sentences(gap_ms: int) -> tuple[Sound, list[int]]:
    placed: list[tuple[int, Sound]] = []
    at_ms = 700
    for sentence in SENTENCES:
        placed.append((at_ms, sound_of(sentence)))
        at_ms += len(sound_of(sentence)) // 16 + gap_ms
    return lay_out(at_ms, placed), [at_ms for at_ms, _ in placed]


@pytest.mark.parametrize("gap_ms", [900, 2_500, 6_000])
def test_every_sentence_is_a_segment_at_its_time(nano_whisper: WhisperTranscriber, gap_ms: int) -> None:
    sound, places_ms = all_sentences(gap_ms)
    segments = list(nano_whisper.transcribe(sound, "en"))
    assert [segment.text for segment in segments] == [sentence.text for sentence in SENTENCES]
    errors_ms = [segment.span.start_ms - at_ms for segment, at_ms in zip(segments, places_ms, strict=True)]
    assert all(abs(error_ms) <= 200 for error_ms in errors_ms), errors_ms


@pytest.mark.parametrize(("fits", "loads"), [(8, 1), (1, 1), (0, 2)])
def test_where_memory_is_short_everything_is_heard_all_the_same(
    nano_whisper: WhisperTranscriber, fits: int, loads: int
) -> None:
    told: list[str] = []
    transcriber = OnCard(Card(fits), told.append)
    sound, _ = all_sentences(6_000)
    segments = list(transcriber.transcribe(sound, "en"))
    assert [segment.text for segment in segments] == [sentence.text for sentence in SENTENCES]
    assert transcriber.model.loads == loads
    assert len(told) == (fits < 8)
    assert all("the speech model nano-whisper-en-ct2" in sentence for sentence in told)
    if fits == 0:
        assert segments == list(nano_whisper.transcribe(sound, "en"))
        assert "on the CPU" in told[0]


def test_what_was_heard_before_the_card_filled_up_is_not_heard_again(
    nano_whisper: WhisperTranscriber,
) -> None:
    card = Card(fits=8)
    transcriber = OnCard(card)
    sound = np.concatenate([all_sentences(6_000)[0]] * 9)
    texts: list[str] = []
    for segment in transcriber.transcribe(sound, "en"):
        card.fits = 0
        texts.append(segment.text)
    assert texts == [segment.text for segment in nano_whisper.transcribe(sound, "en")]
    assert card.sizes == [8, 6, 3, 1]
    assert transcriber.model.loads == 2


def test_words_have_times_of_their_own(nano_whisper: WhisperTranscriber) -> None:
    (segment,) = nano_whisper.transcribe(lay_out(5_000, [(2_000, sound_of(BOAT))]), "en")
    assert [word.text for word in segment.words] == BOAT.text.split()
    assert segment.words[0].span.start_ms == segment.span.start_ms
    assert segment.words[-1].span.end_ms == segment.span.end_ms
    assert all(word.span.length_ms < 800 for word in segment.words)


def test_a_model_that_cannot_tell_words_gives_segments_alone(tmp_path: Path) -> None:
    transcriber = WhisperTranscriber(without_alignment_heads(tmp_path), options=ONE_THREAD)
    (segment,) = transcriber.transcribe(lay_out(5_000, [(2_000, sound_of(BOAT))]), "en")
    assert segment.text == BOAT.text
    assert segment.words == ()
    assert segment.span.start_ms == pytest.approx(2_000, abs=200)


def test_noise_around_a_voice_adds_nothing(nano_whisper: WhisperTranscriber) -> None:
    sound = pink_noise(12_000, loudness=0.005) + lay_out(12_000, [(4_000, sound_of(CAR))])
    (segment,) = nano_whisper.transcribe(sound.astype(np.float32), "en")
    assert segment.text == CAR.text


@pytest.mark.parametrize("name", ["speech/t_rex_roar.mp3", "speech/empty_noise.wav"])
def test_real_noises_give_no_words(nano_whisper: WhisperTranscriber, real_media: Path, name: str) -> None:
    assert list(nano_whisper.transcribe(decoded(real_media / name), "en")) == []


def test_names_to_expect_are_given_to_the_model() -> None:
    options = SpeechOptions(Seat("cpu", Precision.INT8), 1, hotwords=("Minji", "Sarah"))
    sound = lay_out(5_000, [(1_000, sound_of(CAR))])
    heard = list(WhisperTranscriber(NANO_WHISPER, options=options).transcribe(sound, "en"))
    assert any("car" in segment.text for segment in heard)


def test_who_is_known_meanwhile_is_expected_too(monkeypatch: pytest.MonkeyPatch) -> None:
    expected: list[str | None] = []
    transcribe = WhisperModel.transcribe

    def noting(network: WhisperModel, sound: Any, **asked: Any) -> Any:
        expected.append(asked["hotwords"])
        return transcribe(network, sound, **asked)

    monkeypatch.setattr(WhisperModel, "transcribe", noting)
    names = ["Sarah", "Minji"]
    options = SpeechOptions(Seat("cpu", Precision.INT8), 1, hotwords=("Minji",), names=lambda: names)
    transcriber = WhisperTranscriber(NANO_WHISPER, options=options)
    sound = lay_out(5_000, [(1_000, sound_of(CAR))])
    assert list(transcriber.transcribe(sound, "en"))
    names[:] = [f"name {number}" for number in range(100)]
    assert list(transcriber.transcribe(sound, "en"))
    assert expected[0] == "Minji, Sarah"
    told = (expected[1] or "").split(", ")
    assert (told[0], told[1], len(told)) == ("Minji", "name 0", 60)


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN"])
def test_a_language_may_be_given_with_a_country(nano_whisper: WhisperTranscriber, tag: str) -> None:
    sound = lay_out(5_000, [(1_000, sound_of(CAR))])
    assert [segment.text for segment in nano_whisper.transcribe(sound, tag)] == [CAR.text]


def test_a_language_that_the_model_does_not_know_is_told(nano_whisper: WhisperTranscriber) -> None:
    with pytest.raises(ModelMissing, match="ko") as raised:
        list(nano_whisper.transcribe(sound_of(CAR), "ko"))
    assert raised.value.advice


def test_loads_and_listens_without_a_network_and_without_noise() -> None:
    """In a process of its own, where every connection fails and every warning is an error."""
    script = f"""
import socket, sys
def refuse(*_): raise AssertionError("a network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
from pathlib import Path
from heimdex_desktop.inference.transcriber import SpeechOptions, WhisperTranscriber
from tests.speech import CAR, sound_of
transcriber = WhisperTranscriber(Path({str(NANO_WHISPER)!r}))
assert "faster_whisper" not in sys.modules and "ctranslate2" not in sys.modules
assert [segment.text for segment in transcriber.transcribe(sound_of(CAR), None)] == [CAR.text]
assert "torch" not in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("file", ["model.bin", "config.json", "tokenizer.json"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, file: str) -> None:
    model = copied(tmp_path)
    (model / file).unlink()
    with pytest.raises(ModelMissing, match=file) as raised:
        WhisperTranscriber(model).language_of(sound_of(CAR))
    assert raised.value.advice


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.bin", b""),
        ("model.bin", b"no weights"),
        ("config.json", b"{"),
        ("vocabulary.json", b"{"),
        ("tokenizer.json", b"{"),
        ("tokenizer.json", b"{}"),
        ("preprocessor_config.json", b'{"feature_size": 128}'),
    ],
)
def test_a_damaged_model_is_a_missing_model(tmp_path: Path, file: str, content: bytes) -> None:
    model = copied(tmp_path)
    (model / file).write_bytes(content)
    with pytest.raises(ModelMissing, match="speech model"):
        WhisperTranscriber(model).language_of(sound_of(CAR))


def test_a_folder_that_is_not_there_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="nowhere"):
        list(WhisperTranscriber(tmp_path / "nowhere").transcribe(silence(1_000), None))


def test_a_computation_that_the_device_cannot_do_is_told() -> None:
    seat = Seat("cpu", Precision.INT8_FLOAT16)
    with pytest.raises(MachineError, match="cannot run on cpu") as raised:
        WhisperTranscriber(NANO_WHISPER, options=SpeechOptions(seat)).language_of(sound_of(CAR))
    assert raised.value.advice


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (MemoryError(), OutOfMemory),
        (RuntimeError("CUDA failed with error out of memory"), OutOfMemory),
        (RuntimeError("CUDA driver version is insufficient"), MachineError),
        (RuntimeError("Library libcublas.so.12 is not found or cannot be loaded"), MachineError),
        (RuntimeError("a bug"), RuntimeError),
    ],
)
def test_what_the_library_says_of_the_machine_is_told_as_such(
    fault: Exception, told: type[Exception]
) -> None:
    model = SpeechModel(NANO_WHISPER, seat=Seat("cuda", Precision.FLOAT16))
    with pytest.raises(told) as raised, model.our_errors():
        raise fault
    assert type(raised.value) is told
