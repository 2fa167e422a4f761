"""Sounds whose content is known to the millisecond: sentences, tones, noise, music, and films of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.domain.scene import Segment, Word
from heimdex_desktop.domain.video import TimeSpan

NANO_WHISPER = Path(__file__).parent / "models" / "nano-whisper-en-ct2"
"""A speech model that understands the voices below and little else; see its README."""

SPEECH_RATE = 16_000
_PICTURES_HZ = 5
_FOLDER = Path(__file__).parent / "media" / "speech"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A clip of tests/media/speech, without silence at its ends."""

    name: str
    text: str
    voice: str

    @property
    def file(self) -> Path:
        return _FOLDER / f"{self.name}.ogg"


CAR = Sentence("car", "Anna drives a red car in the city at night.", "en-us")
GUITAR = Sentence("guitar", "David plays the guitar at the beach.", "en-gb")
BRIDGE = Sentence("bridge", "Two people are walking under the bridge in the rain.", "en-gb+f3")
BOAT = Sentence("boat", "A blue boat is on the lake at sunset.", "en-gb+m3")
DOG = Sentence("dog", "The dog jumps in the water.", "en-us+m1")
LECTURE = Sentence("lecture", "Welcome to the lecture on machine learning.", "en-us+f3")
SENTENCES = (CAR, GUITAR, BRIDGE, BOAT, DOG, LECTURE)


@cache
def sound_of(sentence: Sentence) -> Sound:
    """Return the samples of a clip."""
    return decoded(sentence.file)


def decoded(source: Path | BinaryIO) -> Sound:
    """Return the whole sound of a file."""
    with av.open(str(source) if isinstance(source, Path) else source, "r") as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_RATE)
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
        pieces = [piece.to_ndarray()[0] for piece in (*frames, *resampler.resample(None))]
    return np.concatenate(pieces).astype(np.float32) / np.float32(32768)


