"""Walking what a person drops: what is found, what is passed over, and what cannot stop it."""

import os
import sys
from itertools import islice
from pathlib import Path

import pytest

from heimdex_desktop.library.discovery import walk

FTYP = b"\0\0\0\x20ftypisom" + bytes(20)


def _put(*paths: Path, content: bytes = b"") -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _found(folder: Path, *globs: str) -> list[str]:
    """Return what a walk of the folder yields, as paths below it."""
    found = list(walk([folder], skip_globs=globs))
    assert all(one.failure is None for one in found)
    return [one.path.relative_to(folder).as_posix() for one in found]


def _link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("this account may not make links")


def test_videos_are_found_by_extension_whatever_its_case(tmp_path: Path) -> None:
    _put(
        *(
            tmp_path / name
            for name in ("a.mp4", "b.MOV", "c.Mkv", "d.txt", "e.jpg", "f.mp3", "g.srt", "h.360")
        )
    )
    assert _found(tmp_path) == ["a.mp4", "b.MOV", "c.Mkv", "h.360"]


def test_a_folders_files_come_sorted_before_its_folders(tmp_path: Path) -> None:
    _put(*(tmp_path / name for name in ("b.mp4", "A.mp4", "c/z.mp4", "c/a/b.mp4", "B/x.mp4", "c.mp4")))
    assert _found(tmp_path) == ["A.mp4", "b.mp4", "c.mp4", "B/x.mp4", "c/z.mp4", "c/a/b.mp4"]


def test_odd_names_are_found_as_they_are_spelled(tmp_path: Path, odd_name: str) -> None:
    _put(tmp_path / odd_name)
    assert [one.path.name for one in walk([tmp_path])] == os.listdir(tmp_path)  # noqa: PTH208 the system's own spelling


@pytest.mark.parametrize(
    "passed_over",
    [
        ".hidden.mp4",
        "._a.mp4",
        ".hidden/a.mp4",
        ".Trash-1000/a.mp4",
        ".Trashes/a.mp4",
        "@eaDir/a.mp4",
        "$RECYCLE.BIN/a.mp4",
        "System Volume Information/a.mp4",
        "lost+found/a.mp4",
        "#recycle/a.mp4",
        "Proxies/a.mp4",
        "project/Proxy Media/a.mp4",
        "CacheClip/a.mp4",
        "a.mp4.heimdex.json",
        "a.heimdex.mp4",
    ],
)
def test_what_no_person_means_is_passed_over(tmp_path: Path, passed_over: str) -> None:
    _put(tmp_path / passed_over, tmp_path / "kept.mp4")
    assert _found(tmp_path) == ["kept.mp4"]


def test_a_folder_that_is_named_is_entered_whatever_it_is_called(tmp_path: Path) -> None:
    _put(tmp_path / ".hidden" / "a.mp4", tmp_path / "Proxies" / "b.mp4")
    assert _found(tmp_path / ".hidden") == ["a.mp4"]
    assert _found(tmp_path / "Proxies") == ["b.mp4"]


@pytest.mark.parametrize(
    ("glob", "kept"),
    [
        ("*draft*", ["a/film.mp4", "b/film.mp4"]),
        ("A", ["draft.mp4", "b/film.mp4"]),
        ("a/*", ["draft.mp4", "b/film.mp4"]),
        ("a\\film.mp4", ["draft.mp4", "b/film.mp4"]),
        ("film.*", ["draft.mp4"]),
        ("b/", ["draft.mp4", "a/film.mp4"]),
        ("nothing", ["draft.mp4", "a/film.mp4", "b/film.mp4"]),
    ],
)
def test_a_persons_globs_are_obeyed(tmp_path: Path, glob: str, kept: list[str]) -> None:
    _put(tmp_path / "draft.mp4", tmp_path / "a" / "film.mp4", tmp_path / "b" / "film.mp4")
    assert _found(tmp_path, glob) == kept


def test_a_glob_matches_in_either_unicode_form(tmp_path: Path) -> None:
    _put(tmp_path / "cafe\u0301.mp4", tmp_path / "kept.mp4")
    assert _found(tmp_path, "CAF\u00c9*") == ["kept.mp4"]


def test_a_file_without_extension_is_taken_by_its_first_bytes(tmp_path: Path) -> None:
    _put(tmp_path / "film", tmp_path / "Interview v1.2", tmp_path / "2024.05 party", content=FTYP)
    _put(tmp_path / "README", content=b"The free software of " * 9)
    assert _found(tmp_path) == ["2024.05 party", "film", "Interview v1.2"]


