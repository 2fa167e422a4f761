"""What a cosine between a query and a transcript is worth, on a scale from 0 to 1 that all encoders share.

Cosines of different encoders are not comparable: unrelated texts lie near 0.05 with one and near 0.8 with
another, and an encoder that never learnt Korean puts all Korean texts close together. So the yardstick is
how near the *best* of many unrelated texts comes: some forty background questions are compared with the
library's own vectors and with some thirty background sentences, and the best cosine of each question is
taken. With m = median and s = 1.4826 * median absolute deviation of these (robust against questions that
the library does answer), a cosine c is worth 1 / (1 + exp(-(c - m - s) / (0.88 s))): 0.5 where it stands out
by one deviation, 0.24 where it is no better than the usual best of nothing. The sentences take part so that
a library of three scenes, where the best of nothing is low by chance, is judged as strictly as a large one.
0.88 is no choice: the largest of many has a Gumbel distribution, beyond which one expects
exp(-(c - mode) / b) passages of nothing, and of that distribution s is 1.137 b. So the odds of a cosine are
those of one passage that answers against the passages of nothing that would lie as near. (With a slope of
0.5 s, weak nearness was lost: of scenes that show one half of a query and say the other, nDCG@10 fell from
0.94 to 0.86.)
An encoder that does not find even the background questions with an answer among the background sentences is
blind in that script, whatever the library: its cosines are worth nothing, neither for a query nor for a
passage in it. (MiniLM reads no Korean: it puts all of it close together, and much that says nothing close to
it, "x" and "mr kim" at a cosine of 0.45 and more.) Measured with MiniLM: see the table of
`tests/benchmarks/quality.py`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.index.background import BACKGROUNDS, INTERJECTIONS, Script
from heimdex_desktop.index.exact_words import Term

SAMPLE_SIZE = 4_096
_MIDDLE_DEVIATIONS = 1.0
_SLOPE_DEVIATIONS = 0.88
_SMALLEST_DEVIATION = 0.02
_NORMAL_CONSISTENCY = 1.4826
_REGROWTH = 1.25
_SEEN_FROM = 0.5

_SCRIPTS = {
    Script.HANGUL: re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+"),
    Script.JAPANESE_OR_CHINESE: re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"),
    Script.LATIN: re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+"),
}
_LETTERS = re.compile(r"[^\W\d_]+")
_STRETCHED = re.compile(r"(.)\1{2,}|(..)\2+")
_TELLING_STOP_WORDS = 3
_CHARACTERS_THAT_TELL = 200


@dataclass(frozen=True, slots=True)
class Scale:
    """Where "the best of unrelated texts" lies: median and robust deviation, both cosines.

    `is_blind` marks an encoder that cannot tell related texts from unrelated ones: then nothing is worth
    anything.
    """

    median: float
    deviation: float
    is_blind: bool = False

    @classmethod
    def of(cls, tops: NDArray[np.float32]) -> "Scale":
        """Measure the best cosines of questions that have no answer, shape (n,)."""
        median = float(np.median(tops))
        spread = _NORMAL_CONSISTENCY * float(np.median(np.abs(tops - median)))
        return cls(median, max(spread, _SMALLEST_DEVIATION))

    def worth(self, cosine: float) -> float:
        """Map a cosine (-1..1) to 0..1, monotonically."""
        return float(self.worths(np.array([cosine]))[0])

    def worths(self, cosines: NDArray[np.floating]) -> NDArray[np.float64]:
        """Map cosines (-1..1) to 0..1 each, monotonically."""
        if self.is_blind:
            return np.zeros(len(cosines))
        deviations = (np.asarray(cosines, np.float64) - self.median) / self.deviation
        exponents = (deviations - _MIDDLE_DEVIATIONS) / _SLOPE_DEVIATIONS
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(exponents, -50.0, 50.0))))


class Calibration:
    """The scales of one encoder on one library, measured when first needed and again when the library grew.

    `sample(n)` returns up to n vectors of the library, shape (m, dimensions); (0, 0) where it has none. Every
    method may raise what the encoder raises.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._yardsticks: dict[Script, _Yardstick] = {}
        self._scales: dict[Script, Scale] = {}
        self._measured_at = 0

    def scale(self, text: str, vector_count: int, sample: Callable[[int], Vectors]) -> Scale:
        """Return the scale for a query among so many vectors, by its script."""
        if not self._measured_at / _REGROWTH <= vector_count <= self._measured_at * _REGROWTH:
            self._scales.clear()
            self._measured_at = vector_count
        script = script_of(text)
        wanted = [script] if script else list(Script)
        missing = [name for name in wanted if name not in self._scales]
        vectors = sample(SAMPLE_SIZE) if missing else None
        for name in missing:
            self._scales[name] = self._measure(name, vectors)
        return max((self._scales[name] for name in wanted), key=lambda scale: (scale.is_blind, scale.median))

    def reads(self, script: Script | None) -> bool:
        """Say whether the encoder tells texts of a script apart; None is read where all the others are."""
        return all(self._yardstick(name).is_read for name in ([script] if script else Script))

    def prepare(self, scripts: Iterable[Script | None]) -> None:
        """Encode the background texts of these scripts now, which the first query would wait for."""
        for script in scripts:
            self.reads(script)

    def _measure(self, script: Script, vectors: Vectors | None) -> Scale:
        yardstick = self._yardstick(script)
        tops = (yardstick.queries @ yardstick.passages.T).max(axis=1)
        if vectors is not None and len(vectors):
            tops = np.maximum(tops, (yardstick.queries @ vectors.T).max(axis=1))
        return replace(Scale.of(tops), is_blind=not yardstick.is_read)

    def _yardstick(self, script: Script) -> "_Yardstick":
        if script not in self._yardsticks:
            self._yardsticks[script] = _Yardstick.of(self._encoder, script)
        return self._yardsticks[script]


