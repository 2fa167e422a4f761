"""Text on screen in real clips, from the pictures to the answer: exactly and with one wrong letter."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from tests.end_to_end.conftest import Run, heimdex, write_film

_CLIPS = (
    "shots/nature_fades.mp4",
    "shots/counter_colours.mp4",
    "robust/vp9_10bit.webm",
    "clips/toddler_book.mp4",
    "clips/red_apple.mp4",
    "clips/seabird.avi",
)
_WORDS_ONLY = {"HEIMDEX_TEXT_MODEL": "none"}


@dataclass(frozen=True, slots=True)
class ReadLibrary:
    """Copies of videos, indexed, with their text on screen read and published."""

    library: Path

    def search(self, *words: str) -> Run:
        return heimdex("search", *words, library=self.library, environment=_WORDS_ONLY)

    def hits(self, query: str) -> list[Any]:
        return self.search(query, "--json").json["hits"]


def _indexed(videos: Path, library: Path) -> ReadLibrary:
    """Index a folder through the command line."""
    assert heimdex("index", videos, library=library, environment=_WORDS_ONLY).code == 0
    return ReadLibrary(library)


@pytest.fixture(scope="module")
def real(real_media: Path, tmp_path_factory: pytest.TempPathFactory) -> ReadLibrary:
    folder = tmp_path_factory.mktemp("real")
    (folder / "videos").mkdir()
    for name in _CLIPS:
        shutil.copy(real_media / name, folder / "videos")
    return _indexed(folder / "videos", folder / "library")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> ReadLibrary:
    """Films made here, so that this is tested where no real clip is at hand."""
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "videos").mkdir()
    for name, line in (("news", "Breaking news tonight"), ("weather", "東京駅の天気予報")):
        _write_caption(folder / "videos" / f"{name}.mp4", line)
    write_film(folder / "videos" / "plain.mp4", [((40, 40, 220), 2500)])
    return _indexed(folder / "videos", folder / "library")


def _write_caption(path: Path, line: str) -> None:
    picture = np.full((360, 640, 3), (70, 60, 40), np.uint8)
    cv2.putText(picture, line, (30, 320), (245, 245, 245), cv2.FontFace("uni"), 36)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for _ in range(30):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))


def _names(hits: list[Any]) -> set[str]:
    return {Path(hit["video"]["path"]).name for hit in hits}


@pytest.mark.parametrize(
    ("typed", "how", "name", "word"),
    [
        ("brandon castellano", "exact words", "nature_fades.mp4", "Castellano"),
        ("castelano", "similar spelling", "nature_fades.mp4", "Castellano"),
        ("castellanu", "similar spelling", "nature_fades.mp4", "Castellano"),
        ("hdr footage", "exact words", "vp9_10bit.webm", "FOOTAGE"),
        ("fotage", "similar spelling", "vp9_10bit.webm", "FOOTAGE"),
        ("clideo", "exact words", "toddler_book.mp4", "clideo"),
        ("clidoo", "similar spelling", "toddler_book.mp4", "clideo"),
        ('"brandon castellano"', "exact words", "nature_fades.mp4", "Castellano"),
    ],
)
def test_text_in_a_real_clip_is_found(real: ReadLibrary, typed: str, how: str, name: str, word: str) -> None:
    hits = real.hits(typed)
    assert _names(hits[:1]) == {name}
    because = {(reason["channel"], reason["how"]): reason["words"] for reason in hits[0]["because"]}
    assert any(found.startswith(word) for found in because["text", how])
    assert hits[0]["channels"]["text"] == pytest.approx(hits[0]["score"], abs=1e-4)


def test_the_same_text_on_several_keyframes_is_kept_once(real: ReadLibrary) -> None:
    for hit in real.hits("castellano"):
        assert hit["screen_text"].splitlines().count("www.bcastell.com") == 1


def test_clips_without_text_are_never_found_by_one(real: ReadLibrary) -> None:
    found = real.hits("copyright") + real.hits("frame") + real.hits("clideo")
    assert not _names(found) & {"red_apple.mp4", "seabird.avi"}


@pytest.mark.parametrize(
    ("typed", "how", "name"),
    [
        ("breaking news", "exact words", "news.mp4"),
        ("braeking breakink", "similar spelling", "news.mp4"),
        ("天気予報", "exact words", "weather.mp4"),
        ("東京駅の天文予報", "similar spelling", "weather.mp4"),
    ],
)
def test_drawn_text_is_found(drawn: ReadLibrary, typed: str, how: str, name: str) -> None:
    hits = drawn.hits(typed)
    assert _names(hits) == {name}
    assert how in [reason["how"] for reason in hits[0]["because"]]


def test_a_person_is_told_what_stands_on_the_screen(drawn: ReadLibrary) -> None:
    told = drawn.search("breaking").out
    assert "text (exact words: Breaking)" in told
    assert "on screen: Breaking news tonight" in told
    assert "on screen" not in drawn.search("red").out
