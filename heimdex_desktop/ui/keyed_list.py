"""A list of things by their keys, and a view that keeps to these."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from heimdex_desktop.ui.wording import tooltip

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()
_WHEEL_STEP_PX = 28


class Keyed(Protocol):
    """Something in the list: `key` says what it is, `spoken` all that is seen of it, `tip` what is not."""

    @property
    def key(self) -> Hashable: ...

    @property
    def title(self) -> str: ...

    @property
    def spoken(self) -> str: ...

    @property
    def tip(self) -> str: ...


class KeyedModel(QAbstractListModel):
    """The things by row, each key once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Keyed] = []
        self._rows: dict[Hashable, int] = {}

    @property
    def keys(self) -> tuple[Hashable, ...]:
        return tuple(self._rows)

    def row_of(self, key: Hashable) -> int | None:
        return self._rows.get(key)

    def show(self, items: Iterable[Keyed]) -> None:
        """Take these things: where they are the same ones, only those that look otherwise change."""
        new = list(items)
        rows = {item.key: row for row, item in enumerate(new)}
        if list(rows) == list(self._rows):
            self._overwrite(new)
            return
        self.beginResetModel()
        self._items, self._rows = new, rows
        self.endResetModel()

    def drop(self, keys: Collection[Hashable]) -> None:
        """Leave these out, until the next `show` says what is so."""
        self.show([item for item in self._items if item.key not in keys])

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        say = _WORDS.get(role)
        return say(item) if say else None

    def _overwrite(self, new: list[Keyed]) -> None:
        changed = [row for row, item in enumerate(new) if item != self._items[row]]
        self._items = new
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))


_WORDS: dict[int, Callable[[Keyed], str]] = {
    Qt.ItemDataRole.DisplayRole: lambda item: item.title,
    Qt.ItemDataRole.AccessibleTextRole: lambda item: item.spoken,
    Qt.ItemDataRole.ToolTipRole: lambda item: tooltip(item.tip),
}


class KeyedList(QListView):
    """Shows a `KeyedModel`. What is chosen and where one stands stays when the list changes around it.

    `opened` carries the key of what is clicked twice or entered; `menu_wanted` the place of a menu for what
    is chosen. Keys of the keyboard given to `on_key` call their order while something is chosen; where
    nothing is, they choose where one stands.
    """

    opened = Signal(object)
    menu_wanted = Signal(object)
    stood_on = Signal()
    """Another thing is the current one, or none."""

    def __init__(self, model: KeyedModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = model
        self._orders: dict[int, Callable[[], None]] = {}
        self._chosen_before: set[Hashable] = set()
        self._from_current_on: tuple[Hashable, ...] = ()
        self._scrolled_px = 0
        model.modelAboutToBeReset.connect(self._keep)
        self.setModel(model)
        model.modelReset.connect(self._restore)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes changes the width, which changes whether it is needed: it is only unseen.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().rangeChanged.connect(self._show_whether_it_scrolls)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(_WHEEL_STEP_PX)

    def on_key(self, key: Qt.Key, order: Callable[[], None]) -> None:
        """Call `order` when this key is pressed, once something is chosen."""
        self._orders[key] = order

    def chosen(self) -> tuple[Hashable, ...]:
        """Return the keys of what is chosen, from the top down."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return tuple(self.items.keys[row] for row in rows) if rows else ()

    def current(self) -> Hashable | None:
        """Return the key of where one stands."""
        item = self.currentIndex().data(ITEM_ROLE)
        return item.key if item is not None else None

    def stand_on(self, key: Hashable) -> None:
        """Make this the current one and the only one chosen, if it is there."""
        row = self.items.row_of(key)
        if row is not None:
            self.setCurrentIndex(self.items.index(row))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self.stood_on.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self._choose(max(0, self.currentIndex().row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        # A keyboard of a Mac has one key for both.
        is_backspace = event.key() == Qt.Key.Key_Backspace
        order = self._orders.get(Qt.Key.Key_Delete if is_backspace else event.key())
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if order and is_plain:
            self._choose(self.currentIndex().row())
            if self.selectedIndexes():
                order()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current() is not None:
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mouseDoubleClickEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit(self.current())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        place: QPoint = self.visualRect(index).center() if by_key else event.pos()
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def rows_in_sight(self) -> range:
        """Return the rows of which something may be seen."""
        room = self.viewport().rect()
        first = self.indexAt(room.topLeft() + QPoint(8, 8))
        last = self.indexAt(room.bottomLeft() + QPoint(8, -8))
        count = self.items.rowCount()
        columns = max(1, room.width() // max(1, self.gridSize().width())) if self.gridSize().isValid() else 1
        start = first.row() if first.isValid() else 0
        stop = last.row() + columns if last.isValid() else count
        return range(start, min(count, stop))

    def _choose(self, row: int) -> None:
        """Choose where one stands, unless something is: it is framed as if it were, and keys are about it."""
        index = self.items.index(row)
        if index.isValid() and not self.selectedIndexes():
            self.setCurrentIndex(index)

    def _show_whether_it_scrolls(self, least: int, most: int) -> None:
        self.verticalScrollBar().setEnabled(most > least)

    def _keep(self) -> None:
        self._chosen_before = set(self.chosen())
        place = self.currentIndex().row()
        self._from_current_on = self.items.keys[place:] if place >= 0 else ()
        self._scrolled_px = self.verticalScrollBar().value()

    def _restore(self) -> None:
        if self._scrolled_px:
            # How far it can be scrolled is known only then; else it waits until the list has its size.
            self.executeDelayedItemsLayout()
        rows = [row for row in map(self.items.row_of, self._chosen_before) if row is not None]
        current = self._new_current()
        if current is not None:
            rows = rows or [current]
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self.items.index(current), flag)
        selection = QItemSelection()
        for row in rows:
            selection.select(self.items.index(row), self.items.index(row))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.verticalScrollBar().setValue(self._scrolled_px)
        self.stood_on.emit()

    def _new_current(self) -> int | None:
        """Return where to stand now: where one stood, or on the next one after it, or on the last."""
        if not self._from_current_on or not self.items.rowCount():
            return None
        left = (self.items.row_of(key) for key in self._from_current_on)
        return next((row for row in left if row is not None), self.items.rowCount() - 1)
