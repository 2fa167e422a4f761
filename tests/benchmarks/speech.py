"""How well and how fast speech is recognised: word errors, start times, inventions, times real time.

Run it with `python -m tests.benchmarks.speech`. The clips of tests/media/speech are heard by the small
model of the tests; `--espeak` lets espeak-ng speak more sentences in more voices. Inventions are counted
with the model as it is, with our filters alone, and with the look for voices before it. With `--model
FOLDER` and `--media FOLDER` a real model hears real people.
"""

import argparse
import io
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.domain.scene import Segment
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.inference.room import Seat
from heimdex_desktop.inference.self_test import Precision
from heimdex_desktop.inference.speech_filters import Guess, believable
from heimdex_desktop.inference.speech_model import SpeechModel
from heimdex_desktop.inference.transcriber import SpeechOptions, WhisperTranscriber
from heimdex_desktop.inference.voice import voiced_spans
from tests.speech import (
    NANO_WHISPER,
    SENTENCES,
    decoded,
    lay_out,
    music,
    pink_noise,
    silence,
    sound_of,
    tone,
    white_noise,
)

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment as Heard

_VOICES = ("en-us", "en-gb", "en-us+f3", "en-gb+m3", "en-us+m7", "en-gb+f1")
_TEXTS = (
    *(sentence.text for sentence in SENTENCES),
    "Please open the window.",
    "The meeting starts at ten.",
    "Happy birthday to you.",
)
_QUIET = 0.01


@dataclass
class Score:
    """What became of the spoken words of several sounds."""

    name: str
    words: int = 0
    errors: int = 0
    sound_s: float = 0.0
    work_s: float = 0.0
    start_errors_ms: list[int] = field(default_factory=list[int])

    def row(self) -> str:
        late_ms = sorted(self.start_errors_ms)
        starts = f"{late_ms[len(late_ms) // 2]:6} {late_ms[-1]:6}" if late_ms else f"{'-':>6} {'-':>6}"
        return (
            f"{self.name:36} {self.words:6} {self.errors / max(1, self.words):7.1%} "
            f"{starts} {self.sound_s / self.work_s:9.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well and how fast speech is recognised.")
    parser.add_argument("--espeak", action="store_true", help="let espeak-ng speak more sentences")
    parser.add_argument("--model", type=Path, help="the folder of a real Whisper model (CTranslate2)")
    parser.add_argument("--media", type=Path, help="the folder of real clips, for the real model")
    parser.add_argument("--threads", type=int, default=1, help="threads of the model")
    asked = parser.parse_args()
    options = SpeechOptions(Seat("cpu", Precision.INT8), asked.threads)
    nano = WhisperTranscriber(NANO_WHISPER, options=options)
    list(nano.transcribe(sound_of(SENTENCES[0]), None))
    print(f"{'':36} {'words':>6} {'wrong':>7} {'start error ms':>13} {'x real time':>9}")
    print(f"{'':36} {'':>6} {'':>7} {'median':>6} {'worst':>6}")
    for gap_ms in (500, 2_500, 6_000):
        said = [(sentence.text, sound_of(sentence)) for sentence in SENTENCES]
        print(_measured(f"clips, pauses of {gap_ms} ms", nano, [said], gap_ms).row(), flush=True)
    if asked.espeak:
        for voice in _VOICES:
            groups = [[(text, _spoken(text, voice)) for text in _TEXTS]]
            print(_measured(f"espeak-ng {voice}", nano, groups, 2_500).row(), flush=True)
    _print_inventions(nano)
    if asked.model and asked.media:
        _print_people(WhisperTranscriber(asked.model, options=options), asked.media)


