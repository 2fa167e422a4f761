"""What a video file holds, told by what is in it rather than by what its header claims."""

from collections.abc import Generator, Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream

from heimdex_desktop.domain.video import MediaInfo, SubtitleTrack
from heimdex_desktop.media.containers import open_container, video_stream
from heimdex_desktop.media.dates import made_at
from heimdex_desktop.media.decoding import decoded, packets
from heimdex_desktop.media.languages import from_track
from heimdex_desktop.media.pictures import shape_of
from heimdex_desktop.media.timing import end_ticks, frame_rate, stamp_of

if TYPE_CHECKING:
    # Only the type can be subscripted, not the class.
    from av.packet import Packet
    from av.video.stream import VideoStream

_TEXT_SUBTITLES = frozenset({"subrip", "ass", "ssa", "webvtt", "mov_text", "text"})
_PACKETS_FOR_RATE = 120


def probe(path: Path) -> MediaInfo:
    """Look into a video: decode one picture, and read time stamps at its start and at its end.

    Duration runs from the first frame, which is time zero, to the end of the last one; it never
    comes from the header alone. Subtitle tracks stand best first: whole dialogue before forced
    lines, the default before others; tracks made of pictures are left out.

    Raises FileGone, NoAccess, OutOfMemory, NoVideoStream, or UnreadableVideo when no frame decodes.
    """
    with open_container(path) as container:
        stream = video_stream(path, container)
        tick_s = stream.time_base or Fraction(1)
        stamps: list[int] = []
        source = _noted(packets(path, container, stream), stamps)
        first = next(decoded(path, stream, source))
        for _ in islice(source, _PACKETS_FOR_RATE):
            pass
        rate_hz = frame_rate(stamps, tick_s, (stream.average_rate, stream.guessed_rate))
        zero = min(stamps, default=0) if first.pts is None else first.pts
        end = end_ticks(path, container, stream, rate_hz)
        length_s = 0 if end is None else (end - zero) * tick_s
        shape = shape_of(first, stream)
        return MediaInfo(
            duration_ms=round(max(length_s, 1 / rate_hz) * 1000),
            frame_rate=float(rate_hz),
            width_px=shape.width_px,
            height_px=shape.height_px,
            rotation_deg=shape.rotation_deg,
            video_codec=stream.codec_context.codec.canonical_name,
            audio_codecs=tuple(_codec_name(sound) for sound in container.streams.audio),
            subtitle_tracks=_text_tracks(container),
            made_at=made_at(path, container.metadata),
        )


def _noted(source: Iterable["Packet[VideoStream]"], stamps: list[int]) -> Generator["Packet[VideoStream]"]:
    for packet in source:
        stamp = stamp_of(packet)
        if stamp is not None:
            stamps.append(stamp)
        yield packet


def _text_tracks(container: InputContainer) -> tuple[SubtitleTrack, ...]:
    words = [stream for stream in container.streams.subtitles if _codec_name(stream) in _TEXT_SUBTITLES]
    words.sort(key=lambda stream: (_is(stream, Disposition.forced), not _is(stream, Disposition.default)))
    return tuple(_track(stream) for stream in words)


def _track(stream: SubtitleStream) -> SubtitleTrack:
    title = stream.metadata.get("title", "")
    if _is(stream, Disposition.forced) and "forced" not in title.lower():
        title = f"{title} (forced)".strip()
    return SubtitleTrack(
        stream_index=stream.index,
        codec=_codec_name(stream),
        language=from_track(stream.metadata.get("language")),
        title=title,
    )


def _is(stream: SubtitleStream, mark: Disposition) -> bool:
    return bool(stream.disposition & mark)


def _codec_name(stream: AudioStream | SubtitleStream) -> str:
    # A codec that FFmpeg was built without leaves the stream without a context.
    context = stream.codec_context
    if context is None:  # pyright: ignore[reportUnnecessaryComparison] - PyAV's types leave None out
        return "unknown"
    return context.codec.canonical_name
