"""Faders tell how they stand, once, and fall into the middle."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import Channel
from heimdex_desktop.ui.faders_bar import FadersBar


@pytest.fixture
def bar(qtbot: QtBot) -> FadersBar:
    made = FadersBar()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def told(bar: FadersBar) -> list[object]:
    heard: list[object] = []
    bar.turned.connect(heard.append)
    return heard


def test_in_the_middle_nothing_is_turned(bar: FadersBar) -> None:
    assert bar.faders == {}
    assert not bar.reset_button.isEnabled()


def test_a_fader_tells_how_it_stands(bar: FadersBar, told: list[object]) -> None:
    bar.sliders[Channel.SEEN].setValue(150)
    bar.sliders[Channel.SAID].setValue(0)
    assert told == [{Channel.SEEN: 1.5}, {Channel.SEEN: 1.5, Channel.SAID: 0.0}]


def test_near_the_middle_a_fader_falls_into_it_and_tells_nothing(bar: FadersBar, told: list[object]) -> None:
    bar.sliders[Channel.SEEN].setValue(104)
    bar.sliders[Channel.SEEN].setValue(97)
    assert told == []


def test_reset_tells_once(qtbot: QtBot, bar: FadersBar, told: list[object]) -> None:
    bar.show_faders({Channel.SEEN: 0.5, Channel.TAGS: 2.0})
    assert told == [{Channel.SEEN: 0.5, Channel.TAGS: 2.0}]
    qtbot.mouseClick(bar.reset_button, Qt.MouseButton.LeftButton)
    assert told[1:] == [{}]
    assert not bar.reset_button.isEnabled()


def test_a_fader_can_be_turned_by_keys(qtbot: QtBot, bar: FadersBar, told: list[object]) -> None:
    qtbot.keyClick(bar.sliders[Channel.TAGS], Qt.Key.Key_Right)
    assert told == [{Channel.TAGS: 1.1}]
    assert bar.sliders[Channel.TAGS].accessibleName() == "How much “Tags” counts"
