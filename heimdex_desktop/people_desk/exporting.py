"""Writes down when somebody is seen, for other programs."""

from collections.abc import Sequence

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.people.gallery import Known
from heimdex_desktop.people.presence import FORMS, Sighting
from heimdex_desktop.people_desk.cards import appearances
from heimdex_desktop.people_desk.view import View

_TABLE = "csv"


def written(view: View, known: Known, video_ids: Sequence[VideoId], form: str) -> str:
    """Return when somebody is seen in these videos, or in all where none is named. Raises InputError."""
    if form not in FORMS:
        raise InputError(f"“{form}” is no form to export in.", f"Choose one of {', '.join(FORMS)}.")
    seen = [one for one in appearances(view, known.id) if not video_ids or one.video_id in video_ids]
    if form != _TABLE and len(seen) > 1:
        raise InputError(
            f"Subtitles are of one video, and {known.name} is seen in {len(seen)}.",
            "Name the video, or export a table (csv).",
        )
    return FORMS[form]([Sighting(known.name, one.video_name, span) for one in seen for span in one.spans])
