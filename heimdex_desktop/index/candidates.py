"""The reading side of the index: a few hundred scenes out of all, by words, by meaning and by tags.

Words are found by a scan over the folded transcripts, in the same pass for all words of the query, and not
through LanceDB's full-text index. Measured with 20,000 scenes on two cores (LanceDB 0.40, n-grams of 2 to
3, the only tokenizer that finds Korean stems and Japanese words): the scan takes 13 ms for one word as for
eight; the index 22 ms for two words and 116 ms for eight when freshly optimised, and 380 to 490 ms when
not, as while videos are being indexed. The scan also counts exactly how rare a word is, and finds single
Chinese characters. `tests/benchmarks/search_quality.py` repeats the measurement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.database import (
    connect,
    has_table,
    is_any_video,
    is_video,
    narrowed,
    our_errors,
    quoted,
)
from heimdex_desktop.index.exact_words import Term, WordQuery
from heimdex_desktop.index.nearest import ROW, NearestRows, Ray
from heimdex_desktop.index.schema import SCENES, VIDEOS, ArrowTable, VectorColumn, columns_of, is_current
from heimdex_desktop.index.screen_words import ScreenScan, ScreenWords
from heimdex_desktop.index.spelling import ScreenMatcher

_PER_CHANNEL = 120
Place = tuple[VideoId, TimeSpan]
"""A stretch of a video."""
_FACTS = (
    "scene_id",
    "video_id",
    "start_ms",
    "end_ms",
    "transcript",
    "language",
    "words",
    "screen_text",
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


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over all scenes saw.

    `rows` (n) are row numbers, `holds` (n, words) tells which words of the query each may hold, `tagged`
    (n, tags) how sure each tag is; rows that lack a quoted phrase are left out.
    """

    rows: NDArray[np.uint64]
    holds: NDArray[np.bool_]
    tagged: NDArray[np.float32]

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(int(count) for count in self.holds.sum(axis=0))

    def best_by_words(self, weights: Sequence[float]) -> NDArray[np.uint64]:
        return self._best(self.holds @ np.asarray(weights, np.float64))

    def best_by_tags(self) -> NDArray[np.uint64]:
        return self._best(self.tagged.sum(axis=1))

    def _best(self, scores: NDArray[Any]) -> NDArray[np.uint64]:
        best = np.argsort(-scores, kind="stable")[:_PER_CHANNEL]
        return self.rows[best[scores[best] > 0]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept in memory from one snapshot to the next."""

    nearest: NearestRows = field(default_factory=NearestRows)
    screens: ScreenWords = field(default_factory=ScreenWords)


class Snapshot:
    """The scenes as they are at one moment; a snapshot is opened for each search and costs a millisecond.

    Every method raises MachineError where the tables cannot be read.
    """

    def __init__(self, folder: Path, videos: Table, scenes: Table, kept: Kept) -> None:
        self._folder = folder
        self._kept = kept
        self._videos = videos
        self._scenes = scenes

    @property
    def columns(self) -> tuple[VectorColumn, ...]:
        """The columns of vectors, oldest first."""
        return columns_of(self._scenes.schema)

    def count(self) -> int:
        with our_errors(self._folder):
            return self._scenes.count_rows()

    def vector_count(self, column: VectorColumn) -> int:
        """Return how many scenes have such a vector."""
        with our_errors(self._folder):
            return self._scenes.count_rows(f"{column.name} IS NOT NULL")

    def scan(self, query: WordQuery, tags: Sequence[str], only: str = "") -> Scan:
        """Look once at every scene that meets a condition, for the words of a query and for some tags."""
        columns: dict[str, Any] = {f"w{n}": _holds(term) for n, term in enumerate(query.terms)}
        columns |= {f"t{n}": _sureness(tag) for n, tag in enumerate(tags)}
        search = self._scenes.search().select(columns or {"w": "false"}).with_row_id(with_row_id=True)
        with our_errors(self._folder):
            seen = narrowed(search, only).limit(max(1, self.count())).to_arrow()
        return Scan(
            rows=seen[ROW].to_numpy(),
            holds=_stacked(seen, "w", len(query.terms)).astype(np.bool_),
            tagged=np.nan_to_num(_stacked(seen, "t", len(tags)).astype(np.float32)),
        )

    def nearest(self, ray: Ray, only: str = "") -> NDArray[np.uint64]:
        """Return the rows whose vectors lie nearest to a ray, among those that meet a condition."""
        with our_errors(self._folder):
            return self._kept.nearest.find(self._scenes, ray, only, count=_PER_CHANNEL)

    def on_screens(self, matcher: ScreenMatcher, scan: Scan, only: str = "") -> ScreenScan:
        """Look at all words on screens; with a condition, only of the scenes that `scan` has left."""
        with our_errors(self._folder):
            found = self._kept.screens.find(self._scenes, matcher)
        return found.among(scan.rows) if only else found

    def rows_around(self, places: Sequence[Place], only: str = "") -> NDArray[np.uint64]:
        """Return the rows of all scenes that meet a condition and touch one of these stretches of videos."""
        near = " OR ".join(
            f"({is_video(video_id)} AND start_ms < {span.end_ms:d} AND end_ms > {span.start_ms:d})"
            for video_id, span in sorted(set(places))
        )
        search = narrowed(self._scenes.search().select([ROW]), f"({near})" + (f" AND {only}" if only else ""))
        with our_errors(self._folder):
            return search.limit(max(1, self.count())).to_arrow()[ROW].to_numpy()

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
        names = ["scene_id", "video_id", "start_ms"]
        search = narrowed(self._scenes.search().select(names).with_row_id(with_row_id=True), only)
        with our_errors(self._folder):
            found = search.limit(max(1, self.count())).to_arrow()
        numbers, starts_ms = found[ROW].to_numpy(), found["start_ms"].to_numpy()
        _, video = np.unique(found["video_id"].to_numpy(zero_copy_only=False), return_inverse=True)
        # A publish appends, so the highest row number of a video tells when it was published.
        published = np.zeros(len(numbers), np.uint64)
        np.maximum.at(published, video, numbers)
        order = np.lexsort((starts_ms, -published[video].astype(np.int64)))[:limit]
        place = {name.as_py(): rank for rank, name in enumerate(found["scene_id"].take(order))}
        return tuple(sorted(self.candidates(numbers[order], columns), key=lambda one: place[one.scene.id]))

    def candidates(self, rows: Iterable[int], columns: Sequence[VectorColumn] = ()) -> tuple[Candidate, ...]:
        """Read scenes by row number with some of their vectors, in the order of time within each video."""
        numbers = sorted({int(row) for row in rows})
        if not numbers:
            return ()
        names = [*_FACTS, *(column.name for column in columns)]
        with our_errors(self._folder):
            found = self._scenes.take_row_ids(numbers).select(names).to_arrow()
            places = self._locations({row.as_py() for row in found["video_id"]})
        candidates = (_candidate(*record, places) for record in _records(found, columns))
        # A scene whose video is being removed has no row there any more.
        return tuple(candidate for candidate in candidates if candidate.scene.video_id in places)

    def _locations(self, video_ids: Iterable[str]) -> dict[VideoId, tuple[Path, ...]]:
        mine = is_any_video(VideoId(video_id) for video_id in sorted(video_ids))
        rows = self._videos.search().where(mine).limit(self._videos.count_rows()).to_arrow().to_pylist()
        return {row["video_id"]: tuple(Path(place) for place in row["locations"]) for row in rows}


class Reader:
    """Opens snapshots of the index in a folder that another thread writes, or that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = Kept()

    def snapshot(self) -> Snapshot | None:
        """Return the newest state, None where this version stored nothing. Raises MachineError on damage."""
        with our_errors(self._folder):
            if not has_table(self._folder, SCENES):
                return None
            database = connect(self._folder)
            videos, scenes = database.open_table(VIDEOS), database.open_table(SCENES)
        return Snapshot(self._folder, videos, scenes, self._kept) if is_current(scenes.schema) else None


def _holds(term: Term) -> str:
    return f"contains(words, {quoted(term.probe)})"


def _sureness(tag: str) -> str:
    return f"array_element(tag_scores, cast(array_position(tag_names, {quoted(tag)}) as bigint))"


def _stacked(seen: ArrowTable, letter: str, count: int) -> NDArray[Any]:
    columns = [seen[f"{letter}{place}"].to_numpy() for place in range(count)]
    return np.column_stack(columns) if columns else np.zeros((seen.num_rows, 0))


_Vectors = Mapping[VectorColumn, NDArray[np.float32]]


def _records(
    found: ArrowTable, columns: Sequence[VectorColumn]
) -> Iterator[tuple[Mapping[str, Any], _Vectors]]:
    facts = found.select(list(_FACTS)).to_pylist()
    for place, row in enumerate(facts):
        vectors = {column: found[column.name][place] for column in columns}
        yield row, {column: one.values.to_numpy() for column, one in vectors.items() if one.is_valid}


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
    )
    return Candidate(scene, tuple(row["words"].split()), vectors, tuple(row["screen"].split()))
