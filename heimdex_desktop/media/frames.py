"""The pictures of a video, all of them in order or single ones by their time."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.media.containers import DECODER_THREADS, open_container, video_stream
from heimdex_desktop.media.decoding import Clock, decoded, packets
from heimdex_desktop.media.pictures import Developer, Picture, shape_of
from heimdex_desktop.media.reel import Reel


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture and when it is shown: milliseconds from the first frame.

    `image` has shape (height, width, 3), uint8, blue-green-red, upright, with square pixels.
    """

    at_ms: int
    image: Picture


def read_frames(
    path: Path, *, max_side_px: int | None = None, threads: int = DECODER_THREADS
) -> Generator[Frame]:
    """Decode the whole video in order; damaged parts are left out, times never decrease.

    Every image has the size of the first, shrunk to `max_side_px` on the longer side. Memory stays
    the same however long the video is. Closing the generator closes the file.

    Raises FileGone, NoAccess, OutOfMemory, NoVideoStream or UnreadableVideo.
    """
    with open_container(path) as container:
        stream = video_stream(path, container, threads=threads)
        clock = Clock(stream)
        developer: Developer | None = None
        for frame in decoded(path, stream, packets(path, container, stream)):
            developer = developer or Developer(shape_of(frame, stream).fitted(max_side_px))
            yield Frame(clock.at_ms(frame), developer.develop(frame))


def grab_frames(
    path: Path, at_ms: Sequence[int], *, max_side_px: int | None = None, threads: int = DECODER_THREADS
) -> Generator[Frame]:
    """Give, for each moment and in the order asked, the frame that is on screen then.

    That is the last frame at or before the moment; the first frame for moments before it, the last
    one for moments after the end. Rising moments are cheapest. Raises as `read_frames` does.
    """
    with closing(Reel(path, threads=threads)) as reel:
        developer: Developer | None = None
        for moment_ms in at_ms:
            shown_ms, frame = reel.shown_at(moment_ms)
            developer = developer or Developer(reel.shape_of(frame).fitted(max_side_px))
            yield Frame(shown_ms, developer.develop(frame))
