"""The stage that writes into a video's record who is seen in it, and how many people at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from heimdex_desktop.domain.faces import SeenFace
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.seen_people import SeenPeople
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun


def name_people(faces: FaceStore, seen: SeenPeople) -> Stage:
    """Return the stage; it opens no video, and is due again whenever somebody else is recognised."""

    def run(job: StageJob) -> StageRun:
        yield 0.0
        kept = faces.load(job.video_id)
        counts = _counts(kept.faces) if kept else {}
        people = seen.load(job.video_id)
        scenes = (
            replace(
                scene,
                people=tuple(people.get(scene.id, ())),
                people_count=counts.get(scene.id, 0) if kept and scene.keyframes else None,
            )
            for scene in job.record.scenes
        )
        return replace(job.record, scenes=tuple(scenes))

    return run


def _counts(faces: Sequence[SeenFace]) -> dict[SceneId, int]:
    """Return the most faces that are seen in one picture of each scene."""
    most: dict[SceneId, int] = {}
    for (scene_id, _), count in Counter((seen.scene_id, seen.at_ms) for seen in faces).items():
        most[scene_id] = max(count, most.get(scene_id, 0))
    return most
