"""Reads scenes from the table: those that are shown as a whole, others as far as they are judged."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.domain.scene import SceneId, SeenPerson
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.kept_vectors import vectors_in
from heimdex_desktop.index.nearest import ROW, RowNumbers
from heimdex_desktop.index.schema import ArrowTable, VectorColumn

_JUDGED_BY = (
    *("video_id", "start_ms", "end_ms", "words", "screen"),
    *("tag_names", "tag_scores", "people", "people_sure"),
)
_FACTS = (
    "scene_id",
    "video_id",
    "start_ms",
    "end_ms",
    "transcript",
    "said_at_ms",
    "said_from",
    "language",
    "screen_text",
    "screen_at_ms",
    "tag_names",
    "tag_scores",
    "still",
    "people_count",
    "people",
    "people_sure",
    "people_frames",
)
Places = Mapping[VideoId, tuple[Path, ...]]
ByRow = Mapping[int, Mapping[VectorColumn, NDArray[np.float32]]]


def read_candidates(table: Table, rows: RowNumbers, columns: Sequence[VectorColumn]) -> list[Candidate]:
    """Return scenes with some of their vectors. May raise FOREIGN_ERRORS."""
    found = _taken(table, rows, [*_JUDGED_BY, *(column.name for column in columns)])
    vectors = _vectors(found, columns)
    return [
        Candidate(
            row=row[ROW],
            video_id=VideoId(row["video_id"]),
            span=TimeSpan(row["start_ms"], row["end_ms"]),
            said=row["words"],
            shown=row["screen"],
            tags=_tags(row),
            vectors=vectors[row[ROW]],
            people=dict(zip(row["people"], row["people_sure"], strict=True)),
        )
        for row in found.select([*_JUDGED_BY, ROW]).to_pylist()
    ]


def read_vectors(table: Table, rows: RowNumbers, columns: Sequence[VectorColumn]) -> ByRow:
    """Return those vectors of some scenes that they have. May raise FOREIGN_ERRORS."""
    return _vectors(_taken(table, rows, [column.name for column in columns]), columns)


def read_scenes(table: Table, rows: RowNumbers, places: Places) -> dict[int, FoundScene]:
    """Return all that is known of scenes, by row. May raise FOREIGN_ERRORS."""
    found = _taken(table, rows, _FACTS)
    return {row[ROW]: _scene(row, places) for row in found.to_pylist()}


def _taken(table: Table, rows: RowNumbers, names: Sequence[str]) -> ArrowTable:
    return table.take_row_ids(rows.tolist()).select(list(names)).with_row_id().to_arrow()


def _vectors(found: ArrowTable, columns: Sequence[VectorColumn]) -> ByRow:
    mine: dict[int, dict[VectorColumn, NDArray[np.float32]]] = {row: {} for row in found[ROW].to_pylist()}
    for column in columns:
        vectors, there = vectors_in(found[column.name].combine_chunks())
        for has, vector, is_there in zip(mine.values(), vectors, there.tolist(), strict=True):
            if is_there:
                has[column] = vector
    return mine


def _scene(row: Mapping[str, Any], places: Places) -> FoundScene:
    video_id = VideoId(row["video_id"])
    return FoundScene(
        id=SceneId(row["scene_id"]),
        video_id=video_id,
        locations=places.get(video_id, ()),
        span=TimeSpan(row["start_ms"], row["end_ms"]),
        transcript=row["transcript"],
        language=row["language"],
        tags=_tags(row),
        still=row["still"],
        screen_text=row["screen_text"],
        said_at_ms=tuple(row["said_at_ms"]),
        said_from=tuple(row["said_from"]),
        screen_at_ms=tuple(row["screen_at_ms"]),
        people=tuple(_people(row)),
        people_count=row["people_count"],
    )


def _people(row: Mapping[str, Any]) -> Iterator[SeenPerson]:
    """Return who is seen, the surest first; what they are called is not kept here."""
    seen = zip(row["people"], row["people_sure"], row["people_frames"], strict=True)
    for person_id, confidence, frame_count in sorted(seen, key=lambda one: -one[1]):
        yield SeenPerson(person_id, "", confidence, frame_count)


def _tags(row: Mapping[str, Any]) -> dict[str, float]:
    return dict(zip(row["tag_names"], row["tag_scores"], strict=True))
