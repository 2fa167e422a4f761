"""What is slow begins when the window has been painted, and not before."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.first_paint import FirstPaint


class _Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        self.painted += 1


def test_it_tells_once_and_only_after_the_paint(qtbot: QtBot) -> None:
    window = _Window()
    qtbot.addWidget(window)
    painted_by_then: list[int] = []
    FirstPaint(window).done.connect(lambda: painted_by_then.append(window.painted))
    window.show()
    qtbot.waitUntil(lambda: bool(painted_by_then))
    window.repaint()
    window.repaint()
    qtbot.wait(20)
    assert painted_by_then == [1]


def test_a_window_that_is_never_painted_is_waited_for_five_seconds_at_most(qtbot: QtBot) -> None:
    window = _Window()
    qtbot.addWidget(window)
    with qtbot.waitSignal(FirstPaint(window).done, timeout=20_000):
        pass
    assert window.painted == 0
