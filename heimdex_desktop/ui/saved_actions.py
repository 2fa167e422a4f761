"""Carries out what can be done with saved searches: keep the question that stands, ask one again."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from heimdex_desktop.domain.search import SavedSearch
from heimdex_desktop.ui.faders_bar import FadersBar
from heimdex_desktop.ui.saved_list import SavedList
from heimdex_desktop.ui.search_bar import SearchBar


class SavedActions(QObject):
    """Stands between the search row and the list of saved searches; `said` tells what was done.

    `undo_offered` carries such a sentence, the word for a button, and what it does (a callable).
    """

    said = Signal(str)
    undo_offered = Signal(str, str, object)

    def __init__(self, bar: SearchBar, faders: FadersBar, saved: SavedList) -> None:
        super().__init__(bar)
        self._bar = bar
        self._faders = faders
        self._saved = saved
        bar.save_wanted.connect(self.save)
        bar.field.textChanged.connect(self._look)
        saved.wanted.connect(self.ask)
        saved.deleted.connect(self._offer_undo)
        self._look()

    def take_known(self, searches: tuple[SavedSearch, ...]) -> None:
        """Show what is saved; until then nothing can be, or it would take the place of the rest."""
        self._saved.show_searches(searches)
        self._look()

    def save(self) -> None:
        """Keep the question in the search field as it stands, with how the faders stand."""
        text = self._bar.field.text().strip()
        if text and self._saved.is_known:
            saved = self._saved.save(text, self._faders.faders)
            self.said.emit(f"Saved as “{saved.name}”, at the top of the side list.")

    def ask(self, search: SavedSearch) -> None:
        """Ask a saved search as it was kept."""
        if search.faders:
            # Away they would turn the answer unseen.
            self._faders.show()
        self._faders.show_faders(search.faders)
        self._bar.field.ask(search.text)

    def _offer_undo(self, gone: SavedSearch, row: int) -> None:
        self.undo_offered.emit(f"Deleted “{gone.name}”.", "Undo", partial(self._saved.put_back, gone, row))

    def _look(self) -> None:
        has_question = bool(self._bar.field.text().strip())
        self._bar.save_button.setEnabled(has_question and self._saved.is_known)
