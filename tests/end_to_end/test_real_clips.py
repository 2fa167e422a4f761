"""Real videos, odd ones included, from the drop to the answer."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Run, heimdex, heimdex_apart

CLIPS = (
    "speech/friday_film.mp4",
    "shots/ai_explainer.webm",
    "shots/nasa_mirror.mp4",
    "composites/multitrack.mkv",
    "clips/red_apple.mp4",
    "clips/silent_film.mp4",
    "clips/purple_pillow.mp4",
    "clips/living_room.mp4",
    "clips/seabird.avi",
    "robust",
    "robust_made",
)
REFUSED = {
    "audio_only_mp4.mp4": "no picture",
    "jpeg_renamed.mp4": "picture, not a video",
    "random_bytes.mkv": "not a video",
    "text_renamed.mp4": "not a video",
    "truncated_no_moov.mp4": "cut off",
    "zero_byte.mp4": "empty",
}


@dataclass(frozen=True, slots=True)
class RealLibrary:
    """Copies of real clips with subtitles beside some of them, indexed."""

    videos: Path
    library: Path
    run: Run

    def search(self, query: str) -> Any:
        return heimdex("search", query, "--json", library=self.library).json


@pytest.fixture(scope="module")
def real(real_media: Path, tmp_path_factory: pytest.TempPathFactory) -> RealLibrary:
    folder = tmp_path_factory.mktemp("real")
    videos = folder / "videos"
    for name in CLIPS:
        target = videos / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (real_media / name).is_dir() else shutil.copy
        copy(real_media / name, target)
    shutil.copy(real_media / "subs/friday_film.vtt", videos / "speech/friday_film.vtt")
    shutil.copy(real_media / "subs/ai_explainer.srt", videos / "shots/ai_explainer.en.srt")
    shutil.copy(real_media / "subs/news_ko_cp949.srt", videos / "clips/living_room.ko.srt")
    run = heimdex_apart("index", videos, "--json", library=folder / "library")
    return RealLibrary(videos, folder / "library", run)


def name_of(hit: Any) -> str:
    return Path(hit["video"]["path"]).name


def test_every_odd_file_is_indexed_or_refused_in_a_sentence(real: RealLibrary) -> None:
    assert real.run.code == 1
    assert "Traceback" not in real.run.err
    failed = {Path(row["path"]).name: row["failure"]["reason"] for row in real.run.json["failed"]}
    assert failed.keys() == REFUSED.keys()
    for name, words in REFUSED.items():
        assert words in failed[name]
    for row in real.run.json["list"]:
        assert row["failure"] or (row["state"] == "done" and row["scenes"] >= 1), row


def test_one_content_is_one_video_wherever_it_lies(real: RealLibrary) -> None:
    names = [Path(row["path"]).name for row in real.run.json["list"]]
    same = {
        "UPPER_CASE.MP4",
        "duplicate_of_clip.mp4",
        "no_extension",
        "한글 파일 이름 (최종) #1 100%.mp4",
        "clip.mp4",
    }
    assert len(same & set(names)) == 1


@pytest.mark.parametrize(
    ("query", "clip", "said"),
    [
        ("lord of the universe", "friday_film.mp4", "lord of the universe"),
        ("stolen the crown jewels", "friday_film.mp4", "crown jewels"),
        ("recognizing images", "ai_explainer.webm", "recognizing images"),
        ("largest cleanrooms in the world", "nasa_mirror.mp4", "cleanrooms"),
        ("새로운 대한민국을 향해", "multitrack.mkv", "새로운 대한민국"),
        ('"첫걸음을 내딛습니다"', "multitrack.mkv", "첫걸음을 내딛습니다"),
    ],
)
def test_words_of_a_subtitle_are_found_first(real: RealLibrary, query: str, clip: str, said: str) -> None:
    answer = real.search(query)
    assert answer["verdict"] == "good"
    first = answer["hits"][0]
    assert name_of(first) == clip
    assert said in first["transcript"]


@pytest.mark.parametrize(
    ("query", "clip"),
    [
        ("the jewellery was robbed", "friday_film.mp4"),
        ("computers that can do what people's minds do", "ai_explainer.webm"),
        ("astronomy instrument being built in a clean laboratory", "nasa_mirror.mp4"),
    ],
)
def test_a_paraphrase_is_among_the_first_three(real: RealLibrary, query: str, clip: str) -> None:
    assert clip in [name_of(hit) for hit in real.search(query)["hits"][:3]]


def test_dark_night_comes_before_bright_scenes(real: RealLibrary) -> None:
    hits = real.search("dark night")["hits"]
    assert "night" in hits[0]["tags"]
    dark = [place for place, hit in enumerate(hits) if "night" in hit["tags"]]
    bright = [place for place, hit in enumerate(hits) if "bright" in hit["tags"]]
    assert not bright or max(dark) < min(bright)


@pytest.mark.parametrize(
    ("query", "clip"),
    [("black and white", "silent_film.mp4"), ("red", "red_apple.mp4"), ("purple", "purple_pillow.mp4")],
)
def test_looks_are_found(real: RealLibrary, query: str, clip: str) -> None:
    hits = real.search(query)["hits"]
    assert clip in [name_of(hit) for hit in hits[:12]]
    assert query in hits[0]["tags"]


def test_scenes_have_the_shape_that_was_promised(real: RealLibrary) -> None:
    for file in real.videos.rglob("*.heimdex.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        assert content["scenes"]
        for scene in content["scenes"]:
            assert {
                "video_id",
                "scene_id",
                "start_s",
                "end_s",
                "transcript",
                "vision_tags",
                "frames",
            } <= scene.keys()
            assert len(json.dumps(scene)) < 50_000
