"""What a person points at beside the words: a scene, a video or a picture, with the chip that says so."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from heimdex_desktop.domain.search import Beside, LikePicture
from heimdex_desktop.ui.offering import PictureSource
from heimdex_desktop.ui.picture_reader import PictureReader
from heimdex_desktop.ui.search_bar import SearchBar
from heimdex_desktop.ui.standing_query import StandingQuery

_CAPTION_WITHOUT_NAME = "Looks like this picture"


class Pointing(QObject):
    """Stands between the search row and the question that stands; `said` tells why a picture is of no use."""

    said = Signal(str)

    def __init__(self, bar: SearchBar, standing: StandingQuery) -> None:
        super().__init__(bar)
        self._bar = bar
        self._standing = standing
        self._name = ""
        self._pictures = PictureReader(self)
        self._pictures.ready.connect(self._ask_by_picture)
        self._pictures.failed.connect(self.said)
        bar.chip.removed.connect(self.leave)

    def point(self, beside: Beside, caption: str, words: str = "") -> None:
        """Ask by what was pointed at, and these words; those that stood belong to the question before."""
        self._pictures.forget()
        self._bar.field.take_away()
        self._bar.field.show_words(words)
        self._bar.chip.show_text(caption)
        self._standing.point(beside, words)

    def take_picture(self, source: PictureSource) -> None:
        """Ask for what looks like a picture, once it is read; words that stand have to fit as well."""
        self._name = source.name if isinstance(source, Path) else ""
        self._pictures.read(source)

    def leave(self) -> None:
        """Ask the same words without what was pointed at."""
        self._pictures.forget()
        if self._standing.beside is not None:
            self._bar.chip.hide()
            self._standing.leave()

    def close(self) -> None:
        """Wait for the picture that is being read."""
        self._pictures.close()

    def _ask_by_picture(self, like: LikePicture, thumbnail: QImage) -> None:
        caption = f"Looks like {self._name}" if self._name else _CAPTION_WITHOUT_NAME
        self._bar.chip.show_text(caption, thumbnail)
        self._standing.point(like, self._bar.field.text())
