"""The reading side of the index: a few hundred scenes out of all, by words, by meaning and by tags.

Words and tags are looked up in `memory`. A library too large to be read into memory within a search is
scanned in the table until `Reader.load` has been through.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.domain.query_completion import Offers
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.choices import OtherNames, offers_of
from heimdex_desktop.index.database import Door, connect, has_table, is_video, our_errors, quoted
from heimdex_desktop.index.exact_words import WordQuery
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.nearest import NearestRows, Ray
from heimdex_desktop.index.newest import newest_scenes
from heimdex_desktop.index.scan import PER_CHANNEL, Scan
from heimdex_desktop.index.schema import (
    SCENES,
    VIDEOS,
    ArrowArray,
    ArrowTable,
    VectorColumn,
    columns_of,
    is_current,
)
from heimdex_desktop.index.screen_words import ScreenScan, ScreenWords
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.table_scan import rows_with, scanned
from heimdex_desktop.index.video_places import VideoPlaces

_ROWS_READ_AT_ONCE = 60_000
Place = tuple[VideoId, TimeSpan]
"""A stretch of a video."""
_FACTS = (
    "scene_id",
    "video_id",
    "start_ms",
    "end_ms",
    "transcript",
    "said_at_ms",
    "said_from",
    "language",
    "words",
    "screen_text",
    "screen_at_ms",
    "screen",
    "tag_names",
    "tag_scores",
    "still",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scene worth a closer look.

    `words` are its folded words, `screen` those that it shows, `vectors` those asked for that it has.
    """

    scene: FoundScene
    words: tuple[str, ...]
    vectors: Mapping[VectorColumn, NDArray[np.float32]]
    screen: tuple[str, ...] = ()


@dataclass(slots=True)
class Kept:
    """What is kept in memory from one snapshot to the next; `memory` is None before it is loaded."""

    nearest: NearestRows = field(default_factory=NearestRows)
    screens: ScreenWords = field(default_factory=ScreenWords)
    videos: VideoPlaces = field(default_factory=VideoPlaces)
    memory: Memory | None = None

    def memory_of(self, scenes: Table) -> Memory | None:
        """Return the words of a table as it is now; None where reading them would keep a search waiting."""
        if self.memory is None and scenes.count_rows() <= _ROWS_READ_AT_ONCE:
            self.memory = Memory()
        if self.memory is not None:
            self.memory.follow(scenes)
        return self.memory


