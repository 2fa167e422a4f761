"""How words and their times are written down as JSON, in sidecars and in drafts alike."""

from typing import cast

from heimdex_desktop.domain.scene import Segment, Transcript, TranscriptSource, Word
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.library.json_fields import Fields, MalformedError, milliseconds_of


def transcript_as_json(transcript: Transcript) -> dict[str, object]:
    written: dict[str, object] = {
        "text": transcript.text,
        "segments": [segment_as_json(segment) for segment in transcript.segments],
        "language": transcript.language,
    }
    return written | ({"source": transcript.source.value} if transcript.source else {})


def transcript_from(fields: Fields) -> Transcript:
    """Read a transcript; raises MalformedError."""
    return Transcript(
        segments=tuple(segment_from(segment) for segment in fields.inners("segments")),
        language=fields.text_or_none("language"),
        source=_source_from(fields.text_or_none("source")),
    )


def segment_as_json(segment: Segment) -> dict[str, object]:
    """Write a segment; its words, where their times are known, as short lists `[start, end, text]`."""
    written: dict[str, object] = {**_ends(segment.span), "text": segment.text}
    words = [[*_ends(word.span).values(), word.text] for word in segment.words]
    return written | ({"words": words} if words else {})


def segment_from(fields: Fields) -> Segment:
    """Read a segment; raises MalformedError."""
    has_words = fields.content.get("words") is not None
    return Segment(
        span=span_from(fields, start="start", end="end"),
        text=fields.text("text"),
        words=tuple(_word_from(word) for word in fields.items("words")) if has_words else (),
    )


def seconds(milliseconds: int) -> float:
    return int(milliseconds) / 1000


def span_from(fields: Fields, *, start: str, end: str) -> TimeSpan:
    """Read a span from the fields of its two ends; raises MalformedError."""
    return _span(fields.milliseconds(start), fields.milliseconds(end))


def _ends(span: TimeSpan) -> dict[str, float]:
    return {"start": seconds(span.start_ms), "end": seconds(span.end_ms)}


def _word_from(value: object) -> Word:
    match cast("list[object]", value) if isinstance(value, list) else ():
        case [start, end, str(text)]:
            return Word(_span(*milliseconds_of([start, end], "words")), text)
        case _:
            message = "a word is not a list of start, end and text"
            raise MalformedError(message)


def _span(start_ms: int, end_ms: int) -> TimeSpan:
    if start_ms > end_ms:
        message = "a start lies after its end"
        raise MalformedError(message)
    return TimeSpan(start_ms, end_ms)


def _source_from(written: str | None) -> TranscriptSource | None:
    # A later minor version may know more sources; the words are good all the same.
    return next((source for source in TranscriptSource if source.value == written), None)
