"""The lines of a scene: the sentences that are said in it, what is written in it, and when."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from heimdex_desktop.domain.scene import ScreenText, Segment, Word
from heimdex_desktop.domain.search import FoundScene

_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_PAUSE_MS = 700
"""Who is silent for longer has said something whole, also where a model writes no full stops."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and when it begins."""

    at_ms: int
    text: str


def lines_said(segments: Sequence[Segment]) -> list[Line]:
    """Take segments apart into sentences, as far as it is known when their words are said.

    Joined by spaces, the lines are the transcript: one spelling in the index (NFC), so that words to mark
    are found in the text that is shown.
    """
    return [line for segment in segments for line in _sentences(segment)]


def lines_written(texts: Sequence[ScreenText]) -> list[Line]:
    """Return what is written in the picture, each on one line, and when it was seen."""
    return [Line(one.at_ms, " ".join(_spelt(one.text).splitlines())) for one in texts]


def lines_of(scene: FoundScene) -> list[Line]:
    """Return what is said in a found scene, line by line."""
    ends = (*(begin - 1 for begin in scene.said_from[1:]), len(scene.transcript))
    # The end of all stands there also where there are no lines.
    spans = zip(scene.said_at_ms, scene.said_from, ends, strict=False)
    return [Line(at_ms, scene.transcript[begin:end]) for at_ms, begin, end in spans]


def lines_on_screen(scene: FoundScene) -> list[Line]:
    """Return what is written in a found scene, line by line."""
    texts = scene.screen_text.split("\n") if scene.screen_at_ms else ()
    return [Line(*one) for one in zip(scene.screen_at_ms, texts, strict=True)]


def beginnings(lines: Sequence[Line]) -> list[int]:
    """Return at which letters lines begin when they are joined by one letter each."""
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line.text) + 1)
    return begins[: len(lines)]


def _sentences(segment: Segment) -> Iterator[Line]:
    text = _spelt(segment.text)
    cuts = [(segment.span.start_ms, 0), *_cuts(text, segment.words)]
    for (at_ms, begin), (_, end) in pairwise([*cuts, (0, len(text) + 1)]):
        yield Line(at_ms, text[begin : end - 1])


def _cuts(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Find the words that begin another sentence: when they are said, and at which letter they stand."""
    place = 0
    for before, word in pairwise(words):
        place += len(_spelt(before.text))
        place = text.find(_spelt(word.text), place)
        if place < 0:
            # The words are not those of the text: no place of a later one is certain.
            return
        is_begun = before.text.endswith(_SENTENCE_ENDS) or word.span.start_ms - before.span.end_ms > _PAUSE_MS
        # Where words run together there is no space to cut at.
        if is_begun and text[place - 1 : place] == " ":
            yield word.span.start_ms, place


def _spelt(text: str) -> str:
    return unicodedata.normalize("NFC", text)
