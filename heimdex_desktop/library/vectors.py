"""The vectors of a video's scenes as one file of 16-bit numbers, so that no model runs twice."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.ownership import VERSION, NotOurs, Owner, broken, check_format

FORMAT = "heimdex-vectors"
_HEADER = "heimdex"
_MATRIX = "vectors."
# All that numpy and zipfile raise on bytes that anyone may have written.
_UNREADABLE = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True, eq=False)
class SceneVectors:
    """One vector per scene: row n of `matrix`, unit length, belongs to `scene_ids[n]`.

    `matrix` has the shape (len(scene_ids), space.dimensions), float32; a row of zeros means nothing to
    compare. `fingerprint` tells under what circumstances they were made. Raises ValueError when the
    shapes disagree or a number is not finite.
    """

    space: EmbeddingSpace
    fingerprint: str
    scene_ids: tuple[SceneId, ...]
    matrix: Vectors

    def __post_init__(self) -> None:
        wanted = (len(self.scene_ids), self.space.dimensions)
        if self.matrix.shape != wanted or not np.isfinite(self.matrix).all():
            message = f"vectors of shape {self.matrix.shape}, finite: {wanted} was asked for"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class VectorFile:
    """The content of a vector file; `roles` says what the vectors stand for ("text")."""

    owner: Owner
    roles: Mapping[str, SceneVectors]


def to_npz(owner: Owner, roles: Mapping[str, SceneVectors]) -> bytes:
    """Write vectors as an uncompressed .npz: a JSON header in UTF-8 bytes, and a float16 matrix per role."""
    header = {
        "format": FORMAT,
        "version": VERSION,
        "video_id": owner.video_id,
        "saved_at": owner.saved_at.astimezone(UTC).isoformat(),
        "roles": {role: _header_of(vectors) for role, vectors in roles.items()},
    }
    members: dict[str, NDArray[np.generic]] = {
        _MATRIX + role: vectors.matrix.astype(np.float16) for role, vectors in roles.items()
    }
    members[_HEADER] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **members)
    return file.getvalue()


def from_npz(content: bytes, *, name: str) -> VectorFile:
    """Read a vector file; `name` is the file's name for the message.

    Rows get unit length again, which rounding to 16 bits changed by up to 0.05 %. Raises ForeignSidecar:
    Broken, NotOurs or Newer, as for a sidecar.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as members:
            if _HEADER not in members:
                raise NotOurs(f"“{name}” was not written by Heimdex.", "It is left as it is.")
            header = fields_of(parsed(_bytes_of(members[_HEADER])))
            check_format(header, FORMAT, name=name)
            roles = header.inner("roles")
            return VectorFile(
                owner=_owner(header),
                roles={role: _vectors(roles.inner(role), members[_MATRIX + role]) for role in roles.content},
            )
    except _UNREADABLE as error:
        raise broken(name) from error


def _header_of(vectors: SceneVectors) -> dict[str, object]:
    return {
        "model": vectors.space.model,
        "revision": vectors.space.revision,
        "dimensions": vectors.space.dimensions,
        "fingerprint": vectors.fingerprint,
        "scene_ids": list(vectors.scene_ids),
    }


def _bytes_of(member: NDArray[np.generic]) -> bytes:
    if member.dtype != np.uint8 or member.ndim != 1:
        message = "the header is not bytes"
        raise MalformedError(message)
    return member.tobytes()


def _owner(header: Fields) -> Owner:
    return Owner(VideoId(header.uuid("video_id")), header.moment("saved_at"))


def _vectors(header: Fields, matrix: NDArray[np.generic]) -> SceneVectors:
    if matrix.dtype != np.float16:
        message = "the vectors are not of 16 bits"
        raise MalformedError(message)
    space = EmbeddingSpace(header.text("model"), header.text("revision"), header.whole("dimensions"))
    return SceneVectors(
        space=space,
        fingerprint=header.text("fingerprint"),
        scene_ids=tuple(SceneId(scene_id) for scene_id in header.texts("scene_ids")),
        matrix=_unit_rows(matrix.astype(np.float32)),
    )


def _unit_rows(matrix: Vectors) -> Vectors:
    if matrix.ndim != 2:
        message = "the vectors are no table"
        raise MalformedError(message)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.divide(matrix, lengths, out=np.zeros_like(matrix), where=lengths > 0)
