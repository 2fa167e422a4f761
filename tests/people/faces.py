"""Invented faces: each person is a direction, and each sight of them lies near it."""

import uuid
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.faces import FaceObservation, FaceQuality, SeenFace
from heimdex_desktop.domain.scene import Box, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.people.tracks import FaceTrack, mean_vector

DIMENSIONS = 64
THRESHOLD = 0.4
POINTS = ((0.3, 0.4), (0.6, 0.4), (0.45, 0.5), (0.35, 0.7), (0.55, 0.7))


def video_id(number: int = 0) -> VideoId:
    return VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, f"video {number}")))


def scene(number: int = 0) -> SceneId:
    return SceneId(str(uuid.uuid5(uuid.NAMESPACE_URL, f"scene {number}")))


def unit(vector: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def direction(name: str) -> NDArray[np.float32]:
    """Return where the faces of somebody lie; different people are nearly at right angles."""
    seed = uuid.uuid5(uuid.NAMESPACE_URL, name).int % 2**32
    return unit(np.random.default_rng(seed).standard_normal(DIMENSIONS))


def face(
    name: str,
    at_ms: int,
    *,
    left: float = 0.1,
    scene_number: int = 0,
    sharpness: float = 0.9,
    spread: float = 0.5,
) -> SeenFace:
    """Return a sight of somebody; the cosine of two of them is about 1 / (1 + spread²)."""
    seed = uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {at_ms} {left} {scene_number}").int % 2**32
    noise = unit(np.random.default_rng(seed).standard_normal(DIMENSIONS))
    observed = FaceObservation(
        Box(left, 0.2, round(left + 0.2, 5), 0.5),
        POINTS,
        0.99,
        FaceQuality(112, sharpness, 1.0),
        unit((direction(name) + spread * noise).astype(np.float64)),
    )
    return SeenFace(scene(scene_number), at_ms, observed)


def track(name: str, scene_number: int, *, at_ms: int = 0, left: float = 0.1, frames: int = 2) -> FaceTrack:
    faces = tuple(
        face(name, at_ms + 1_000 * number, left=left, scene_number=scene_number) for number in range(frames)
    )
    return FaceTrack(video_id(scene_number // 10), scene(scene_number), faces, mean_vector(faces))


def vector_of(seen: SeenFace) -> NDArray[np.float32]:
    assert seen.face.vector is not None
    return seen.face.vector


def cosine_of(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(one @ other)
