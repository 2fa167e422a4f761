"""The log is JSON lines that a program can read, one file per process, and never stands in the way."""

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from heimdex_desktop import diagnostics

log = logging.getLogger("heimdex_desktop.pipeline.runner")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    ours = logging.getLogger("heimdex_desktop")
    level, propagates = ours.level, ours.propagate
    yield
    diagnostics.stop_log()
    ours.setLevel(level)
    ours.propagate = propagates


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_when_where_how_bad_and_what(tmp_path: Path) -> None:
    diagnostics.start_log(tmp_path / "logs", "heimdex")
    log.warning("stage failed", extra={"stage": "words", "kind": "NoAccess"})
    (line,) = lines(tmp_path / "logs" / "heimdex.log")
    assert line["event"] == "stage failed"
    assert (line["level"], line["logger"]) == ("warning", log.name)
    assert (line["stage"], line["kind"]) == ("words", "NoAccess")
    assert "timestamp" in line


def test_a_bug_is_logged_with_its_trace_on_one_line(tmp_path: Path) -> None:
    diagnostics.start_log(tmp_path, "heimdex")
    try:
        raise KeyError("an “odd” name\nover two lines")
    except KeyError:
        log.exception("broke")
    (line,) = lines(tmp_path / "heimdex.log")
    assert "KeyError" in str(line["exception"])
    assert "test_diagnostics.py" in str(line["exception"])


def test_only_what_matters_and_only_ours_is_logged(tmp_path: Path) -> None:
    diagnostics.start_log(tmp_path, "heimdex")
    log.debug("a detail")
    logging.getLogger("another.library").error("not ours")
    log.info("opened")
    assert [line["event"] for line in lines(tmp_path / "heimdex.log")] == ["opened"]


def test_starting_again_moves_on_to_the_new_file(tmp_path: Path) -> None:
    for name in ("first", "second"):
        diagnostics.start_log(tmp_path, name)
        log.info("from %s", name)
    for name in ("first", "second"):
        assert [line["event"] for line in lines(tmp_path / f"{name}.log")] == [f"from {name}"]


def test_a_folder_that_cannot_be_made_costs_only_the_log(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file", encoding="utf-8")
    diagnostics.start_log(tmp_path / "logs", "heimdex")
    log.info("lost")
    assert (tmp_path / "logs").read_text(encoding="utf-8") == "a file"


def test_the_file_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "_MAX_BYTES", 2_000)
    diagnostics.start_log(tmp_path, "heimdex")
    for number in range(200):
        log.info("line %d", number)
    files = sorted(tmp_path.iterdir())
    assert 1 < len(files) <= 4
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert lines(tmp_path / "heimdex.log")[-1]["event"] == "line 199"


def test_a_folder_that_goes_away_costs_only_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diagnostics.start_log(tmp_path / "logs", "heimdex")
    shutil.rmtree(tmp_path / "logs")
    log.info("lost")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no drive here is always full")
def test_a_full_drive_costs_only_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "heimdex.log").symlink_to("/dev/full")
    diagnostics.start_log(tmp_path, "heimdex")
    log.info("lost")
    diagnostics.stop_log()
    assert capsys.readouterr().err == ""