@dataclass(frozen=True, slots=True)
class _Yardstick:
    """Background vectors of one script, and whether questions were found nearer to their own answers."""

    queries: Vectors
    passages: Vectors
    is_read: bool

    @classmethod
    def of(cls, encoder: TextEncoder, script: Script) -> "_Yardstick":
        texts = BACKGROUNDS[script]
        queries = encoder.encode(texts.queries, Purpose.QUERY)
        passages = encoder.encode(texts.passages, Purpose.PASSAGE)
        asked = encoder.encode([query for query, _ in texts.answered], Purpose.QUERY)
        answers = encoder.encode([answer for _, answer in texts.answered], Purpose.PASSAGE)
        alone = Scale.of((queries @ passages.T).max(axis=1))
        seen = np.median([alone.worth(float(cosine)) for cosine in (asked * answers).sum(axis=1)])
        return cls(queries, passages, is_read=bool(seen >= _SEEN_FROM))


def script_of(text: str) -> Script | None:
    """Return the script of a query, by its first letters outside Latin if there are any; None for others."""
    return next((script for script, letters in _SCRIPTS.items() if letters.search(text)), None)


def main_script_of(text: str) -> Script | None:
    """Return the script of most letters a transcript begins with; None for others, and without letters."""
    text = text[:_CHARACTERS_THAT_TELL]
    if text.isascii():
        return script_of(text)
    counts: dict[Script | None, int] = {}
    for script, letters in _SCRIPTS.items():
        counts[script] = _count(letters, text)
        # Then no other can have as many.
        if 2 * counts[script] > len(text):
            return script
    counts[None] = _count(_LETTERS, text) - sum(counts.values())
    return max(counts, key=lambda script: counts[script]) if any(counts.values()) else None


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def has_meaning(terms: Sequence[Term]) -> bool:
    """Say whether the words of a query mean anything that a passage could say in other words.

    A single letter, an interjection and one or two function words do not: an encoder puts them anywhere.
    """
    rest = [term for term in terms if not _is_interjection(term.folded)]
    return len(rest) >= _TELLING_STOP_WORDS or any(not term.is_stop for term in rest)


def _is_interjection(folded: str) -> bool:
    # People stretch them: "hmmm", "hahaha".
    is_one_letter = folded.isascii() and len(set(folded)) == 1
    return is_one_letter or not INTERJECTIONS.isdisjoint((folded, _STRETCHED.sub(r"\1\2", folded)))
