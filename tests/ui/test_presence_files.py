"""When somebody is seen, written into files."""

from collections.abc import Sequence
from pathlib import Path

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.people_seam import ExportKind
from heimdex_desktop.ui.presence_files import files_in, write_presence

VIDEOS = [(VideoId("1"), "trip.mp4"), (VideoId("2"), "Trip.mov"), (VideoId("3"), "../a:b?.mkv")]


def written(videos: Sequence[VideoId], kind: str) -> str:
    return f"{kind} of {', '.join(videos)}"


def test_subtitles_of_several_videos_are_a_file_each(tmp_path: Path) -> None:
    told = write_presence(written, VIDEOS, ExportKind.VTT, tmp_path)
    assert told == f"3 files were written to {tmp_path}."
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == {
        "trip.vtt": "vtt of 1",
        "Trip (2).vtt": "vtt of 2",
        "a_b_.vtt": "vtt of 3",
    }


def test_a_table_is_one_file(tmp_path: Path) -> None:
    place = tmp_path / "all.csv"
    told = write_presence(written, VIDEOS, ExportKind.CSV, place)
    assert told == f"Written to {place}."
    assert place.read_text("utf-8") == "csv of 1, 2, 3"


def test_names_of_files_are_fit_for_every_system_and_differ(tmp_path: Path) -> None:
    names = ["...", "x" * 300 + ".mp4", "a\nb.mp4", "a_b.mp4", "trip.mp4", "trip (2).mp4", "trip.mp4"]
    files = files_in(tmp_path, [(VideoId(str(n)), name) for n, name in enumerate(names)], ExportKind.SRT)
    stems = [file.stem for file, _ in files]
    assert len({stem.casefold() for stem in stems}) == len(names)
    assert all(0 < len(stem) < 100 and not set(stem) & set('<>:"/\\|?*\n') for stem in stems)
    assert all(file.parent == tmp_path for file, _ in files)
