"""When somebody is seen in a video, as stretches of time and as files that other programs read."""

import csv
import html
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.faces import look_count
from heimdex_desktop.domain.video import TimeSpan

_MARKUP_OF_SRT = str.maketrans("<>{}", "‹›()")
"""SubRip knows no way to write these as plain letters: players take them for markup."""
_UNKNOWN_REACH_MS = 500
_COLUMNS = ("person", "video", "start_s", "end_s")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stretch of a video in which somebody is seen; both by name."""

    person: str
    video: str
    span: TimeSpan


def stretch(moments: Collection[int], scene: TimeSpan | None) -> TimeSpan:
    """Return how long a face is taken to be seen that was found at these moments (ms, at least one).

    It reaches as far to both sides as the next picture would have, but not beyond the scene; where it is not
    known when that is, half a second.
    """
    if scene is None:
        return TimeSpan(max(0, min(moments) - _UNKNOWN_REACH_MS), max(moments) + _UNKNOWN_REACH_MS)
    # Half of the way between two pictures, rounded up so that a face in all of them fills the scene.
    reach_ms = -(-scene.length_ms // (2 * look_count(scene.length_ms)))
    first, last = min(moments) - reach_ms, max(moments) + reach_ms
    return TimeSpan(_within(first, scene), max(_within(first, scene), _within(last, scene)))


def _within(at_ms: int, scene: TimeSpan) -> int:
    return min(max(at_ms, scene.start_ms), scene.end_ms)


def merged(spans: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """Return the spans in order, those that touch or overlap as one."""
    joined: list[TimeSpan] = []
    for span in sorted(spans):
        if joined and span.start_ms <= joined[-1].end_ms:
            joined[-1] = TimeSpan(joined[-1].start_ms, max(joined[-1].end_ms, span.end_ms))
        else:
            joined.append(span)
    return tuple(joined)


def as_srt(sightings: Sequence[Sighting]) -> str:
    """Write a SubRip file: the name stands while the person is seen."""
    return "\n".join(
        f"{number}\n{_clock(one.span.start_ms, ',')} --> {_clock(one.span.end_ms, ',')}\n"
        f"{one.person.translate(_MARKUP_OF_SRT)}\n"
        for number, one in enumerate(sightings, start=1)
    )


def as_vtt(sightings: Sequence[Sighting]) -> str:
    """Write a WebVTT file: the name stands while the person is seen."""
    cues = (
        f"\n{_clock(one.span.start_ms, '.')} --> {_clock(one.span.end_ms, '.')}\n"
        f"{html.escape(one.person, quote=False)}\n"
        for one in sightings
    )
    return "WEBVTT\n" + "".join(cues)


def as_csv(sightings: Sequence[Sighting]) -> str:
    """Write a table with a head, in the form of RFC 4180; times are seconds with three decimals."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for one in sightings:
        ends = (f"{at_ms / 1000:.3f}" for at_ms in (one.span.start_ms, one.span.end_ms))
        writer.writerow((one.person, one.video, *ends))
    return table.getvalue()


FORMS = {"srt": as_srt, "vtt": as_vtt, "csv": as_csv}


def _clock(at_ms: int, point: str) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"
