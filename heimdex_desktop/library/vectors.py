"""The vectors of a video's scenes as one file of 16-bit numbers, so that no model runs twice."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId
from heimdex_desktop.library.json_fields import Fields
from heimdex_desktop.library.matrices import MatrixFile, from_bytes, space_fields, space_of, to_bytes
from heimdex_desktop.library.ownership import Owner

FORMAT = "heimdex-vectors"


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
    """Write vectors as a matrix file with a matrix for each role."""
    return to_bytes(
        FORMAT,
        owner,
        {"roles": {role: _header_of(vectors) for role, vectors in roles.items()}},
        {role: vectors.matrix for role, vectors in roles.items()},
    )


def from_npz(content: bytes, *, name: str) -> VectorFile:
    """Read a vector file; `name` is the file's name for the message.

    Raises ForeignSidecar: Broken, NotOurs or Newer, as for a sidecar.
    """
    return from_bytes(FORMAT, content, _vector_file, name=name)


def _vector_file(file: MatrixFile) -> VectorFile:
    roles = file.header.inner("roles")
    return VectorFile(
        owner=file.owner,
        roles={role: _vectors(roles.inner(role), file.unit_rows(role)) for role in roles.content},
    )


def _header_of(vectors: SceneVectors) -> dict[str, object]:
    return {
        **space_fields(vectors.space),
        "fingerprint": vectors.fingerprint,
        "scene_ids": list(vectors.scene_ids),
    }


def _vectors(header: Fields, matrix: Vectors) -> SceneVectors:
    return SceneVectors(
        space=space_of(header),
        fingerprint=header.text("fingerprint"),
        scene_ids=tuple(SceneId(scene_id) for scene_id in header.texts("scene_ids")),
        matrix=matrix,
    )
