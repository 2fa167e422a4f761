"""The slider under a video."""

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.ui.player_controls import SeekSlider


def test_the_scene_is_marked_where_it_is_in_the_video(qtbot: QtBot) -> None:
    slider = SeekSlider()
    qtbot.addWidget(slider)
    slider.resize(400, 24)
    slider.setRange(0, 100_000)
    before = slider.grab().toImage()
    slider.mark(TimeSpan(50_000, 75_000))
    marked = [x for x in range(400) if differs_at_foot(before, slider.grab().toImage(), x)]
    assert marked == list(range(marked[0], marked[-1] + 1))
    assert abs(marked[0] - 200) < 12
    assert abs(marked[-1] - 300) < 12


def differs_at_foot(one: QImage, other: QImage, x: int) -> bool:
    return one.pixel(x, one.height() - 1) != other.pixel(x, other.height() - 1)
