"""Cuts the piece of a transcript that shows why a scene matched, with the matched words marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_LEAD_CHARS = 48
_GAP = "…"
# Scripts written without spaces between words, or with endings glued to them, match anywhere in a word.
_GLUED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is either marked as matched or not."""

    text: str
    is_marked: bool = False


def snippet(transcript: str, words: Iterable[str], *, limit_chars: int = 200) -> tuple[Piece, ...]:
    """Return the pieces of at most about `limit_chars` around the first matched word.

    Joined, the pieces are a stretch of the transcript with white space folded, with `…` where it was cut.
    """
    text = " ".join(transcript.split())
    marks = tuple(_merged(_found(text, words)))
    start = _start_of_window(text, marks[0][0] if marks else 0, limit_chars)
    end = _end_of_window(text, start + limit_chars)
    pieces = list(_pieces(text, marks, start=start, end=end))
    if start > 0:
        pieces.insert(0, Piece(_GAP))
    if end < len(text):
        pieces.append(Piece(_GAP))
    return tuple(pieces)


def marks_in(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return the half-open character ranges of `text` in which one of `words` stands, in order."""
    return tuple(_merged(_found(text, words)))


def _found(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for word in words:
        wanted = " ".join(word.split())
        if wanted:
            found.extend(match.span() for match in _pattern(wanted).finditer(text))
    return sorted(found)


def _pattern(word: str) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(part) for part in word.split())
    boundary = "" if _GLUED.search(word) or not word[0].isalnum() else r"(?<!\w)"
    return re.compile(boundary + spaced, re.IGNORECASE)


def _merged(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in ranges:
        if current is None:
            current = (start, end)
        elif start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current


def _start_of_window(text: str, first_mark: int, limit_chars: int) -> int:
    if len(text) <= limit_chars or first_mark <= _LEAD_CHARS:
        return 0
    wished = min(first_mark - _LEAD_CHARS, len(text) - limit_chars)
    space = text.find(" ", wished, first_mark)
    return space + 1 if space >= 0 else wished


def _end_of_window(text: str, wished: int) -> int:
    if wished >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, wished - _LEAD_CHARS), wished)
    return space if space > 0 else wished


def _pieces(text: str, marks: Iterable[tuple[int, int]], *, start: int, end: int) -> Iterator[Piece]:
    at = start
    for mark_start, mark_end in marks:
        left, right = max(mark_start, at), min(mark_end, end)
        if left >= right:
            continue
        if left > at:
            yield Piece(text[at:left])
        yield Piece(text[left:right], is_marked=True)
        at = right
    if at < end:
        yield Piece(text[at:end])
