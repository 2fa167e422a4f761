"""The command line on odd consoles: a small alphabet, a reader that leaves, Ctrl+C, nothing there yet."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from heimdex_desktop.cli.console import while_read
from heimdex_desktop.cli.output import bytes_under
from heimdex_desktop.domain.errors import MachineError
from tests.end_to_end.conftest import DARK, HARBOUR, command, heimdex, write_film

WITHOUT_MODEL = {"HEIMDEX_TEXT_MODEL": "none"}
FILM = "회의 “quoted” 🙂 :cat:.mp4"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one film whose name many consoles cannot write."""
    folder = tmp_path_factory.mktemp("console")
    film = write_film(folder / "videos" / FILM, [(DARK, 2500)])
    film.with_suffix(".srt").write_text(HARBOUR.replace("sunrise", "日の出 🙂 é"), encoding="utf-8")
    run = heimdex("index", film, "--json", library=folder / "library", environment=WITHOUT_MODEL)
    assert (run.code, run.json["interrupted"]) == (0, False)
    return folder / "library"


def environment(library: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, **WITHOUT_MODEL, "HEIMDEX_LIBRARY": str(library), **(more or {})}


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp949", "utf-8"])
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_an_answer_can_be_written_in_any_alphabet(library: Path, encoding: str, as_json: bool) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    # The outer redirection of `heimdex` gives way to this one, a stream with an encoding.
    written = _run_into(out, ["search", "harbour", *(["--json"] if as_json else [])], library)
    if as_json:
        [hit] = json.loads(written)["hits"]
        assert Path(hit["video"]["path"]).name == FILM
        assert "日の出 🙂 é" in hit["transcript"]
    else:
        assert ":cat:" in written
        assert (r"\U0001f642" in written) == (encoding != "utf-8")


def _run_into(out: io.TextIOWrapper, words: list[str], library: Path) -> str:
    from heimdex_desktop.__main__ import main

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out):
        for name, value in {**WITHOUT_MODEL, "HEIMDEX_LIBRARY": str(library)}.items():
            patch.setenv(name, value)
        assert main(words) == 0
    out.seek(0)
    return out.read()


def test_a_console_without_unicode_gets_an_answer(library: Path) -> None:
    run = subprocess.run(
        command("search", "harbour"),
        env=environment(library, {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}),
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert rb"\ud68c\uc758" in run.stdout


@pytest.mark.parametrize("words", [["search", "harbour", "--json"], ["search", "harbour"], ["--help"]])
def test_a_reader_that_leaves_is_no_error(library: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        command(*words), env=environment(library), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no drive here is always full")
def test_output_onto_a_full_drive_is_a_sentence(tmp_path: Path) -> None:
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        pytest.raises(MachineError, match="could not be written"),
        while_read(full),
    ):
        full.write("an answer")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl+C another way")
@pytest.mark.parametrize(
    "loaded", ["heimdex_desktop.settings", "rich.console", "heimdex_desktop.index.search"]
)
def test_ctrl_c_ends_with_one_word(ctrl_c_is_heard: None, library: Path, loaded: str) -> None:
    """Python tells each module it has loaded, so the moment of the Ctrl+C is known."""
    python, *rest = command("search", "harbour")
    with subprocess.Popen(
        [python, "-X", "importtime", *rest],
        env=environment(library),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stderr
        assert any(line.endswith(f" {loaded}\n") for line in run.stderr)
        run.send_signal(signal.SIGINT)
        told = [line.strip() for line in run.stderr if not line.startswith("import time:")]
    assert (run.returncode, told) == (130, ["Stopped."])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl+C another way")
def test_an_indexing_that_was_stopped_says_so(ctrl_c_is_heard: None, tmp_path: Path) -> None:
    films = [write_film(tmp_path / f"film {number}.mp4", [(DARK, 2200 + number)]) for number in range(6)]
    with subprocess.Popen(
        command("index", *films, "--json"),
        env=environment(tmp_path / "library"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        while run.poll() is None and not any(tmp_path.glob("*.heimdex.json")):
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate()
    assert run.returncode == 130
    assert json.loads(out)["interrupted"] is True
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [["search", "harbour"], ["status", "--json"], ["rebuild"]], ids=" ".join)
def test_only_adding_videos_makes_a_library(words: list[str], tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    run = heimdex(*words, library=nowhere, environment=WITHOUT_MODEL)
    assert (run.code, run.out) == (2, "")
    assert f"There is no library in {nowhere} yet." in run.err
    assert "PATH" in run.err
    assert not nowhere.exists()


@pytest.mark.parametrize("words", [[""], [" ", "\t"], ['"'], ["“”", '""'], ["?!"]])
def test_a_search_for_nothing_is_wrong_use(words: list[str], library: Path) -> None:
    run = heimdex("search", *words, library=library, environment=WITHOUT_MODEL)
    assert run.code == 2
    assert "nothing to search for" in run.err


def test_the_query_is_echoed_as_it_was_typed(library: Path) -> None:
    run = heimdex("search", "we", '“left  the"', "x\n", "--json", library=library, environment=WITHOUT_MODEL)
    assert run.json["query"] == 'we “left  the" x\n'


def test_a_library_without_anything_searchable_says_so(library: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.mp4").write_text("no video", encoding="utf-8")
    empty = tmp_path / "library"
    heimdex("index", tmp_path / "letter.mp4", library=empty, environment=WITHOUT_MODEL)
    run = heimdex("search", "harbour", library=empty, environment=WITHOUT_MODEL)
    assert run.code == 0
    assert run.out.startswith("Nothing is searchable yet.")
    as_json = heimdex("search", "harbour", "--json", library=empty, environment=WITHOUT_MODEL)
    assert as_json.json["hits"] == []
    assert "Nothing is searchable yet." in as_json.err
    other = heimdex("search", "zebra", library=library, environment=WITHOUT_MODEL)
    assert other.out == "Nothing found.\n"


def test_files_that_vanish_while_being_counted_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    for name, content in (("stays", "four"), ("goes first", "gone"), ("inner/goes later", "seen")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    look = Path.stat

    def look_while_others_delete(file: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if file.name == "goes first":
            file.unlink(missing_ok=True)
        seen = look(file, follow_symlinks=follow_symlinks)
        if file.name == "goes later":
            file.unlink()
        return seen

    monkeypatch.setattr(Path, "stat", look_while_others_delete)
    assert bytes_under(tmp_path) == 8
