"""Recognises what was dropped: walks folders, names each video by its content, looks up what is known."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.video import Video
from heimdex_desktop.domain.work import Failure, Known
from heimdex_desktop.library.discovery import walk
from heimdex_desktop.library.presence import Presence, presence
from heimdex_desktop.media.subtitle_files import FolderListing, find_subtitle_files
from heimdex_desktop.pipeline.shelf import Shelf, subtitle_state
from heimdex_desktop.pipeline.stage import Facts, StageSpec


@dataclass(frozen=True, slots=True)
class Arrived:
    """A video was recognised; `is_offline` when no place of it can be seen now."""

    video: Video
    facts: Facts
    known: Known
    is_offline: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A path is no video that can be taken, and why."""

    path: Path
    failure: Failure


Report = Callable[[Arrived | Refused], None]


class Intake:
    """Turns paths into videos; used on the intake lane."""

    def __init__(self, specs: Sequence[StageSpec], shelf: Shelf) -> None:
        self._specs: Mapping[str, StageSpec] = {spec.name: spec for spec in specs}
        self._shelf = shelf
        # The folder at hand only: a walk goes folder by folder, and the next walk must look anew.
        self._listing: tuple[Path, FolderListing] | None = None

    def take(self, paths: Iterable[Path], stop: threading.Event, report: Report) -> None:
        """Report every video and every refusal under the paths, until told to stop.

        Folders are remembered, so that what comes into them later is found by `recall`.
        """
        self._listing = None
        for path in paths:
            if path.is_dir():
                self._shelf.catalogue.add_folder(path)
            for found in walk([path]):
                if stop.is_set():
                    return
                if found.failure:
                    report(Refused(found.path, found.failure))
                else:
                    report(self._recognise(found.path))

    def recall(self, stop: threading.Event, report: Report, *, look_for_new: bool = True) -> None:
        """Report every video the library knows, then what came into its folders since."""
        self._listing = None
        for video in self._shelf.catalogue.videos():
            if stop.is_set():
                return
            report(self._arrived(video))
        if not look_for_new:
            return
        for found in walk(self._shelf.catalogue.folders()):
            if stop.is_set():
                return
            # A drive that is not there, or a video a person removed, is no news.
            if not found.failure and not self._shelf.catalogue.was_removed(found.path):
                report(self._recognise(found.path))
        self._shelf.drop_orphans()

    def _recognise(self, path: Path) -> Arrived | Refused:
        try:
            return self._arrived(self._shelf.catalogue.identify(path))
        except HeimdexError as error:
            return Refused(path, Failure.of(error))

    def _arrived(self, video: Video) -> Arrived:
        known = self._shelf.known(self._shelf.record(video), self._specs)
        files = tuple(file for place in video.locations for file in self._subtitles_beside(place))
        facts = self._shelf.facts(known, video, subtitle_state(files))
        is_offline = not any(presence(place) is Presence.HERE for place in video.locations)
        return Arrived(video, facts, known, is_offline)

    def _subtitles_beside(self, place: Path) -> tuple[Path, ...]:
        try:
            if self._listing is None or self._listing[0] != place.parent:
                self._listing = (place.parent, FolderListing(place.parent))
            return find_subtitle_files(place, self._listing[1])
        except HeimdexError:
            return ()