def test_typescript_is_no_transport_stream(tmp_path: Path) -> None:
    _put(tmp_path / "film.ts", content=(b"G" + bytes(187)) * 8)
    _put(tmp_path / "film.MTS", content=(bytes(4) + b"G" + bytes(187)) * 8)
    _put(tmp_path / "source.ts", content=b"export const GREETING = 'GOOD';\n" * 50)
    assert _found(tmp_path) == ["film.MTS", "film.ts"]


def test_a_named_file_is_yielded_to_be_tried_whatever_it_is(tmp_path: Path) -> None:
    names = ["notes.txt", ".hidden.mp4", "film"]
    _put(*(tmp_path / name for name in names))
    assert [one.path.name for one in walk([tmp_path / name for name in names])] == names


def test_a_path_that_is_gone_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    _put(tmp_path / "here.mp4")
    gone, here = walk([tmp_path / "gone.mp4", tmp_path / "here.mp4"])
    assert gone.failure is not None
    assert (gone.failure.kind, gone.path) == ("FileGone", tmp_path / "gone.mp4")
    assert "gone.mp4" in gone.failure.sentence
    assert here.failure is None


def test_a_name_no_file_can_have_is_told(tmp_path: Path) -> None:
    [refused] = walk([tmp_path / ("n" * 300)])
    assert refused.failure is not None


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="modes do not stop this user")
def test_a_closed_folder_does_not_stop_the_walk(tmp_path: Path) -> None:
    _put(tmp_path / "closed" / "a.mp4", tmp_path / "open" / "b.mp4")
    (tmp_path / "closed").chmod(0)
    try:
        refused, found = walk([tmp_path])
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert refused.failure is not None
    assert (refused.path.name, refused.failure.kind) == ("closed", "NoAccess")
    assert found.path.name == "b.mp4"


def test_a_folder_that_vanishes_during_the_walk_does_not_stop_it(tmp_path: Path) -> None:
    _put(tmp_path / "a.mp4", tmp_path / "b" / "b.mp4", tmp_path / "c" / "c.mp4")
    walking = walk([tmp_path])
    assert next(walking).path.name == "a.mp4"
    (tmp_path / "b" / "b.mp4").unlink()
    (tmp_path / "b").rmdir()
    gone, found = walking
    assert gone.failure is not None
    assert gone.failure.kind == "FileGone"
    assert found.path.name == "c.mp4"


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    _put(tmp_path / "a" / "film.mp4")
    _link(tmp_path / "a" / "up", tmp_path)
    _link(tmp_path / "a" / "self", tmp_path / "a")
    assert _found(tmp_path) == ["a/film.mp4"]


def test_a_video_is_found_at_its_real_place_before_a_link(tmp_path: Path) -> None:
    _put(tmp_path / "films" / "real" / "film.mp4")
    _link(tmp_path / "films" / "a link", tmp_path / "films" / "real")
    assert _found(tmp_path / "films") == ["real/film.mp4"]


def test_a_link_to_elsewhere_is_followed(tmp_path: Path) -> None:
    _put(tmp_path / "elsewhere" / "film.mp4")
    (tmp_path / "films").mkdir()
    _link(tmp_path / "films" / "link", tmp_path / "elsewhere")
    assert _found(tmp_path / "films") == ["link/film.mp4"]


def test_a_dangling_link_is_passed_over(tmp_path: Path) -> None:
    _link(tmp_path / "gone.mp4", tmp_path / "nowhere")
    assert _found(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes in folders are of POSIX")
def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    os.mkfifo(tmp_path / "pipe")
    assert _found(tmp_path) == []


def test_a_folder_dropped_with_its_parent_is_walked_once(tmp_path: Path) -> None:
    _put(tmp_path / "a" / "film.mp4")
    assert [one.path.name for one in walk([tmp_path, tmp_path / "a"])] == ["film.mp4"]


def test_the_walk_streams_and_can_be_left(tmp_path: Path) -> None:
    _put(*(tmp_path / f"{folder}" / "film.mp4" for folder in range(5)))
    walking = walk([tmp_path])
    assert [one.path.parent.name for one in islice(walking, 2)] == ["0", "1"]
    _put(tmp_path / "4" / "late.mp4")
    assert [one.path.name for one in walking] == ["film.mp4", "film.mp4", "film.mp4", "late.mp4"]


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(tmp_path / "film.mp4")
    monkeypatch.chdir(tmp_path)
    assert [one.path for one in walk([Path(), Path("film.mp4")])] == [tmp_path / "film.mp4"] * 2


def test_a_very_deep_tree_is_walked(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    _put(deep / "film.mp4")
    assert len(_found(tmp_path)) == 1
