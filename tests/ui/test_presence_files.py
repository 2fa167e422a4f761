"""When somebody is seen, written into files."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.people_seam import ExportKind
from heimdex_desktop.ui.presence_files import files_in, table_name, write_presence

VIDEOS = [(VideoId("1"), "trip.mp4"), (VideoId("2"), "Trip.mov"), (VideoId("3"), "../a:b?.mkv")]


def written(videos: Sequence[VideoId], kind: str) -> str:
    return f"{kind} of {', '.join(videos)}"


def test_subtitles_of_several_videos_are_a_file_each(tmp_path: Path) -> None:
    told = write_presence(written, "Anna: B.", VIDEOS, ExportKind.VTT, tmp_path)
    assert told == f"3 files were written to {tmp_path}."
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == {
        "trip - Anna_ B.vtt": "vtt of 1",
        "Trip - Anna_ B (2).vtt": "vtt of 2",
        "a_b_ - Anna_ B.vtt": "vtt of 3",
    }


def test_no_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    for _ in range(2):
        write_presence(written, "Anna", VIDEOS[:2], ExportKind.SRT, tmp_path)
        for file in tmp_path.iterdir():
            file.write_text("mine", "utf-8")
    assert len(list(tmp_path.iterdir())) == 4
    write_presence(written, "Anna", VIDEOS, ExportKind.SRT, tmp_path)
    assert sorted(file.read_text("utf-8") for file in tmp_path.iterdir()) == [
        *("mine", "mine", "mine", "mine", "srt of 1", "srt of 2", "srt of 3")
    ]


def test_a_table_is_one_file(tmp_path: Path) -> None:
    place = tmp_path / table_name("Anna")
    told = write_presence(written, "Anna", VIDEOS, ExportKind.CSV, place)
    assert told == f"Written to {place}."
    assert (tmp_path / "Anna.csv").read_text("utf-8") == "csv of 1, 2, 3"


@pytest.mark.parametrize("who", ["Anna", "...", "/", "x" * 300, "안" * 200, "🧑" * 200, "안나 <b>\n"])
def test_names_of_files_are_fit_for_every_system_and_differ(who: str, tmp_path: Path) -> None:
    names = ["...", "x" * 300 + ".mp4", "a\nb.mp4", "a_b.mp4", "trip.mp4", "trip (2).mp4", "trip.mp4"]
    files = files_in(tmp_path, who, [(VideoId(str(n)), name) for n, name in enumerate(names)], ExportKind.SRT)
    stems = [file.stem for file, _ in files]
    assert len({stem.casefold() for stem in stems}) == len(names)
    assert all(stem and not set(stem) & set('<>:"/\\|?*\n') for stem in stems)
    assert all(len(file.name.encode("utf-8")) <= 255 for file, _ in files)
    assert all(file.parent == tmp_path for file, _ in files)


def test_a_name_that_is_spelled_in_other_bytes_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "TRIP - Zoe\u0301.srt").write_text("mine", "utf-8")
    ((file, _),) = files_in(tmp_path, "Zo\u00e9", VIDEOS[:1], ExportKind.SRT)
    assert file.name == "trip - Zo\u00e9 (2).srt"


@pytest.mark.parametrize("who", ["con", "NUL", "Com1", "aux.b", "lpt¹"])
def test_no_file_has_the_name_of_a_device(who: str, tmp_path: Path) -> None:
    assert table_name(who) == f"_{who}.csv"
    ((file, _),) = files_in(tmp_path, who, [(VideoId("1"), f"{who}.mp4")], ExportKind.SRT)
    assert file.name == f"_{who} - _{who}.srt"
    assert table_name("Connie") == "Connie.csv"
