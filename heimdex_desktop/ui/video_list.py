"""The side list: every video, how far it is, and what can be done about it."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QMenu, QTreeView, QVBoxLayout, QWidget

from heimdex_desktop.pipeline.board import Overall, VideoRow
from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.saved_list import SavedList
from heimdex_desktop.ui.video_list_model import RowAction, VideoListModel, can, row_at
from heimdex_desktop.ui.video_row_delegate import VideoRowDelegate
from heimdex_desktop.ui.wording import counted

_SHORTCUTS = {RowAction.REMOVE: "Del", RowAction.RETRY: "F5"}


class _Rows(QTreeView):
    """The list itself; `acted` carries a `RowAction` and the `VideoRow` it is for, `removal_wanted` all rows.

    A tree without branches: a list view lays all its rows out again whenever one of them changes.
    """

    acted = Signal(object, object)
    removal_wanted = Signal(object)

    def __init__(self, model: VideoListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        delegate = VideoRowDelegate(self)
        delegate.acted.connect(self.acted)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setAccessibleName("Videos")
        self.setUniformRowHeights(True)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def chosen(self) -> tuple[VideoRow, ...]:
        rows = (row_at(index) for index in self.selectedIndexes())
        return tuple(row for row in rows if row is not None)

    def act(self, action: RowAction) -> None:
        """Do this with every chosen video for which it makes sense."""
        rows = self.chosen()
        if action is RowAction.REMOVE:
            # There is one question, however many they are.
            if rows:
                self.removal_wanted.emit(rows)
            return
        # Ten folders or dialogs at once help nobody.
        limit = 1 if action in {RowAction.SHOW_IN_FOLDER, RowAction.EXPLAIN} else len(rows)
        for row in [row for row in rows if can(row, action)][:limit]:
            self.acted.emit(action, row)

    def menu(self) -> QMenu:
        """Build the menu for the chosen videos."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        rows = self.chosen()
        for action in RowAction:
            if action is RowAction.REMOVE:
                menu.addSeparator()
            entry = menu.addAction(str(action))
            entry.setEnabled(any(can(row, action) for row in rows))
            entry.setShortcut(QKeySequence(_SHORTCUTS.get(action, "")))
            entry.triggered.connect(lambda _checked=False, action=action: self.act(action))
            if action is RowAction.REMOVE:
                entry.setToolTip("Asks first. The video file is left alone in any case.")
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        place = self.visualRect(index).center() if by_key else event.pos()
        self.menu().popup(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.act(RowAction.REMOVE)
        elif event.key() == Qt.Key.Key_F5:
            self.act(RowAction.RETRY)
        else:
            super().keyPressEvent(event)


class VideoList(QWidget):
    """The list with its head, below what is saved. `acted` carries a `RowAction` and a `VideoRow`.

    `removal_wanted` carries the rows (`tuple[VideoRow, ...]`) that a person wants off the list.
    """

    acted = Signal(object, object)
    removal_wanted = Signal(object)
    pause_wanted = Signal()
    resume_wanted = Signal()

    def __init__(self, model: VideoListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_paused = False
        self.saved = SavedList(self)
        self.rows = _Rows(model, self)
        self.rows.acted.connect(self.acted)
        self.rows.removal_wanted.connect(self.removal_wanted)
        self._model = model
        self._title = QLabel("Videos")
        self._title.setProperty("tone", "head")
        self.pause_button = IconButton("pause", "Pause all", self)
        self.pause_button.clicked.connect(self._toggle)
        # Kept, so that the list does not jump when the work is done.
        policy = self.pause_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.pause_button.setSizePolicy(policy)
        self.pause_button.hide()
        self._lay_out()

    def show_overall(self, overall: Overall) -> None:
        """Show how many videos there are, and Pause only while there is something to pause."""
        self._title.setText(counted(overall.total, "video") if overall.total else "Videos")
        self._is_paused = overall.paused
        name, label = ("play", "Resume all") if overall.paused else ("pause", "Pause all")
        self.pause_button.show_as(name, label)
        self.pause_button.setVisible(overall.paused or overall.is_working)

    def choose_next_failed(self) -> None:
        """Choose the next failed video after the chosen ones, and after the last the first again."""
        chosen = self.rows.selectedIndexes()
        place = self._model.next_failed(max((index.row() for index in chosen), default=-1))
        if place is not None:
            self.rows.setCurrentIndex(self._model.index(place))
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle(self) -> None:
        (self.resume_wanted if self._is_paused else self.pause_wanted).emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 8, 4)
        head.addWidget(self._title, 1)
        head.addWidget(self.pause_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.saved)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
