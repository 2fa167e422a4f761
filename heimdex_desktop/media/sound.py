"""The sound of a video, as one line of samples that keeps time with the picture."""

from collections.abc import Generator, Iterable
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.format import Flags
from av.stream import Disposition

from heimdex_desktop.domain.contracts import Sound
from heimdex_desktop.domain.errors import InputError, OutOfMemory
from heimdex_desktop.media.containers import open_container, protected
from heimdex_desktop.media.decoding import packets, time_zero_s
from heimdex_desktop.media.sound_tape import SoundTape

if TYPE_CHECKING:
    # Only the type can be subscripted, not the class.
    from av.packet import Packet

_WORTH_A_SEEK_MS = 10_000
# A decoder needs a run-up until its sound is right, and indexes are coarse: what a seek missed is found
# from further back, at last from the start.
_RUN_UPS_MS = (1_000, 15_000, 120_000)
_NOT_THE_FILM_ITSELF = Disposition.comment | Disposition.visual_impaired
_MICROSECONDS = 1_000_000


def read_sound(path: Path, *, start_ms: int = 0, end_ms: int | None = None) -> Generator[Sound]:
    """Yield what is heard from `start_ms` on, in blocks that follow each other without a gap.

    Sample n of all blocks together is heard at `start_ms` + n / 16 milliseconds; zero is the first frame
    of the picture. Where nothing is recorded, or a place is damaged, there is silence, but none is added
    at the end. One track is read: the default before the first, a commentary last. A video without sound
    gives no block. Memory stays the same however long the video is. Closing the generator closes the file.

    Raises FileGone, NoAccess, OutOfMemory, UnreadableVideo, or InputError when there is sound and none of
    it can be decoded.
    """
    with open_container(path) as container:
        if not container.streams.audio:
            return
        # Where stamps may start again in the middle of a file, a seek by stamps leads anywhere.
        is_seekable = not container.format.flags & Flags.ts_discont.value
    zero_s = time_zero_s(path)
    tape = SoundTape(zero_s, start_ms=start_ms, end_ms=end_ms)
    run_ups_ms = _RUN_UPS_MS if is_seekable and start_ms > _WORTH_A_SEEK_MS else ()
    for frame in _frames_from(path, zero_s + Fraction(start_ms, 1000), run_ups_ms):
        yield from tape.lay(frame)
        if tape.is_full:
            return
    yield from tape.finish()


def _frames_from(path: Path, moment_s: Fraction, run_ups_ms: Iterable[int]) -> Generator[AudioFrame]:
    """Yield the frames from shortly before a moment of the file's own time line, or all of them."""
    for run_up_ms in run_ups_ms:
        with open_container(path) as container, suppress(InputError, FFmpegError):
            container.seek(int((moment_s - Fraction(run_up_ms, 1000)) * _MICROSECONDS))
            frames = _decoded(path, container)
            first = next(frames, None)
            if first is not None and _is_not_after(moment_s, first):
                yield from chain([first], frames)
                return
    with open_container(path) as container:
        yield from _decoded(path, container)


def _is_not_after(moment_s: Fraction, frame: AudioFrame) -> bool:
    return frame.pts is not None and frame.pts * (frame.time_base or Fraction(1)) <= moment_s


def _decoded(path: Path, container: InputContainer) -> Generator[AudioFrame]:
    """Yield every frame of the track that decodes, from where the container stands."""
    stream = _track(path, container)
    is_empty, found = True, False
    for packet in packets(path, container, stream):
        if packet.has_sidedata("encryption_info"):
            raise protected(path)
        is_empty = False
        for frame in _decode(path, stream, packet):
            found = True
            yield frame
    last = _decode(path, stream, None)
    yield from last
    if not (is_empty or found or last):
        raise _undecodable(path)


def _track(path: Path, container: InputContainer) -> AudioStream:
    decodable = [stream for stream in container.streams.audio if _can_decode(stream)]
    if not decodable:
        raise _undecodable(path)
    return min(decodable, key=_rank)


def _rank(stream: AudioStream) -> tuple[bool, bool, int]:
    is_aside = bool(stream.disposition & _NOT_THE_FILM_ITSELF)
    return is_aside, not stream.disposition & Disposition.default, stream.index


def _can_decode(stream: AudioStream) -> bool:
    # A stream in a codec that FFmpeg was built without has no context, whatever its type says.
    context = stream.codec_context
    return context is not None and context.is_decoder  # pyright: ignore[reportUnnecessaryComparison] - PyAV's types leave None out


def _decode(path: Path, stream: AudioStream, packet: "Packet[AudioStream] | None") -> list[AudioFrame]:
    try:
        return stream.decode(packet)
    except FFmpegError as fault:
        if isinstance(fault, MemoryError):
            message = f"There was not enough memory to decode the sound of “{path.name}”."
            raise OutOfMemory(message, "Close other programs, then try again.") from fault
        return []


def _undecodable(path: Path) -> InputError:
    return InputError(
        f"The sound of “{path.name}” is in a format that cannot be decoded, or damaged throughout.",
        "Convert it to MP4 with AAC sound, then add it again.",
    )
