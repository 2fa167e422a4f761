"""Whole files: what is left after a crash, and what a person is told when the system refuses."""

import errno
import os
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import DiskFull, FileGone, NoAccess
from heimdex_desktop.library.disk import (
    is_file,
    is_folder,
    move_aside,
    plain,
    read_whole,
    remove,
    settled,
    shown,
    write_whole,
)

DIES_BEFORE_THE_RENAME = """
    import os, sys
    from pathlib import Path
    from heimdex_desktop.library.disk import write_whole
    os.fsync = lambda _: os._exit(9)
    write_whole(Path(sys.argv[1]), b"new" * 1000)
"""


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _killed_write(target: Path) -> None:
    script = textwrap.dedent(DIES_BEFORE_THE_RENAME)
    ended = subprocess.run([sys.executable, "-c", script, str(target)], check=False, timeout=300)
    assert ended.returncode == 9


def _draft_in(folder: Path) -> Path:
    [draft] = folder.glob(".heimdex-*.draft")
    return draft


def test_a_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    write_whole(target, b"one")
    write_whole(target, b"two")
    assert target.read_bytes() == b"two"
    assert _names(tmp_path) == ["a.json"]


def test_a_killed_write_leaves_the_old_content(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    write_whole(target, b"old")
    _killed_write(target)
    assert target.read_bytes() == b"old"
    assert _draft_in(tmp_path).read_bytes() == b"new" * 1000


def test_a_draft_left_behind_is_used_up_by_the_next_write(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    _killed_write(target)
    os.utime(_draft_in(tmp_path), (0, 0))
    write_whole(target, b"whole")
    assert _names(tmp_path) == ["a.json"]
    assert target.read_bytes() == b"whole"


def test_a_young_draft_may_be_in_use_and_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    _killed_write(target)
    draft = _draft_in(tmp_path)
    write_whole(target, b"whole")
    assert target.read_bytes() == b"whole"
    assert draft.read_bytes() == b"new" * 1000


WRITES_FOR_LONG = """
    import os, sys, time
    from pathlib import Path
    from heimdex_desktop.library.disk import write_whole
    os.fsync = lambda _: (print("writing", flush=True), time.sleep(600))
    write_whole(Path(sys.argv[1]), b"new" * 1000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot rename a file that is locked")
def test_a_draft_is_left_alone_while_its_writer_lives_and_used_up_once_it_was_killed(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    script = textwrap.dedent(WRITES_FOR_LONG)
    with subprocess.Popen([sys.executable, "-c", script, str(target)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"writing\n"
        draft = _draft_in(tmp_path)
        a_little_ago = time.time() - 10
        os.utime(draft, (a_little_ago, a_little_ago))
        write_whole(target, b"beside")
        assert draft.read_bytes() == b"new" * 1000
        writer.kill()
    write_whole(target, b"after")
    assert _names(tmp_path) == ["a.json"]
    assert target.read_bytes() == b"after"


def test_a_name_of_255_bytes_gets_a_draft_too(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 255)
    write_whole(target, b"x")
    assert target.read_bytes() == b"x"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a.json"
    in_the_way.mkdir()
    (in_the_way / "full").touch()
    with pytest.raises(NoAccess):
        write_whole(in_the_way, b"x")
    assert _names(tmp_path) == ["a.json"]


def test_a_file_that_is_held_open_for_a_moment_is_replaced_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [PermissionError(errno.EACCES, "in use")] * 3
    rename = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    write_whole(tmp_path / "a.json", b"x")
    assert (tmp_path / "a.json").read_bytes() == b"x"
    assert not refusals


def test_a_file_that_stays_open_is_no_access_and_keeps_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "in use")

    target = tmp_path / "a.json"
    target.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(NoAccess):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["a.json"]


def test_writing_into_a_folder_that_is_gone_is_file_gone(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"a\.json"):
        write_whole(tmp_path / "gone" / "a.json", b"x")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.ENOENT, FileGone),
        (errno.ENOTDIR, FileGone),
        (errno.EACCES, NoAccess),
        (errno.EROFS, NoAccess),
        (errno.ENAMETOOLONG, NoAccess),
        (errno.EIO, NoAccess),
    ],
)
def test_every_refusal_names_the_file_and_gives_advice(number: int, kind: type[Exception]) -> None:
    told = plain(OSError(number, os.strerror(number)), Path("/videos/my film.mp4"))
    assert type(told) is kind
    assert "my film.mp4" in told.sentence
    assert told.sentence.endswith(".")
    assert told.advice


def test_what_is_not_there_reads_as_none(tmp_path: Path) -> None:
    assert read_whole(tmp_path / "no") is None
    assert read_whole(tmp_path / "no" / "no") is None
    assert read_whole(tmp_path / ("n" * 300)) is None


def test_reading_a_folder_is_no_access(tmp_path: Path) -> None:
    with pytest.raises(NoAccess):
        read_whole(tmp_path)


def test_moving_aside_never_overwrites(tmp_path: Path) -> None:
    for content in (b"1", b"2"):
        (tmp_path / "a").write_bytes(content)
        move_aside(tmp_path / "a")
    assert (tmp_path / "a.broken-1").read_bytes() == b"1"
    assert (tmp_path / "a.broken-2").read_bytes() == b"2"
    assert not (tmp_path / "a").exists()


def test_removing_twice_is_fine(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    remove(tmp_path / "a")
    remove(tmp_path / "a")
    assert _names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_a_private_file_is_closed_to_others_from_its_first_byte_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(tmp_path / "secret", b"mine", private=True)
    write_whole(tmp_path / "secret", b"mine, still", private=True)
    assert modes == [0o600, 0o600]
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_looking_at_impossible_places_says_no(tmp_path: Path) -> None:
    too_long = tmp_path / ("n" * 300)
    assert not is_file(too_long)
    assert not is_folder(too_long)
    assert is_folder(tmp_path)
    assert not is_file(tmp_path)


def test_a_path_with_dots_settles_where_the_system_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path)
    assert settled(Path("a") / ".." / "film.mp4") == tmp_path.resolve() / "film.mp4"
    assert settled(Path("film.mp4")).is_absolute()


@pytest.mark.skipif(sys.platform != "linux", reason="only here file names may be no UTF-8")
def test_a_name_that_is_no_text_can_be_shown() -> None:
    assert shown(Path(os.fsdecode(b"caf\xe9.mp4"))) == "caf�.mp4"
