"""What has been heard of a video so far, kept until its stage is done: hours of work survive a stop."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.errors import HeimdexError, MachineError
from heimdex_desktop.domain.scene import Segment
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.disk import read_whole, remove, told_plainly, write_whole
from heimdex_desktop.library.json_fields import MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.transcripts import seconds, segment_as_json, segment_from

_FORMAT = "heimdex-speech-draft"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class SpeechDraft:
    """The words of the first `heard_ms` of a video; `language` is None while nothing is said."""

    heard_ms: int = 0
    language: str | None = None
    segments: tuple[Segment, ...] = ()


class Drafts:
    """Keeps one draft for each video, bound to the fingerprint of the work it belongs to."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def load(self, video_id: VideoId, fingerprint: str) -> SpeechDraft | None:
        """Return the draft of this very work; None where there is none, or none that can be used.

        A draft of another model or setting is none. Raises nothing: work can always begin anew.
        """
        try:
            content = read_whole(self._place(video_id))
            return None if content is None else _draft_from(parsed(content), fingerprint)
        except (HeimdexError, MalformedError):
            return None

    def save(self, video_id: VideoId, fingerprint: str, draft: SpeechDraft) -> None:
        """Replace the draft; raises DiskFull and NoAccess."""
        content = {
            "format": _FORMAT,
            "version": _VERSION,
            "fingerprint": fingerprint,
            "heard_s": seconds(draft.heard_ms),
            "language": draft.language,
            "segments": [segment_as_json(segment) for segment in draft.segments],
        }
        place = self._place(video_id)
        with told_plainly(place):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(place, json.dumps(content).encode())

    def settle(self, video_id: VideoId, fingerprint: str) -> None:
        """Delete the draft of work whose result is safe by now; one of other work stays. Raises nothing."""
        if self.load(video_id, fingerprint) is not None:
            self.drop(video_id)

    def drop(self, video_id: VideoId) -> None:
        """Delete the draft of a video that is not wanted any more.

        Raises nothing: a draft that cannot be deleted only takes room.
        """
        with suppress(MachineError):
            remove(self._place(video_id))

    def _place(self, video_id: VideoId) -> Path:
        return self._places.drafts / f"{video_id}.speech.json"


def _draft_from(value: object, fingerprint: str) -> SpeechDraft | None:
    fields = fields_of(value)
    written = (fields.text("format"), fields.whole("version"), fields.text("fingerprint"))
    if written != (_FORMAT, _VERSION, fingerprint):
        return None
    return SpeechDraft(
        heard_ms=fields.milliseconds("heard_s"),
        language=fields.text_or_none("language"),
        segments=tuple(segment_from(segment) for segment in fields.inners("segments")),
    )
