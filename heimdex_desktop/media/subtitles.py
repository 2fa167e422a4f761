"""The words of a video as subtitles give them, from a file beside it or a track inside it."""

import warnings
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pysubs2
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle
from pysubs2.exceptions import Pysubs2Error

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.scene import Segment, Transcript, TranscriptSource
from heimdex_desktop.domain.video import SubtitleTrack
from heimdex_desktop.media.access import access_error
from heimdex_desktop.media.containers import open_container
from heimdex_desktop.media.decoding import packets, time_zero_s
from heimdex_desktop.media.languages import from_script
from heimdex_desktop.media.subtitle_files import marks_of
from heimdex_desktop.media.subtitle_lines import Cue, plain_lines, segments_of
from heimdex_desktop.media.text_encoding import text_of

if TYPE_CHECKING:
    # Only the type can be subscripted, not the class.
    from av.packet import Packet

# Ten hours of dialogue are about one megabyte; typeset ASS files are larger.
_MAX_FILE_BYTES = 32 * 1024 * 1024
_PROGRESS_STEP = 0.005


def read_subtitle_file(path: Path) -> Transcript:
    """Read a .srt, .vtt, .ass or .ssa file in any usual encoding; what it is, is told by its content.

    Times count from the first frame. The language comes from the file's name, else from its script
    where that is certain, else it is None. A file with a proper header and no lines gives no segments.

    Raises InputError when it is no subtitle file, FileGone or NoAccess.
    """
    raw = _read(path)
    marked = marks_of(path).language
    shown = _parsed(path, text_of(raw, language=marked))
    segments = segments_of(
        Cue(event.start, event.end, plain_lines(event.text))
        for event in shown
        if not event.is_comment and not event.is_drawing
    )
    language = marked or from_script(_text_of(segments))
    return Transcript(segments, language, TranscriptSource.SUBTITLE_FILE)


def read_subtitle_track(path: Path, track: SubtitleTrack) -> Generator[float, None, Transcript]:
    """Read a text track inside a video, yielding the fraction done (0..1), and return its words.

    Times are moved so that the first frame is zero. Lines that do not decode are left out.

    Raises InputError when the file has no such text track, and what opening a video raises.
    """
    zero_ms = time_zero_s(path) * 1000
    cues: list[Cue] = []
    done = 0.0
    yield done
    with open_container(path) as container:
        stream = _text_stream(path, container, track)
        for packet in packets(path, container, *_followed(container, stream)):
            if packet.stream is stream:
                cues.extend(_cues(packet, stream, round(zero_ms)))
            reached = (packet.pos or 0) / container.size if container.size > 0 else 0.0
            if reached >= done + _PROGRESS_STEP:
                done = min(1.0, reached)
                yield done
    segments = segments_of(cues)
    language = track.language or from_script(_text_of(segments))
    return Transcript(segments, language, TranscriptSource.SUBTITLE_TRACK)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise InputError(f"“{path.name}” is too large for subtitles.", "Check what the file really is.")
        return path.read_bytes()
    except OSError as fault:
        raise access_error(path, fault) from fault


def _parsed(path: Path, text: str) -> pysubs2.SSAFile:
    text = text.lstrip("\ufeff")
    kind = _kind_of(text)
    try:
        with warnings.catch_warnings():
            # A margin that is no number is worth no words: only the text is wanted.
            warnings.simplefilter("ignore", RuntimeWarning)
            shown = pysubs2.SSAFile.from_string(text, format_=kind)
    # What pysubs2 raises on malformed fields depends on the field.
    except (Pysubs2Error, ValueError, LookupError, TypeError, OverflowError) as fault:
        raise _no_subtitles(path) from fault
    if not shown.events and kind == "srt":
        raise _no_subtitles(path)
    return shown


def _kind_of(text: str) -> str:
    """Tell the format by its header: files are renamed more often than they are converted."""
    if text.lstrip().startswith("WEBVTT"):
        return "vtt"
    if "[V4+ Styles]" in text or "\nDialogue:" in text:
        return "ass"
    return "ssa" if "[V4 Styles]" in text or "[Script Info]" in text else "srt"


def _no_subtitles(path: Path) -> InputError:
    return InputError(
        f"“{path.name}” holds no subtitles that can be read.", "Save it again as SubRip (.srt) in UTF-8."
    )


def _text_of(segments: tuple[Segment, ...]) -> str:
    return " ".join(segment.text for segment in segments)


def _text_stream(path: Path, container: InputContainer, track: SubtitleTrack) -> SubtitleStream:
    for stream in container.streams.subtitles:
        if stream.index == track.stream_index and stream.codec_context.codec.canonical_name == track.codec:
            return stream
    raise InputError(
        f"“{path.name}” no longer holds the subtitles that were found in it.", "Add the video again."
    )


def _followed(container: InputContainer, stream: SubtitleStream) -> tuple[Stream, ...]:
    """Follow the picture too where all of the file is read anyway, so that progress can be told.

    MP4 and QuickTime files have an index: there only the few subtitle packets are read.
    """
    if "mov" in container.format.name.split(","):
        return (stream,)
    return (stream, *container.streams.video[:1])


def _cues(packet: "Packet[Stream]", stream: SubtitleStream, zero_ms: int) -> Iterator[Cue]:
    if packet.pts is None:
        return
    start_ms = round(packet.pts * packet.time_base * 1000) - zero_ms
    try:
        shown = stream.codec_context.decode2(packet)
    except FFmpegError:
        return
    if shown is None:
        return
    length_ms = round((packet.duration or 0) * packet.time_base * 1000) or shown.end_display_time
    for rect in shown:
        if isinstance(rect, AssSubtitle):
            text = rect.dialogue.decode("utf-8", errors="replace")
            yield Cue(start_ms, start_ms + length_ms, plain_lines(text))
