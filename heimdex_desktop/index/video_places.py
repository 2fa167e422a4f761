"""Where the videos of the index lie; read again when one of them was published, moved or removed."""

from collections.abc import Mapping
from pathlib import Path

from lancedb.table import Table

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.index.schema import birth_of


class VideoPlaces:
    """Keeps the places of all videos in memory: a library has few videos beside its scenes."""

    def __init__(self) -> None:
        self._version = (b"", 0)
        self._places: Mapping[VideoId, tuple[Path, ...]] = {}

    def of(self, videos: Table) -> Mapping[VideoId, tuple[Path, ...]]:
        """Return all places of every video in a table. May raise FOREIGN_ERRORS."""
        version = birth_of(videos.schema), int(videos.version)
        if version != self._version:
            found = videos.search().select(["video_id", "locations"]).limit(max(1, videos.count_rows()))
            rows = found.to_arrow().to_pylist()
            self._places = {row["video_id"]: tuple(map(Path, row["locations"])) for row in rows}
            self._version = version
        return self._places
