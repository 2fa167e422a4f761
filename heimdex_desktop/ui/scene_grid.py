"""The grid of found scenes: thousands of cards, arrows to move, Enter to play."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from heimdex_desktop.domain.search import Hit
from heimdex_desktop.ui.card_pictures import CardPictures
from heimdex_desktop.ui.scene_card_delegate import SceneCardDelegate, card_height_px
from heimdex_desktop.ui.scene_model import SceneModel, hit_at, pictures_at

_CELL_MIN_PX = 248
_WHEEL_STEP_PX = 28


class SceneGrid(QListView):
    """Shows hits as cards. Every signal carries the `Hit` it is about."""

    play_wanted = Signal(object)
    reveal_wanted = Signal(object)
    folder_wanted = Signal(object)
    copy_wanted = Signal(object)
    similar_wanted = Signal(object)
    video_wanted = Signal(object)
    who_wanted = Signal(object)

    def __init__(self, model: SceneModel, pictures: CardPictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scenes = model
        self._pictures = pictures
        self.setAccessibleName("Found scenes")
        self.setModel(model)
        self._cards = SceneCardDelegate(pictures, self)
        self._cards.postponed.connect(self._paint_again)
        self._will_paint = False
        self.setItemDelegate(self._cards)
        self._arrange_as_grid()
        self.activated.connect(self._play_index)
        pictures.arrived.connect(self._repaint)

    def show_hits(self, hits: Sequence[Hit], *, from_top: bool) -> None:
        """Show these hits; `from_top` for a new question, otherwise nothing jumps.

        The card a person stands on stays the current one, wherever it goes.
        """
        standing_on = hit_at(self.currentIndex())
        self._pictures.forget_waiting()
        self._scenes.show(hits)
        # Equal hits change no row, but the pictures they lacked may be there by now.
        self.viewport().update()
        if from_top:
            self.scrollToTop()
            self._stand_on(0 if hits else None)
        elif hits:
            self._stand_on(self._scenes.row_of(standing_on) if standing_on else 0)

    def menu_for(self, hit: Hit) -> QMenu:
        """Build the menu of a right-click on a scene."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        reveal = menu.addAction("Reveal scene in player")
        reveal.setShortcut(QKeySequence("Ctrl+Return"))
        reveal.triggered.connect(lambda: self.reveal_wanted.emit(hit))
        play = menu.addAction("Play")
        play.setShortcut(QKeySequence("Return"))
        play.triggered.connect(lambda: self.play_wanted.emit(hit))
        menu.setDefaultAction(play)
        menu.addSeparator()
        menu.addAction("Find similar scenes").triggered.connect(lambda: self.similar_wanted.emit(hit))
        menu.addAction("More from this video").triggered.connect(lambda: self.video_wanted.emit(hit))
        menu.addAction("Who is in this?").triggered.connect(lambda: self.who_wanted.emit(hit))
        menu.addSeparator()
        menu.addAction("Show in folder").triggered.connect(lambda: self.folder_wanted.emit(hit))
        copy = menu.addAction("Copy path and time")
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(lambda: self.copy_wanted.emit(hit))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        hit = hit_at(index)
        if hit is None:
            return
        place = self.visualRect(index).center() if by_key else event.pos()
        self.menu_for(hit).popup(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        hit = hit_at(self.currentIndex())
        if hit is not None and event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit(hit)
        elif hit is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_reveal = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            (self.reveal_wanted if is_reveal else self.play_wanted).emit(hit)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        self._cards.begin()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._fit_cells()
        super().resizeEvent(event)

    def _arrange_as_grid(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setUniformItemSizes(True)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes changes the width, which changes whether it is needed.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(_WHEEL_STEP_PX)

    def _fit_cells(self) -> None:
        room_px = self.viewport().width() - 2
        columns = max(1, room_px // _CELL_MIN_PX)
        cell_px = max(120, room_px // columns)
        cell = QSize(cell_px, card_height_px(cell_px, self.font()))
        if cell != self.gridSize():
            self.setGridSize(cell)

    def _paint_again(self) -> None:
        if not self._will_paint:
            self._will_paint = True
            QTimer.singleShot(0, self._paint_rest)

    def _paint_rest(self) -> None:
        self._will_paint = False
        self.viewport().update()

    def _stand_on(self, row: int | None) -> None:
        if row is None:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
            return
        scrolled_px = self.verticalScrollBar().value()
        self.setCurrentIndex(self._scenes.index(row))
        self.verticalScrollBar().setValue(scrolled_px)

    def _play_index(self, index: QModelIndex) -> None:
        hit = hit_at(index)
        if hit is not None:
            self.play_wanted.emit(hit)

    def _repaint(self, arrived: tuple[Path, ...]) -> None:
        for row in self._rows_in_sight():
            index = self._scenes.index(row)
            shown = pictures_at(index)
            if shown.still in arrived or shown.face in arrived:
                self.update(index)

    def _rows_in_sight(self) -> range:
        cell = self.gridSize()
        if cell.isEmpty():
            return range(0)
        columns = max(1, self.viewport().width() // cell.width())
        top_px = self.verticalScrollBar().value()
        first = top_px // cell.height() * columns
        last = ((top_px + self.viewport().height()) // cell.height() + 1) * columns
        return range(first, min(last, self._scenes.rowCount()))
