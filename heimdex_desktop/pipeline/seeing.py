"""The stages that turn what is seen into vectors, and those into tags."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from heimdex_desktop.domain.contracts import ImageEncoder, Picture, Tagger, Vectors
from heimdex_desktop.domain.scene import VISION, Scene
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.library.vectors import SceneVectors
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.pipeline.embedding import is_kept
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

_AT_ONCE = 8
"""Pictures per step: small enough to be stopped and to show progress, large enough for a batch."""

_SIDES = 2
"""How much larger a picture is fetched than the encoder looks at: the shorter side should fill it too."""

_TAGGED_AT_ONCE = 256


def embed_pictures(encoder: ImageEncoder, sidecars: SidecarStore) -> Stage:
    """Return the stage that gives every scene a vector of its keyframes: their mean, of unit length."""

    def run(job: StageJob) -> StageRun:
        shown = [scene for scene in job.record.scenes if scene.keyframes]
        yield 0.0
        if not is_kept(sidecars.load_vectors(job.record.video, VISION, encoder.space), job) and (
            shown or sidecars.load_vectors(job.record.video, VISION)
        ):
            matrix = yield from _encode(job.source, shown, encoder)
            scene_ids = tuple(scene.id for scene in shown)
            vectors = SceneVectors(encoder.space, job.fingerprint, scene_ids, matrix)
            sidecars.save_vectors(job.record.video, VISION, vectors)
        have = {scene.id: encoder.space for scene in shown}
        scenes = (scene.embedded(VISION, have.get(scene.id)) for scene in job.record.scenes)
        return replace(job.record, scenes=tuple(scenes))

    return run


def tag_pictures(tagger: Tagger, sidecars: SidecarStore) -> Stage:
    """Return the stage that names what is seen in every scene, from its vector alone."""

    def run(job: StageJob) -> StageRun:
        yield 0.0
        scenes, vectors = _with_vectors(job.record, sidecars)
        found = {}
        for start in range(0, len(scenes), _TAGGED_AT_ONCE):
            piece = slice(start, start + _TAGGED_AT_ONCE)
            named = tagger.tags(vectors[piece])
            found |= {scene.id: tags for scene, tags in zip(scenes[piece], named, strict=True)}
            yield min(1.0, piece.stop / len(scenes))
        tagged = (replace(scene, seen_tags=found.get(scene.id, {})) for scene in job.record.scenes)
        return replace(job.record, scenes=tuple(tagged))

    return run


def _encode(source: Path, scenes: Sequence[Scene], encoder: ImageEncoder) -> Generator[float, None, Vectors]:
    """Return one vector for each scene; batches go across scenes, since most have one keyframe."""
    moments_ms = [keyframe.at_ms for scene in scenes for keyframe in scene.keyframes]
    pieces = [np.zeros((0, encoder.space.dimensions), np.float32)]
    waiting: list[Picture] = []
    side_px = _SIDES * encoder.input_side_px
    with closing(grab_frames(source, moments_ms, max_side_px=side_px)) as frames:
        for number, frame in enumerate(frames, start=1):
            waiting.append(frame.image)
            if len(waiting) == _AT_ONCE or number == len(moments_ms):
                pieces.append(encoder.encode(waiting))
                waiting = []
            yield number / len(moments_ms)
    return _means(np.concatenate(pieces), [len(scene.keyframes) for scene in scenes])


def _means(vectors: Vectors, counts: Sequence[int]) -> Vectors:
    """Return the unit-length mean of each run of vectors."""
    if not counts:
        return vectors
    sums = np.add.reduceat(vectors, np.cumsum([0, *counts[:-1]]), axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    # Opposite vectors leave nothing to compare: a row of zeros.
    return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)


def _with_vectors(record: VideoRecord, sidecars: SidecarStore) -> tuple[list[Scene], Vectors]:
    """Return the scenes that have a vector of the space that they name, and those vectors."""
    spaces = {scene.embeddings.get(VISION) for scene in record.scenes} - {None}
    kept = sidecars.load_vectors(record.video, VISION, next(iter(spaces), None))
    if kept is None:
        return [], np.zeros((0, 0), np.float32)
    rows = {scene_id: row for row, scene_id in enumerate(kept.scene_ids)}
    scenes = [
        scene for scene in record.scenes if scene.id in rows and scene.embeddings.get(VISION) == kept.space
    ]
    return scenes, kept.matrix[[rows[scene.id] for scene in scenes]]
