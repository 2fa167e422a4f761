"""Says counts, times, progress and reasons in a person's words."""

import html
import math
import unicodedata
from pathlib import Path

from heimdex_desktop.domain.scene import TEXT, VISION
from heimdex_desktop.domain.search import Channel, Hit, Reason
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.pipeline.board import Overall, RowState, Switch, VideoRow

_CHANNEL_WORDS = {
    Channel.SAID: "said",
    Channel.SEEN: "seen",
    Channel.TAGS: "tag",
    Channel.TEXT: "on screen",
    Channel.WHO: "who",
}


def plain(text: str) -> str:
    """Show text on one line as it is: control characters, which no font draws, become spaces."""
    if text.isprintable():
        # As most are; thousands of names are shown in one turn of the window's loop.
        return text
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)


def tooltip(text: str) -> str:
    """Wrap text for a tooltip so that markup in it is shown, not obeyed."""
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>" if text else ""


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: `1 video`, `12 videos`, `1,204 scenes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def clock(at_ms: int) -> str:
    """Write a moment as `m:ss`, or `h:mm:ss` from the first hour on."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def span_text(span: TimeSpan) -> str:
    """Write a span as `m:ss–m:ss`, never showing it shorter than it is."""
    return f"{clock(span.start_ms)}–{clock(span.end_ms + 999)}"


def scene_times(hit: Hit) -> str:
    """Write when a hit is, what follows it, and how many scenes it stands for: `0:08–0:12 → 0:30–0:34 +2`."""
    times = " → ".join(span_text(scene.span) for scene in (hit.scene, *hit.then))
    more = len(hit.near) + len(hit.copies)
    return f"{times} +{more}" if more else times


def exact_moment(at_ms: int) -> str:
    """Write a moment as `hh:mm:ss.mmm`."""
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


def path_and_time(path: Path, at_ms: int) -> str:
    """Write what "Copy path and time" puts on the clipboard: `/films/a.mp4 00:01:23.400`."""
    return f"{path} {exact_moment(at_ms)}"


def remaining(eta_s: float | None) -> str:
    """Write how long is left, as coarsely as it is known; nothing when it is not known."""
    if eta_s is None or not math.isfinite(eta_s):
        return ""
    if eta_s < 10:
        return "a few seconds left"
    if eta_s < 55:
        return "less than a minute left"
    minutes = max(1, round(eta_s / 60))
    if minutes < 60:
        return f"about {minutes} min left"
    hours, minutes = divmod(round(minutes / 5) * 5, 60)
    return f"about {hours} h {minutes} min left" if minutes else f"about {hours} h left"


def percent(share: float) -> str:
    """Write a share, 0..1, as `93 %`."""
    return f"{share * 100:.0f} %"


def why(reason: Reason) -> str:
    """Name in two or three words why a scene matched: `said · words`, `tag · night`, `who · Minji 93 %`."""
    is_named_by_words = reason.channel is not Channel.SAID and reason.words
    # The last word says it (“exact words”, “similar meaning”), and three of these must fit on a card.
    detail = ", ".join(reason.words) if is_named_by_words else reason.how.split(" ")[-1]
    sure = "" if reason.confidence is None else f" {percent(reason.confidence)}"
    return plain(" · ".join(part for part in (_CHANNEL_WORDS[reason.channel], detail + sure) if part))


def row_status(row: VideoRow) -> str:
    """Say in one line how far a video is, or why it stands still."""
    if row.state is RowState.FAILED:
        return plain(_reason(row)) if row.failure else "This video could not be indexed."
    if row.state is RowState.DONE:
        return _joined(counted(row.scene_count, "scene"), row.note)
    if row.state is RowState.RUNNING:
        return _joined(row.stage or "Working", remaining(row.eta_s))
    if row.state is RowState.WAITING_FOR_MODEL:
        # What it waits for is a long sentence: it has the third line.
        return _joined(counted(row.scene_count, "scene"), _STANDING_WORDS[row.state])
    return _joined(_STANDING_WORDS[row.state], row.note)


def _reason(row: VideoRow) -> str:
    """Return why a video failed, without its name: that stands right above."""
    sentence = row.failure.sentence if row.failure else ""
    rest = sentence.removeprefix(f"“{row.location.name}” ")
    return rest[:1].upper() + rest[1:]


_STANDING_WORDS = {
    RowState.QUEUED: "In the queue",
    RowState.PAUSED: "Paused",
    RowState.CANCELLED: "Cancelled",
    RowState.WAITING_FOR_MODEL: "waiting for a model",
    RowState.OFFLINE: "Offline",
    RowState.NOT_INDEXED: "Not indexed yet",
}


def row_third_line(row: VideoRow) -> str:
    """Say what to do about a failed video, what one waits for, and where any other video lies."""
    if row.state is RowState.FAILED and row.failure and row.failure.advice:
        return plain(row.failure.advice)
    if row.state is RowState.WAITING_FOR_MODEL and row.note:
        return plain(row.note)
    return plain(str(row.location.parent))


def row_tooltip(row: VideoRow) -> str:
    """Say everything about a video that a narrow list has to cut off."""
    lines = [str(row.location), row_status(row)]
    if row.failure:
        lines.append(row.failure.advice)
    if row.state in {RowState.RUNNING, RowState.WAITING_FOR_MODEL}:
        lines.append(row.note)
    return tooltip("\n".join(line for line in lines if line))


def overall_status(overall: Overall, scene_count: int) -> str:
    """Say in one honest line how far all the work is; `failures_text` goes with it."""
    if overall.total == 0:
        return "No videos yet"
    settled = overall.done + overall.failed + overall.left_out
    if overall.is_working:
        state = "paused" if overall.paused else remaining(overall.eta_s)
        return _joined(f"{settled:,} of {counted(overall.total, 'video')}", state)
    if overall.done == overall.total:
        videos, scenes = counted(overall.total, "video"), counted(scene_count, "scene")
        if overall.waiting:
            waiting = f"{overall.waiting:,} {'waits' if overall.waiting == 1 else 'wait'} for a model"
            return f"{videos}, {scenes}, {waiting}"
        return f"{videos}, {scenes}, everything indexed"
    indexed = f"{overall.done:,} of {counted(overall.total, 'video')} indexed"
    return _joined(indexed, counted(scene_count, "scene"))


def switch_text(switch: Switch) -> str:
    """Say how far the search is on its way to another model."""
    kind = {TEXT: "Search by meaning", VISION: "Search by picture"}.get(switch.role, "The search")
    # A folder's or a repository's name may be long; its end tells.
    model = switch.model.rpartition("/")[2]
    return plain(f"{kind} moves to {model}: {switch.done:,} of {counted(switch.total, 'video')}")


def failures_text(overall: Overall) -> str:
    """Say how many videos failed; nothing when none did."""
    if not overall.failed:
        return ""
    return f"{counted(overall.failed, 'video')} {'needs' if overall.failed == 1 else 'need'} a look"


def _joined(*parts: str) -> str:
    return plain(" · ".join(part for part in parts if part))
