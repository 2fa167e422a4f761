"""Bad input costs a sentence, never another file's work and never a person's data."""

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import BRIGHT, DARK, Run, command, heimdex, write_film

WITHOUT_MODEL = {"HEIMDEX_TEXT_MODEL": "none"}
LONG = "long " * 49 + "name"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "videos" / "film.mp4", [(DARK, 2200), (BRIGHT, 2200)])


def index(*paths: Path, library: Path) -> Run:
    return heimdex("index", *paths, "--json", library=library, environment=WITHOUT_MODEL)


def sidecar_of(film: Path) -> Path:
    return film.with_name(film.name + ".heimdex.json")


def only_row(run: Run) -> Any:
    [row] = run.json["list"]
    return row


@pytest.mark.parametrize(
    "name",
    [
        "with spaces and 'quotes' \"double\".mp4",
        "🎉🎂.mp4",
        unicodedata.normalize("NFC", "한글 영상.mp4"),
        unicodedata.normalize("NFD", "한글 영상.mp4"),
        "100% #1 & more; [x] {y}.mp4",
        "-starts-with-a-dash.mp4",
        LONG[:251] + ".mp4",
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows fewer names")
def test_any_name_is_taken(film: Path, name: str, tmp_path: Path) -> None:
    named = film.rename(film.with_name(name))
    run = index(named.parent, library=tmp_path / "library")
    assert (run.code, only_row(run)["state"]) == (0, "done")
    assert only_row(run)["path"] == str(named)
    again = index(named.parent, library=tmp_path / "library")
    assert only_row(again)["state"] == "done"


def test_a_path_of_more_than_300_characters_is_taken(film: Path, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a folder with quite a long name"] * 10)
    deep.mkdir(parents=True)
    moved = shutil.move(film, deep / "film.mp4")
    assert len(str(moved)) > 300
    assert (
        only_row(index(tmp_path / "a folder with quite a long name", library=tmp_path / "l"))["state"]
        == "done"
    )


def test_a_path_that_is_not_there_is_named(film: Path, tmp_path: Path) -> None:
    run = index(tmp_path / "nowhere.mp4", film, library=tmp_path / "library")
    assert run.code == 1
    assert "nowhere.mp4" in run.err
    assert [row["state"] for row in run.json["list"]] == ["failed", "done"]


def as_ordinary_person() -> list[str]:
    """Return what to put before a command so that rights bind it, whoever runs the tests."""
    if os.geteuid() != 0:
        return []
    powers = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"]


@pytest.mark.skipif(sys.platform != "linux", reason="rights are set another way here")
def test_a_closed_folder_is_named_and_the_rest_goes_on(film: Path, tmp_path: Path) -> None:
    closed = film.parent / "closed"
    closed.mkdir()
    closed.chmod(0)
    run = subprocess.run(
        [*as_ordinary_person(), *command("index", film.parent)],
        env={**os.environ, **WITHOUT_MODEL, "HEIMDEX_LIBRARY": str(tmp_path / "library")},
        capture_output=True,
        text=True,
        check=False,
    )
    closed.chmod(0o700)
    assert run.returncode == 1
    assert "closed" in run.stderr
    assert "1 video ready" in run.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="rights are set another way here")
def test_a_folder_that_cannot_be_written_has_its_sidecar_in_the_library(film: Path, tmp_path: Path) -> None:
    film.parent.chmod(0o500)
    run = subprocess.run(
        [*as_ordinary_person(), *command("index", film)],
        env={**os.environ, **WITHOUT_MODEL, "HEIMDEX_LIBRARY": str(tmp_path / "library")},
        capture_output=True,
        text=True,
        check=False,
    )
    film.parent.chmod(0o700)
    assert run.returncode == 0
    assert "kept in the library instead" in run.stderr
    assert list((tmp_path / "library" / "sidecars").glob("*.heimdex.json"))


def test_a_broken_sidecar_is_kept_aside(film: Path, tmp_path: Path) -> None:
    sidecar_of(film).write_text('{"format": "heimdex-sidecar", "ver', encoding="utf-8")
    run = index(film.parent, library=tmp_path / "library")
    assert run.code == 0
    assert json.loads(sidecar_of(film).read_text(encoding="utf-8"))["scenes"]
    [aside] = film.parent.glob("*.broken-1")
    assert aside.read_text(encoding="utf-8").endswith('"ver')
    assert sidecar_of(film).name in run.err


@pytest.mark.parametrize(
    "content", ['{"format": "heimdex-sidecar", "version": "9.0"}', '{"mine": true}', "[1, 2]"]
)
def test_a_newer_or_foreign_sidecar_is_left_alone(film: Path, content: str, tmp_path: Path) -> None:
    sidecar_of(film).write_text(content, encoding="utf-8")
    library = tmp_path / "library"
    run = index(film.parent, library=library)
    assert (run.code, only_row(run)["state"]) == (0, "done")
    assert sidecar_of(film).read_text(encoding="utf-8") == content
    assert sidecar_of(film).name in run.err
    assert list((library / "sidecars").glob("*.heimdex.json"))
    hits = heimdex("search", "night", "--json", library=library, environment=WITHOUT_MODEL).json["hits"]
    assert hits


def test_a_video_that_is_replaced_is_watched_anew(film: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    index(film.parent, library=library)
    write_film(film, [(BRIGHT, 2200)])
    row = only_row(index(film.parent, library=library))
    assert (row["state"], row["scenes"]) == ("done", 1)
    found = heimdex("search", "night", "--json", library=library, environment=WITHOUT_MODEL).json["hits"]
    assert not found, "the scenes of the old content are gone"


def test_sidecars_can_be_kept_out_of_the_folders(film: Path, tmp_path: Path) -> None:
    environment = {**WITHOUT_MODEL, "HEIMDEX_SIDECARS_BESIDE_VIDEOS": "off"}
    run = heimdex("index", film, library=tmp_path / "library", environment=environment)
    assert run.code == 0
    assert [path.name for path in film.parent.iterdir()] == ["film.mp4"]


def test_a_bad_setting_is_one_sentence(film: Path, tmp_path: Path) -> None:
    environment = {**WITHOUT_MODEL, "HEIMDEX_PRESET": "enormous"}
    run = heimdex("index", film, library=tmp_path / "library", environment=environment)
    assert run.code == 0
    assert "enormous" in run.err


def test_a_library_that_is_a_file_is_a_sentence(film: Path, tmp_path: Path) -> None:
    (tmp_path / "library").write_text("not a folder", encoding="utf-8")
    run = heimdex("index", film, library=tmp_path / "library", environment=WITHOUT_MODEL)
    assert run.code == 1
    assert "Traceback" not in run.err
    assert "library" in run.err


@pytest.mark.skipif(sys.platform != "linux", reason="rights are set another way here")
def test_a_file_in_a_closed_folder_is_named_and_later_paths_go_on(film: Path, tmp_path: Path) -> None:
    closed = film.parent / "closed"
    closed.mkdir()
    shutil.copy(film, closed / "hidden.mp4")
    closed.chmod(0)
    run = subprocess.run(
        [*as_ordinary_person(), *command("index", closed / "hidden.mp4", film)],
        env={**os.environ, **WITHOUT_MODEL, "HEIMDEX_LIBRARY": str(tmp_path / "library")},
        capture_output=True,
        text=True,
        check=False,
    )
    closed.chmod(0o700)
    assert run.returncode == 1
    assert "hidden.mp4" in run.stderr
    assert "1 video ready" in run.stderr


def test_a_name_too_long_for_the_system_is_named(film: Path, tmp_path: Path) -> None:
    run = index(tmp_path / ("x" * 400 + ".mp4"), film, library=tmp_path / "library")
    assert run.code == 1
    assert [row["state"] for row in run.json["list"]] == ["failed", "done"]


def test_what_is_gone_or_away_stays_searchable_and_says_why(film: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    index(film.parent, library=library)
    away = film.parent.rename(tmp_path / "unplugged")
    for command_ in ("status", "rebuild"):
        run = heimdex(command_, "--json", library=library, environment=WITHOUT_MODEL)
        assert (only_row(run)["state"], only_row(run)["scenes"]) == ("offline", 2)
        assert "not connected" in only_row(run)["note"]
    found = heimdex("search", "night", "--json", library=library, environment=WITHOUT_MODEL).json["hits"]
    assert len(found) == 1
    away.rename(film.parent)
    film.rename(tmp_path / "elsewhere.mp4")
    row = only_row(heimdex("status", "--json", library=library, environment=WITHOUT_MODEL))
    assert "moved or deleted" in row["note"]


def test_a_rebuild_that_finds_nothing_loses_nothing(film: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    other = write_film(tmp_path / "videos" / "other.mp4", [(BRIGHT, 2200)])
    index(film.parent, library=library)
    assert heimdex("rebuild", tmp_path / "nowhere", library=library, environment=WITHOUT_MODEL).code == 1
    assert heimdex("rebuild", other, library=library, environment=WITHOUT_MODEL).code == 0
    facts = heimdex("status", "--json", library=library, environment=WITHOUT_MODEL).json
    assert facts["searchable"] == 2
