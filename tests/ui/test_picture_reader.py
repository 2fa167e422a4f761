"""Pictures that are a question are read beside the UI thread, wherever they come from."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import LikePicture
from heimdex_desktop.ui.offering import PictureSource
from heimdex_desktop.ui.picture_reader import PictureReader

_BLUE_BGR = (200, 40, 10)


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[PictureReader]:
    made = PictureReader()
    yield made
    made.close()


def _file(tmp_path: Path, name: str = "a.png") -> Path:
    Image.new("RGB", (60, 40), _BLUE_BGR[::-1]).save(tmp_path / name)
    return tmp_path / name


def _pixels(width_px: int = 60) -> QImage:
    made = QImage(width_px, 40, QImage.Format.Format_RGB32)
    made.fill(0x0A28C8)
    return made


def _read(qtbot: QtBot, reader: PictureReader, source: PictureSource) -> tuple[LikePicture, QImage]:
    with qtbot.waitSignal(reader.ready) as got:
        reader.read(source)
    assert got.args
    return got.args[0], got.args[1]


def test_a_file_its_content_and_its_pixels_are_one_picture(
    qtbot: QtBot, reader: PictureReader, tmp_path: Path
) -> None:
    file = _file(tmp_path)
    for source in (file, file.read_bytes(), _pixels()):
        like, thumbnail = _read(qtbot, reader, source)
        assert like.picture.shape == (40, 60, 3)
        assert np.all(like.picture == _BLUE_BGR)
        colour = thumbnail.pixelColor(5, 5)
        assert (colour.blue(), colour.green(), colour.red()) == _BLUE_BGR
        assert thumbnail.height() <= 96


def test_pixels_are_made_no_larger_than_needed(qtbot: QtBot, reader: PictureReader) -> None:
    like, _ = _read(qtbot, reader, _pixels(5_000))
    assert like.picture.shape[:2] == (8, 1024)


@pytest.mark.parametrize("source", [Path("gone.png"), b"no picture", QImage()])
def test_what_cannot_be_read_is_told_in_a_sentence(
    qtbot: QtBot, reader: PictureReader, source: PictureSource
) -> None:
    with qtbot.assertNotEmitted(reader.ready), qtbot.waitSignal(reader.failed) as told:
        reader.read(source)
    assert told.args
    assert told.args[0].endswith((".", "!"))


def test_the_newest_picture_wins(qtbot: QtBot, reader: PictureReader, tmp_path: Path) -> None:
    told: list[LikePicture] = []

    def note(like: LikePicture, _: QImage) -> None:
        told.append(like)

    reader.ready.connect(note)
    for source in (_pixels(30), tmp_path / "gone.png", _pixels(50)):
        reader.read(source)
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(50)
    assert [like.picture.shape for like in told] == [(40, 50, 3)]


def test_a_forgotten_picture_is_not_told(qtbot: QtBot, reader: PictureReader) -> None:
    with qtbot.assertNotEmitted(reader.ready, wait=200):
        reader.read(_pixels())
        reader.forget()
