"""Recognises what was dropped: walks folders, names each video by its content, looks up what is known."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import Failure, Known
from heimdex_desktop.library.discovery import walk
from heimdex_desktop.library.disk import is_folder
from heimdex_desktop.library.presence import Presence, presence
from heimdex_desktop.media.subtitle_files import FolderListing, find_subtitle_files
from heimdex_desktop.pipeline.shelf import Shelf, subtitle_state
from heimdex_desktop.pipeline.stage import Facts, StageSpec

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A video was recognised; `absence` says why where no place of it can be seen now."""

    video: Video
    facts: Facts
    known: Known
    absence: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A path is no video that can be taken, and why."""

    path: Path
    failure: Failure


@dataclass(frozen=True, slots=True)
class Displaced:
    """A video is at none of its places any more: another content took the last of them."""

    video_id: VideoId


Arrival = Arrived | Refused | Displaced
Report = Callable[[Arrival], None]


class Intake:
    """Turns paths into videos; used on the intake lane."""

    def __init__(self, specs: Sequence[StageSpec], shelf: Shelf, *, skip_globs: Sequence[str] = ()) -> None:
        self._specs: Mapping[str, StageSpec] = {spec.name: spec for spec in specs}
        self._shelf = shelf
        self._skip_globs = tuple(skip_globs)
        # The folder at hand only: a walk goes folder by folder, and the next walk must look anew.
        self._listing: tuple[Path, FolderListing] | None = None
        self._told_at: dict[Path, VideoId] = {}

    def take(self, paths: Iterable[Path], stop: threading.Event, report: Report) -> None:
        """Report every video and every refusal under the paths, until told to stop.

        Folders are remembered, so that what comes into them later is found by `recall`.
        """
        self._listing = None
        for path in paths:
            is_whole_folder = is_folder(path)
            if is_whole_folder:
                self._shelf.catalogue.add_folder(path)
            for found in walk([path], skip_globs=self._skip_globs):
                if stop.is_set():
                    return
                if found.failure:
                    report(Refused(found.path, found.failure))
                else:
                    self._recognise(found.path, report, by_name=not is_whole_folder)
        self._shelf.drop_orphans()

    def recall(self, stop: threading.Event, report: Report, *, look_for_new: bool = True) -> None:
        """Report every video the library knows, then what came into its folders since."""
        self._listing = None
        told: dict[VideoId, Video] = {}
        self._shelf.catalogue.forget_gone()
        for video in self._shelf.catalogue.videos():
            if stop.is_set():
                return
            told[video.id] = video
            self._tell(video, report)
        if not look_for_new:
            return
        for found in walk(self._shelf.catalogue.folders(), skip_globs=self._skip_globs):
            if stop.is_set():
                return
            # A drive that is not there, or a video a person removed, is no news.
            if not found.failure and not self._shelf.catalogue.was_removed(found.path):
                self._report_news(found.path, told, report)
        self._shelf.drop_orphans()

    def look_again(self, video_id: VideoId, report: Report) -> None:
        """Report a video the library knows as it stands now, without its failures.

        Its drive may be back, and its file may have been replaced by a better one.
        """
        self._listing = None
        video = self._shelf.catalogue.video(video_id)
        if video is None:
            return
        self._shelf.forgive(video_id)
        try:
            video = self._shelf.catalogue.identify(video.home)
        except HeimdexError as error:
            log.info("a video cannot be looked at again", extra={"kind": type(error).__name__})
        self._tell(video, report)

    def _report_news(self, path: Path, told: Mapping[VideoId, Video], report: Report) -> None:
        try:
            video = self._shelf.catalogue.identify(path)
        except HeimdexError as error:
            report(Refused(path, Failure.of(error)))
            return
        known = told.get(video.id)
        if known is None or path not in known.locations:
            self._tell(video, report)

    def _recognise(self, path: Path, report: Report, *, by_name: bool) -> None:
        try:
            video = self._shelf.catalogue.identify(path)
            if by_name:
                # Who names a single file wants another try at what failed before.
                self._shelf.forgive(video.id)
            self._tell(video, report)
        except HeimdexError as error:
            report(Refused(path, Failure.of(error)))

    def _tell(self, video: Video, report: Report) -> None:
        """Report a video, and those that were told before and had to make way for it."""
        arrived = self._arrived(video)
        before = {self._told_at.get(place, video.id) for place in video.locations} - {video.id}
        for video_id in before:
            if self._shelf.catalogue.video(video_id) is None:
                report(Displaced(video_id))
        self._told_at.update(dict.fromkeys(video.locations, video.id))
        report(arrived)

    def _arrived(self, video: Video) -> Arrived:
        known = self._shelf.known(self._shelf.record(video), self._specs)
        beside = {place: self._subtitles_beside(place) for place in video.locations}
        facts = self._shelf.facts(known, video, subtitle_state(beside))
        absence = _absence(video)
        if absence:
            known = self._shelf.known_of_absent(known, video.id)
        return Arrived(video, facts, known, absence)

    def _subtitles_beside(self, place: Path) -> tuple[Path, ...]:
        try:
            if self._listing is None or self._listing[0] != place.parent:
                self._listing = (place.parent, FolderListing(place.parent))
            return find_subtitle_files(place, self._listing[1])
        except HeimdexError:
            return ()


def _absence(video: Video) -> str:
    """Say why a video cannot be seen anywhere, or nothing where it can."""
    found = {presence(place) for place in video.locations}
    if Presence.HERE in found:
        return ""
    if Presence.OFFLINE in found:
        return "Its drive or folder is not connected. Its scenes can still be found."
    return "It was moved or deleted. Add its new place, or remove it from the library."
