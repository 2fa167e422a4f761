"""Videos that are on their way out of the library, and those that were dropped again meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.video import VideoId


@dataclass(slots=True)
class _Departure:
    with_sidecar: bool
    dropped_again_at: Path | None = None


class Departures:
    """Used by the thread that owns the work."""

    def __init__(self) -> None:
        self._leaving: dict[VideoId, _Departure] = {}

    def begin(self, video_id: VideoId, *, with_sidecar: bool) -> None:
        self._leaving[video_id] = _Departure(with_sidecar)

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

    def unfinished(self) -> Iterator[tuple[VideoId, bool]]:
        """Yield what is still to be removed, and whether its sidecar goes too."""
        for video_id, departure in self._leaving.items():
            if departure.dropped_again_at is None:
                yield video_id, departure.with_sidecar
