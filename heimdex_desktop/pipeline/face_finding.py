"""The stage that finds faces, keeps them privately, and tells by their size how close the camera is."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby

from heimdex_desktop.domain.contracts import FaceRecogniser
from heimdex_desktop.domain.faces import SeenFace
from heimdex_desktop.domain.scene import Scene, SceneId
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.media.shot_size import SHOT_SIZES, shot_sizes_of
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun

_LONGEST_SIDE_PX = 1280
_STEP_MS = 1_000
_MOST_PICTURES = 12
"""Of a longer scene the pictures lie further apart: a face that matters is seen for seconds."""


def find_faces(finder: FaceRecogniser, store: FaceStore) -> Stage:
    """Return the stage that looks for faces in every scene, about once a second and in its keyframes.

    Faces and their vectors go into the store alone. The record gets nothing but shot sizes among its tags.
    """

    def run(job: StageJob) -> StageRun:
        yield 0.0
        seen = yield from _look(job, finder)
        store.save(job.video_id, VideoFaces(finder.space, job.fingerprint, tuple(seen)))
        heights = _face_heights(seen)
        scenes = (_with_shot_size(scene, heights.get(scene.id, [])) for scene in job.record.scenes)
        return replace(job.record, scenes=tuple(scenes))

    return run


def _look(job: StageJob, finder: FaceRecogniser) -> Generator[float, None, list[SeenFace]]:
    """Look at one picture at a time, so that the stage can be stopped between any two."""
    moments = [(scene.id, at_ms) for scene in job.record.scenes for at_ms in _moments_of(scene)]
    seen: list[SeenFace] = []
    asked_ms = [at_ms for _, at_ms in moments]
    with closing(grab_frames(job.source, asked_ms, max_side_px=_LONGEST_SIDE_PX)) as frames:
        for number, ((scene_id, at_ms), frame) in enumerate(zip(moments, frames, strict=True), start=1):
            (faces,) = finder.find([frame.image])
            seen += [SeenFace(scene_id, at_ms, face) for face in faces]
            yield number / len(moments)
    return seen


def _moments_of(scene: Scene) -> list[int]:
    """Return when to look, in order: none for a scene that has no picture to be kept."""
    if not scene.keyframes:
        return []
    length_ms = scene.span.length_ms
    count = min(_MOST_PICTURES, max(1, length_ms // _STEP_MS))
    even = {scene.span.start_ms + length_ms * (2 * number + 1) // (2 * count) for number in range(count)}
    return sorted(even | {keyframe.at_ms for keyframe in scene.keyframes})


def _face_heights(seen: Sequence[SeenFace]) -> dict[SceneId, list[float]]:
    """Return for each scene the height of the largest face of each of its pictures that shows one."""
    heights: dict[SceneId, list[float]] = {}
    # Faces of a picture come largest first, and that one is what the picture is about.
    for (scene_id, _), faces in groupby(seen, key=lambda found: (found.scene_id, found.at_ms)):
        box = next(faces).face.box
        heights.setdefault(scene_id, []).append(box.bottom - box.top)
    return heights


def _with_shot_size(scene: Scene, face_heights: Sequence[float]) -> Scene:
    others = {tag: score for tag, score in scene.tags.items() if tag not in SHOT_SIZES}
    return replace(scene, tags={**others, **shot_sizes_of(face_heights)})
