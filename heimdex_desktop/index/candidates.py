"""The reading side of the index: a few hundred scenes out of all, by words, by meaning and by tags.

Scenes are looked up in `memory`. A library too large to be read into memory within a search is looked through
in the table until `Reader.load` has been through, and so is one that does not fit into it.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.domain.filters import Comparison
from heimdex_desktop.domain.query_completion import Offers
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.choices import OtherNames, PeopleOffers, offers_of
from heimdex_desktop.index.clauses import ANYTHING, AllOf, Compared, Number, condition_of
from heimdex_desktop.index.database import Door, connect, has_table, is_video, our_errors, quoted
from heimdex_desktop.index.exact_words import WordQuery
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.nearby import Nearby
from heimdex_desktop.index.nearest import Ray, RowNumbers
from heimdex_desktop.index.newest import newest_scenes
from heimdex_desktop.index.scan import PER_CHANNEL, Scan
from heimdex_desktop.index.scene_reading import Places, read_candidates, read_scenes, read_vectors
from heimdex_desktop.index.schema import SCENES, VIDEOS, VectorColumn, birth_of, columns_of, is_current
from heimdex_desktop.index.screen_words import ScreenScan, ScreenWords
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.table_scan import rows_with, scanned, surest_rows
from heimdex_desktop.index.video_places import VideoPlaces
from heimdex_desktop.index.who import WhoQuery

_ROWS_READ_AT_ONCE = 20_000
_COUNTED = AllOf((Compared(Number.PEOPLE, Comparison.AT_LEAST, 0),))
Place = tuple[VideoId, TimeSpan]
"""A stretch of a video."""


@dataclass(slots=True)
class Kept:
    """What is kept in memory from one snapshot to the next; `memory` is None before it is loaded."""

    screens: ScreenWords = field(default_factory=ScreenWords)
    videos: VideoPlaces = field(default_factory=VideoPlaces)
    memory: Memory | None = None

    def memory_of(self, scenes: Table) -> Memory | None:
        """Return the scenes of a table as it is now; None where they do not fit, and where reading them
        would keep a search waiting.
        """
        if self.memory is None and scenes.count_rows() <= _ROWS_READ_AT_ONCE:
            self.memory = Memory()
        if self.memory is not None:
            self.memory.follow(scenes)
        return None if self.memory is None or self.memory.is_full else self.memory


class Snapshot:
    """The scenes as they are at one moment, opened anew when they have changed since.

    Every method raises MachineError where the tables cannot be read, and may be called on several threads.
    """

    def __init__(self, folder: Path, videos: Table, scenes: Table, kept: Kept) -> None:
        self._folder = folder
        self._kept = kept
        self._videos = videos
        self._scenes = scenes
        self._nearby = Nearby(scenes)
        self._followed: Memory | None = None
        self._following = Lock()

    @cached_property
    def birth(self) -> bytes:
        """What tells these tables from others that were made in their place, whose rows are other scenes."""
        return birth_of(self._scenes.schema)

    @cached_property
    def columns(self) -> tuple[VectorColumn, ...]:
        """The columns of vectors, oldest first."""
        return columns_of(self._scenes.schema)

    @cached_property
    def _places(self) -> Places:
        return self._kept.videos.of(self._videos)

    @cached_property
    def _count(self) -> int:
        return self._scenes.count_rows()

    @property
    def _memory(self) -> Memory | None:
        # It may have been loaded since this was opened.
        with self._following:
            if self._followed is None or self._followed is not self._kept.memory:
                self._followed = self._kept.memory_of(self._scenes)
            return self._followed

    def count(self) -> int:
        with our_errors(self._folder):
            return self._count

    def vector_count(self, column: VectorColumn) -> int:
        """Return how many scenes have such a vector."""
        with our_errors(self._folder):
            if self._memory is not None:
                return self._memory.vector_count(column.name)
            return self._scenes.count_rows(f"array_contains(vector_names, {quoted(column.name)})")

    def scan(self, query: WordQuery, tags: Sequence[str], only: AllOf = ANYTHING) -> Scan:
        """Look once at every scene that meets the clauses, for the words of a query and for some tags."""
        with our_errors(self._folder):
            if self._memory is None:
                return scanned(self._scenes, query, tags, condition_of(only))
            return self._memory.scan(query.terms, tags, only)

    def nearest(self, ray: Ray, only: AllOf = ANYTHING) -> RowNumbers:
        """Return the rows whose vectors lie nearest to a ray, among those that meet the clauses."""
        with our_errors(self._folder):
            return self._nearby.find(self._memory, ray, only, PER_CHANNEL)

    def surest(self, who: WhoQuery, only: AllOf = ANYTHING, count: int = PER_CHANNEL) -> RowNumbers:
        """Return the rows of scenes that answer best by who is seen, of those that meet the clauses."""
        with our_errors(self._folder):
            if self._memory is None:
                return surest_rows(self._scenes, who, only, count)
            return self._memory.surest(who, only, count)

    @cached_property
    def has_counted_people(self) -> bool:
        """Whether faces were looked for in any scene."""
        with our_errors(self._folder):
            if self._memory is None:
                return self._scenes.count_rows("people_count IS NOT NULL") > 0
            return self._memory.count_meeting(_COUNTED) > 0

    def on_screens(self, matcher: ScreenMatcher) -> ScreenScan:
        """Look at all words on screens."""
        with our_errors(self._folder):
            if self._memory is None:
                return self._kept.screens.find(self._scenes, matcher)
            return self._memory.on_screens(matcher)

    def meeting(self, rows: RowNumbers, only: AllOf) -> RowNumbers:
        """Return those rows that meet the clauses."""
        if not only:
            return rows
        with our_errors(self._folder):
            if self._memory is not None:
                return rows[self._memory.are_meeting(rows, only)]
            return rows[np.isin(rows, rows_with(self._scenes, condition_of(only)))]

    def get_ready(self, only: AllOf) -> None:
        """Find what meets the clauses once, before several threads ask for it at the same time."""
        if only and self._memory is not None:
            self._memory.count_meeting(only)

    def rows_of(self, scene_id: SceneId) -> RowNumbers:
        """Return the row of a scene; none where it is not there."""
        with our_errors(self._folder):
            return rows_with(self._scenes, f"scene_id = {quoted(scene_id)}")

    def rows_around(self, places: Sequence[Place], only: AllOf = ANYTHING) -> RowNumbers:
        """Return the rows of all scenes that meet the clauses and touch one of these stretches of videos."""
        near = " OR ".join(
            f"({is_video(video_id)} AND start_ms < {span.end_ms:d} AND end_ms > {span.start_ms:d})"
            for video_id, span in sorted(set(places))
        )
        with our_errors(self._folder):
            return self.meeting(rows_with(self._scenes, near), only)

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
        self, limit: int, columns: Sequence[VectorColumn] = (), only: AllOf = ANYTHING
    ) -> tuple[Candidate, ...]:
        """Return scenes that meet the clauses: those of the video published last first, each in time."""
        with our_errors(self._folder):
            found = newest_scenes(self._scenes, limit, condition_of(only))
        place = {row: rank for rank, row in enumerate(found)}
        return tuple(sorted(self.candidates(found, columns), key=lambda one: place[one.row]))

    def candidates(self, rows: Iterable[int], columns: Sequence[VectorColumn] = ()) -> tuple[Candidate, ...]:
        """Return scenes by row number with some of their vectors, in the order of time within each video."""
        numbers = _distinct(rows)
        if not len(numbers):
            return ()
        with our_errors(self._folder):
            found, places = self._candidates(numbers, columns), self._places
        # A scene whose video is being removed has no row there any more.
        return tuple(candidate for candidate in found if candidate.video_id in places)

    def scenes(self, rows: Iterable[int]) -> dict[int, FoundScene]:
        """Read all that is known of scenes, by row number; those that are gone are left out."""
        numbers = _distinct(rows)
        if not len(numbers):
            return {}
        with our_errors(self._folder):
            return read_scenes(self._scenes, numbers, self._places)

    def _candidates(self, rows: RowNumbers, columns: Sequence[VectorColumn]) -> list[Candidate]:
        if self._memory is None:
            return read_candidates(self._scenes, rows, columns)
        found = self._memory.candidates(rows, columns)
        lacking = [column for column in columns if not self._memory.keeps(column)]
        if not lacking:
            return found
        read = read_vectors(self._scenes, rows, lacking)
        return [replace(one, vectors={**one.vectors, **read.get(one.row, {})}) for one in found]


class Reader:
    """Opens snapshots of the index in a folder that another thread writes, or that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = Kept()
        self._door = Door(folder)
        self._newest: tuple[object, Snapshot | None] = (None, None)

    def snapshot(self) -> Snapshot | None:
        """Return the newest state, None where this version stored nothing. Raises MachineError on damage."""
        with our_errors(self._folder):
            if not has_table(self._folder, SCENES):
                return None
            state = self._door.state()
            if self._newest[0] != state:
                self._newest = state, self._opened()
            return self._newest[1]

    def _opened(self) -> Snapshot | None:
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

    def offers(self, other_names: OtherNames, people: PeopleOffers) -> Offers:
        """Return what there is to choose from while a query is typed; none where nothing is stored.

        For a thread of its own; searches go on meanwhile. Raises MachineError on damage.
        """
        with our_errors(self._folder):
            if not has_table(self._folder, SCENES):
                return Offers()
            database = connect(self._folder)
            videos, scenes = database.open_table(VIDEOS), database.open_table(SCENES)
            if not is_current(scenes.schema):
                return Offers()
            return offers_of(videos, scenes, other_names, people)


def _distinct(rows: Iterable[int]) -> RowNumbers:
    return np.unique(np.fromiter(rows, np.uint64))
