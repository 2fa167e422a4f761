"""A video: one content, wherever copies of it lie."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NewType

VideoId = NewType("VideoId", str)
"""A UUID made from the content, so a video that moved or was renamed is still the same video."""


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """A half-open stretch of time `[start_ms, end_ms)`, in milliseconds from the first frame."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            message = f"not a time span: {self.start_ms}..{self.end_ms} ms"
            raise ValueError(message)

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    def contains(self, at_ms: int) -> bool:
        return self.start_ms <= at_ms < self.end_ms

    def overlap_ms(self, other: "TimeSpan") -> int:
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """A text track inside the video file; `language` is a BCP 47 tag such as `en`, or None."""

    stream_index: int
    codec: str
    language: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What the file holds. Width and height are as displayed: upright, with square pixels.

    `made_at` is when it was recorded or last changed, with a time zone; None where nobody knows.
    """

    duration_ms: int
    frame_rate: float
    width_px: int
    height_px: int
    rotation_deg: int
    video_codec: str
    audio_codecs: tuple[str, ...] = ()
    subtitle_tracks: tuple[SubtitleTrack, ...] = ()
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """One content and every place where it was found, the first place being its home."""

    id: VideoId
    locations: tuple[Path, ...]
    size_bytes: int
    media: MediaInfo | None = None

    @property
    def home(self) -> Path:
        return self.locations[0]
