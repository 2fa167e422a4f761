"""Speech recognition with Whisper models (Radford et al., 2022), through faster-whisper."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.domain.scene import Segment, Word
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.inference.room import Room, Seat, keep_quiet
from heimdex_desktop.inference.speech_filters import Guess, believable
from heimdex_desktop.inference.speech_model import SpeechModel
from heimdex_desktop.inference.speech_windows import Window, trimmed, windows_of
from heimdex_desktop.inference.voice import voiced_spans

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment as Heard
    from faster_whisper.transcribe import Word as HeardWord

    _HeardIn = tuple[Window, float, Heard]
    """A segment, the window it was heard in, and the seconds before that window that its times count."""

ENGLISH = "en"
_BEAMS = 5
_WINDOWS_FOR_LANGUAGE = 2
# Whisper's codes are those of ISO 639-1 but for this one; others name a language that Whisper calls wider.
_CODES = {"jv": "jw", "nb": "no", "fil": "tl", "cmn": "zh"}
_TAGS = {"jw": "jv"}


_MOST_HOTWORDS = 60
"""They share the model's memory of what was said with the speech itself, and more would only be cut off."""


def no_names() -> Sequence[str]:
    """Stand for the names of people where nobody is known."""
    return ()


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How to listen. `hotwords` are names and words to expect; `batch_size` windows go to a GPU at once.

    `names` are expected too. They are asked for at each window, because they may be others by then. With
    `threads` of 0, OMP_NUM_THREADS counts on the CPU.
    """

    seat: Seat = field(default_factory=Seat)
    threads: int = 0
    batch_size: int = 8
    hotwords: tuple[str, ...] = ()
    names: Callable[[], Sequence[str]] = no_names


class WhisperTranscriber:
    """A Transcriber over a folder with a Whisper model in the format of CTranslate2.

    Only voiced stretches are given to the model, and of its answers those that are believable are kept.
    It decodes with beams and without chance, so the same sound gives the same words where the same names are
    expected. The model is loaded
    at the first use; one thread at a time may use it. Where a GPU has no room it hears fewer windows at
    once, then the CPU goes on, window by window, and `tell` hears it; no window is heard twice.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "",
        options: SpeechOptions | None = None,
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self._options = options or SpeechOptions()
        self._model = SpeechModel(
            folder, name=name, seat=self._options.seat, threads=self._options.threads, tell=tell
        )
        self._room = Room(self._model.seated, on_cpu=1, on_device=self._options.batch_size)

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

        def detect(network: "WhisperModel") -> str:
            return network.detect_language(voice, language_detection_segments=_WINDOWS_FOR_LANGUAGE)[0]

        with self._model.our_errors():
            return self._model.seated.use(detect)

    def _guesses(
        self, sound: Sound, windows: Sequence[Window], voiced: Sequence[TimeSpan], code: str
    ) -> Iterator[Guess]:
        def hear(network: "WhisperModel", batch: Sequence[Window]) -> "list[_HeardIn]":
            together = self._one_by_one if self._model.seated.seat.is_cpu else self._together
            return list(together(network, sound, batch, code))

        with self._model.our_errors():
            for batch in self._room.over(windows, hear):
                for window, begins_s, heard in batch:
                    yield from _guesses_of(heard, begins_s, window, voiced)

    def _one_by_one(
        self, network: "WhisperModel", sound: Sound, windows: Sequence[Window], code: str
    ) -> "Iterator[_HeardIn]":
        for window in windows:
            heard, _ = network.transcribe(window.cut_from(sound), **self._decoding(code))
            yield from ((window, 0.0, segment) for segment in heard)

    def _together(
        self, network: "WhisperModel", sound: Sound, windows: Sequence[Window], code: str
    ) -> "Iterator[_HeardIn]":
        """Let a GPU hear several windows at once; the times it gives count from the first of them."""
        from faster_whisper import BatchedInferencePipeline

        ends_s = [end_ms / 1000 for end_ms in accumulate(window.length_ms for window in windows)]
        begins_s = [0.0, *ends_s[:-1]]
        heard, _ = BatchedInferencePipeline(network).transcribe(
            np.concatenate([window.cut_from(sound) for window in windows]),
            clip_timestamps=[
                {"start": start, "end": end} for start, end in zip(begins_s, ends_s, strict=True)
            ],
            batch_size=len(windows),
            # Else a window of half a minute would be one segment.
            without_timestamps=False,
            **self._decoding(code),
        )
        for segment in heard:
            window_s = segment.seek / network.frames_per_second
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
            "hotwords": self._hotwords(),
        }

    def _hotwords(self) -> str | None:
        expected = dict.fromkeys((*self._options.hotwords, *self._options.names()))
        return ", ".join(list(expected)[:_MOST_HOTWORDS]) or None


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
