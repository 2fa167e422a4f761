"""The catalogue: which videos the library holds, and every place where each was seen."""

import os
from collections.abc import Iterable
from pathlib import Path

from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.database import Database
from heimdex_desktop.library.disk import settled, told_plainly
from heimdex_desktop.library.identity import video_id
from heimdex_desktop.library.ledger import Ledger
from heimdex_desktop.library.presence import Presence, presence


class Catalogue(Ledger):
    """Knows the folders and videos of a library, and the work on them. May be used from several threads.

    Paths are kept as the file system spells them, byte for byte. `notices` holds a sentence when the
    file was damaged and had to be begun anew. Every method may raise NoAccess and DiskFull.
    """

    def __init__(self, file: Path) -> None:
        database = Database(file)
        super().__init__(database)
        self.notices = database.notices

    def close(self) -> None:
        self._database.close()

    def folders(self) -> tuple[Path, ...]:
        """Return the folders that the person added, in that order."""
        return tuple(
            _path(path) for (path,) in self._database.rows("SELECT path FROM folders ORDER BY rowid")
        )

    def add_folder(self, folder: Path) -> None:
        folder = settled(folder)
        self._database.rows(
            "INSERT INTO folders (key, path) VALUES (?, ?) ON CONFLICT DO NOTHING",
            _key(folder),
            os.fsencode(folder),
        )

    def identify(self, path: Path) -> Video:
        """Return the video in a file, which is in the library from now on.

        The file is read only when its size or time of change is not the known one. Where it takes the
        place of another content, that video loses this location, and leaves the library with its last.
        Raises FileGone, NoAccess, UnreadableVideo.
        """
        path = settled(path)
        with told_plainly(path):
            facts = path.stat()
        known = self._database.rows(
            "SELECT video_id FROM locations WHERE key = ? AND size_bytes = ? AND mtime_ns = ?",
            _key(path),
            facts.st_size,
            facts.st_mtime_ns,
        )
        found = VideoId(known[0][0]) if known else video_id(path)
        self._record(path, found, facts=facts)
        return Video(found, _seen_first(self._locations(found)), facts.st_size)

    def video(self, video_id: VideoId) -> Video | None:
        """Return a video with the places where it is now before those where it was; None if unknown."""
        rows = self._database.rows("SELECT size_bytes FROM videos WHERE id = ? AND NOT removed", video_id)
        locations = self._locations(video_id)
        if not rows or not locations:
            return None
        return Video(video_id, _seen_first(locations), rows[0][0])

    def videos(self) -> tuple[Video, ...]:
        """Return all videos in the order they were found. Does not look at the disk, as drives may sleep."""
        rows = self._database.rows(
            "SELECT videos.id, videos.size_bytes, locations.path FROM videos"
            " JOIN locations ON locations.video_id = videos.id WHERE NOT removed"
            " ORDER BY videos.number, locations.number"
        )
        found: dict[tuple[VideoId, int], list[Path]] = {}
        for name, size_bytes, path in rows:
            found.setdefault((VideoId(name), size_bytes), []).append(_path(path))
        return tuple(Video(name, tuple(paths), size_bytes) for (name, size_bytes), paths in found.items())

    def every_place(self) -> tuple[Path, ...]:
        """Return every place where a video was ever seen, also of those that a person removed since."""
        return tuple(_path(path) for (path,) in self._database.rows("SELECT path FROM locations"))

    def forget_gone(self) -> None:
        """Drop the locations that are gone for certain, but never a video's last one."""
        for video in self.videos():
            for place in _superfluous(video.locations):
                self._database.rows("DELETE FROM locations WHERE key = ?", _key(place))

    def remove_video(self, video_id: VideoId) -> None:
        """Take a video out of the library; `was_removed` remembers it until it is identified again."""
        with self._database.transaction():
            self._database.rows("UPDATE videos SET removed = 1 WHERE id = ?", video_id)
            self._database.rows("DELETE FROM attempts WHERE video_id = ?", video_id)
            self._database.rows("DELETE FROM local_records WHERE video_id = ?", video_id)

    def was_removed(self, path: Path) -> bool:
        """Tell whether the person removed the video known at this path: a later scan should pass it over."""
        rows = self._database.rows(
            "SELECT removed FROM videos JOIN locations ON locations.video_id = videos.id WHERE key = ?",
            _key(settled(path)),
        )
        return bool(rows and rows[0][0])

    def _locations(self, video_id: VideoId) -> tuple[Path, ...]:
        rows = self._database.rows("SELECT path FROM locations WHERE video_id = ? ORDER BY number", video_id)
        return tuple(_path(path) for (path,) in rows)

    def _record(self, path: Path, found: VideoId, *, facts: os.stat_result) -> None:
        with self._database.transaction():
            before = self._database.rows("SELECT video_id FROM locations WHERE key = ?", _key(path))
            self._database.rows(
                "INSERT INTO videos (id, size_bytes) VALUES (?, ?)"
                " ON CONFLICT (id) DO UPDATE SET removed = 0 WHERE removed",
                found,
                facts.st_size,
            )
            self._database.rows(
                "INSERT INTO locations (key, path, size_bytes, mtime_ns, video_id)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET path = excluded.path,"
                " size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns,"
                " video_id = excluded.video_id",
                _key(path),
                os.fsencode(path),
                facts.st_size,
                facts.st_mtime_ns,
                found,
            )
            if before and before[0][0] != found:
                self._drop_without_location(before[0][0])

    def _drop_without_location(self, video_id: VideoId) -> None:
        self._database.rows(
            "DELETE FROM videos WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM locations WHERE video_id = ?1)",
            video_id,
        )


def _key(path: Path) -> bytes:
    # Windows does not care about case; the paths themselves are kept as they are spelled.
    return os.fsencode(os.path.normcase(path))


def _path(stored: bytes) -> Path:
    return Path(os.fsdecode(stored))


def _seen_first(locations: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(locations, key=lambda location: presence(location) is not Presence.HERE))


def _superfluous(locations: tuple[Path, ...]) -> list[Path]:
    if len(locations) == 1:
        return []
    gone = [location for location in locations if presence(location) is Presence.GONE]
    return gone if len(gone) < len(locations) else gone[:-1]