class Snapshot:
    """The scenes as they are at one moment; a snapshot is opened for each search and costs a millisecond.

    Every method raises MachineError where the tables cannot be read.
    """

    def __init__(self, folder: Path, videos: Table, scenes: Table, kept: Kept) -> None:
        self._folder = folder
        self._kept = kept
        self._videos = videos
        self._scenes = scenes

    @cached_property
    def columns(self) -> tuple[VectorColumn, ...]:
        """The columns of vectors, oldest first."""
        return columns_of(self._scenes.schema)

    @cached_property
    def _memory(self) -> Memory | None:
        return self._kept.memory_of(self._scenes)

    def count(self) -> int:
        with our_errors(self._folder):
            return self._scenes.count_rows()

    def vector_count(self, column: VectorColumn) -> int:
        """Return how many scenes have such a vector."""
        with our_errors(self._folder):
            if self._memory is not None:
                return self._memory.vector_count(column.name)
            return self._scenes.count_rows(f"array_contains(vector_names, {quoted(column.name)})")

    def scan(self, query: WordQuery, tags: Sequence[str], only: str = "") -> Scan:
        """Look once at every scene that meets a condition, for the words of a query and for some tags."""
        with our_errors(self._folder):
            if self._memory is None:
                return scanned(self._scenes, query, tags, only)
            seen = self._memory.scan(query.terms, tags)
            return seen.among(rows_with(self._scenes, only)) if only else seen

    def nearest(self, ray: Ray, only: str = "") -> NDArray[np.uint64]:
        """Return the rows whose vectors lie nearest to a ray, among those that meet a condition."""
        with our_errors(self._folder):
            return self._kept.nearest.find(self._scenes, ray, only, count=PER_CHANNEL)

    def on_screens(self, matcher: ScreenMatcher, scan: Scan, only: str = "") -> ScreenScan:
        """Look at all words on screens; with a condition, only of the scenes that `scan` has left."""
        with our_errors(self._folder):
            screens = self._memory.screens.scan if self._memory else None
            found = screens(matcher) if screens else self._kept.screens.find(self._scenes, matcher)
        return found.among(scan.rows) if only else found

    def rows_of(self, scene_id: SceneId) -> NDArray[np.uint64]:
        """Return the row of a scene; none where it is not there."""
        with our_errors(self._folder):
            return rows_with(self._scenes, f"scene_id = {quoted(scene_id)}")

    def rows_around(self, places: Sequence[Place], only: str = "") -> NDArray[np.uint64]:
        """Return the rows of all scenes that meet a condition and touch one of these stretches of videos."""
        near = " OR ".join(
            f"({is_video(video_id)} AND start_ms < {span.end_ms:d} AND end_ms > {span.start_ms:d})"
            for video_id, span in sorted(set(places))
        )
        with our_errors(self._folder):
            return rows_with(self._scenes, f"({near})" + (f" AND {only}" if only else ""))

    def sample(self, column: VectorColumn, size: int) -> NDArray[np.float32]:
        """Return up to `size` vectors from all over the library, shape (n, dimensions)."""
        count = self.count()
        places = list(range(0, count, max(1, count // size)))[:size]
        if not places:
            return np.zeros((0, 0), np.float32)
        with our_errors(self._folder):
            found = self._scenes.take_offsets(places).select([column.name]).to_arrow()[column.name]
        vectors = [vector.values.to_numpy() for vector in found if vector.is_valid]
        return np.stack(vectors) if vectors else np.zeros((0, 0), np.float32)

    def latest(
        self, limit: int, columns: Sequence[VectorColumn] = (), only: str = ""
    ) -> tuple[Candidate, ...]:
        """Return scenes that meet a condition: those of the video published last first, each in time."""
        with our_errors(self._folder):
            found = newest_scenes(self._scenes, limit, only)
        place = {scene_id: rank for rank, scene_id in enumerate(found)}
        return tuple(sorted(self.candidates(found.values(), columns), key=lambda one: place[one.scene.id]))

    def candidates(self, rows: Iterable[int], columns: Sequence[VectorColumn] = ()) -> tuple[Candidate, ...]:
        """Read scenes by row number with some of their vectors, in the order of time within each video."""
        numbers = sorted({int(row) for row in rows})
        if not numbers:
            return ()
        names = [*_FACTS, *(column.name for column in columns)]
        with our_errors(self._folder):
            found = self._scenes.take_row_ids(numbers).select(names).to_arrow()
            places = self._kept.videos.of(self._videos)
        candidates = (_candidate(*record, places) for record in _records(found, columns))
        # A scene whose video is being removed has no row there any more.
        return tuple(candidate for candidate in candidates if candidate.scene.video_id in places)


class Reader:
    """Opens snapshots of the index in a folder that another thread writes, or that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = Kept()
        self._door = Door(folder)

    def snapshot(self) -> Snapshot | None:
        """Return the newest state, None where this version stored nothing. Raises MachineError on damage."""
        with our_errors(self._folder):
            if not has_table(self._folder, SCENES):
                return None
            database = self._door.open()
            videos, scenes = database.open_table(VIDEOS), database.open_table(SCENES)
        return Snapshot(self._folder, videos, scenes, self._kept) if is_current(scenes.schema) else None

    def load(self) -> Generator[int]:
        """Read into memory what every search looks at, in steps that yield the rows read.

        For a thread of its own; searches go on meanwhile. Raises MachineError on damage.
        """
        with our_errors(self._folder):
            if self._kept.memory or not has_table(self._folder, SCENES):
                return
            scenes = connect(self._folder).open_table(SCENES)
            if not is_current(scenes.schema):
                return
            memory = Memory()
            yield from memory.following(scenes)
            self._kept.memory = memory

    def offers(self, other_names: OtherNames) -> Offers:
        """Return what there is to choose from while a query is typed; none where nothing is stored.

        For a thread of its own; searches go on meanwhile. Raises MachineError on damage.
        """
        with our_errors(self._folder):
            if not has_table(self._folder, SCENES):
                return Offers()
            database = connect(self._folder)
            videos, scenes = database.open_table(VIDEOS), database.open_table(SCENES)
            return offers_of(videos, scenes, other_names) if is_current(scenes.schema) else Offers()


_Vectors = Mapping[VectorColumn, NDArray[np.float32]]


def _records(
    found: ArrowTable, columns: Sequence[VectorColumn]
) -> Iterator[tuple[Mapping[str, Any], _Vectors]]:
    facts = found.select(list(_FACTS)).to_pylist()
    vectors = {column: _vectors(found[column.name].combine_chunks()) for column in columns}
    for place, row in enumerate(facts):
        mine = {column: matrix[place] for column, (matrix, there) in vectors.items() if there[place]}
        yield row, mine


def _vectors(found: ArrowArray) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return vectors as they stand, shape (n, dimensions), and which of them are there."""
    flat = found.values.to_numpy(zero_copy_only=False)
    there = found.is_valid().to_numpy(zero_copy_only=False)
    return flat.reshape(-1, found.type.list_size)[found.offset :], there


def _candidate(
    row: Mapping[str, Any], vectors: _Vectors, places: Mapping[VideoId, tuple[Path, ...]]
) -> Candidate:
    video_id = VideoId(row["video_id"])
    scene = FoundScene(
        id=SceneId(row["scene_id"]),
        video_id=video_id,
        locations=places.get(video_id, ()),
        span=TimeSpan(row["start_ms"], row["end_ms"]),
        transcript=row["transcript"],
        language=row["language"],
        tags=dict(zip(row["tag_names"], row["tag_scores"], strict=True)),
        still=row["still"],
        screen_text=row["screen_text"],
        said_at_ms=tuple(row["said_at_ms"]),
        said_from=tuple(row["said_from"]),
        screen_at_ms=tuple(row["screen_at_ms"]),
    )
    return Candidate(scene, tuple(row["words"].split()), vectors, tuple(row["screen"].split()))
