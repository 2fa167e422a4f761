"""The command line as people and scripts use it: its words, its output and its exit codes."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from heimdex_desktop.inference.encoders import SentenceEncoder
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.working import WorkLock
from tests.end_to_end.conftest import RED, Sample, heimdex, heimdex_apart, make_videos, write_film

WITHOUT_MODEL = {"HEIMDEX_TEXT_MODEL": "none"}
KEYS = {
    "rank",
    "score",
    "video",
    "scene_id",
    "start_s",
    "end_s",
    "at_s",
    "because",
    "channels",
    "transcript",
    "screen_text",
    "tags",
    "people",
    "near",
    "copies",
    "then",
    "thumbnail",
}


def test_version(tmp_path: Path) -> None:
    run = heimdex_apart("--version", library=tmp_path)
    assert (run.code, run.out.strip()) == (0, f"heimdex {version('heimdex-desktop')}")


@pytest.mark.parametrize(
    "words",
    [["index"], ["search"], ["dance"], ["index", "x", "--preset", "huge"], ["search", "x", "--limit", "0"]],
    ids=" ".join,
)
def test_wrong_use_ends_with_two_and_says_how(words: list[str], tmp_path: Path) -> None:
    run = heimdex(*words, library=tmp_path)
    assert run.code == 2
    assert "usage: heimdex" in run.err


def test_indexing_names_the_files_that_failed_and_does_the_rest(sample: Sample) -> None:
    assert sample.run.code == 1
    told = [line for line in sample.run.err.splitlines() if line]
    assert any("empty.mp4" in line and "empty" in line for line in told)
    assert any("letter.mp4" in line and "not a video" in line for line in told)
    assert not any("Traceback" in line for line in told)
    rows = {Path(row["path"]).name: row for row in sample.run.json["list"]}
    assert rows["harbour.mp4"]["state"] == "done"
    assert rows["harbour.mp4"]["scenes"] == 3
    assert "copy of harbour.mp4" in rows["harbour.mp4"]["note"]
    assert rows["회의 “quoted” 🙂.mkv"]["state"] == "done"
    assert {Path(row["path"]).name for row in sample.run.json["failed"]} == {"empty.mp4", "letter.mp4"}


def test_nothing_of_the_persons_is_touched(sample: Sample) -> None:
    assert (sample.videos / "notes.txt").read_text(encoding="utf-8") == "not touched"
    ours = {path.name for path in sample.videos.rglob("*.heimdex.*")}
    assert ours == {
        "harbour.mp4.heimdex.json",
        "harbour.mp4.heimdex.npz",
        "copy of harbour.mp4.heimdex.json",
        "copy of harbour.mp4.heimdex.npz",
        "회의 “quoted” 🙂.mkv.heimdex.json",
        "회의 “quoted” 🙂.mkv.heimdex.npz",
    }


def test_search_finds_spoken_words_and_says_why(sample: Sample) -> None:
    run = heimdex_apart("search", "grandmother's soup", "--json", library=sample.library)
    assert run.code == 0, run.err
    answer = run.json
    assert set(answer) == {"query", "beside", "took_ms", "verdict", "notes", "hits"}
    assert answer["verdict"] == "good"
    first = answer["hits"][0]
    assert set(first) == KEYS
    assert Path(first["video"]["path"]).name in {"harbour.mp4", "copy of harbour.mp4"}
    assert (first["rank"], first["start_s"]) == (1, pytest.approx(2.5, abs=0.11))
    assert "onions" in first["transcript"]
    assert set(first["channels"]) == {"said", "seen", "tags", "text", "who"}
    assert first["because"][0]["channel"] == "said"
    assert "grandmother's" in [word.lower() for word in first["because"][0]["words"]]
    assert Path(first["thumbnail"]).is_file()


def test_search_finds_by_meaning(sample: Sample) -> None:
    answer = heimdex("search", "cooking a family recipe", "--json", library=sample.library).json
    assert any("onions" in hit["transcript"] for hit in answer["hits"][:3])


def test_search_finds_by_look(sample: Sample) -> None:
    answer = heimdex("search", "dark night", "--json", library=sample.library).json
    first = answer["hits"][0]
    assert "night" in first["tags"]
    assert first["start_s"] == 0.0


def test_search_is_for_one_video_or_for_what_is_like_a_scene(sample: Sample) -> None:
    film = sample.videos / "harbour.mp4"
    whole = heimdex("search", "--video", str(film), "--json", library=sample.library).json
    assert [hit["start_s"] for hit in whole["hits"]] == sorted(hit["start_s"] for hit in whole["hits"])
    assert len(whole["hits"]) == 3
    scene_id = whole["hits"][0]["scene_id"]
    like = heimdex("search", "--like-scene", scene_id, "--json", library=sample.library).json
    assert like["beside"] == {"like_scene": scene_id}
    assert scene_id not in {hit["scene_id"] for hit in like["hits"]}
    gone = heimdex("search", "--like-scene", "gone", library=sample.library)
    assert (gone.code, "not in the library" in gone.err) == (1, True)


def test_search_for_people_is_readable_and_takes_hostile_words(sample: Sample) -> None:
    run = heimdex("search", "'; DROP TABLE scenes; -- [red]“", "--limit", "2", library=sample.library)
    assert run.code == 0
    assert "Traceback" not in run.err


def test_status_tells_what_is_there(sample: Sample) -> None:
    facts = heimdex("status", "--json", library=sample.library).json
    assert (facts["videos"], facts["searchable"], facts["scenes"]) == (3, 2, 4)
    assert facts["failed"] == 1, "the letter keeps its reason; an empty file has no content to know it by"
    run = heimdex("status", library=sample.library)
    assert run.code == 0
    assert "harbour.mp4" in run.out


def test_a_second_run_does_nothing_again(sample: Sample, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample.videos.rglob("*")}
    run = heimdex("index", sample.videos, "--json", library=sample.library)
    assert run.code == 1, "what failed is still named"
    assert {path: path.stat().st_mtime_ns for path in sample.videos.rglob("*")} == before


def test_rebuild_gives_the_same_answers_without_a_model(sample: Sample, tmp_path: Path) -> None:
    mine = sample.copy(tmp_path)
    queries = ("grandmother's soup", "dark night", "the meeting on Thursday")
    before = [answers(sample.library, query) for query in queries]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SentenceEncoder, "encode", _no_model)
        run = heimdex("rebuild", mine.videos, "--json", library=mine.library)
    states = {Path(row["path"]).name: row["state"] for row in run.json["list"] if not row["failure"]}
    assert states["회의 “quoted” 🙂.mkv"] == states["harbour.mp4"] == "done"
    assert states["letter.mp4"] == "not indexed", "it has no sidecar, and watching it is another command"
    assert [answers(mine.library, query) for query in queries] == before


def test_rebuild_of_an_empty_library_asks_where_to_look(tmp_path: Path) -> None:
    run = heimdex("rebuild", library=tmp_path / "none")
    assert run.code == 2
    assert "heimdex rebuild PATH" in run.err


def test_without_an_encoder_search_is_by_words(tmp_path: Path) -> None:
    videos = make_videos(tmp_path / "videos")
    library = tmp_path / "library"
    run = heimdex("index", videos / "harbour.mp4", library=library, environment=WITHOUT_MODEL)
    assert run.code == 0
    answer = heimdex("search", "onions", "--json", library=library, environment=WITHOUT_MODEL).json
    assert answer["hits"][0]["because"][0]["how"] == "exact words"


def test_only_one_program_works_on_a_library_and_others_may_search(sample: Sample) -> None:
    lock = WorkLock(Places(sample.library))
    try:
        run = heimdex("index", sample.videos, library=sample.library)
        assert run.code == 1
        assert "Another Heimdex" in run.err
        assert answers(sample.library, "grandmother's soup")
    finally:
        lock.release()


def test_looking_with_another_model_leaves_the_index_alone(sample: Sample) -> None:
    before = answers(sample.library, "grandmother's soup")
    heimdex("status", library=sample.library, environment=WITHOUT_MODEL)
    heimdex("search", "soup", library=sample.library, environment=WITHOUT_MODEL)
    assert answers(sample.library, "grandmother's soup") == before


def test_indexing_without_the_model_keeps_what_it_made(sample: Sample, tmp_path: Path) -> None:
    mine = sample.copy(tmp_path)
    heimdex("rebuild", mine.videos, library=mine.library)
    before = answers(mine.library, "cooking a family recipe")
    write_film(mine.videos / "new.mp4", [(RED, 2200)])
    assert (
        heimdex("index", mine.videos / "new.mp4", library=mine.library, environment=WITHOUT_MODEL).code == 0
    )
    assert answers(mine.library, "cooking a family recipe") == before


def test_words_that_are_gone_take_their_vectors_along(tmp_path: Path) -> None:
    videos, library = make_videos(tmp_path / "videos"), tmp_path / "library"
    film = videos / "harbour.mp4"
    shutil.rmtree(videos / "inner")
    heimdex("index", film, library=library)
    (videos / "harbour.en.srt").unlink()
    heimdex("index", film, library=library)
    scenes = json.loads((videos / "harbour.mp4.heimdex.json").read_text(encoding="utf-8"))["scenes"]
    assert [scene["embeddings"] for scene in scenes] == [{}, {}, {}]
    assert not any(
        hit["transcript"] for hit in heimdex("search", "soup", "--json", library=library).json["hits"]
    )


def test_a_path_that_is_not_there_is_said_so_and_makes_no_library(tmp_path: Path) -> None:
    run = heimdex("index", tmp_path / "tpyo", library=tmp_path / "library")
    assert run.code == 1
    assert f"{tmp_path / 'tpyo'} is not there." in run.err
    assert not (tmp_path / "library").exists()


def test_a_missing_model_is_waited_for_and_named(tmp_path: Path) -> None:
    videos = make_videos(tmp_path / "videos")
    run = heimdex(
        "index", videos / "harbour.mp4", "--preset", "compact", "--json", library=tmp_path / "library"
    )
    assert run.code == 0
    assert run.json["list"][0]["state"] == "waiting for a model"
    assert "multilingual-e5-small" in run.err


def test_a_moved_video_is_not_watched_again(tmp_path: Path) -> None:
    videos, library = tmp_path / "videos", tmp_path / "library"
    make_videos(videos)
    heimdex("index", videos, library=library, environment=WITHOUT_MODEL)
    created = json.loads((videos / "harbour.mp4.heimdex.json").read_text(encoding="utf-8"))["created_at"]
    shutil.rmtree(videos / "inner")
    (tmp_path / "elsewhere").mkdir()
    (videos / "harbour.mp4").rename(tmp_path / "elsewhere" / "trip.mp4")
    (videos / "harbour.en.srt").rename(tmp_path / "elsewhere" / "trip.en.srt")
    heimdex("index", tmp_path / "elsewhere", library=library, environment=WITHOUT_MODEL)
    moved = json.loads((tmp_path / "elsewhere" / "trip.mp4.heimdex.json").read_text(encoding="utf-8"))
    assert moved["created_at"] == created
    hit = heimdex("search", "onions", "--json", library=library, environment=WITHOUT_MODEL).json["hits"][0]
    assert Path(hit["video"]["path"]).name == "trip.mp4"


def test_a_search_leaves_out_what_has_a_minus_and_obeys_conditions(tmp_path: Path) -> None:
    videos, library = tmp_path / "videos", tmp_path / "library"
    make_videos(videos)
    heimdex("index", videos, library=library, environment=WITHOUT_MODEL)

    def found(*words: str) -> list[str]:
        run = heimdex("search", *words, "--json", library=library, environment=WITHOUT_MODEL)
        assert run.code == 0
        return [hit["transcript"] for hit in run.json["hits"]]

    assert any("onions" in text for text in found("onions"))
    assert not any("onions" in text for text in found("onions", "-onions"))
    assert found("onions", "in:nowhere") == []
    assert any("onions" in text for text in found("onions", "in:videos"))
    assert heimdex("search", "-onions", library=library, environment=WITHOUT_MODEL).code == 0
    asked = heimdex("search", "onions", "after:tomorrowish", library=library, environment=WITHOUT_MODEL)
    assert "tomorrowish" in asked.out


def test_why_a_scene_is_not_found_is_told(tmp_path: Path) -> None:
    videos, library = tmp_path / "videos", tmp_path / "library"
    make_videos(videos)
    heimdex("index", videos, library=library, environment=WITHOUT_MODEL)
    asked = ("search", "onions", "--why", videos / "harbour.mp4")
    told = heimdex(*asked, "--json", library=library, environment=WITHOUT_MODEL).json
    assert told["indexed"]
    assert told["rank"] >= 1
    assert 0 <= told["score"] <= told["best"] <= 1
    assert "The scene at 0:00" in heimdex(*asked, library=library, environment=WITHOUT_MODEL).out
    stranger = heimdex(
        "search", "x", "--why", tmp_path / "no.mp4", library=library, environment=WITHOUT_MODEL
    )
    assert stranger.code == 1
    assert "is not in the library" in stranger.err
    late = heimdex(*asked, "--at", "9:59", library=library, environment=WITHOUT_MODEL)
    assert late.code == 1
    assert "No scene of" in late.err


def _no_model(*_: object) -> None:
    pytest.fail("a model was run")


def answers(library: Path, query: str) -> list[tuple[str, float]]:
    hits = heimdex("search", query, "--json", library=library).json["hits"]
    return [(hit["scene_id"], hit["score"]) for hit in hits]
