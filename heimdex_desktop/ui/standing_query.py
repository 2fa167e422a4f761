"""Keeps the question that stands, an empty one too: it is asked again when more becomes searchable."""

import unicodedata

from PySide6.QtCore import QObject, QTimer, Signal

from heimdex_desktop.domain.search import Answer, Beside

_AGAIN_AFTER_MS = 1000


class StandingQuery(QObject):
    """Asks, asks again at most once a second, and tells answers to it from answers to older questions.

    `asked` carries the text, and what is pointed at beside it (`Beside | None`).
    """

    asked = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.beside: Beside | None = None
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_AGAIN_AFTER_MS)
        self._resting.timeout.connect(self._rested)
        self._has_more = False

    def ask(self, text: str) -> None:
        """Take a new question; an empty one asks for whatever there is."""
        self.text = text.strip()
        self._has_more = False
        self._resting.start()
        self.asked.emit(self.text, self.beside)

    def point(self, beside: Beside, text: str = "") -> None:
        """Ask by what a person points at, until they point elsewhere; words that follow come on top."""
        self.beside = beside
        self.ask(text)

    def leave(self) -> None:
        """Ask the same words without what was pointed at."""
        self.beside = None
        self.ask(self.text)

    def ask_again(self) -> None:
        """Ask the standing question again, now or as soon as the last asking is a second old."""
        if self._resting.isActive():
            self._has_more = True
        else:
            self.ask(self.text)

    def stop(self) -> None:
        """Ask no more: the window closes."""
        self._has_more = False
        self._resting.stop()

    def is_answered_by(self, answer: Answer) -> bool:
        """Tell whether an answer belongs to the question that stands."""
        return answer.beside == self.beside and _folded(answer.query.asked) == _folded(self.text)

    def _rested(self) -> None:
        if self._has_more:
            self.ask(self.text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
