"""Where the camera changes: cuts, dissolves and fades, found while the frames go by."""

from itertools import pairwise
from typing import cast

from heimdex_desktop.domain.scene import Shot
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.media.frames import Frame

# OpenCV must come first, from our own module: PySceneDetect imports it too, with its traces.
from heimdex_desktop.media.opencv import cv2
from heimdex_desktop.media.pictures import Picture
from heimdex_desktop.media.transitions import Dissolve, DissolveFinder, Glimpse, Trail, difference, glimpse

from scenedetect import AdaptiveDetector, FrameTimecode  # isort: skip

_DETECTOR_SIDE_PX = 160
# With this rate a frame number of PySceneDetect is a time in milliseconds, whatever the real rate is.
_TICKS_PER_SECOND = 1000.0
_MIN_CUT_CHANGE = 5.0
_FLASH_MS = 350
_FLASH_RETURN = 0.4
_MIN_CUT_GAP_MS = 250
_MIN_FIRST_SHOT_MS = 100
_MIN_DISSOLVE_GAP_MS = 1000


class _Proposal:
    """A cut that PySceneDetect sees, until the frames after it show whether it was only a flash."""

    def __init__(self, at_ms: int, before: Glimpse, after: Glimpse) -> None:
        self.at_ms = at_ms
        self._before = before
        self._change = difference(before, after)
        self.after = after
        self.is_cut = self._change >= _MIN_CUT_CHANGE

    def watch(self, now: Glimpse) -> None:
        if self.is_undone_by(now):
            self.is_cut = False

    def is_undone_by(self, now: Glimpse) -> bool:
        return difference(self._before, now) < _FLASH_RETURN * self._change


class ShotFinder:
    """Splits a video into shots, frame by frame, in memory that does not grow with its length.

    Cuts are proposed by PySceneDetect's AdaptiveDetector (the HSV differences of its ContentDetector
    against those of the frames around) and turned down when the colours hardly change or the old
    picture is back within 0.35 s, as after a camera flash. Dissolves and fades are added by
    DissolveFinder. Times are those of the frames, so a varying frame rate does no harm.
    """

    def __init__(self) -> None:
        self._detector = AdaptiveDetector(min_scene_len=0)
        self.trail = Trail()
        self._dissolves = DissolveFinder(self.trail)
        self._open: list[_Proposal] = []
        self._cuts_ms: list[int] = []

    def see(self, frame: Frame) -> None:
        """Take the next frame; frames come in order of time and all in one size."""
        now = glimpse(frame.image)
        self.trail.add(frame.at_ms, now)
        self._propose(frame)
        for proposal in self._open:
            if frame.at_ms > proposal.at_ms:
                proposal.watch(now)
        self._settle(frame.at_ms - _FLASH_MS)
        self._dissolves.look()

    def shots(self, end_ms: int) -> tuple[Shot, ...]:
        """Return the shots that tile 0 to `end_ms`: one at least, none only when there is no length."""
        if end_ms <= 0:
            return ()
        self._settle(end_ms)
        cuts_ms = _spaced(self._cuts_ms, self._dissolves.found())
        edges_ms = [0, *(cut_ms for cut_ms in cuts_ms if cut_ms < end_ms), end_ms]
        return tuple(Shot(TimeSpan(*edge)) for edge in pairwise(edges_ms))

    def _propose(self, frame: Frame) -> None:
        moment = FrameTimecode(frame.at_ms, _TICKS_PER_SECOND)
        for cut in self._detector.process_frame(moment, _small(frame.image)):
            place = self.trail.place(cut.frame_num)
            if not place:
                continue
            proposal = _Proposal(cut.frame_num, self.trail[place - 1][1], self.trail[place][1])
            # The end of a flash is no cut either.
            proposal.is_cut &= not any(earlier.is_undone_by(proposal.after) for earlier in self._open)
            self._open.append(proposal)

    def _settle(self, until_ms: int) -> None:
        settled = [proposal for proposal in self._open if proposal.at_ms <= until_ms]
        self._cuts_ms += [proposal.at_ms for proposal in settled if proposal.is_cut]
        self._open = [proposal for proposal in self._open if proposal.at_ms > until_ms]


def _small(image: Picture) -> Picture:
    height_px, width_px = image.shape[:2]
    ratio = _DETECTOR_SIDE_PX / max(height_px, width_px)
    if ratio >= 1:
        return image
    size_px = (max(1, round(width_px * ratio)), max(1, round(height_px * ratio)))
    return cast("Picture", cv2.resize(image, size_px, interpolation=cv2.INTER_AREA))


def _spaced(cuts_ms: list[int], dissolves: tuple[Dissolve, ...]) -> list[int]:
    """Keep cuts that are not too close to one another, and dissolves that are not near any cut."""
    kept_ms: list[int] = []
    for cut_ms in cuts_ms:
        if cut_ms >= (kept_ms[-1] + _MIN_CUT_GAP_MS if kept_ms else _MIN_FIRST_SHOT_MS):
            kept_ms.append(cut_ms)
    for dissolve in dissolves:
        if all(abs(dissolve.middle_ms - cut_ms) >= _MIN_DISSOLVE_GAP_MS for cut_ms in kept_ms):
            kept_ms.append(dissolve.middle_ms)
    return sorted(kept_ms)
