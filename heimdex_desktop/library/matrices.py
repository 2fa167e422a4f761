"""Files of vectors: a header in JSON and matrices of 16-bit numbers, read with distrust."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.ownership import VERSION, NotOurs, Owner, broken, check_format

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

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True, eq=False)
class MatrixFile:
    """An opened file. What cannot be used raises one of many errors, which `from_bytes` makes one of ours."""

    owner: Owner
    header: Fields
    members: Mapping[str, NDArray[np.generic]]

    def unit_rows(self, name: str) -> Vectors:
        """Return a matrix, shape (n, d), float32.

        Rows get unit length again, which rounding to 16 bits changed by up to 0.05 %; zeros stay zeros.
        """
        matrix = self.members[_MATRIX + name]
        if matrix.dtype != np.float16 or matrix.ndim != 2:
            message = "the vectors are no table of 16-bit numbers"
            raise MalformedError(message)
        rows = matrix.astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def to_bytes(form: str, owner: Owner, header: Mapping[str, object], matrices: Mapping[str, Vectors]) -> bytes:
    """Write an uncompressed .npz: the header as JSON in UTF-8 bytes, and each matrix as float16.

    `form` marks the kind of file; the header gets it, the version and the owner.
    """
    whole = {
        "format": form,
        "version": VERSION,
        "video_id": owner.video_id,
        "saved_at": owner.saved_at.astimezone(UTC).isoformat(),
        **header,
    }
    members: dict[str, NDArray[np.generic]] = {
        _MATRIX + name: matrix.astype(np.float16) for name, matrix in matrices.items()
    }
    members[_HEADER] = np.frombuffer(json.dumps(whole).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **members)
    return file.getvalue()


def from_bytes(form: str, content: bytes, read: Callable[[MatrixFile], Content], *, name: str) -> Content:
    """Return what `read` makes of a file; `name` is the file's name for the message.

    Raises ForeignSidecar: Broken (also where `read` trips over the content), NotOurs or Newer.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as members:
            if _HEADER not in members:
                raise NotOurs(f"“{name}” was not written by Heimdex.", "It is left as it is.")
            header = fields_of(parsed(_bytes_of(members[_HEADER])))
            check_format(header, form, name=name)
            owner = Owner(VideoId(header.uuid("video_id")), header.moment("saved_at"))
            return read(MatrixFile(owner, header, members))
    except _UNREADABLE as error:
        raise broken(name) from error


def space_fields(space: EmbeddingSpace) -> dict[str, object]:
    """Return a space as fields of a header."""
    return {"model": space.model, "revision": space.revision, "dimensions": space.dimensions}


def space_of(header: Fields) -> EmbeddingSpace:
    """Read a space out of a header; raises MalformedError."""
    return EmbeddingSpace(header.text("model"), header.text("revision"), header.whole("dimensions"))


def _bytes_of(member: NDArray[np.generic]) -> bytes:
    if member.dtype != np.uint8 or member.ndim != 1:
        message = "the header is not bytes"
        raise MalformedError(message)
    return member.tobytes()
