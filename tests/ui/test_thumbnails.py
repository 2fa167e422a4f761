"""Stills decoded beside the UI thread."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QThreadPool
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.thumbnails import Thumbnails, read_scaled

BOX = QSize(64, 36)


def still(folder: Path, name: str, *, width_px: int = 320, height_px: int = 180) -> Path:
    image = QImage(width_px, height_px, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    path = folder / name
    assert image.save(str(path))
    return path


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    made.close()


def test_a_picture_arrives_and_fits_its_box(qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path) -> None:
    path = still(tmp_path, "바다.jpg", width_px=100, height_px=400)
    with qtbot.waitSignal(thumbnails.arrived):
        assert thumbnails.picture(path, BOX) is None
    picture = thumbnails.picture(path, BOX)
    assert picture is not None
    assert (picture.width(), picture.height()) == (9, 36)
    assert thumbnails.used_bytes == 9 * 36 * 4


def test_a_missing_still_is_not_asked_for_again_and_again(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    path = tmp_path / "none.jpg"
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.picture(path, BOX)
    with qtbot.assertNotEmitted(thumbnails.arrived, wait=100):
        assert thumbnails.picture(path, BOX) is None
    still(tmp_path, "none.jpg")
    thumbnails.forget_waiting()
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.picture(path, BOX)
    assert thumbnails.picture(path, BOX) is not None


def test_the_old_size_is_shown_until_the_new_one_is_there(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path
) -> None:
    path = still(tmp_path, "a.jpg")
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.picture(path, BOX)
    with qtbot.waitSignal(thumbnails.arrived):
        small = thumbnails.picture(path, BOX * 2)
    assert small is not None
    assert small.width() == BOX.width()
    large = thumbnails.picture(path, BOX * 2)
    assert large is not None
    assert large.width() == 2 * BOX.width()


def test_memory_stays_within_its_bound(qtbot: QtBot, tmp_path: Path) -> None:
    one_picture_bytes = BOX.width() * BOX.height() * 4
    made = Thumbnails(kept_bytes=2 * one_picture_bytes)
    paths = [still(tmp_path, f"{number}.jpg") for number in range(4)]
    for path in paths:
        with qtbot.waitSignal(made.arrived):
            made.picture(path, BOX)
    assert made.used_bytes == 2 * one_picture_bytes
    assert made.picture(paths[3], BOX) is not None
    assert made.picture(paths[2], BOX) is not None
    assert made.picture(paths[0], BOX) is None
    made.close()


def test_newest_requests_come_first_and_stale_ones_are_dropped(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *paths = [still(tmp_path, f"{number}.jpg") for number in range(201)]
    began, goes_on = threading.Event(), threading.Event()

    def read_when_told(path: Path, box_px: QSize) -> QImage:
        began.set()
        goes_on.wait()
        return read_scaled(path, box_px)

    monkeypatch.setattr("heimdex_desktop.ui.thumbnails.read_scaled", read_when_told)
    made = Thumbnails(threads=1)
    order: list[Path] = []
    made.arrived.connect(order.extend)
    made.picture(first, BOX)
    began.wait()
    for path in paths:
        made.picture(path, BOX)
    goes_on.set()
    qtbot.waitUntil(lambda: len(order) >= 161)
    made.close()
    assert order == [first, *paths[:39:-1]]


def test_a_file_that_is_no_picture_gives_a_null_image(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(b"not a picture")
    assert read_scaled(path, BOX).isNull()


def test_of_many_pictures_few_arrive_in_a_turn(qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path) -> None:
    paths = [still(tmp_path, f"{number}.jpg") for number in range(30)]
    told: list[tuple[Path, ...]] = []
    thumbnails.arrived.connect(told.append)
    for path in paths:
        thumbnails.picture(path, BOX)
    # All are decoded before the first is taken.
    thumbnails.findChildren(QThreadPool)[0].waitForDone()
    qtbot.waitUntil(lambda: sum(map(len, told)) == len(paths))
    assert {path for some in told for path in some} == set(paths)
    assert max(map(len, told)) <= 8
    assert all(thumbnails.picture(path, BOX) for path in paths)
