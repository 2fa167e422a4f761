"""Pictures of people, cut and shaped."""

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.portraits import PortraitSource
from heimdex_desktop.ui.shaped_pictures import read_shaped

SIDE_PX = 60
BOX = QSize(SIDE_PX, SIDE_PX)


def drawn(folder: Path, width: int, height: int) -> Path:
    """Draw a picture that is red on the left and above, blue elsewhere."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    for x in range(width):
        for y in range(height):
            if x < width // 4 or y < height // 10:
                image.setPixelColor(x, y, QColor("red"))
    place = folder / f"{width}x{height}.png"
    assert image.save(str(place))
    return place


def test_the_middle_square_is_cut_out(tmp_path: Path) -> None:
    shaped = read_shaped(drawn(tmp_path, 400, 200), BOX, is_round=False)
    assert shaped.size() == BOX
    # A quarter at each side of a wide picture is left out: with it, the red edge.
    assert shaped.pixelColor(2, SIDE_PX // 2).blue() > 200
    assert shaped.pixelColor(SIDE_PX // 2, 1).red() > 200


def test_of_an_upright_picture_the_upper_part_is_kept(tmp_path: Path) -> None:
    shaped = read_shaped(drawn(tmp_path, 200, 600), BOX, is_round=False)
    # Of 120 pixels too many, 40 are left out above, where only 18 are red.
    assert shaped.pixelColor(SIDE_PX // 2, 1).blue() > 200
    assert shaped.pixelColor(2, SIDE_PX // 2).red() > 200


def test_corners_are_left_out(tmp_path: Path) -> None:
    picture = drawn(tmp_path, 200, 200)
    square = read_shaped(picture, BOX, is_round=False)
    circle = read_shaped(picture, BOX, is_round=True)
    assert square.pixelColor(0, 0).alpha() < 128
    assert square.pixelColor(6, 6).alpha() == 255
    assert circle.pixelColor(6, 6).alpha() == 0
    assert circle.pixelColor(SIDE_PX // 2, SIDE_PX // 2).alpha() == 255


def test_no_picture_has_no_shape(tmp_path: Path) -> None:
    assert read_shaped(tmp_path / "missing.jpg", BOX, is_round=True).isNull()


def test_each_shape_of_a_picture_is_made_once_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    picture = drawn(tmp_path, 200, 200)
    source = PortraitSource()
    for is_round in (True, False):
        with qtbot.waitSignal(source.arrived) as told:
            assert source.picture(picture, SIDE_PX, is_round=is_round) is None
        assert told.args == [(picture,)]
    circle = source.picture(picture, SIDE_PX, is_round=True)
    square = source.picture(picture, SIDE_PX, is_round=False)
    assert circle
    assert square
    assert circle.toImage().pixelColor(6, 6).alpha() == 0
    assert square.toImage().pixelColor(6, 6).alpha() == 255
    source.close()
