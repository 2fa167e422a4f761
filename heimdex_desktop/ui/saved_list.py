"""The searches that a person keeps, at the top of the side list, each with how much it finds now."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.domain.search import Channel, SavedSearch
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.seam import MOST_COUNTED
from heimdex_desktop.ui.wording import counted, plain, tooltip

_NAME, _COUNT = 0, 1
_MOST_ROWS = 6


class _Rows(QTreeWidget):
    """Names with counts; the keys are those of the list of videos."""

    rename_wanted = Signal(int)
    delete_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saved")
        self.setAccessibleName("Saved searches")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_COUNT, QHeaderView.ResizeMode.ResizeToContents)

    def menu(self, row: int) -> QMenu:
        """Build the menu for one of them."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, keys, signal in (
            ("Rename", "F2", self.rename_wanted),
            ("Delete", "Del", self.delete_wanted),
        ):
            entry = menu.addAction(words)
            entry.setShortcut(QKeySequence(keys))
            entry.triggered.connect(lambda _checked=False, signal=signal: signal.emit(row))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu(index.row()).popup(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        row = self.currentIndex().row()
        if row >= 0 and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.delete_wanted.emit(row)
        elif row >= 0 and event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit(row)
        else:
            super().keyPressEvent(event)


class SavedList(QWidget):
    """Shows itself while there is something saved; a click asks it again.

    `wanted` carries the `SavedSearch` to ask, `kept` all of them as a tuple when a person changed one,
    `deleted` the one that was taken away and where it stood.
    """

    wanted = Signal(object)
    kept = Signal(object)
    deleted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_known = False
        self.searches: tuple[SavedSearch, ...] = ()
        self._counts: dict[str, int] = {}
        self.rows = _Rows(self)
        self.rows.clicked.connect(self._want)
        self.rows.activated.connect(self._want)
        self.rows.rename_wanted.connect(self._begin_rename)
        self.rows.delete_wanted.connect(self._delete)
        self.rows.itemChanged.connect(self._end_rename)
        head = label("Saved", tone="head")
        head.setContentsMargins(14, 10, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(head)
        column.addWidget(self.rows)
        self.hide()

    def show_searches(self, searches: tuple[SavedSearch, ...]) -> None:
        """Show these as all that are saved; from now on more can be."""
        self.is_known = True
        self.searches = searches
        self._fill()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many convincing hits some of them have now, by their names."""
        self._counts.update(counts)
        self._fill()

    def save(self, text: str, faders: Mapping[Channel, float]) -> SavedSearch:
        """Keep a question under its text; one that is kept already takes the new faders."""
        for row, search in enumerate(self.searches):
            if search.text == text:
                self._counts.pop(search.name, None)
                return self._put(row, replace(search, faders=faders))
        return self._put(len(self.searches), SavedSearch(self._free_name(text, self.searches), text, faders))

    def put_back(self, search: SavedSearch, row: int) -> None:
        """Keep a search again that was deleted, where it stood; its name may be taken by now."""
        back = replace(search, name=self._free_name(search.name, self.searches))
        self._keep((*self.searches[:row], back, *self.searches[row:]))

    def _put(self, row: int, search: SavedSearch) -> SavedSearch:
        self._keep((*self.searches[:row], search, *self.searches[row + 1 :]))
        return search

    def _keep(self, searches: tuple[SavedSearch, ...]) -> None:
        self.show_searches(searches)
        self.kept.emit(searches)

    def _want(self, index: QModelIndex) -> None:
        self.wanted.emit(self.searches[index.row()])

    def _begin_rename(self, row: int) -> None:
        item = self.rows.topLevelItem(row)
        if item:
            self.rows.editItem(item, _NAME)

    def _end_rename(self, item: QTreeWidgetItem) -> None:
        row = self.rows.indexOfTopLevelItem(item)
        search, name = self.searches[row], " ".join(item.text(_NAME).split())
        if name in {"", search.name}:
            self._show_row(row)
            return
        others = (*self.searches[:row], *self.searches[row + 1 :])
        renamed = replace(search, name=self._free_name(name, others))
        if search.name in self._counts:
            self._counts[renamed.name] = self._counts[search.name]
        self._put(row, renamed)

    def _delete(self, row: int) -> None:
        gone = self.searches[row]
        self._counts.pop(gone.name, None)
        self._keep((*self.searches[:row], *self.searches[row + 1 :]))
        self.deleted.emit(gone, row)

    def _fill(self) -> None:
        """Show every row; they are kept, so that the one chosen stays so, and one being renamed too."""
        while self.rows.topLevelItemCount() > len(self.searches):
            self.rows.takeTopLevelItem(self.rows.topLevelItemCount() - 1)
        while self.rows.topLevelItemCount() < len(self.searches):
            item = QTreeWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setTextAlignment(_COUNT, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.rows.addTopLevelItem(item)
        for row in range(len(self.searches)):
            self._show_row(row)
        height_px = self.rows.sizeHintForRow(0) * min(len(self.searches), _MOST_ROWS)
        self.rows.setFixedHeight(max(0, height_px) + 2 * self.rows.frameWidth())
        self.setVisible(bool(self.searches))

    def _show_row(self, row: int) -> None:
        item, search = self.rows.topLevelItem(row), self.searches[row]
        if item is None:
            return
        count = self._counts.get(search.name)
        more = "+" if count and count >= MOST_COUNTED else ""
        self.rows.blockSignals(True)  # noqa: FBT003  (Qt takes it by position)
        item.setText(_NAME, plain(search.name))
        item.setText(_COUNT, "" if count is None else f"{count:,}{more}")
        item.setToolTip(_NAME, tooltip(search.text))
        item.setToolTip(_COUNT, "" if count is None else f"{counted(count, 'convincing scene')}{more}")
        self.rows.blockSignals(False)  # noqa: FBT003

    @staticmethod
    def _free_name(wanted: str, others: tuple[SavedSearch, ...]) -> str:
        taken, name, number = {search.name for search in others}, wanted, 2
        while name in taken:
            name, number = f"{wanted} ({number})", number + 1
        return name
