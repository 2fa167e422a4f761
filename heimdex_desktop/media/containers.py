"""Opening a video file, and telling in plain words why one cannot be opened."""

from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from heimdex_desktop.domain.errors import HeimdexError, NoVideoStream, OutOfMemory, UnreadableVideo
from heimdex_desktop.media.access import access_error

DECODER_THREADS = 2
"""Enough to keep one reader busy; more would take cores from the models that run beside it."""

_OTHER_PLAYER = "See whether it plays in a video player; if it does not, get another copy of it."
# Lists of other files (some of them on the network) and text dressed up as pictures are not videos.
_NOT_VIDEOS = frozenset({"hls", "dash", "concat", "image2", "image2pipe", "tty", "sdp", "rtsp", "lavfi"})
# ISO base media brands that say "one picture" (HEIF, ISO/IEC 23008-12, and AVIF).
_STILL_BRANDS = frozenset({"avif", "mif1", "heic", "heix", "heim", "heis", "jpeg"})


def open_container(path: Path) -> InputContainer:
    """Open a media file for reading; the caller closes it.

    Raises FileGone, NoAccess, OutOfMemory or UnreadableVideo, each with a sentence for a person.
    """
    confirm_readable(path)
    try:
        container = av.open(
            # An absolute path cannot be mistaken for a protocol, nor for an option.
            str(path.absolute()),
            metadata_errors="ignore",
            # Nothing leaves the computer, whatever a file asks for.
            options={"protocol_whitelist": "file"},
        )
    except FFmpegError as fault:
        raise _refusal(path, fault) from fault
    if _is_picture(container):
        container.close()
        raise UnreadableVideo(f"“{path.name}” is a picture, not a video.", "Pictures are not searched yet.")
    return container


def confirm_readable(path: Path) -> None:
    """Read the file's last byte, so that a fault of the drive is told from a fault of the file.

    Raises FileGone, NoAccess, or UnreadableVideo for an empty file.
    """
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size_bytes - 1))
            is_empty = not file.read(1)
    except OSError as fault:
        raise access_error(path, fault) from fault
    if is_empty:
        raise UnreadableVideo(
            f"“{path.name}” is empty.", "The copy may have been interrupted: copy it again."
        )


def video_stream(path: Path, container: InputContainer, *, threads: int = DECODER_THREADS) -> VideoStream:
    """Pick the moving picture: not cover art, and what the file marks as default before the rest.

    Its decoder will work on `threads` threads.
    Raises NoVideoStream when there is only sound, UnreadableVideo when there is no picture at all or
    none in a format that can be decoded.
    """
    moving = [stream for stream in container.streams.video if not _is_cover(stream)]
    decodable = [stream for stream in moving if _can_decode(stream)]
    if decodable:
        chosen = min(decodable, key=lambda stream: (not _is_default(stream), stream.index))
        chosen.codec_context.thread_count = threads
        chosen.codec_context.thread_type = "AUTO"
        return chosen
    if moving:
        raise UnreadableVideo(
            f"The picture in “{path.name}” is in a format that cannot be decoded.",
            "Convert it to MP4 with H.264, then add it again.",
        )
    if container.streams.audio:
        raise NoVideoStream(f"“{path.name}” holds sound but no picture.", "Only videos can be added.")
    raise UnreadableVideo(f"“{path.name}” holds no picture.", _OTHER_PLAYER)


def only(container: InputContainer, *wanted: Stream) -> None:
    """Let the other streams be skipped where the container can, which saves most of the reading."""
    for stream in container.streams:
        if stream not in wanted:
            stream.discard = Discard.all


def protected(path: Path) -> UnreadableVideo:
    """Tell that a video is encrypted."""
    return UnreadableVideo(
        f"“{path.name}” is protected against copying and cannot be decoded.",
        "Add a copy without protection, if you have one.",
    )


def no_picture_decodes(path: Path) -> UnreadableVideo:
    """Tell that a file opened and yet not one frame of it could be decoded."""
    return UnreadableVideo(f"No picture in “{path.name}” can be decoded.", _OTHER_PLAYER)


def _refusal(path: Path, fault: FFmpegError) -> HeimdexError:
    if isinstance(fault, MemoryError):
        return OutOfMemory(
            f"There was not enough memory to open “{path.name}”.", "Close other programs, then try again."
        )
    if isinstance(fault, OSError):
        return access_error(path, fault)
    if _has_lost_its_index(path):
        return UnreadableVideo(
            f"“{path.name}” is cut off: the part that says where its pictures are is missing.",
            "Copy or download it again, to its end.",
        )
    return UnreadableVideo(f"“{path.name}” is not a video, or is too damaged to open.", _OTHER_PLAYER)


def _has_lost_its_index(path: Path) -> bool:
    """Tell an MP4 or QuickTime file by its first box; one that does not open has lost its index."""
    with path.open("rb") as file:
        return file.read(8)[4:] in {b"ftyp", b"mdat", b"wide", b"free"}


def _is_picture(container: InputContainer) -> bool:
    names = set(container.format.name.split(","))
    if names & _NOT_VIDEOS or container.format.name.endswith("_pipe"):
        return True
    return container.metadata.get("major_brand", "").strip() in _STILL_BRANDS


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _is_default(stream: Stream) -> bool:
    return bool(stream.disposition & Disposition.default)


def _can_decode(stream: VideoStream) -> bool:
    # A stream in a codec that FFmpeg was built without has no context, whatever its type says.
    context = stream.codec_context
    return context is not None and context.is_decoder  # pyright: ignore[reportUnnecessaryComparison] - PyAV's types leave None out
