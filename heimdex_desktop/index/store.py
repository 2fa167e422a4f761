"""The writing side of the index: a copy of what the sidecars know, made for searching."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

from lancedb.db import DBConnection
from lancedb.table import Table

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.database import FOREIGN_ERRORS, connect, has_table, is_damage, is_video, our_errors
from heimdex_desktop.index.rows import TextVectors, scene_rows, video_row
from heimdex_desktop.index.schema import (
    SCENES,
    VECTOR,
    VIDEOS,
    ArrowSchema,
    ArrowTable,
    born,
    is_current,
    scenes_schema,
    space_of,
    videos_schema,
)

_WRITES_BETWEEN_TIDYING = 50
# A search takes well under a second; versions older than this are read by nobody.
_KEEP_OLD_VERSIONS = timedelta(minutes=5)


class SceneStore:
    """The only writer of the index. Use it from one thread.

    `space` is that of the vectors to come; None, where no model is at hand, takes over the space of the
    tables there are. Tables of another space or another version of the program are dropped, so that
    `published()` is empty and everything is published again; a damaged folder is moved aside, which
    `notices` then tells a person.

    Raises NoAccess or MachineError where the folder cannot be used.
    """

    def __init__(self, folder: Path, space: EmbeddingSpace | None) -> None:
        self._folder = folder
        self._space = space
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
        self, record: VideoRecord, vectors: TextVectors, stills: Mapping[SceneId, str], fingerprint: str
    ) -> None:
        """Replace everything the index knows of a video, in one step that a reader sees whole.

        `vectors` are unit-length, of the store's dimensions; `stills` are file names below the stills
        folder. Raises DiskFull, NoAccess, MachineError; ValueError for a vector of another length.
        """
        mine = is_video(record.video.id)
        rows = scene_rows(record, vectors if self._space else {}, stills, self._space)
        with our_errors(self._folder):
            # The scenes come first: killed in between, the old fingerprint makes it be published again.
            _replace(self._scenes, "scene_id", rows, mine)
            _replace(self._videos, "video_id", video_row(record.video, fingerprint, self._space), mine)
            self._tidy_now_and_then()

    def remove(self, video_id: VideoId) -> None:
        """Forget a video and its scenes; nothing happens where it was not known."""
        mine = is_video(video_id)
        with our_errors(self._folder):
            self._videos.delete(mine)
            self._scenes.delete(mine)
            self._tidy_now_and_then()

    @property
    def space(self) -> EmbeddingSpace | None:
        return self._space

    def published(self) -> dict[VideoId, str]:
        """Return the fingerprint under which each video was published."""
        with our_errors(self._folder):
            return _fingerprints(self._videos)

    def scene_count(self) -> int:
        with our_errors(self._folder):
            return self._scenes.count_rows()

    def optimize(self) -> None:
        """Join small files and drop old versions; publishing does it by itself now and then."""
        with our_errors(self._folder):
            for table in (self._videos, self._scenes):
                table.optimize(cleanup_older_than=_KEEP_OLD_VERSIONS)
        self._writes = 0

    def _tidy_now_and_then(self) -> None:
        self._writes += 1
        if self._writes >= _WRITES_BETWEEN_TIDYING:
            self.optimize()

    def _open(self) -> None:
        database = connect(self._folder)
        names = set(database.list_tables().tables)
        if {VIDEOS, SCENES} <= names and self._fits(database):
            self._videos, self._scenes = database.open_table(VIDEOS), database.open_table(SCENES)
            _check(self._videos)
            _check(self._scenes)
        else:
            self._make_tables(database)

    def _fits(self, database: DBConnection) -> bool:
        schemas = [database.open_table(name).schema for name in (VIDEOS, SCENES)]
        if not all(_suits(schema, self._space) for schema in schemas):
            return False
        self._space = space_of(schemas[0])
        return True

    def _make_tables(self, database: DBConnection) -> None:
        for name in database.list_tables().tables:
            database.drop_table(name)
        # An empty list of videos first: killed in between, nothing passes for published.
        self._videos = database.create_table(VIDEOS, schema=born(videos_schema(self._space)))
        self._scenes = database.create_table(SCENES, schema=born(scenes_schema(self._space)))

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


def published_in(folder: Path, space: EmbeddingSpace | None) -> dict[VideoId, str]:
    """Return what `SceneStore.published` would, but never make or change anything.

    Empty where there is no index, or one of another space or version. Raises NoAccess or MachineError.
    """
    with our_errors(folder):
        if not has_table(folder, VIDEOS):
            return {}
        videos = connect(folder).open_table(VIDEOS)
        return _fingerprints(videos) if _suits(videos.schema, space) else {}


def scene_counts_in(folder: Path) -> dict[VideoId, int]:
    """Return how many scenes of each video can be found, without making or changing anything.

    Raises NoAccess or MachineError.
    """
    with our_errors(folder):
        if not has_table(folder, SCENES):
            return {}
        found = _read(connect(folder).open_table(SCENES), ["video_id"])["video_id"].value_counts().to_pylist()
    return {VideoId(row["values"]): row["counts"] for row in found}


def _suits(schema: ArrowSchema, space: EmbeddingSpace | None) -> bool:
    return is_current(schema) and space in (None, space_of(schema))


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
    _read(table, [name for name in table.schema.names if name != VECTOR])


def _read(table: Table, columns: list[str]) -> ArrowTable:
    return table.search().select(columns).limit(table.count_rows()).to_arrow()


def _free_name(folder: Path) -> Path:
    names = (folder.with_name(f"{folder.name}.broken-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
