"""Clips made to order, so that tests know exactly what is in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from av.video.stream import VideoStream
from numpy.typing import NDArray

MakeClip = Callable[..., Path]

Bgr = tuple[int, int, int]
Line = tuple[int, int, str]

RED, GREEN, BLUE, WHITE = (0, 0, 255), (0, 255, 0), (255, 0, 0), (255, 255, 255)
_ASS_HEADER = (
    b"[Script Info]\r\nScriptType: v4.00+\r\n\r\n[V4+ Styles]\r\n"
    b"Format: Name, Fontname, Fontsize\r\nStyle: Default,Arial,16\r\n\r\n[Events]\r\n"
    b"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\r\n"
)


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    """Write a clip and return its path.

    shots: (colour as BGR, length in ms) one after the other, each starting with a cut; `images` gives
    the pictures themselves instead. stamps_ms: the time of every frame (VFR); otherwise frames are
    1/rate apart. quarter_turns_right is written as a display matrix, aspect as the sample aspect
    ratio, start_ms as the first frame's time. tracks: (codec, language, lines) per subtitle track.
    dispositions: what the tracks are marked as, in their order. Times are exact wherever they are
    multiples of 1000/rate.
    """

    def make(
        name: str = "clip.mp4",
        *,
        shots: Sequence[tuple[Bgr, int]] = ((RED, 400), (BLUE, 600)),
        images: Sequence[NDArray[np.uint8]] | None = None,
        size: tuple[int, int] = (64, 48),
        rate: int = 25,
        codec: str = "libx264",
        pixels: str = "yuv420p",
        stamps_ms: Sequence[int] | None = None,
        start_ms: int = 0,
        sync_every: int = 12,
        quarter_turns_right: int = 0,
        aspect: Fraction | None = None,
        audio_ms: int = 0,
        tracks: Sequence[tuple[str, str, Sequence[Line]]] = (),
        dispositions: Sequence[Disposition] = (),
        options: Mapping[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures = list(images) if images is not None else list(_solid(shots, size, rate))
        stamps = stamps_ms or [start_ms + number * 1000 // rate for number in range(len(pictures))]
        with av.open(str(path), "w", options=dict(options or {})) as container:
            # AVI knows no time stamps, only frames at a fixed rate.
            tick_s = Fraction(1, rate) if path.suffix == ".avi" else Fraction(1, 1000)
            video = _video_stream(container, codec, rate, pictures[0].shape)
            video.codec_context.time_base = tick_s
            video.pix_fmt = pixels
            video.gop_size = sync_every
            if aspect is not None:
                video.codec_context.sample_aspect_ratio = aspect
            if quarter_turns_right:
                video.set_display_matrix(_turned_right(quarter_turns_right))
            texts = [(_text_stream(container, codec, language), lines) for codec, language, lines in tracks]
            for (stream, _), disposition in zip(texts, dispositions, strict=False):
                stream.disposition = disposition
            sound = container.add_stream("aac", rate=8000) if audio_ms else None
            for picture, stamp_ms in zip(pictures, stamps, strict=True):
                frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
                frame.pts, frame.time_base = round(Fraction(stamp_ms, 1000) / tick_s), tick_s
                container.mux(video.encode(frame))
            container.mux(video.encode(None))
            for stream, lines in texts:
                _write_lines(container, stream, lines)
            if sound is not None:
                _write_tone(container, sound, audio_ms)
        return path

    return make


def _solid(shots: Sequence[tuple[Bgr, int]], size: tuple[int, int], rate: int) -> Iterator[NDArray[np.uint8]]:
    width_px, height_px = size
    for colour, length_ms in shots:
        picture = np.empty((height_px, width_px, 3), np.uint8)
        picture[:] = colour
        for _ in range(length_ms * rate // 1000):
            yield picture


def _video_stream(container: OutputContainer, codec: str, rate: int, shape: tuple[int, ...]) -> VideoStream:
    stream = container.add_stream(
        codec, rate=rate, options={"preset": "ultrafast"} if "x264" in codec else {}
    )
    assert isinstance(stream, VideoStream)
    stream.height, stream.width = shape[:2]
    return stream


def _turned_right(quarter_turns: int) -> tuple[int, ...]:
    """The matrix a phone writes (QuickTime File Format, "movie header"): one turn right moves x to y."""
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter_turns % 4]
    one = 1 << 16
    return (cosine * one, sine * one, 0, -sine * one, cosine * one, 0, 0, 0, 1 << 30)


def _text_stream(container: OutputContainer, codec: str, language: str) -> SubtitleStream:
    stream = container.add_stream(codec)
    assert isinstance(stream, SubtitleStream)
    stream.metadata["language"] = language
    stream.codec_context.subtitle_header = _ASS_HEADER
    stream.codec_context.time_base = Fraction(1, 1000)
    return stream


def _write_lines(container: OutputContainer, stream: SubtitleStream, lines: Sequence[Line]) -> None:
    for number, (start_ms, end_ms, text) in enumerate(lines):
        event = f"{number},0,Default,,0,0,0,,{text}".encode()
        shown = SubtitleSet.create(text=event, start=0, end=end_ms - start_ms, pts=start_ms * 1000)
        packet = stream.codec_context.encode_subtitle(shown)
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = start_ms
        packet.duration = end_ms - start_ms
        container.mux(packet)


def _write_tone(container: OutputContainer, stream: AudioStream, length_ms: int) -> None:
    rate_hz = 8000
    wave = np.sin(np.arange(length_ms * rate_hz // 1000) * 2 * np.pi * 440 / rate_hz).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(wave[np.newaxis], format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
