"""Says in words where a scene stands that a person expected, and what keeps it from being found."""

import re

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Beside, Channel, WhyNot
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.ui.seam import Expected, Explained
from heimdex_desktop.ui.wording import clock, counted, plain, span_text

CHANNEL_NAMES = {
    Channel.SAID: "Said",
    Channel.SEEN: "Seen",
    Channel.TAGS: "Tags",
    Channel.TEXT: "On screen",
    Channel.WHO: "Who",
}
_MOMENT = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})(?:\.(\d{1,3}))?")
_STANDING = {
    RowState.QUEUED: "The video is in the queue.",
    RowState.RUNNING: "The video is being worked on.",
    RowState.PAUSED: "The video is paused: Resume goes on with it.",
    RowState.CANCELLED: "The video was cancelled: Retry goes on with it.",
    RowState.DONE: "The video is indexed, but no scene of it lies there: it may be shorter.",
    RowState.OFFLINE: "The drive of the video is not connected, and its scenes were not indexed before.",
    RowState.NOT_INDEXED: "The video was not indexed yet.",
}


def unranked(text: str, beside: Beside | None) -> str:
    """Say why the answer to a question ranks nothing; nothing where it does."""
    query = parse(text)
    if query.sequence:
        return "Scenes in order have no rank of their own. Ask for one part of the search alone."
    if query.ranks or not (beside is None or isinstance(beside, OfVideo)):
        return ""
    if query.is_blank and beside is None:
        return "Nothing is asked for. Type what should find the scene, then look again."
    return "Nothing is ranked by conditions alone: each scene that meets them is shown, the newest first."


def explanation(explained: Explained, row: VideoRow | None) -> tuple[str, str]:
    """Return a sentence on where the scene stands, and what there is to say beside it (perhaps nothing)."""
    if explained.trouble:
        return plain(explained.trouble), ""
    if explained.found is None:
        return f"{_place_of(explained.expected)} can be found yet.", standing(row)
    return _ranked(explained.found), _beside(explained.found, row)


def standing(row: VideoRow | None) -> str:
    """Say why scenes of a video may be missing."""
    if row is None:
        return "The video is not on the list any more."
    if row.failure:
        return plain(f"{row.failure.sentence} {row.failure.advice}".strip())
    if row.state is RowState.RUNNING and row.stage:
        return plain(f"{_STANDING[row.state]} Now: {row.stage}.")
    return " ".join(part for part in (_STANDING.get(row.state, ""), plain(row.note)) if part)


def read_moment(text: str) -> int | None:
    """Read `1:02:03.5`, `2:03` or `12` as milliseconds; None where it is no moment."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups("")
    whole_s = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole_s * 1000 + int(fraction.ljust(3, "0") if fraction else 0)


def _place_of(expected: Expected) -> str:
    return "No scene of it" if expected.at_ms is None else f"No scene at {clock(expected.at_ms)}"


def _ranked(found: WhyNot) -> str:
    scene = f"The scene {span_text(found.scene.span)}"
    if not found.meets_conditions:
        return f"{scene} does not meet the conditions of the search."
    if found.shown_at:
        return f"{scene} is among the results: it is shown with number {found.shown_at}."
    return f"{scene} is number {found.rank:,} of {found.judged:,} that were looked at closely."


def _beside(found: WhyNot, row: VideoRow | None) -> str:
    waits = row is not None and row.state is RowState.WAITING_FOR_MODEL
    more = plain(f"More will be known of it later: {row.note}") if row and waits and row.note else ""
    if found.unmet:
        reason = _about_people(found)
    elif not found.meets_conditions:
        reason = "Take them out one by one to see which keeps it away."
    elif found.shown_at:
        reason = ""
    elif found.score <= 0:
        reason = "Nothing that is known of it speaks to the search."
    else:
        reason = f"It scores {found.score:.2f}, the best {found.best:.2f}. Only what comes close is shown."
    return " ".join(part for part in (reason, more) if part)


def _about_people(found: WhyNot) -> str:
    """Say what of a search about people a scene does not meet, and who is there instead."""
    asked = f"It does not meet {', '.join(found.unmet)}."
    if found.scene.people_count is None:
        return plain(f"{asked} Nobody looked for faces in it yet.")
    names = ", ".join(one.name for one in found.scene.people) or "nobody who is known"
    return plain(f"{asked} Seen there: {names}; {counted(found.scene.people_count, 'face')} at once.")
