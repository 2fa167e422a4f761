"""The sample film: ten different scenes with words, small, complete or not there."""

from itertools import pairwise
from pathlib import Path

import av
import pysubs2
import pytest

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.media.sample_clip import CLIP_MS, SCENE_MS, SUBTITLES_NAME, make_sample
from heimdex_desktop.media.scenes import scenes_of
from heimdex_desktop.media.watching import Watched, watch


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample(tmp_path_factory.mktemp("sample") / "films")


@pytest.fixture(scope="module")
def seen(sample: Path) -> Watched:
    watching = watch(sample, CLIP_MS)
    while True:
        try:
            next(watching)
        except StopIteration as end:
            return end.value


def test_it_is_a_small_720p_film_and_its_subtitles(sample: Path) -> None:
    assert sample.name == "Heimdex sample.mp4"
    assert sample.stat().st_size < 3_000_000
    assert sorted(path.name for path in sample.parent.iterdir()) == [SUBTITLES_NAME, sample.name]
    with av.open(str(sample)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.pix_fmt) == (1280, 720, "yuv420p")


def test_its_cuts_are_found_where_they_are(seen: Watched) -> None:
    assert seen.duration_ms == CLIP_MS
    assert [shot.span.start_ms for shot in seen.shots] == list(range(0, CLIP_MS, SCENE_MS))


def test_its_scenes_look_different(seen: Watched) -> None:
    scenes = scenes_of(VideoId("5c1d0d0e-3f61-5b0b-9d80-3f0a3a4b8f11"), seen)
    assert len({tuple(sorted(scene.tags)) for scene in scenes}) >= 8
    everything = {tag for scene in scenes for tag in scene.tags}
    assert everything >= {"title card", "black and white", "night", "bright", "blue", "orange", "green"}


def test_something_is_said_in_every_scene(sample: Path) -> None:
    lines = pysubs2.load(str(sample.with_name(SUBTITLES_NAME)), encoding="utf-8")
    scenes = [line.start // SCENE_MS for line in lines]
    assert sorted(set(scenes)) == list(range(CLIP_MS // SCENE_MS))
    assert all(line.start // SCENE_MS == (line.end - 1) // SCENE_MS for line in lines)
    assert all(one.end <= other.start for one, other in pairwise(lines))
    assert any("pancake" in line.text for line in lines)


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "films").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(NoAccess, match="films"):
        make_sample(tmp_path / "films")
