"""The middle of the window: one of the pages, whichever fits what there is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from heimdex_desktop.ui.empty_page import EmptyPage
from heimdex_desktop.ui.results_page import ResultsPage
from heimdex_desktop.ui.waiting_page import WaitingPage


class Centre(QStackedWidget):
    """Waits for the library; then invites a person to add videos, or shows the scenes of those there are.

    A page that is called for stays in front of these until it is left.
    """

    open_wanted = Signal()

    def __init__(self, empty: EmptyPage, results: ResultsPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.waiting = WaitingPage()
        self.waiting.again_wanted.connect(self.open_wanted)
        self._empty = empty
        self._results = results
        self._is_open = False
        self._called: QWidget | None = None
        self._count = 0
        for page in (self.waiting, empty, results):
            self.addWidget(page)

    @property
    def is_open(self) -> bool:
        """Whether the library was opened: only then, no videos means that there are none."""
        return self._is_open

    def take_opened(self) -> None:
        self._is_open = True

    def show_videos(self, count: int) -> None:
        """Show the page that fits this number of videos."""
        self._count = count
        if self._called:
            self.setCurrentWidget(self._called)
        elif count:
            self.setCurrentWidget(self._results)
        else:
            self.setCurrentWidget(self._empty if self._is_open else self.waiting)

    def call(self, page: QWidget) -> None:
        """Show a page in front of what there is."""
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self._called = page
        self.setCurrentWidget(page)

    def leave(self) -> None:
        """Go back to what there is."""
        self._called = None
        self.show_videos(self._count)
