"""The stage that finds faces: what it keeps, what it tags, and what it keeps to itself."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heimdex_desktop.domain.contracts import FaceRecogniser, Picture
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import Keyframe, Scene, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.inference.face_recogniser import build_recogniser
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.identity import video_id
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import to_json
from heimdex_desktop.media.shot_size import CLOSE_UP, SHOT_SIZES
from heimdex_desktop.pipeline.face_finding import find_faces
from heimdex_desktop.pipeline.stage import StageJob
from tests.end_to_end.conftest import BRIGHT, DARK, RED, write_film
from tests.inference.face_samples import BlotFinder


class CountingFinder(BlotFinder):
    """Counts the pictures that it is asked about."""

    def __init__(self) -> None:
        self.asked = 0

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        self.asked += len(pictures)
        return super().find(pictures)


@pytest.fixture
def store(tmp_path: Path) -> FaceStore:
    places = Places(tmp_path / "library")
    places.create()
    return FaceStore(places)


@pytest.fixture
def job(tmp_path: Path) -> StageJob:
    """A film of a dark, a bright and a red scene of two seconds, with two keyframes each."""
    film = write_film(tmp_path / "films" / "film.mp4", [(DARK, 2000), (BRIGHT, 2000), (RED, 2000)])
    return _job(film, [(0, 500, 1500), (2000, 2500, 3500), (4000, 4500, 5500)])


def _job(film: Path, scenes: Sequence[tuple[int, ...]]) -> StageJob:
    """Return the order to look at a film whose scenes start at these times and have these keyframes."""
    name = video_id(film)
    spans = [TimeSpan(start_ms, start_ms + 2000) for start_ms, *_ in scenes]
    record = VideoRecord(
        Video(name, (film,), film.stat().st_size),
        datetime(2026, 11, 1, tzinfo=UTC),
        tuple(
            Scene(scene_id(name, span), span, tuple(map(Keyframe, moments)), tags={"night": 0.5})
            for span, (_, *moments) in zip(spans, scenes, strict=True)
        ),
    )
    return StageJob(record, film, "made so")


def _finish(job: StageJob, finder: FaceRecogniser, store: FaceStore) -> tuple[VideoRecord, list[float]]:
    running = find_faces(finder, store)(job)
    fractions: list[float] = []
    while True:
        try:
            fractions.append(next(running))
        except StopIteration as end:
            return end.value, fractions


def test_faces_are_kept_with_their_scene_and_time(job: StageJob, store: FaceStore) -> None:
    _finish(job, BlotFinder(), store)
    kept = store.load(job.video_id)
    assert kept is not None
    assert (kept.space, kept.fingerprint) == (BlotFinder.space, "made so")
    # The moving bar is bright in the dark scene, too.
    assert {seen.at_ms for seen in kept.faces} == {500, 1500, 2500, 3500, 4500, 5500}
    dark, bright, red = job.record.scenes
    for seen in kept.faces:
        scene = next(scene for scene in (dark, bright, red) if scene.id == seen.scene_id)
        assert scene.span.contains(seen.at_ms)
    red_vector = next(seen.face.vector for seen in kept.faces if seen.scene_id == red.id)
    assert red_vector is not None
    assert red_vector.argmax() == 2


def test_scenes_get_the_size_of_their_largest_face(job: StageJob, store: FaceStore) -> None:
    record, _ = _finish(job, BlotFinder(), store)
    dark, bright, _ = record.scenes
    assert bright.tags == {"night": 0.5, CLOSE_UP: 1.0}
    assert CLOSE_UP not in dark.tags


def test_running_again_changes_nothing(job: StageJob, store: FaceStore) -> None:
    record, _ = _finish(job, BlotFinder(), store)
    again, _ = _finish(replace(job, record=record), BlotFinder(), store)
    assert again == record


def test_old_shot_sizes_go_where_no_face_is_found(job: StageJob, store: FaceStore) -> None:
    class Nobody(BlotFinder):
        def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
            return [() for _ in pictures]

    record, _ = _finish(job, BlotFinder(), store)
    record, _ = _finish(replace(job, record=record), Nobody(), store)
    assert all(scene.tags == {"night": 0.5} for scene in record.scenes)
    assert store.holds(job.video_id)


def test_progress_rises_picture_by_picture(job: StageJob, store: FaceStore) -> None:
    _, fractions = _finish(job, BlotFinder(), store)
    assert fractions == pytest.approx([number / 6 for number in range(7)])


def test_a_stopped_stage_looks_at_no_more_and_keeps_nothing(job: StageJob, store: FaceStore) -> None:
    finder = CountingFinder()
    running = find_faces(finder, store)(job)
    for _ in range(3):
        next(running)
    running.close()
    assert finder.asked == 2
    assert not store.holds(job.video_id)


def test_a_video_without_keyframes_is_done_at_once(job: StageJob, store: FaceStore) -> None:
    bare = replace(job.record, scenes=tuple(replace(scene, keyframes=()) for scene in job.record.scenes))
    record, fractions = _finish(replace(job, record=bare), BlotFinder(), store)
    assert (record, fractions) == (bare, [0.0])
    assert store.holds(job.video_id)


def test_the_sidecar_says_nothing_of_faces(job: StageJob, store: FaceStore) -> None:
    record, _ = _finish(job, BlotFinder(), store)
    now = datetime(2026, 11, 2, tzinfo=UTC)
    with_faces, without = (json.loads(to_json(known, now)) for known in (record, job.record))
    for scene, before in zip(with_faces["scenes"], without["scenes"], strict=True):
        tags = {tag: score for tag, score in scene.pop("vision_tags").items() if tag not in SHOT_SIZES}
        assert tags == before.pop("vision_tags")
        assert scene == before
    assert [path.name for path in job.source.parent.iterdir()] == [job.source.name]


def test_a_talking_head_is_found_in_a_real_clip(
    real_media: Path, real_models: Path, store: FaceStore
) -> None:
    job = _job(real_media / "people" / "talk_girl.mp4", [(0, 1000), (4000, 5000)])
    detector = Choice(Role.FACE_DETECTOR, "yunet", Engine.YUNET, real_models / "face")
    record, _ = _finish(job, build_recogniser(detector, Choice(Role.FACE)), store)
    kept = store.load(job.video_id)
    assert kept is not None
    assert kept.space is None
    assert [seen.at_ms for seen in kept.faces] == [500, 1000, 1500, 4500, 5000, 5500]
    assert all(CLOSE_UP in scene.tags for scene in record.scenes)
