"""The tables of the index: what stands in a row, and which version and vector space they were made for."""

import json
from dataclasses import asdict
from typing import Any, TypeAlias
from uuid import uuid4

import pyarrow as pa

from heimdex_desktop.domain.scene import EmbeddingSpace

# pyarrow carries no types of its own.
ArrowSchema: TypeAlias = Any
ArrowTable: TypeAlias = Any
ArrowArray: TypeAlias = Any

VERSION = "1"
VIDEOS = "videos"
SCENES = "scenes"
VECTOR = "text_vec"
_MARK = b"heimdex"
_BIRTH = b"heimdex.made"


def videos_schema(space: EmbeddingSpace | None) -> ArrowSchema:
    fields = [
        pa.field("video_id", pa.string(), nullable=False),
        pa.field("locations", pa.list_(pa.string()), nullable=False),
        pa.field("fingerprint", pa.string(), nullable=False),
    ]
    return pa.schema(fields, metadata={_MARK: _mark(space)})


def scenes_schema(space: EmbeddingSpace | None) -> ArrowSchema:
    """Describe a scene's row; `words` is the transcript spelt for searching, a vector may be null.

    Without a space there is no vector column at all.
    """
    fields = [
        pa.field("scene_id", pa.string(), nullable=False),
        pa.field("video_id", pa.string(), nullable=False),
        pa.field("start_ms", pa.int64(), nullable=False),
        pa.field("end_ms", pa.int64(), nullable=False),
        pa.field("transcript", pa.string(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("words", pa.string(), nullable=False),
        pa.field("tag_names", pa.list_(pa.string()), nullable=False),
        pa.field("tag_scores", pa.list_(pa.float32()), nullable=False),
        pa.field("still", pa.string(), nullable=False),
    ]
    if space is not None:
        fields.append(pa.field(VECTOR, pa.list_(pa.float32(), space.dimensions)))
    return pa.schema(fields, metadata={_MARK: _mark(space)})


def space_of(schema: ArrowSchema) -> EmbeddingSpace | None:
    """Return the space that the vectors of a table lie in, None where it has no vectors or is not ours."""
    fields: dict[str, Any] | None = json.loads((schema.metadata or {}).get(_MARK, b"{}")).get("space")
    return EmbeddingSpace(**fields) if fields else None


def is_current(schema: ArrowSchema) -> bool:
    """Say whether a table was made by this version of the program."""
    return json.loads((schema.metadata or {}).get(_MARK, b"{}")).get("version") == VERSION


def born(schema: ArrowSchema) -> ArrowSchema:
    """Return the schema of a table to be made, which tells it from every table made before in its place."""
    return schema.with_metadata({**schema.metadata, _BIRTH: uuid4().hex.encode()})


def birth_of(schema: ArrowSchema) -> bytes:
    """Return what tells a table from the ones before it; a version number alone begins again."""
    return (schema.metadata or {}).get(_BIRTH, b"")


def _mark(space: EmbeddingSpace | None) -> bytes:
    return json.dumps({"version": VERSION, "space": asdict(space) if space else None}).encode()
