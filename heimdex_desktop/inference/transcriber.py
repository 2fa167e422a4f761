"""Speech recognition with Whisper models (Radford et al., 2022), through faster-whisper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.domain.scene import Segment, Word
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.inference.speech_filters import Guess, believable
from heimdex_desktop.inference.speech_model import SpeechDevice, SpeechModel
from heimdex_desktop.inference.speech_windows import Window, trimmed, windows_of
from heimdex_desktop.inference.voice import voiced_spans

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment as Heard
    from faster_whisper.transcribe import Word as HeardWord

ENGLISH = "en"
_BEAMS = 5
_WINDOWS_FOR_LANGUAGE = 2
# Whisper's codes are those of ISO 639-1 but for this one; others name a language that Whisper calls wider.
_CODES = {"jv": "jw", "nb": "no", "fil": "tl", "cmn": "zh"}
_TAGS = {"jw": "jv"}


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How to listen. `hotwords` are names and words to expect; `batch_size` windows go to a GPU at once."""

    device: SpeechDevice = field(default_factory=SpeechDevice)
    batch_size: int = 8
    hotwords: tuple[str, ...] = ()


class WhisperTranscriber:
    """A Transcriber over a folder with a Whisper model in the format of CTranslate2.

    Only voiced stretches are given to the model, and of its answers those that are believable are kept.
    It decodes with beams and without chance, so the same sound gives the same words. The model is loaded
    at the first use; one thread at a time may use it.
    """

    def __init__(self, folder: Path, *, name: str = "", options: SpeechOptions | None = None) -> None:
        self._options = options or SpeechOptions()
        self._model = SpeechModel(folder, name=name, device=self._options.device)

    def language_of(self, sound: Sound) -> str | None:
        """Return the language of the first two full windows of voice, the surer one where they differ.

        Raises ModelMissing, MachineError, OutOfMemory.
        """
        windows, _ = self._voice_in(sound)
        if not windows:
            return None
        return _TAGS.get(code := self._code_of(sound, windows), code)

    def transcribe(self, sound: Sound, language: str | None) -> Iterator[Segment]:
        """Yield what is said, in order, window by window; words only where the model can tell their times.

        Raises ModelMissing (also for a language that the model does not know), MachineError, OutOfMemory.
        """
        windows, voiced = self._voice_in(sound)
        if not windows:
            return
        code = self._known_code(language) if language else self._code_of(sound, windows)
        yield from believable(self._guesses(sound, windows, voiced, code), voiced)

    def _voice_in(self, sound: Sound) -> tuple[tuple[Window, ...], tuple[TimeSpan, ...]]:
        longest_ms = self._model.longest_ms
        voiced = voiced_spans(sound, longest_ms=longest_ms)
        end_ms = len(sound) * 1000 // SOUND_RATE
        return windows_of(voiced, longest_ms=longest_ms, end_ms=end_ms), voiced

    def _known_code(self, language: str) -> str:
        primary = language.partition("-")[0].lower()
        code = _CODES.get(primary, primary)
        if code not in self._model.network.supported_languages:
            raise self._model.does_not_know(language)
        return code

    def _code_of(self, sound: Sound, windows: Sequence[Window]) -> str:
        if not self._model.is_multilingual:
            return ENGLISH
        voice = np.concatenate([window.cut_from(sound) for window in windows[:_WINDOWS_FOR_LANGUAGE]])
        with self._model.our_errors():
            code, _, _ = self._model.network.detect_language(
                voice, language_detection_segments=_WINDOWS_FOR_LANGUAGE
            )
        return code

    def _guesses(
        self, sound: Sound, windows: Sequence[Window], voiced: Sequence[TimeSpan], code: str
    ) -> Iterator[Guess]:
        hear = self._in_batches if self._options.device.name == "cuda" else self._one_by_one
        with self._model.our_errors():
            for window, begins_s, heard in hear(sound, windows, code):
                yield from _guesses_of(heard, begins_s, window, voiced)

    def _one_by_one(
        self, sound: Sound, windows: Sequence[Window], code: str
    ) -> "Iterator[tuple[Window, float, Heard]]":
        for window in windows:
            heard, _ = self._model.network.transcribe(window.cut_from(sound), **self._decoding(code))
            yield from ((window, 0.0, segment) for segment in heard)

    def _in_batches(
        self, sound: Sound, windows: Sequence[Window], code: str
    ) -> "Iterator[tuple[Window, float, Heard]]":
        """Let a GPU hear several windows at once; the times it gives count from the first of all."""
        from faster_whisper import BatchedInferencePipeline

        ends_s = [end_ms / 1000 for end_ms in accumulate(window.length_ms for window in windows)]
        begins_s = [0.0, *ends_s[:-1]]
        heard, _ = BatchedInferencePipeline(self._model.network).transcribe(
            np.concatenate([window.cut_from(sound) for window in windows]),
            clip_timestamps=[
                {"start": start, "end": end} for start, end in zip(begins_s, ends_s, strict=True)
            ],
            batch_size=self._options.batch_size,
            # Else a window of half a minute would be one segment.
            without_timestamps=False,
            **self._decoding(code),
        )
        for segment in heard:
            window_s = segment.seek / self._model.network.frames_per_second
            number = min(range(len(windows)), key=lambda number: abs(begins_s[number] - window_s))
            yield windows[number], begins_s[number], segment

    def _decoding(self, code: str) -> dict[str, Any]:
        return {
            "language": code,
            "beam_size": _BEAMS,
            # The way out of a bad guess by chance is not taken: the same sound shall give the same words.
            "temperature": 0.0,
            "compression_ratio_threshold": None,
            "log_prob_threshold": None,
            "no_speech_threshold": None,
            "condition_on_previous_text": False,
            "word_timestamps": self._model.tells_words,
            "vad_filter": False,
            "hotwords": ", ".join(self._options.hotwords) or None,
        }


def _guesses_of(
    heard: "Heard", begins_s: float, window: Window, voiced: Sequence[TimeSpan]
) -> Iterator[Guess]:
    """Bring a segment to the times of the sound; one that bridges a shortened pause becomes two."""
    for text, said in _spoken_together(heard, begins_s, window):
        words = tuple(
            Word(trimmed(_placed(word, begins_s, window), voiced), word.word.strip()) for word in said
        )
        if words:
            span = TimeSpan(words[0].span.start_ms, max(word.span.end_ms for word in words))
        else:
            span = trimmed(_placed(heard, begins_s, window), voiced)
        yield Guess(Segment(span, text.strip(), words), heard.no_speech_prob, heard.avg_logprob)


def _spoken_together(
    heard: "Heard", begins_s: float, window: Window
) -> "Iterator[tuple[str, Sequence[HeardWord]]]":
    words = [word for word in heard.words or () if word.word.strip()]
    if not words:
        yield heard.text, ()
        return
    for _, group in groupby(words, lambda word: window.piece_at(_ms((word.start + word.end) / 2 - begins_s))):
        together = list(group)
        yield "".join(word.word for word in together), together


def _placed(heard: "Heard | HeardWord", begins_s: float, window: Window) -> TimeSpan:
    start_ms, end_ms = _ms(heard.start - begins_s), _ms(heard.end - begins_s)
    return window.original(start_ms, max(start_ms, end_ms))


def _ms(seconds: float) -> int:
    return max(0, round(float(seconds) * 1000))