def _measured(
    name: str, transcriber: WhisperTranscriber, groups: Sequence[Sequence[tuple[str, Sound]]], gap_ms: int
) -> Score:
    score = Score(name)
    for said in groups:
        places_ms: list[int] = [1_000]
        for _, piece in said:
            places_ms.append(places_ms[-1] + len(piece) // 16 + gap_ms)
        pieces = [piece for _, piece in said]
        sound = lay_out(places_ms[-1], list(zip(places_ms, pieces, strict=False)))
        began_s = time.perf_counter()
        segments = list(transcriber.transcribe(sound, "en"))
        score.work_s += time.perf_counter() - began_s
        score.sound_s += len(sound) / SOUND_RATE
        truth = " ".join(text for text, _ in said)
        score.words += len(_plain(truth))
        score.errors += _edits(_plain(truth), _plain(" ".join(segment.text for segment in segments)))
        for (text, _), at_ms in zip(said, places_ms, strict=False):
            same = [abs(one.span.start_ms - at_ms) for one in segments if _plain(one.text) == _plain(text)]
            score.start_errors_ms.extend(sorted(same)[:1])
    return score


def _print_inventions(transcriber: WhisperTranscriber) -> None:
    """Print how many words are written down for a minute of sounds in which nobody speaks."""
    minute_ms = 60_000
    sounds: dict[str, Sound] = {
        "silence": silence(minute_ms),
        "white noise": white_noise(minute_ms),
        "pink noise": pink_noise(minute_ms),
        "music": music(minute_ms),
        "tone": tone(minute_ms, 440),
    }
    model = SpeechModel(NANO_WHISPER, seat=Seat("cpu", Precision.INT8), threads=1)
    ways: dict[str, Callable[[Sound], Iterator[str]]] = {
        "model": lambda sound: (heard.text for heard in _bare(model, sound)),
        "filtered": lambda sound: _filtered(model, sound),
        "as built": lambda sound: (heard.text for heard in transcriber.transcribe(sound, "en")),
    }
    print(f"\n{'words invented in a minute of':36} " + " ".join(f"{way:>8}" for way in ways))
    for name, sound in sounds.items():
        counts = [len(_plain(" ".join(way(sound)))) for way in ways.values()]
        print(f"{name:36} " + " ".join(f"{count:8}" for count in counts), flush=True)


def _bare(model: SpeechModel, sound: Sound) -> "Iterator[Heard]":
    """Let the model hear the whole sound, with the settings of its library."""
    heard, _ = model.network.transcribe(sound, language="en", temperature=0.0)
    yield from heard


def _filtered(model: SpeechModel, sound: Sound) -> Iterator[str]:
    """Let the model hear the whole sound, and leave out what is not believable."""
    guesses = (
        Guess(
            Segment(TimeSpan(int(heard.start * 1000), int(heard.end * 1000)), heard.text),
            heard.no_speech_prob,
            heard.avg_logprob,
        )
        for heard in _bare(model, sound)
    )
    voiced = voiced_spans(sound, longest_ms=model.longest_ms)
    return (segment.text for segment in believable(guesses, voiced))


def _print_people(transcriber: WhisperTranscriber, media: Path) -> None:
    """Print the errors in real recordings, in words, or in signs for languages without spaces."""
    print(f"\n{'people':36} {'parts':>6} {'wrong':>7} {'':>13} {'x real time':>9}")
    for clip in json.loads((media / "truth/speech.json").read_text(encoding="utf-8")):
        score = Score(Path(clip["file"]).name)
        sound = decoded(media / clip["file"])
        began_s = time.perf_counter()
        heard = " ".join(one.text for one in transcriber.transcribe(sound, None))
        score.work_s, score.sound_s = time.perf_counter() - began_s, len(sound) / SOUND_RATE
        parts = _signs if clip.get("lang") in {"ko", "ja", "zh"} else _plain
        score.words = len(parts(clip.get("text", "")))
        score.errors = _edits(parts(clip.get("text", "")), parts(heard))
        print(score.row(), flush=True)


def _spoken(text: str, voice: str) -> Sound:
    words = ["espeak-ng", "-v", voice, "--stdout", text]
    said = subprocess.run(words, capture_output=True, check=True).stdout
    sound = decoded(io.BytesIO(said))
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    return sound[loud[0] : loud[-1] + 1]


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _signs(text: str) -> list[str]:
    return [sign for sign in text if sign.isalnum()]


def _edits(truth: Sequence[str], heard: Sequence[str]) -> int:
    """Count what must be changed, added and left out to make the truth of what was heard (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, said in enumerate(truth, start=1):
        before, row[0] = row[0], number
        for place, word in enumerate(heard, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (said != word))
    return row[-1]


if __name__ == "__main__":
    main()
