"""The stage that finds faces, keeps them privately, and tells by their size how close the camera is."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby

from heimdex_desktop.domain.contracts import FaceRecogniser
from heimdex_desktop.domain.faces import SeenFace, look_count
from heimdex_desktop.domain.scene import Box, Scene, SceneId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.face_crops import CropDraft, DraftErased, FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces, as_kept
from heimdex_desktop.media.frames import Frame, grab_frames
from heimdex_desktop.media.jpegs import face_crop
from heimdex_desktop.media.shot_size import SHOT_SIZES, shot_sizes_of
from heimdex_desktop.people.tracks import tracks_of
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun
from heimdex_desktop.pipeline.worker_process import Stopped

_LONGEST_SIDE_PX = 1280


def find_faces(finder: FaceRecogniser, store: FaceStore, crops: FaceCrops) -> Stage:
    """Return the stage that looks for faces in every scene, about once a second and in its keyframes.

    Faces and their vectors go into the store alone, and pictures of them into the crops: one for each face
    that is followed through a scene. The record gets nothing but shot sizes among its tags. Where somebody
    is forgotten meanwhile, what was found until then is dropped: it stops, and is due again.
    """

    def run(job: StageJob) -> StageRun:
        yield 0.0
        found = VideoFaces(finder.space, job.fingerprint, (), finder.threshold)
        try:
            with crops.anew(job.video_id) as draft:
                seen = yield from _look(job, finder, _Clearest(job.video_id, found, draft))
                draft.ensure_there()
                store.save(job.video_id, replace(found, faces=tuple(seen)))
        except DraftErased as erased:
            raise Stopped from erased
        heights = _face_heights(seen)
        scenes = (_with_shot_size(scene, heights.get(scene.id, [])) for scene in job.record.scenes)
        return replace(job.record, scenes=tuple(scenes))

    return run


@dataclass(slots=True)
class _Clearest:
    """Writes the crops of the clearest faces, scene by scene; never more is in memory than those of a scene.

    Which face of a track is the clearest is not known before its scene is over, so all are cut out until
    then. `found` is of the whole video, without its faces.
    """

    video_id: VideoId
    found: VideoFaces
    draft: CropDraft
    _seen: list[SeenFace] = field(default_factory=list[SeenFace])
    _jpegs: dict[tuple[int, Box], bytes] = field(default_factory=dict[tuple[int, Box], bytes])

    def add(self, faces: Sequence[SeenFace], frame: Frame) -> None:
        # Nobody is told apart without vectors, so there would be nobody to show.
        if self.found.threshold is None:
            return
        # Rounded as they are kept: what is followed later is followed by the numbers of the store.
        for seen in as_kept(replace(self.found, faces=tuple(faces))).faces:
            self._seen.append(seen)
            self._jpegs[seen.at_ms, seen.face.box] = face_crop(frame.image, seen.face.box)

    def end_scene(self) -> None:
        for track in tracks_of(self.video_id, self._seen, self.found.threshold or 0.0):
            self.draft.add(track.ref, self._jpegs[track.best.at_ms, track.best.face.box])
        self._seen.clear()
        self._jpegs.clear()


def _look(
    job: StageJob, finder: FaceRecogniser, clearest: _Clearest
) -> Generator[float, None, list[SeenFace]]:
    """Look at one picture at a time, so that the stage can be stopped between any two."""
    moments = [(scene.id, at_ms) for scene in job.record.scenes for at_ms in _moments_of(scene)]
    seen: list[SeenFace] = []
    asked_ms = [at_ms for _, at_ms in moments]
    with closing(grab_frames(job.source, asked_ms, max_side_px=_LONGEST_SIDE_PX)) as frames:
        for number, ((scene_id, at_ms), frame) in enumerate(zip(moments, frames, strict=True), start=1):
            (faces,) = finder.find([frame.image])
            here = [SeenFace(scene_id, at_ms, face) for face in faces]
            clearest.add(here, frame)
            if number == len(moments) or moments[number][0] != scene_id:
                clearest.end_scene()
            seen += here
            yield number / len(moments)
    return seen


def _moments_of(scene: Scene) -> list[int]:
    """Return when to look, in order: none for a scene that has no picture to be kept."""
    if not scene.keyframes:
        return []
    length_ms = scene.span.length_ms
    count = look_count(length_ms)
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
