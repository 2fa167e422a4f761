"""Where a video is, or why it cannot be opened."""

from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import FileGone
from heimdex_desktop.ui.locations import present


def test_the_first_place_that_exists_is_taken(tmp_path: Path) -> None:
    there = tmp_path / "영화.mp4"
    there.touch()
    assert present((tmp_path / "gone" / "영화.mp4", there)) == there


def test_a_missing_drive_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"The drive with “a\.mp4” is not connected\. Connect it"):
        present((tmp_path / "drive" / "a.mp4",))


def test_a_missing_file_in_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"“a\.mp4” is not in its folder any more"):
        present((tmp_path / "a.mp4",))


def test_a_video_without_any_place() -> None:
    with pytest.raises(FileGone, match="not known where"):
        present(())


def test_a_name_the_system_refuses_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileGone):
        present((tmp_path / ("x" * 5000),))
