"""Faces and face models made to order."""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.faces import FaceObservation, FaceQuality
from heimdex_desktop.domain.scene import Box, EmbeddingSpace

UPRIGHT = ((0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8))
"""Where the five points of a face that looks straight at the camera lie in its box."""

RETAIL_MANIFEST = """
file = "face_reidentification_retail_0095.onnx"
name = "face-reidentification-retail-0095"
width_px = 128
height_px = 128
channels = "BGR"
mean = 0
scale = 1
points_px = [
    [40.3928, 59.0815], [87.3757, 59.0815], [64.0336, 81.9847], [44.7324, 105.5612], [83.6399, 105.5612],
]
dimensions = 256
licence = "Apache-2.0"
threshold = 0.39
"""


class BlotFinder:
    """A FaceRecogniser that takes everything bright for faces: quick, and always the same.

    Bright columns that touch are one face; its colour is its vector.
    """

    space = EmbeddingSpace("blots", "1", 3)
    threshold = 0.9

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        return [self._faces(picture) for picture in pictures]

    def _faces(self, picture: Picture) -> tuple[FaceObservation, ...]:
        bright = picture.max(axis=2) > 127
        edges = np.flatnonzero(np.diff(np.pad(bright.any(axis=0).astype(int), 1)))
        faces = [self._face(picture, bright, left, right) for left, right in edges.reshape(-1, 2)]
        return tuple(sorted(faces, key=lambda face: -_area(face.box)))

    def _face(self, picture: Picture, bright: NDArray[np.bool_], left: int, right: int) -> FaceObservation:
        height_px, width_px = bright.shape
        rows = np.flatnonzero(bright[:, left:right].any(axis=1))
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        colour = picture[top:bottom, left:right].reshape(-1, 3).mean(axis=0).astype(np.float32)
        box = Box(left / width_px, top / height_px, right / width_px, bottom / height_px)
        points = tuple(
            (box.left + x * (box.right - box.left), box.top + y * (box.bottom - box.top)) for x, y in UPRIGHT
        )
        size_px = int(min(right - left, bottom - top))
        return FaceObservation(
            box, points, 1.0, FaceQuality(size_px, 1.0, 1.0), colour / np.linalg.norm(colour)
        )


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def write_mixing_model(
    file: Path, weights: NDArray[np.float32], *, side_px: int, batch: int | str = "n"
) -> None:
    """Write an ONNX model that multiplies the mean of each of three channels by `weights`, shape (3, d).

    It is written by hand, for the format's own library is not needed elsewhere. The numbers are those of
    the fields in onnx.proto.
    """
    pooled = _node("GlobalAveragePool", ["picture"], "pooled")
    flat = _node("Flatten", ["pooled"], "flat")
    mixed = _node("MatMul", ["flat", "weights"], "vector")
    tensor = b"".join(_number(1, length) for length in weights.shape)
    tensor += _number(2, 1) + _bytes(8, b"weights") + _bytes(9, weights.astype("<f4").tobytes())
    graph = _bytes(1, pooled) + _bytes(1, flat) + _bytes(1, mixed) + _bytes(2, b"mixing") + _bytes(5, tensor)
    graph += _bytes(11, _value("picture", [batch, 3, side_px, side_px]))
    graph += _bytes(12, _value("vector", [batch, weights.shape[1]]))
    file.write_bytes(_number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13)))


def _node(kind: str, given: Sequence[str], made: str) -> bytes:
    return (
        b"".join(_bytes(1, name.encode()) for name in given)
        + _bytes(2, made.encode())
        + _bytes(4, kind.encode())
    )


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    lengths = b"".join(
        _bytes(1, _number(1, length) if isinstance(length, int) else _bytes(2, length.encode()))
        for length in shape
    )
    tensor = _number(1, 1) + _bytes(2, lengths)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    pieces: list[int] = []
    while value > 0x7F:
        pieces.append(value & 0x7F | 0x80)
        value >>= 7
    return struct.pack(f"{len(pieces) + 1}B", *pieces, value)
