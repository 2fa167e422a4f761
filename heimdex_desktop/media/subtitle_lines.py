"""From what subtitles show to what is said: markup off, repetitions merged, odd times mended."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.scene import Segment
from heimdex_desktop.domain.video import TimeSpan

_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}.*?(?=\{[^{}]*\\p0|\Z)", re.DOTALL)
_OVERRIDE = re.compile(r"\{[^{}]*\}")
_BREAK = re.compile(r"\\[Nn]|[\n\r\x0b\x0c\x85\u2028\u2029]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+>")
# A block whose time line is malformed is taken for more text of the block before it.
_SWALLOWED = re.compile(r"(?:\n[ \t]*\d*[ \t]*)?\n[^\n]*-->.*", re.DOTALL)

# Rolling captions follow each other without a gap; a line said again comes later.
_ADJACENT_MS = 120
# Nobody reads a line for longer; what stays is a watermark or lost its end.
_LONGEST_MS = 60_000


@dataclass(frozen=True, slots=True)
class Cue:
    """What subtitles show at a time, one entry per line; times (ms) may be negative or reversed."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def plain_lines(text: str) -> tuple[str, ...]:
    """Take off ASS and HTML markup, drawings and invisible characters; lines without a letter go.

    Accepts what SubRip, WebVTT and ASS files hold (`<i>`, `<v Ann>`, `<00:00:01.000>`, `{\\an8}`,
    `\\N`, `&amp;`). Text comes back in NFC with single spaces.
    """
    text = _SWALLOWED.sub("", _OVERRIDE.sub("", _DRAWING.sub("", text)))
    text = html.unescape(_TAG.sub("", text.replace("\\h", " ")))
    lines = (_tidy(line) for line in _BREAK.split(text))
    return tuple(line for line in lines if any(character.isalnum() for character in line))


def segments_of(cues: Iterable[Cue]) -> tuple[Segment, ...]:
    """Put cues in order of time and say everything once.

    The same text shown again without a gap, or in several layers, becomes one segment; a line that
    rolls up (first below, then above the next one) is only said where it first appears. What ends
    before time zero is dropped, reversed times are swapped, and no segment is longer than a minute.
    """
    said: dict[str, int] = {}
    segments: list[Segment] = []
    for cue in _rolled_out(sorted(_mended(cues), key=lambda cue: (cue.start_ms, cue.end_ms))):
        text = " ".join(cue.lines)
        number = said.get(text)
        if number is not None and cue.start_ms <= segments[number].span.end_ms + _ADJACENT_MS:
            span = segments[number].span
            segments[number] = Segment(_span(span.start_ms, max(span.end_ms, cue.end_ms)), text)
        else:
            said[text] = len(segments)
            segments.append(Segment(_span(cue.start_ms, cue.end_ms), text))
    return tuple(segments)


def _mended(cues: Iterable[Cue]) -> Iterator[Cue]:
    for cue in cues:
        start_ms, end_ms = sorted((cue.start_ms, cue.end_ms))
        if cue.lines and (end_ms > 0 or start_ms == 0):
            yield Cue(max(0, start_ms), end_ms, cue.lines)


def _rolled_out(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Leave out of every cue the lines that the cue just before it ended with."""
    before = Cue(0, -_LONGEST_MS, ())
    for cue in cues:
        lines = cue.lines
        if cue.start_ms <= before.end_ms + _ADJACENT_MS and lines != before.lines:
            lines = lines[_overlap(before.lines, lines) :]
        if lines:
            yield Cue(cue.start_ms, cue.end_ms, lines)
        before = cue


def _overlap(before: Sequence[str], after: Sequence[str]) -> int:
    longest = min(len(before), len(after))
    return next((n for n in range(longest, 0, -1) if before[-n:] == after[:n]), 0)


def _span(start_ms: int, end_ms: int) -> TimeSpan:
    return TimeSpan(start_ms, min(end_ms, start_ms + _LONGEST_MS))


def _tidy(line: str) -> str:
    visible = "".join(character if character.isprintable() else " " for character in line)
    return " ".join(unicodedata.normalize("NFC", visible).split())
