"""The tables of the index: what stands in a row, and which vectors of which spaces."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias
from uuid import uuid4

import pyarrow as pa

from heimdex_desktop.domain.scene import EmbeddingSpace

# pyarrow carries no types of its own.
ArrowSchema: TypeAlias = Any
ArrowField: TypeAlias = Any
ArrowTable: TypeAlias = Any
ArrowArray: TypeAlias = Any

VERSION = "7"
VIDEOS = "videos"
SCENES = "scenes"
CHANGED_IN = "_row_last_updated_at_version"
"""The column in which LanceDB keeps the version that changed a row last."""
LASTING_ROWS = {"new_table_enable_stable_row_ids": "true"}
"""Makes a table number its rows for as long as they stand, and keep `CHANGED_IN`."""
_MARK = b"heimdex"
_BIRTH = b"heimdex.made"
_COLUMN = b"heimdex.column"


@dataclass(frozen=True, slots=True)
class VectorColumn:
    """A column of vectors: what they stand for ("text", "vision"), and the space they lie in."""

    role: str
    space: EmbeddingSpace

    @property
    def name(self) -> str:
        """A name that no other space has, so that vectors of two models can stand side by side."""
        return f"{self.role}_vec_{hashlib.sha256(self._described()).hexdigest()[:8]}"

    @property
    def field(self) -> ArrowField:
        """The column; a scene without such a vector has a null there."""
        kind = pa.list_(pa.float32(), self.space.dimensions)
        return pa.field(self.name, kind, metadata={_COLUMN: self._described()})

    def _described(self) -> bytes:
        return json.dumps({"role": self.role, "space": asdict(self.space)}, sort_keys=True).encode()


def columns_of(schema: ArrowSchema) -> tuple[VectorColumn, ...]:
    """Return the columns of vectors that a table has, oldest first."""
    described = [field.metadata[_COLUMN] for field in schema if _COLUMN in (field.metadata or {})]
    read = [json.loads(text) for text in described]
    return tuple(VectorColumn(one["role"], EmbeddingSpace(**one["space"])) for one in read)


def videos_schema() -> ArrowSchema:
    fields = [
        pa.field("video_id", pa.string(), nullable=False),
        pa.field("locations", pa.list_(pa.string()), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
    ]
    return pa.schema(fields, metadata={_MARK: VERSION.encode()})


def scenes_schema(columns: Sequence[VectorColumn] = ()) -> ArrowSchema:
    """Describe a scene's row; `told` is all that is shown of it (see `told`), `words` and `screen` are the
    transcript and the text on screen spelt for searching, `folders` all places of its video spelt for
    comparing, `vector_names` the columns where it has vectors: counting these by the vectors themselves would
    read them all. `people` are the ids of those who are seen, `people_sure` how sure each is. What may
    be null is not known.
    """
    fields = [
        pa.field("scene_id", pa.string(), nullable=False),
        pa.field("video_id", pa.string(), nullable=False),
        pa.field("start_ms", pa.int64(), nullable=False),
        pa.field("end_ms", pa.int64(), nullable=False),
        pa.field("told", pa.string(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("words", pa.string(), nullable=False),
        pa.field("screen", pa.string(), nullable=False),
        pa.field("tag_names", pa.list_(pa.string()), nullable=False),
        pa.field("tag_scores", pa.list_(pa.float32()), nullable=False),
        pa.field("folders", pa.string(), nullable=False),
        pa.field("made_ms", pa.int64()),
        pa.field("short_side_px", pa.int32()),
        pa.field("people_count", pa.int32()),
        pa.field("people", pa.list_(pa.string()), nullable=False),
        pa.field("people_sure", pa.list_(pa.float32()), nullable=False),
        pa.field("vector_names", pa.list_(pa.string()), nullable=False),
    ]
    return pa.schema([*fields, *(column.field for column in columns)], metadata={_MARK: VERSION.encode()})


def is_current(schema: ArrowSchema) -> bool:
    """Say whether a table was made by this version of the program."""
    return (schema.metadata or {}).get(_MARK) == VERSION.encode()


def born(schema: ArrowSchema) -> ArrowSchema:
    """Return the schema of a table to be made, which tells it from every table made before in its place."""
    return schema.with_metadata({**schema.metadata, _BIRTH: uuid4().hex.encode()})


def birth_of(schema: ArrowSchema) -> bytes:
    """Return what tells a table from the ones before it; a version number alone begins again."""
    return (schema.metadata or {}).get(_BIRTH, b"")
