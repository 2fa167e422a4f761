"""Packets and pictures out of an open video, leaving out what is damaged."""

from collections.abc import Generator, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from heimdex_desktop.domain.errors import OutOfMemory
from heimdex_desktop.media.containers import (
    confirm_readable,
    no_picture_decodes,
    only,
    open_container,
    protected,
    video_stream,
)

if TYPE_CHECKING:
    # Only the type can be subscripted, not the class.
    from av.packet import Packet

AnyStream = TypeVar("AnyStream", bound=Stream)

SLOWEST_HZ, FASTEST_HZ = Fraction(1, 60), Fraction(480)
"""The frame rates that are believed; headers claim 1000 and 90000 too."""

# A damaged place gives a few faults and then goes on; a file that never stops giving them is at its end.
_MAX_READ_FAULTS = 64
# About a minute: a video that shows nothing for so long shows nothing at all.
_HOPELESS_PACKETS = 2000
_JUMP_BACK_MS = 1000
_USUAL_GAP_MS = 40


def packets(path: Path, container: InputContainer, *streams: AnyStream) -> Generator["Packet[AnyStream]"]:
    """Yield the packets of these streams from where the container stands, passing over unreadable places.

    Raises FileGone or NoAccess when the drive, not the file, is at fault.
    """
    only(container, *streams)
    demuxer = _demuxed(container, streams)
    faults = 0
    while faults < _MAX_READ_FAULTS:
        try:
            packet = next(demuxer, None)
        except FFmpegError as fault:
            if isinstance(fault, OSError):
                confirm_readable(path)
            faults += 1
            demuxer = _demuxed(container, streams)
            continue
        if packet is None:
            return
        # To a decoder an empty packet means the end, so the one that ends the file must not come early.
        if packet.size:
            yield packet


def _demuxed(container: InputContainer, streams: "tuple[AnyStream, ...]") -> "Iterator[Packet[AnyStream]]":
    return cast("Iterator[Packet[AnyStream]]", container.demux(*streams))


def decoded(
    path: Path, stream: VideoStream, source: Iterable["Packet[VideoStream]"]
) -> Generator[VideoFrame]:
    """Yield every frame that decodes, in display order, from the stream's packets.

    Raises UnreadableVideo when none decodes or the video is encrypted, OutOfMemory, FileGone or NoAccess.
    """
    found = False
    for number, packet in enumerate(source, start=1):
        if packet.has_sidedata("encryption_info"):
            # Not left to the decoder: by chance it makes pictures of noise from it.
            raise protected(path)
        frames = _decode(path, stream, packet)
        yield from frames
        found = found or bool(frames)
        if not found and number >= _HOPELESS_PACKETS:
            raise no_picture_decodes(path)
    last = _decode(path, stream, None)
    yield from last
    if not found and not last:
        raise no_picture_decodes(path)


def time_zero_s(path: Path) -> Fraction:
    """Find where the first frame stands on the file's own time line, in seconds: our time zero.

    Sound and subtitles inside the file are stamped on that same time line. Raises as `decoded` does.
    """
    with open_container(path) as container:
        stream = video_stream(path, container)
        first = next(decoded(path, stream, packets(path, container, stream)))
        return (first.pts or 0) * (stream.time_base or Fraction(1))


def frame_gap_ms(stream: VideoStream) -> int:
    """Say how far apart frames are by the file's own word, or 40 ms where that is not plausible."""
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and SLOWEST_HZ <= rate <= FASTEST_HZ:
            return max(1, round(1000 / rate))
    return _USUAL_GAP_MS


class Clock:
    """Turns time stamps into milliseconds since the first frame, which is time zero."""

    def __init__(self, stream: VideoStream) -> None:
        self._tick_ms = (stream.time_base or Fraction(1, 1000)) * 1000
        self._gap_ms = frame_gap_ms(stream)
        self._zero_ticks: int | None = None
        self._shift_ms = 0
        self._last_ms: int | None = None

    def ticks(self, at_ms: int) -> int:
        """Say which time stamp a moment has, to seek to."""
        return (self._zero_ticks or 0) + int(at_ms / self._tick_ms)

    def after_a_jump(self) -> None:
        """Forget the last frame, but not where zero is: the next one may be anywhere."""
        self._shift_ms, self._last_ms = 0, None

    def at_ms(self, frame: VideoFrame) -> int:
        """Give the next frame its time: never before the last one, whatever its stamp says.

        The first frame ever asked about is time zero.
        """
        at_ms = self._stamped_ms(frame)
        if self._last_ms is not None and at_ms < self._last_ms - _JUMP_BACK_MS:
            # Recordings glued together start their stamps again: go on from here.
            self._shift_ms += self._last_ms + self._gap_ms - at_ms
            at_ms = self._last_ms + self._gap_ms
        self._last_ms = at_ms if self._last_ms is None else max(at_ms, self._last_ms)
        return self._last_ms

    def _stamped_ms(self, frame: VideoFrame) -> int:
        if frame.pts is None:
            return self._expected_ms()
        if self._zero_ticks is None:
            self._zero_ticks = frame.pts - int(self._expected_ms() / self._tick_ms)
        return round((frame.pts - self._zero_ticks) * self._tick_ms) + self._shift_ms

    def _expected_ms(self) -> int:
        return 0 if self._last_ms is None else self._last_ms + self._gap_ms


def _decode(path: Path, stream: VideoStream, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
    try:
        return stream.decode(packet)
    except FFmpegError as fault:
        if isinstance(fault, MemoryError):
            message = f"There was not enough memory to decode “{path.name}”."
            raise OutOfMemory(message, "Close other programs, then try again.") from fault
        return []
