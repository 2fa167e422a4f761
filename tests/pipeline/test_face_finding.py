"""The stage that finds faces: what it keeps, what it tags, and what it keeps to itself."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from heimdex_desktop.domain.contracts import FaceRecogniser, Picture
from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.faces import FaceObservation, FaceQuality
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import Keyframe, Scene, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.inference.face_recogniser import build_recogniser
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.identity import video_id
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import to_json
from heimdex_desktop.media.shot_size import CLOSE_UP, SHOT_SIZES
from heimdex_desktop.people.tracks import tracks_of
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


class SharpeningFinder(BlotFinder):
    """Sees every picture more clearly than the one before."""

    def __init__(self) -> None:
        self.asked = 0

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        self.asked += 1
        quality = FaceQuality(100, self.asked / 10, 1.0)
        return [tuple(replace(face, quality=quality) for face in faces) for faces in super().find(pictures)]


class Blurred:
    """Finds the same faces and tells nobody apart."""

    space = None
    threshold = None

    def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
        return [tuple(replace(face, vector=None) for face in faces) for faces in BlotFinder().find(pictures)]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path / "library")
    places.create()
    return places


@pytest.fixture
def store(places: Places) -> FaceStore:
    return FaceStore(places)


@pytest.fixture
def crops(places: Places) -> FaceCrops:
    return FaceCrops(places)


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


def _finish(
    job: StageJob, finder: FaceRecogniser, store: FaceStore, crops: FaceCrops
) -> tuple[VideoRecord, list[float]]:
    running = find_faces(finder, store, crops)(job)
    fractions: list[float] = []
    while True:
        try:
            fractions.append(next(running))
        except StopIteration as end:
            return end.value, fractions


def test_faces_are_kept_with_their_scene_and_time(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    _finish(job, BlotFinder(), store, crops)
    kept = store.load(job.video_id)
    assert kept is not None
    assert (kept.space, kept.fingerprint, kept.threshold) == (BlotFinder.space, "made so", 0.9)
    # The moving bar is bright in the dark scene, too.
    assert {seen.at_ms for seen in kept.faces} == {500, 1500, 2500, 3500, 4500, 5500}
    dark, bright, red = job.record.scenes
    for seen in kept.faces:
        scene = next(scene for scene in (dark, bright, red) if scene.id == seen.scene_id)
        assert scene.span.contains(seen.at_ms)
    red_vector = next(seen.face.vector for seen in kept.faces if seen.scene_id == red.id)
    assert red_vector is not None
    assert red_vector.argmax() == 2


def test_scenes_get_the_size_of_their_largest_face(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    record, _ = _finish(job, BlotFinder(), store, crops)
    dark, bright, _ = record.scenes
    assert bright.tags == {"night": 0.5, CLOSE_UP: 1.0}
    assert CLOSE_UP not in dark.tags


def test_running_again_changes_nothing(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    record, _ = _finish(job, BlotFinder(), store, crops)
    again, _ = _finish(replace(job, record=record), BlotFinder(), store, crops)
    assert again == record


def test_old_shot_sizes_go_where_no_face_is_found(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    class Nobody(BlotFinder):
        def find(self, pictures: Sequence[Picture]) -> list[tuple[FaceObservation, ...]]:
            return [() for _ in pictures]

    record, _ = _finish(job, BlotFinder(), store, crops)
    record, _ = _finish(replace(job, record=record), Nobody(), store, crops)
    assert all(scene.tags == {"night": 0.5} for scene in record.scenes)
    assert store.holds(job.video_id)


def test_progress_rises_picture_by_picture(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    _, fractions = _finish(job, BlotFinder(), store, crops)
    assert fractions == pytest.approx([number / 6 for number in range(7)])


def test_a_stopped_stage_looks_at_no_more_and_keeps_nothing(
    job: StageJob, store: FaceStore, crops: FaceCrops, places: Places
) -> None:
    finder = CountingFinder()
    running = find_faces(finder, store, crops)(job)
    for _ in range(3):
        next(running)
    running.close()
    assert finder.asked == 2
    assert not store.holds(job.video_id)
    assert list(places.crops.iterdir()) == []


def test_a_video_without_keyframes_is_done_at_once(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    bare = replace(job.record, scenes=tuple(replace(scene, keyframes=()) for scene in job.record.scenes))
    record, fractions = _finish(replace(job, record=bare), BlotFinder(), store, crops)
    assert (record, fractions) == (bare, [0.0])
    assert store.holds(job.video_id)


def test_every_face_that_is_followed_has_a_picture_of_its_clearest_sight(
    job: StageJob, store: FaceStore, crops: FaceCrops, places: Places
) -> None:
    _finish(job, SharpeningFinder(), store, crops)
    kept = store.load(job.video_id)
    assert kept is not None
    tracks = tracks_of(job.video_id, kept.faces, 0.9)
    assert len(tracks) < len(kept.faces)
    # The finder sees more clearly from picture to picture.
    assert {track.ref.at_ms for track in tracks} == {1500, 3500, 5500}
    assert set(places.crops.rglob("*.jpg")) == {crops.crop(track.ref) for track in tracks}
    for track in tracks:
        shown = np.asarray(Image.open(crops.crop(track.ref)).convert("RGB"))
        bright = np.median(shown[shown.max(axis=2) > 127], axis=0)[::-1].astype(np.float32)
        assert bright @ track.vector > 0.95 * np.linalg.norm(bright), "the crop shows that face"


def test_a_new_look_replaces_all_pictures(
    job: StageJob, store: FaceStore, crops: FaceCrops, places: Places
) -> None:
    _finish(job, BlotFinder(), store, crops)
    before = set(places.crops.rglob("*.jpg"))
    first = replace(job.record, scenes=job.record.scenes[:1])
    _finish(replace(job, record=first), BlotFinder(), store, crops)
    assert set(places.crops.rglob("*.jpg")) < before


def test_faces_that_are_not_told_apart_have_no_picture(
    job: StageJob, store: FaceStore, crops: FaceCrops, places: Places
) -> None:
    _finish(job, Blurred(), store, crops)
    assert list(places.crops.rglob("*.jpg")) == []
    assert crops.holds(job.video_id)


def test_where_faces_cannot_be_kept_the_pictures_before_stay(
    job: StageJob, store: FaceStore, crops: FaceCrops, places: Places
) -> None:
    _finish(job, BlotFinder(), store, crops)
    before = {file: file.read_bytes() for file in places.crops.rglob("*.jpg")}
    file = places.faces_of(job.video_id)
    file.unlink()
    file.mkdir()
    with pytest.raises(MachineError):
        _finish(job, SharpeningFinder(), store, crops)
    assert {file: file.read_bytes() for file in places.crops.rglob("*.jpg")} == before


def test_the_pictures_of_no_more_than_a_scene_are_in_memory(
    job: StageJob, store: FaceStore, crops: FaceCrops, places: Places
) -> None:
    """What a scene left is on disk before the next is over."""
    running = find_faces(BlotFinder(), store, crops)(job)
    counts: list[int] = []
    for _ in range(6):
        next(running)
        counts.append(len(list(places.crops.rglob("*.jpg"))))
    running.close()
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert 0 < counts[2] < counts[4]


def test_the_sidecar_says_nothing_of_faces(job: StageJob, store: FaceStore, crops: FaceCrops) -> None:
    record, _ = _finish(job, BlotFinder(), store, crops)
    now = datetime(2026, 11, 2, tzinfo=UTC)
    with_faces, without = (json.loads(to_json(known, now)) for known in (record, job.record))
    for scene, before in zip(with_faces["scenes"], without["scenes"], strict=True):
        tags = {tag: score for tag, score in scene.pop("vision_tags").items() if tag not in SHOT_SIZES}
        assert tags == before.pop("vision_tags")
        assert scene == before
    assert [path.name for path in job.source.parent.iterdir()] == [job.source.name]


def test_a_talking_head_is_found_in_a_real_clip(
    real_media: Path, real_models: Path, store: FaceStore, crops: FaceCrops
) -> None:
    job = _job(real_media / "people" / "talk_girl.mp4", [(0, 1000), (4000, 5000)])
    detector = Choice(Role.FACE_DETECTOR, "yunet", Engine.YUNET, real_models / "face")
    record, _ = _finish(job, build_recogniser(detector, Choice(Role.FACE)), store, crops)
    kept = store.load(job.video_id)
    assert kept is not None
    assert kept.space is None
    assert [seen.at_ms for seen in kept.faces] == [500, 1000, 1500, 4500, 5000, 5500]
    assert all(CLOSE_UP in scene.tags for scene in record.scenes)
