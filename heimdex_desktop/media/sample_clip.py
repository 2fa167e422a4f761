"""Make a short film to try the program with: ten painted scenes, and what is said in them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import OutputContainer
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from heimdex_desktop.media import sample_nature as nature
from heimdex_desktop.media import sample_places as places
from heimdex_desktop.media.files import write_error
from heimdex_desktop.media.pictures import Picture
from heimdex_desktop.media.sample_brush import HEIGHT_PX, WIDTH_PX

CLIP_NAME = "Heimdex sample.mp4"
SUBTITLES_NAME = "Heimdex sample.en.srt"
SCENE_MS = 4_000

_RATE = 20
_CODECS = ("libx264", "mpeg4")
_QUALITY = {"libx264": {"crf": "28", "preset": "superfast"}, "mpeg4": {"b": "600000"}}
_BT709 = 1
_FIRST_LINE_MS, _LINE_MS, _PAUSE_MS = 200, 1_750, 100


@dataclass(frozen=True, slots=True)
class _Part:
    """A scene of the film: how to paint a moment (0..1) of it, and the two lines said meanwhile."""

    prepare: Callable[[], Callable[[float], Picture]]
    lines: tuple[str, str]


_FILM = (
    _Part(
        lambda: places.Title().draw,
        ("This is a small film to try things out.", "Ask for anything that you remember from it."),
    ),
    _Part(
        lambda: nature.Sunset().draw,
        ("We reached the top just in time for the sunset.", "Nobody said a word until the sun was gone."),
    ),
    _Part(
        lambda: places.Kitchen().draw,
        (
            "Grandmother's pancake recipe needs two eggs and a cup of flour.",
            "Let the butter melt first, that is the secret.",
        ),
    ),
    _Part(
        lambda: places.Train().draw,
        (
            "The train to the coast leaves at noon from platform four.",
            "Please keep your ticket.",
        ),
    ),
    _Part(
        lambda: nature.Sea().draw,
        ("Dad taught me how to sail when I was six.", "That summer we were on the water every day."),
    ),
    _Part(
        lambda: places.City().draw,
        (
            "The budget meeting was moved to Thursday evening.",
            "We have to cut the travel costs by ten percent.",
        ),
    ),
    _Part(
        lambda: places.Rain().draw,
        ("It rained all day on the day they met.", "He shared his umbrella, and they married a year later."),
    ),
    _Part(
        lambda: nature.Snow().draw,
        ("Look, it is the first snow of the winter!", "The whole forest has become quiet."),
    ),
    _Part(
        lambda: nature.Night().draw,
        ("Did you see that shooting star? Make a wish.", "The baby has been asleep for hours."),
    ),
    _Part(
        lambda: nature.Balloons().draw,
        ("We flew over the valley in a hot-air balloon.", "Happy birthday, Minji, this was your present!"),
    ),
)

CLIP_MS = len(_FILM) * SCENE_MS


def make_sample(folder: Path) -> Path:
    """Paint the film "Heimdex sample.mp4" into `folder`, its subtitles beside it, and return its path.

    40 s of 1280 x 720 in 10 scenes with a cut every 4 s, in H.264, or in MPEG-4 where that is missing.
    Both files come into being complete or not at all. Raises NoAccess or DiskFull.
    """
    clip, subtitles = folder / CLIP_NAME, folder / SUBTITLES_NAME
    clip_draft, subtitles_draft = (folder / f".{target.name}.draft" for target in (clip, subtitles))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _film(clip_draft)
        subtitles_draft.write_text(_subtitles(), encoding="utf-8")
        # The subtitles first: a clip that is found is to have its words.
        subtitles_draft.replace(subtitles)
        clip_draft.replace(clip)
    except OSError as fault:
        raise write_error("The sample film", folder, fault=fault) from fault
    finally:
        for draft in (clip_draft, subtitles_draft):
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    return clip


def _film(path: Path) -> None:
    codec = next(name for name in _CODECS if name in av.codecs_available)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = _stream(container, codec)
        for number, picture in enumerate(_pictures()):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709
            )
            frame.pts, frame.time_base = number, Fraction(1, _RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _stream(container: OutputContainer, codec: str) -> VideoStream:
    stream = cast("VideoStream", container.add_stream(codec, rate=_RATE, options=_QUALITY[codec]))
    stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
    # Written down, so that no player has to guess the colours.
    stream.codec_context.colorspace = _BT709
    stream.codec_context.color_primaries = _BT709
    stream.codec_context.color_trc = _BT709
    return stream


def _pictures() -> Iterator[Picture]:
    count = SCENE_MS * _RATE // 1000
    for part in _FILM:
        draw = part.prepare()
        for number in range(count):
            yield draw(number / count)


def _subtitles() -> str:
    """Write the lines as SubRip: a number, two times and the text, with an empty line between."""
    blocks: list[str] = []
    for scene, part in enumerate(_FILM):
        for place, line in enumerate(part.lines):
            start_ms = scene * SCENE_MS + _FIRST_LINE_MS + place * (_LINE_MS + _PAUSE_MS)
            times = f"{_srt_time(start_ms)} --> {_srt_time(start_ms + _LINE_MS)}"
            blocks.append(f"{len(blocks) + 1}\n{times}\n{line}\n")
    return "\n".join(blocks)


def _srt_time(at_ms: int) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{ms:03}"
