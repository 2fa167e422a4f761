"""The stage that turns what is said into vectors, and the jobs that the search asks of encoders."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import numpy as np

from heimdex_desktop.domain.contracts import PictureEncoder, Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.logistic import Logistic
from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.vectors import SceneVectors
from heimdex_desktop.pipeline.query_encoder import Asked, AskedPictures, Who
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

_AT_ONCE = 32
"""Scenes per step: small enough to be stopped and to show progress, large enough for a full batch."""


def embed_transcripts(encoder: TextEncoder, sidecars: SidecarStore) -> Stage:
    """Return the stage that gives every spoken scene a vector of its transcript."""

    def run(job: StageJob) -> StageRun:
        spoken = [scene for scene in job.record.scenes if scene.transcript.segments]
        yield 0.0
        # A silent video needs no file, unless one is there from the time when it had words.
        if not is_kept(sidecars.load_vectors(job.record.video, TEXT, encoder.space), job) and (
            spoken or sidecars.load_vectors(job.record.video, TEXT)
        ):
            matrix = yield from _encode([scene.transcript.text for scene in spoken], encoder)
            scene_ids = tuple(scene.id for scene in spoken)
            vectors = SceneVectors(encoder.space, job.fingerprint, scene_ids, matrix)
            sidecars.save_vectors(job.record.video, TEXT, vectors)
        have = {scene.id: encoder.space for scene in spoken}
        scenes = (scene.embedded(TEXT, have.get(scene.id)) for scene in job.record.scenes)
        return replace(job.record, scenes=tuple(scenes))

    return run


def is_kept(vectors: SceneVectors | None, job: StageJob) -> bool:
    """Tell whether a job's vectors were made before, by a model that a person has come back to."""
    return vectors is not None and vectors.fingerprint == job.fingerprint


def encode_queries(
    encoder_of: Callable[[str, EmbeddingSpace], TextEncoder],
) -> Callable[[Asked], Generator[float, None, Vectors]]:
    """Return the job that encodes texts for the search, with the encoder that is asked for."""

    def run(asked: Asked) -> Generator[float, None, Vectors]:
        yield 0.0
        return encoder_of(asked.who.role, asked.who.space).encode(asked.texts, asked.purpose)

    return run


def encode_query_pictures(
    encoder_of: Callable[[EmbeddingSpace], PictureEncoder],
) -> Callable[[AskedPictures], Generator[float, None, Vectors]]:
    """Return the job that encodes pictures for the search, into the space that is asked for."""

    def run(asked: AskedPictures) -> Generator[float, None, Vectors]:
        yield 0.0
        return encoder_of(asked.space).encode(asked.pictures)

    return run


def ask_opinion(
    encoder_of: Callable[[str, EmbeddingSpace], TextEncoder],
) -> Callable[[Who], Generator[float, None, Logistic | None]]:
    """Return the job that tells the search what the model that is asked for thinks of a cosine."""

    def run(who: Who) -> Generator[float, None, Logistic | None]:
        yield 0.0
        return encoder_of(who.role, who.space).logistic

    return run


def _encode(texts: Sequence[str], encoder: TextEncoder) -> Generator[float, None, Vectors]:
    pieces = [np.zeros((0, encoder.space.dimensions), np.float32)]
    for start in range(0, len(texts), _AT_ONCE):
        yield start / len(texts)
        pieces.append(encoder.encode(texts[start : start + _AT_ONCE], Purpose.PASSAGE))
    return np.concatenate(pieces)
