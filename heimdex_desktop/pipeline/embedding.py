"""The stage that turns what is said into vectors, and the job that does the same for the search."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.scene import TEXT
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.vectors import SceneVectors
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

_AT_ONCE = 32
"""Scenes per step: small enough to be stopped and to show progress, large enough for a full batch."""


def embed_transcripts(encoder: TextEncoder, sidecars: SidecarStore) -> Stage:
    """Return the stage that gives every spoken scene a vector of its transcript."""

    def run(job: StageJob) -> StageRun:
        spoken = [scene for scene in job.record.scenes if scene.transcript.segments]
        yield 0.0
        # A silent video needs no file, unless one is there from the time when it had words.
        if spoken or sidecars.load_vectors(job.record.video, TEXT):
            matrix = yield from _encode([scene.transcript.text for scene in spoken], encoder)
            scene_ids = tuple(scene.id for scene in spoken)
            vectors = SceneVectors(encoder.space, job.fingerprint, scene_ids, matrix)
            sidecars.save_vectors(job.record.video, TEXT, vectors)
        have = {scene.id: {TEXT: encoder.space} for scene in spoken}
        scenes = (replace(scene, embeddings=have.get(scene.id, {})) for scene in job.record.scenes)
        return replace(job.record, scenes=tuple(scenes))

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
    pieces = [np.zeros((0, encoder.space.dimensions), np.float32)]
    for start in range(0, len(texts), _AT_ONCE):
        yield start / len(texts)
        pieces.append(encoder.encode(texts[start : start + _AT_ONCE], Purpose.PASSAGE))
    return np.concatenate(pieces)
