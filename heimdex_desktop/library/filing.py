"""Where a file about a video goes: beside every copy of the video, or in the library where that fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heimdex_desktop.domain.errors import ForeignSidecar, MachineError
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.disk import is_file, move_aside, read_whole, remove, write_whole
from heimdex_desktop.library.ownership import Broken, Owner

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a file was written, and what a person should know about it."""

    paths: tuple[Path, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """One kind of file about a video.

    `suffix` is added to the video's whole file name; `folder` is the place in the library; `owner_of`
    reads a file's content (with its name, for the message) and raises ForeignSidecar when it may not be
    replaced. `keeps_broken` = a damaged file is kept under another name, not overwritten.
    """

    suffix: str
    folder: Path
    beside_videos: bool
    keeps_broken: bool
    owner_of: Callable[[bytes, str], Owner]

    def in_library(self, video_id: VideoId) -> Path:
        return self.folder / f"{video_id}{self.suffix}"

    def places(self, video: Video) -> Iterator[Path]:
        """Yield every place where a file about the video may lie, also where the video itself is gone."""
        for location in video.locations:
            yield self._beside(location)
        yield self.in_library(video.id)

    def newest(self, video: Video) -> bytes | None:
        """Return the newest content about this video, None where there is none that can be read."""
        found: list[tuple[datetime, bytes]] = []
        for place in self.places(video):
            try:
                content = read_whole(place)
                owner = None if content is None else self.owner_of(content, place.name)
            except (ForeignSidecar, MachineError):
                continue
            if content and owner and owner.video_id == video.id:
                found.append((owner.saved_at, content))
        return max(found)[1] if found else None

    def is_missing_beside(self, video: Video) -> bool:
        """Tell whether a copy of the video that can be seen has no such file beside it."""
        return any(not is_file(place) for place in self._writable_places(video))

    def write(self, video: Video, content: bytes) -> Saved:
        """Write beside every copy that can be seen; in the library if one of these refuses or none is there.

        A file about another video is kept in the library before it is replaced; a file that is not ours
        stays as it is. Raises DiskFull, NoAccess and ForeignSidecar when the library refuses too.
        """
        written: list[Path] = []
        notices: list[str] = []
        for place in self._writable_places(video):
            try:
                self._write_at(place, video.id, content=content)
                written.append(place)
            except (ForeignSidecar, MachineError) as error:
                notices.append(f"{error.sentence} The results are kept in the library instead.")
        if notices or not written:
            place = self.in_library(video.id)
            self._write_at(place, video.id, content=content)
            written.append(place)
        return Saved(tuple(written), tuple(notices))

    def forget(self, video: Video) -> None:
        """Delete every file about the video that can be reached. Raises NoAccess."""
        for place in self.places(video):
            try:
                owner = self._owner_at(place)
            except ForeignSidecar:
                continue
            if owner and owner.video_id == video.id:
                remove(place)

    def _beside(self, location: Path) -> Path:
        return location.with_name(location.name + self.suffix)

    def _writable_places(self, video: Video) -> list[Path]:
        if not self.beside_videos:
            return []
        return [self._beside(location) for location in video.locations if is_file(location)]

    def _owner_at(self, place: Path) -> Owner | None:
        content = read_whole(place)
        return None if content is None else self.owner_of(content, place.name)

    def _write_at(self, place: Path, video_id: VideoId, *, content: bytes) -> None:
        try:
            owner = self._owner_at(place)
        except Broken:
            owner = None
            if self.keeps_broken:
                move_aside(place)
        if owner and owner.video_id != video_id:
            self._keep(place, owner)
        write_whole(place, content)

    def _keep(self, place: Path, owner: Owner) -> None:
        """Copy a file about another video into the library, unless a newer one lies there."""
        kept = self.in_library(owner.video_id)
        try:
            there = self._owner_at(kept)
        except Broken:
            there = None
        content = read_whole(place)
        if content and (there is None or there.saved_at < owner.saved_at):
            write_whole(kept, content)
