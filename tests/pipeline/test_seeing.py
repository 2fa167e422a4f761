"""Scenes get a vector of what is seen and tags from it; right scenes are found by what they show."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Picture, Purpose, Vectors
from heimdex_desktop.domain.errors import FileGone
from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace, Keyframe
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.inference.pictures import OpenClipModel, OpenClipPictures, OpenClipTexts
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar_store import SidecarStore
from heimdex_desktop.pipeline.seeing import embed_pictures, tag_pictures
from heimdex_desktop.pipeline.stage import StageJob
from tests.models.captions import describe_whole
from tests.models.clips import choose_sights, record_of, write_clip
from tests.pipeline.driving import close_after, count_yields, finish

TINY = Path(__file__).parents[1] / "models" / "tiny-clip"
SAID = EmbeddingSpace("ears", "1", 8)


class MeanColours:
    """Encodes a picture as its mean colour; `batches` are the sizes of what it was given."""

    space = EmbeddingSpace("colours", "1", 4)
    input_side_px = 20

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.shapes: set[tuple[int, ...]] = set()

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        self.batches.append(len(pictures))
        self.shapes |= {picture.shape for picture in pictures}
        rows = np.array([[*(picture.mean(axis=(0, 1)) / 128 - 1), 0.5] for picture in pictures], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Brightness:
    """Tags every vector by the sign of its first number."""

    def tags(self, vectors: Vectors) -> list[Mapping[str, float]]:
        return [{"blue" if vector[0] > 0 else "dull": 0.75} for vector in vectors]


@pytest.fixture
def sidecars(tmp_path: Path) -> SidecarStore:
    return SidecarStore(Places(tmp_path / "library"))


@pytest.fixture
def film(tmp_path: Path) -> VideoRecord:
    rng = np.random.default_rng(1)
    return write_clip(tmp_path / "film.mp4", choose_sights(12, rng), rng)


def job_of(record: VideoRecord) -> StageJob:
    return StageJob(record, record.video.home, "print")


def test_the_right_scene_comes_first(tmp_path: Path, sidecars: SidecarStore) -> None:
    """Fifty scenes in ten clips, of mixes that the model never saw, asked for in words."""
    rng = np.random.default_rng(50)
    sights = choose_sights(50, rng)
    model = OpenClipModel(TINY)
    stage = embed_pictures(OpenClipPictures(model), sidecars)
    matrices: list[Vectors] = []
    for number in range(10):
        clip = write_clip(tmp_path / f"clip {number}.mp4", sights[5 * number : 5 * number + 5], rng)
        vectors = sidecars.load_vectors(finish(stage(job_of(clip))).video, VISION)
        assert vectors is not None
        matrices.append(vectors.matrix)
    queries = OpenClipTexts(model).encode([describe_whole(sight, rng) for sight in sights], Purpose.QUERY)
    best = (queries @ np.concatenate(matrices).T).argmax(axis=1)
    assert (best == np.arange(50)).mean() >= 0.95


def test_every_scene_gets_a_vector_and_keeps_those_of_other_roles(
    film: VideoRecord, sidecars: SidecarStore
) -> None:
    encoder = MeanColours()
    film = replace(film, scenes=tuple(scene.embedded(TEXT, SAID) for scene in film.scenes))
    done = finish(embed_pictures(encoder, sidecars)(job_of(film)))
    vectors = sidecars.load_vectors(film.video, VISION)
    assert vectors is not None
    assert vectors.fingerprint == "print"
    assert vectors.scene_ids == tuple(scene.id for scene in film.scenes)
    assert all(scene.embeddings == {TEXT: SAID, VISION: encoder.space} for scene in done.scenes)


def test_pictures_are_encoded_in_batches_across_scenes_and_fetched_small(
    film: VideoRecord, sidecars: SidecarStore
) -> None:
    encoder = MeanColours()
    finish(embed_pictures(encoder, sidecars)(job_of(film)))
    assert encoder.batches == [8, 4]
    assert encoder.shapes == {(30, 40, 3)}


def test_a_vector_is_the_mean_of_the_keyframes(film: VideoRecord, sidecars: SidecarStore) -> None:
    first, second = film.scenes[0], film.scenes[1]
    both = replace(first, keyframes=(*first.keyframes, *second.keyframes))
    finish(embed_pictures(MeanColours(), sidecars)(job_of(replace(film, scenes=(both, second, first)))))
    vectors = sidecars.load_vectors(film.video, VISION)
    assert vectors is not None
    mean = vectors.matrix[1] + vectors.matrix[2]
    np.testing.assert_allclose(vectors.matrix[0], mean / np.linalg.norm(mean), atol=1e-3)


def test_a_scene_without_a_keyframe_gets_no_vector(film: VideoRecord, sidecars: SidecarStore) -> None:
    blind = replace(film.scenes[0], keyframes=()).embedded(VISION, EmbeddingSpace("older", "1", 4))
    done = finish(
        embed_pictures(MeanColours(), sidecars)(job_of(replace(film, scenes=(blind, film.scenes[1]))))
    )
    vectors = sidecars.load_vectors(film.video, VISION)
    assert vectors is not None
    assert vectors.scene_ids == (film.scenes[1].id,)
    assert [VISION in scene.embeddings for scene in done.scenes] == [False, True]


def test_a_video_without_scenes_needs_no_file(film: VideoRecord, sidecars: SidecarStore) -> None:
    finish(embed_pictures(MeanColours(), sidecars)(job_of(replace(film, scenes=()))))
    assert sidecars.load_vectors(film.video, VISION) is None


def test_stopped_at_any_yield_it_leaves_nothing_and_works_again(
    film: VideoRecord, sidecars: SidecarStore
) -> None:
    stage = embed_pictures(MeanColours(), sidecars)
    places = Places(film.video.home.parent / "apart")
    places.create()
    other = SidecarStore(places, beside_videos=False)
    for yields in range(1, count_yields(embed_pictures(MeanColours(), other)(job_of(film)))):
        close_after(stage(job_of(film)), yields)
        assert sidecars.load_vectors(film.video, VISION) is None
    finish(stage(job_of(film)))
    again = sidecars.load_vectors(film.video, VISION)
    undisturbed = other.load_vectors(film.video, VISION)
    assert again is not None
    assert undisturbed is not None
    np.testing.assert_array_equal(again.matrix, undisturbed.matrix)


def test_a_video_that_is_gone_is_said_to_be(tmp_path: Path, sidecars: SidecarStore) -> None:
    with pytest.raises(FileGone):
        finish(embed_pictures(MeanColours(), sidecars)(job_of(record_of(tmp_path / "gone.mp4", 1))))


def test_tags_come_from_stored_vectors_without_the_video(film: VideoRecord, sidecars: SidecarStore) -> None:
    done = finish(embed_pictures(MeanColours(), sidecars)(job_of(film)))
    film.video.home.unlink()
    tagged = finish(tag_pictures(Brightness(), sidecars)(job_of(done)))
    vectors = sidecars.load_vectors(film.video, VISION)
    assert vectors is not None
    wanted = ["blue" if row[0] > 0 else "dull" for row in vectors.matrix]
    assert [scene.seen_tags for scene in tagged.scenes] == [{tag: 0.75} for tag in wanted]
    assert set(wanted) == {"blue", "dull"}


def test_a_scene_whose_vector_is_out_of_date_loses_its_tags(
    film: VideoRecord, sidecars: SidecarStore
) -> None:
    done = finish(embed_pictures(MeanColours(), sidecars)(job_of(film)))
    tagged = finish(tag_pictures(Brightness(), sidecars)(job_of(done)))
    other = tuple(scene.embedded(VISION, EmbeddingSpace("newer", "1", 4)) for scene in tagged.scenes)
    again = finish(tag_pictures(Brightness(), sidecars)(job_of(replace(tagged, scenes=other))))
    assert all(scene.seen_tags == {} for scene in again.scenes)


def test_without_vectors_there_are_no_tags(film: VideoRecord, sidecars: SidecarStore) -> None:
    scenes = tuple(replace(scene, seen_tags={"old": 1.0}, keyframes=(Keyframe(0),)) for scene in film.scenes)
    tagged = finish(tag_pictures(Brightness(), sidecars)(job_of(replace(film, scenes=scenes))))
    assert all(scene.seen_tags == {} for scene in tagged.scenes)
