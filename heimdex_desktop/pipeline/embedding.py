"""The stage that turns what is said into vectors, and the job that does the same for the search."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.vectors import SceneVectors
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

TEXT = "text"
_AT_ONCE = 32
"""Scenes per step: small enough to be stopped and to show progress, large enough for a full batch."""


def embed_transcripts(encoder: TextEncoder, sidecars: SidecarStore) -> Stage:
    """Return the stage that gives every spoken scene a vector of its transcript."""

    def run(job: StageJob) -> StageRun:
        spoken = [scene for scene in job.record.scenes if scene.transcript.segments]
        if not spoken:
            yield 1.0
            return job.record
        matrix = yield from _encode([scene.transcript.text for scene in spoken], encoder)
        vectors = SceneVectors(encoder.space, job.fingerprint, tuple(scene.id for scene in spoken), matrix)
        sidecars.save_vectors(job.record.video, TEXT, vectors)
        have = set(vectors.scene_ids)
        scenes = tuple(
            replace(scene, embeddings={**scene.embeddings, TEXT: encoder.space})
            if scene.id in have
            else scene
            for scene in job.record.scenes
        )
        return replace(job.record, scenes=scenes)

    return run


Texts = tuple[Sequence[str], Purpose]


def encode_texts(encoder: TextEncoder) -> Callable[[Texts], Generator[float, None, Vectors]]:
    """Return the job that encodes a few texts for the search."""

    def run(asked: Texts) -> Generator[float, None, Vectors]:
        texts, purpose = asked
        yield 0.0
        return encoder.encode(texts, purpose)

    return run


def _encode(texts: Sequence[str], encoder: TextEncoder) -> Generator[float, None, Vectors]:
    pieces: list[Vectors] = []
    for start in range(0, len(texts), _AT_ONCE):
        yield start / len(texts)
        pieces.append(encoder.encode(texts[start : start + _AT_ONCE], Purpose.PASSAGE))
    return np.concatenate(pieces)
