"""The writing side of the index: a copy of what the sidecars know, made for searching."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

from lancedb.db import DBConnection
from lancedb.table import Table

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.database import FOREIGN_ERRORS, connect, has_table, is_damage, is_video, our_errors
from heimdex_desktop.index.rows import SceneVectors, scene_rows, video_row
from heimdex_desktop.index.schema import (
    LASTING_ROWS,
    SCENES,
    VIDEOS,
    ArrowTable,
    VectorColumn,
    born,
    columns_of,
    is_current,
    scenes_schema,
    videos_schema,
)
from heimdex_desktop.index.vector_index import keep_indexed

_WRITES_BETWEEN_TIDYING = 50
# A search takes well under a second; versions older than this are read by nobody.
_KEEP_OLD_VERSIONS = timedelta(minutes=5)
_ANY_AGE = timedelta(milliseconds=1)
"""The least that LanceDB takes without a warning."""
_OLDER_S = 0.005


class SceneStore:
    """The only writer of the index. Use it from one thread.

    `wanted` are the columns of vectors to come. One that the tables lack is added, empty, and every video
    then counts as published under no fingerprint; the columns there are stay until `drop`. Tables of
    another version of the program are dropped, so that `published()` is empty and everything is published
    again; a damaged folder is moved aside, which `notices` then tells a person.

    Raises NoAccess or MachineError where the folder cannot be used.
    """

    def __init__(self, folder: Path, wanted: Sequence[VectorColumn] = ()) -> None:
        self._folder = folder
        self._wanted = tuple(wanted)
        self._writes = 0
        self.notices: tuple[str, ...] = ()
        with our_errors(folder):
            try:
                self._open()
            except FOREIGN_ERRORS as error:
                if not is_damage(error):
                    raise
                self._begin_anew()

    def publish(
        self, record: VideoRecord, vectors: SceneVectors, stills: Mapping[SceneId, str], fingerprint: str
    ) -> None:
        """Replace everything the index knows of a video, in one step that a reader sees whole.

        `vectors` are unit-length; those for columns that the table has not are left out. `stills` are file
        names below the stills folder. Raises DiskFull, NoAccess, MachineError; ValueError for a vector of
        another length.
        """
        mine = is_video(record.video.id)
        rows = scene_rows(record, vectors, stills, self._columns)
        with our_errors(self._folder):
            # The scenes come first: killed in between, the old fingerprint makes it be published again.
            _replace(self._scenes, "scene_id", rows, mine)
            _replace(self._videos, "video_id", video_row(record.video, fingerprint), mine)
            self._tidy_now_and_then()

    def remove(self, video_id: VideoId) -> None:
        """Forget a video and its scenes; nothing happens where it was not known."""
        mine = is_video(video_id)
        with our_errors(self._folder):
            self._videos.delete(mine)
            self._scenes.delete(mine)
            self._tidy_now_and_then()

    @property
    def columns(self) -> tuple[VectorColumn, ...]:
        """The columns of vectors, oldest first."""
        return self._columns

    def drop(self, columns: Sequence[VectorColumn]) -> None:
        """Remove columns of vectors that nothing searches any more."""
        if columns:
            with our_errors(self._folder):
                self._scenes.drop_columns([column.name for column in columns])
                self._columns = columns_of(self._scenes.schema)

    def published(self) -> dict[VideoId, str]:
        """Return the fingerprint under which each video was published."""
        with our_errors(self._folder):
            return _fingerprints(self._videos)

    def scene_count(self) -> int:
        with our_errors(self._folder):
            return self._scenes.count_rows()

    def optimize(self) -> None:
        """Join small files, drop old versions, and bring the indexes of vectors up to date.

        Publishing does it by itself now and then.
        """
        with our_errors(self._folder):
            for column in self._columns:
                keep_indexed(self._scenes, column)
            for table in (self._videos, self._scenes):
                table.optimize(cleanup_older_than=_KEEP_OLD_VERSIONS)
        self._writes = 0

    def purge(self) -> None:
        """Delete at once what the rows just replaced said before; a search that runs meanwhile may fail.

        Their file is written anew when it is joined with that of the rows in their place.
        """
        tables = self._videos, self._scenes
        with our_errors(self._folder):
            for table in tables:
                table.optimize()
            # Joining a few rows takes less than `_ANY_AGE`: what was written right before it would be kept.
            time.sleep(_OLDER_S)
            for table in tables:
                table.optimize(cleanup_older_than=_ANY_AGE, delete_unverified=True)
        self._writes = 0

    def _tidy_now_and_then(self) -> None:
        self._writes += 1
        if self._writes >= _WRITES_BETWEEN_TIDYING:
            self.optimize()

    def _open(self) -> None:
        database = connect(self._folder)
        names = set(database.list_tables().tables)
        if {VIDEOS, SCENES} <= names and _are_current(database):
            self._videos, self._scenes = database.open_table(VIDEOS), database.open_table(SCENES)
            _check(self._videos)
            _check(self._scenes)
            self._add_missing_columns()
        else:
            self._make_tables(database)

    def _add_missing_columns(self) -> None:
        there = columns_of(self._scenes.schema)
        missing = [column for column in self._wanted if column not in there]
        if missing:
            # First, so that a crash in between leaves no video that passes for published with its vectors.
            self._videos.update(values={"fingerprint": ""})
            self._scenes.add_columns([column.field for column in missing])
        self._columns = (*there, *missing)

    def _make_tables(self, database: DBConnection) -> None:
        for name in database.list_tables().tables:
            database.drop_table(name)
        # An empty list of videos first: killed in between, nothing passes for published.
        self._videos = database.create_table(VIDEOS, schema=born(videos_schema()))
        schema = born(scenes_schema(self._wanted))
        self._scenes = database.create_table(SCENES, schema=schema, storage_options=LASTING_ROWS)
        self._columns = self._wanted

    def _begin_anew(self) -> None:
        aside = _free_name(self._folder)
        try:
            self._folder.rename(aside)
        except OSError as error:
            sentence = f"The damaged search index in {self._folder} cannot be moved aside."
            raise NoAccess(
                sentence, "Close other programs that use this folder, then start again."
            ) from error
        self.notices = (
            f"The search index was damaged and is being made anew; the old one is kept as {aside.name}.",
        )
        self._make_tables(connect(self._folder))


def published_in(folder: Path) -> dict[VideoId, str]:
    """Return what `SceneStore.published` would, but never make or change anything.

    Empty where there is no index, or one of another version. Raises NoAccess or MachineError.
    """
    with our_errors(folder):
        if not has_table(folder, VIDEOS):
            return {}
        videos = connect(folder).open_table(VIDEOS)
        return _fingerprints(videos) if is_current(videos.schema) else {}


def scene_counts_in(folder: Path) -> dict[VideoId, int]:
    """Return how many scenes of each video can be found, without making or changing anything.

    Raises NoAccess or MachineError.
    """
    with our_errors(folder):
        if not has_table(folder, SCENES):
            return {}
        found = _read(connect(folder).open_table(SCENES), ["video_id"])["video_id"].value_counts().to_pylist()
    return {VideoId(row["values"]): row["counts"] for row in found}


def _are_current(database: DBConnection) -> bool:
    return all(is_current(database.open_table(name).schema) for name in (VIDEOS, SCENES))


def _fingerprints(videos: Table) -> dict[VideoId, str]:
    rows = _read(videos, ["video_id", "fingerprint"]).to_pylist()
    return {VideoId(row["video_id"]): row["fingerprint"] for row in rows}


def _replace(table: Table, key: str, rows: ArrowTable, mine: str) -> None:
    """Make `rows` all there is of a video, in one commit."""
    merge = table.merge_insert(key).when_matched_update_all().when_not_matched_insert_all()
    # Without "null", a missing vector counts as a bad one.
    merge.when_not_matched_by_source_delete(mine).execute(rows, on_bad_vectors="null")


def _check(table: Table) -> None:
    """Read the whole table once, but for the vectors, so that damage shows now and not in a search."""
    vectors = {column.name for column in columns_of(table.schema)}
    _read(table, [name for name in table.schema.names if name not in vectors])


def _read(table: Table, columns: list[str]) -> ArrowTable:
    return table.search().select(columns).limit(table.count_rows()).to_arrow()


def _free_name(folder: Path) -> Path:
    names = (folder.with_name(f"{folder.name}.broken-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
