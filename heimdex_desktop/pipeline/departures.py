"""Videos that are on their way out of the library, and those that were dropped again meanwhile."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.video import Video, VideoId

log = logging.getLogger(__name__)


class Forget(Protocol):
    """Takes a video out of the library. May raise HeimdexError."""

    def __call__(self, video_id: VideoId, *, with_sidecar: bool) -> None: ...


@dataclass(slots=True)
class _Departure:
    video: Video
    with_sidecar: bool
    dropped_again_at: Path | None = None


class Departures:
    """Used by the thread that owns the work."""

    def __init__(self) -> None:
        self._leaving: dict[VideoId, _Departure] = {}

    def begin(self, video: Video, *, with_sidecar: bool) -> None:
        self._leaving[video.id] = _Departure(video, with_sidecar)

    def dropped_again(self, video_id: VideoId, at: Path) -> bool:
        """Let a video wait that is dropped while it is being removed; tell whether it is."""
        if video_id not in self._leaving:
            return False
        self._leaving[video_id].dropped_again_at = at
        return True

    def end(self, video_id: VideoId) -> Path | None:
        """Return where a video that is gone now was dropped again, if it was."""
        departure = self._leaving.pop(video_id, None)
        return departure.dropped_again_at if departure else None

    def finish(self, forget: Forget) -> Iterator[str]:
        """Have removed what is still to be removed; yield a sentence for each video that could not be."""
        for departure in self._leaving.values():
            if departure.dropped_again_at:
                continue
            video = departure.video
            try:
                forget(video.id, with_sidecar=departure.with_sidecar)
            except HeimdexError as error:
                log.warning("a video was not removed", extra={"kind": type(error).__name__})
                yield (
                    f"“{video.home.name}” could not be removed: {error} It is on the list again once the"
                    " library is opened: remove it then."
                )