def silence(length_ms: int) -> Sound:
    return np.zeros(length_ms * SOUND_RATE // 1000, np.float32)


def white_noise(length_ms: int, *, loudness: float = 0.05) -> Sound:
    noise = np.random.default_rng(1).normal(0, loudness, len(silence(length_ms)))
    return noise.astype(np.float32)


def pink_noise(length_ms: int, *, loudness: float = 0.05) -> Sound:
    """Return noise whose power falls with the frequency, as that of wind and streets does."""
    spectrum = np.fft.rfft(white_noise(length_ms))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    noise = np.fft.irfft(spectrum, len(silence(length_ms)))
    return (noise * loudness / noise.std()).astype(np.float32)


def music(length_ms: int) -> Sound:
    """Return plucked chords, two notes a second."""
    at_s = np.arange(len(silence(length_ms))) / SOUND_RATE
    notes = (
        0.12 * np.sin(2 * np.pi * pitch_hz * at_s) * np.exp(-((at_s * 2 + number / 4) % 1) * 3)
        for number, pitch_hz in enumerate((262, 330, 392, 523))
    )
    return np.sum(list(notes), axis=0).astype(np.float32)


def tone(length_ms: int, pitch_hz: float) -> Sound:
    at_s = np.arange(len(silence(length_ms))) / SOUND_RATE
    return (0.3 * np.sin(2 * np.pi * pitch_hz * at_s)).astype(np.float32)


def lay_out(length_ms: int, placed: Sequence[tuple[int, Sound]]) -> Sound:
    """Return a sound with each piece at its time (ms) and silence between."""
    whole = silence(length_ms)
    for at_ms, piece in placed:
        start = at_ms * SOUND_RATE // 1000
        whole[start : start + len(piece)] += piece[: len(whole) - start]
    return whole


def film(
    path: Path,
    sound: Sound | None,
    *,
    sound_at_ms: int = 0,
    rate_hz: int = SOUND_RATE,
    picture_ms: int | None = None,
) -> Path:
    """Write a video with this sound, whose picture is grey and shows five frames a second.

    The sound begins `sound_at_ms` after the first frame, or before it; None is no sound at all. The
    container says which codec.
    """
    picture_ms = picture_ms or len(silence(0) if sound is None else sound) * 1000 // SOUND_RATE
    codecs = {".avi": ("mpeg4", "mp3"), ".webm": ("libvpx", "libopus"), ".mkv": ("libx264", "flac")}
    picture_codec, sound_codec = codecs.get(path.suffix, ("libx264", "aac"))
    picture_at_ms = max(0, -sound_at_ms)
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        video = container.add_stream(picture_codec, rate=_PICTURES_HZ)
        audio = None if sound is None else container.add_stream(sound_codec, rate=rate_hz, layout="mono")
        assert isinstance(video, VideoStream)
        _write_grey(container, video, start_ms=picture_at_ms, length_ms=picture_ms)
        if sound is not None:
            assert isinstance(audio, AudioStream)
            _write_sound(container, audio, sound, start_ms=sound_at_ms + picture_at_ms)
    return path


def _write_grey(container: OutputContainer, stream: VideoStream, *, start_ms: int, length_ms: int) -> None:
    stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
    stream.codec_context.time_base = Fraction(1, _PICTURES_HZ)
    picture = np.full((32, 32, 3), 128, np.uint8)
    for number in range(max(1, length_ms * _PICTURES_HZ // 1000)):
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = number + start_ms * _PICTURES_HZ // 1000, Fraction(1, _PICTURES_HZ)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _write_sound(container: OutputContainer, stream: AudioStream, sound: Sound, *, start_ms: int) -> None:
    waves = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(waves[np.newaxis], format="s16", layout="mono")
    frame.sample_rate, frame.time_base = SOUND_RATE, Fraction(1, SOUND_RATE)
    frame.pts = start_ms * SOUND_RATE // 1000
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


class ToneTranscriber:
    """Understands a language of two whistles: a deterministic stand-in that keeps the contract.

    A whistle of 600 Hz means "low", one of 1200 Hz "high"; each is a word, whistles that follow each
    other within half a second are one segment.
    """

    _STEP = SOUND_RATE // 50
    _WORDS = ((600, "low"), (1200, "high"))
    _PAUSE_STEPS = 25

    def language_of(self, sound: Sound) -> str | None:
        return "x-whistle" if next(self.transcribe(sound, None), None) else None

    def transcribe(self, sound: Sound, language: str | None) -> Iterator[Segment]:
        words: list[Word] = []
        for word in self._words(sound):
            if words and word.span.start_ms - words[-1].span.end_ms > self._PAUSE_STEPS * 20:
                yield _segment_of(words)
                words = []
            words.append(word)
        if words:
            yield _segment_of(words)

    def _words(self, sound: Sound) -> Iterator[Word]:
        heard = [self._heard(number, sound) for number in range(len(sound) // self._STEP)]
        place = 0
        for text, same in groupby(heard):
            length = len(list(same))
            if text:
                yield Word(TimeSpan(place * 20, (place + length) * 20), text)
            place += length

    def _heard(self, number: int, sound: Sound) -> str:
        """Say which word fills a step of 20 ms: its pitch holds nearly all of the power."""
        spectrum = np.abs(np.fft.rfft(sound[number * self._STEP : (number + 1) * self._STEP])) ** 2
        loudest_hz = int(spectrum.argmax()) * 50
        is_pure = spectrum.max() > 0.98 * spectrum.sum() > 1.0
        return next((text for pitch_hz, text in self._WORDS if is_pure and pitch_hz == loudest_hz), "")


def _segment_of(words: Sequence[Word]) -> Segment:
    span = TimeSpan(words[0].span.start_ms, words[-1].span.end_ms)
    return Segment(span, " ".join(word.text for word in words), tuple(words))


def whistled(*words: str) -> Sound:
    """Return 300 ms of whistle for each word, with 100 ms between."""
    pitches_hz = {"low": 600, "high": 1200}
    pieces = [(number * 400, tone(300, pitches_hz[word])) for number, word in enumerate(words)]
    return lay_out(len(words) * 400 - 100, pieces)
