"""The face recogniser: a detector finds faces, an embedder makes vectors of them, and both are graded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.models import Choice, Engine
from heimdex_desktop.domain.scene import Box, EmbeddingSpace
from heimdex_desktop.inference.face_detectors import FaceDetector, FoundFace, MtcnnDetector, YunetDetector
from heimdex_desktop.inference.face_embedders import (
    FaceEmbedder,
    FacenetEmbedder,
    OnnxEmbedder,
    SFaceEmbedder,
)
from heimdex_desktop.inference.face_quality import quality_of
from heimdex_desktop.inference.room import Seat, keep_quiet, memory_errors_told

_Seen = tuple[Picture, FoundFace]


class FaceFinder:
    """A FaceRecogniser over any detector and any embedder; without an embedder it finds faces only.

    Safe to share between threads: one finds at a time.
    """

    def __init__(self, detector: FaceDetector, embedder: FaceEmbedder | None = None) -> None:
        self._detector = detector
        self._embedder = embedder
        self._lock = Lock()

    @property
    def space(self) -> EmbeddingSpace | None:
        """The space of the faces' vectors; None where none are made. Raises ModelMissing."""
        return self._embedder.space if self._embedder else None

    @property
    def threshold(self) -> float | None:
        """The cosine above which two faces are probably of one person. Raises ModelMissing."""
        return self._embedder.threshold if self._embedder else None

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        """Return the faces of each picture, largest first, each with its vector where there is an embedder.

        Raises ModelMissing where a model's files are not usable, OutOfMemory.
        """
        with self._lock, memory_errors_told("finding faces"):
            found = list(map(_visible, self._detector.find(pictures), pictures))
            seen = [(picture, face) for picture, faces in zip(pictures, found, strict=True) for face in faces]
            vectors = self._vectors(seen)
            observed = (_observation(*face, vector) for face, vector in zip(seen, vectors, strict=True))
            return [tuple(islice(observed, len(faces))) for faces in found]

    def _vectors(self, seen: Sequence[_Seen]) -> Iterable[NDArray[np.float32] | None]:
        embedder = self._embedder
        if embedder is None:
            return [None] * len(seen)
        return embedder.embed([embedder.chip(picture, face) for picture, face in seen])


@dataclass(frozen=True, slots=True)
class FaceMeans:
    """What faces are found with: `threads` on the CPU for OpenCV and onnxruntime, `seat` for torch.

    The threads of torch are set for the whole program. `tell` hears what became slower.
    """

    threads: int = 1
    seat: Seat = field(default_factory=Seat)
    tell: Callable[[str], None] = keep_quiet


def build_recogniser(detector: Choice, face: Choice, means: FaceMeans | None = None) -> FaceFinder:
    """Return the recogniser for the chosen models; no file is read yet.

    Without a face model at hand, faces are found and not told apart. Raises ModelMissing where there is
    no detector.
    """
    means = means or FaceMeans()
    return FaceFinder(_detector(detector, means), _embedder(face, means))


def threshold_of(face: Choice) -> float | None:
    """Return the cosine above which a chosen face model takes two faces for one person, without loading it.

    None where no model is at hand.
    """
    try:
        embedder = _embedder(face, FaceMeans())
        return embedder.threshold if embedder else None
    except ModelMissing:
        return None


def space_of(face: Choice) -> EmbeddingSpace | None:
    """Return the space of the vectors that a chosen face model makes, without loading it.

    None where no model is at hand.
    """
    try:
        embedder = _embedder(face, FaceMeans())
        return embedder.space if embedder else None
    except ModelMissing:
        return None


def _detector(choice: Choice, means: FaceMeans) -> FaceDetector:
    match choice.engine:
        case Engine.MTCNN:
            return MtcnnDetector(seat=means.seat, tell=means.tell)
        case Engine.YUNET:
            return YunetDetector(_folder(choice), threads=means.threads)
        case _:
            sentence = choice.waits_for or f"“{choice.name}” finds no faces."
            raise ModelMissing(sentence, "Choose a face detector in the settings.")


def _embedder(choice: Choice, means: FaceMeans) -> FaceEmbedder | None:
    if not choice.is_ready:
        return None
    folder, named = _folder(choice), {"name": choice.name, "revision": choice.revision}
    match choice.engine:
        case Engine.FACENET:
            return FacenetEmbedder(folder, **named, seat=means.seat, tell=means.tell)
        case Engine.SFACE:
            return SFaceEmbedder(folder, **named, threads=means.threads)
        case Engine.FACE_ONNX:
            return OnnxEmbedder(folder, **named, threads=means.threads)
        case _:
            sentence = f"“{choice.name}” does not tell faces apart."
            raise ModelMissing(sentence, "Choose a face model in the settings.")


def _folder(choice: Choice) -> Path:
    if choice.folder is None:
        raise ModelMissing(f"No folder is known for “{choice.name}”.", "Get the model again.")
    return choice.folder


def _visible(faces: Sequence[FoundFace], picture: Picture) -> list[FoundFace]:
    """Return the faces of which something lies inside the picture, largest first."""
    boxes = ((face, _box(face, picture)) for face in sorted(faces, key=lambda face: -face.area_px))
    return [face for face, box in boxes if box.left < box.right and box.top < box.bottom]


def _observation(picture: Picture, face: FoundFace, vector: NDArray[np.float32] | None) -> FaceObservation:
    points = np.clip(face.points_px / _size_px(picture), 0, 1)
    return FaceObservation(
        box=_box(face, picture),
        points=tuple((float(x), float(y)) for x, y in points),
        confidence=face.confidence,
        quality=quality_of(picture, face),
        vector=vector,
    )


def _box(face: FoundFace, picture: Picture) -> Box:
    corners = np.clip(face.box_px.reshape(2, 2) / _size_px(picture), 0, 1)
    return Box(*(float(edge) for edge in corners.ravel()))


def _size_px(picture: Picture) -> NDArray[np.float32]:
    height_px, width_px = picture.shape[:2]
    return np.array([width_px, height_px], np.float32)
