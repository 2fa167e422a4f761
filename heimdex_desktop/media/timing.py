"""How long a video is and how fast its frames follow, read off time stamps."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING

from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from heimdex_desktop.media.containers import open_container, video_stream
from heimdex_desktop.media.decoding import FASTEST_HZ, SLOWEST_HZ, packets

if TYPE_CHECKING:
    # Only the type can be subscripted, not the class.
    from av.packet import Packet

_USUAL_RATE_HZ = Fraction(25)
_MAX_DISAGREEMENT = Fraction(3, 2)
# A last frame may be held (a title, a slide), but not for hours: that is a broken header. The same
# is true of one that is shown for less than half of the usual time.
_LONGEST_LAST_FRAME_S = 10
# Where to look for the end, as shares of the claimed length: half of a broken copy may be missing.
_PLACES = (Fraction(1), Fraction(3, 4), Fraction(1, 2), Fraction(1, 4))
_RUN_UP_S = 1
_MICROSECONDS = 1_000_000


def stamp_of(packet: "Packet[VideoStream]") -> int | None:
    """Say when a packet is shown, in ticks of its stream; None where it is not shown or not known."""
    if packet.is_discard:
        return None
    return packet.dts if packet.pts is None else packet.pts


def frame_rate(stamps: Sequence[int], tick_s: Fraction, declared: Iterable[Fraction | None] = ()) -> Fraction:
    """Tell how many frames follow in a second, between 1/60 and 480.

    The time stamps (ticks, any order) are the judge: of the rates that the file declares the first
    that is within half as much again of theirs is taken, as it is more exact; else theirs.
    """
    possible = [rate for rate in declared if rate and SLOWEST_HZ <= rate <= FASTEST_HZ]
    measured = _measured_rate(sorted(set(stamps)), tick_s)
    if measured is None:
        return possible[0] if possible else _USUAL_RATE_HZ
    agreeing = (rate for rate in possible if 1 / _MAX_DISAGREEMENT <= rate / measured <= _MAX_DISAGREEMENT)
    return next(agreeing, measured)


def _measured_rate(stamps: Sequence[int], tick_s: Fraction) -> Fraction | None:
    if len(stamps) < 2:
        return None
    usual = 1 / (median_low(later - earlier for earlier, later in pairwise(stamps)) * tick_s)
    mean = (len(stamps) - 1) / ((stamps[-1] - stamps[0]) * tick_s)
    # Stamps in whole milliseconds make 30 Hz look like 30.3: the mean is right unless there are gaps.
    best = mean if abs(mean - usual) * 10 <= usual else usual
    return min(max(best, SLOWEST_HZ), FASTEST_HZ)


def end_ticks(path: Path, container: InputContainer, stream: VideoStream, rate_hz: Fraction) -> int | None:
    """Find where the last frame ends, in ticks, without reading the whole file where that can be helped.

    Looks near the claimed end, then ever earlier, and reads all only where no length is claimed or
    nothing is found there. None when no packet has a time. Raises FileGone or NoAccess.
    """
    for target in _targets(container, stream):
        try:
            container.seek(target, stream=stream, any_frame=True)
        except FFmpegError:
            continue
        found = _last_end(packets(path, container, stream), stream, rate_hz)
        if found is not None:
            return found
    with open_container(path) as fresh:
        same = video_stream(path, fresh)
        return _last_end(packets(path, fresh, same), same, rate_hz)


def _targets(container: InputContainer, stream: VideoStream) -> list[int]:
    tick_s = stream.time_base or Fraction(1)
    if stream.duration:
        claimed_s = stream.duration * tick_s
    elif container.duration:
        claimed_s = Fraction(container.duration, _MICROSECONDS)
    else:
        return []
    start = stream.start_time or 0
    return [start + int(max(0, claimed_s * place - _RUN_UP_S) / tick_s) for place in _PLACES]


def _last_end(source: Iterable["Packet[VideoStream]"], stream: VideoStream, rate_hz: Fraction) -> int | None:
    tick_s = stream.time_base or Fraction(1)
    gap, longest = max(1, int(1 / (rate_hz * tick_s))), int(_LONGEST_LAST_FRAME_S / tick_s)
    last: tuple[int, int] | None = None
    for packet in source:
        stamp = stamp_of(packet)
        if stamp is not None and (last is None or stamp > last[0]):
            last = (stamp, packet.duration or gap)
    return None if last is None else last[0] + (last[1] if gap <= 2 * last[1] and last[1] <= longest else gap)
