"""The list of videos, kept by key, changed one row at a time."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.ui.wording import plain, row_status, row_tooltip

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()


class RowAction(StrEnum):
    """What a person can do with a video on the list, in the words of the menu."""

    CANCEL = "Cancel"
    RETRY = "Retry"
    SHOW_IN_FOLDER = "Show in folder"
    EXPLAIN = "Why is it not among the results?"
    REMOVE = "Remove from library…"


_RETRIABLE = {RowState.FAILED, RowState.CANCELLED, RowState.OFFLINE}
_UNFINISHED = {RowState.QUEUED, RowState.RUNNING, RowState.PAUSED}


def can(row: VideoRow, action: RowAction) -> bool:
    """Tell whether an action makes sense for a video as it is now."""
    if action is RowAction.CANCEL:
        return row.state in _UNFINISHED
    if action is RowAction.RETRY:
        return row.state in _RETRIABLE
    return True


def quick_action(row: VideoRow) -> RowAction | None:
    """Return the action a row offers as a button: the one a person most likely wants.

    Retry is not offered where the file itself is at fault; the menu still has it.
    """
    if can(row, RowAction.CANCEL):
        return RowAction.CANCEL
    retry_helps = row.failure is None or row.failure.retry_helps
    return RowAction.RETRY if can(row, RowAction.RETRY) and retry_helps else None


class VideoListModel(QAbstractListModel):
    """Rows in the order they were added."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[VideoRow] = []
        self._place: dict[str, int] = {}
        self._scene_count = 0

    @property
    def scene_count(self) -> int:
        """Return how many scenes all videos have together."""
        return self._scene_count

    def row_of(self, key: str) -> VideoRow | None:
        """Return the row of this key, or None where it is not on the list."""
        place = self._place.get(key)
        return None if place is None else self._rows[place]

    @property
    def is_unfinished(self) -> bool:
        """Whether any video is still to be worked on."""
        return any(row.state in _UNFINISHED for row in self._rows)

    def next_failed(self, after: int) -> int | None:
        """Return the place of the first failed video after this place, or else of the first of all."""
        failed = [place for place, row in enumerate(self._rows) if row.state is RowState.FAILED]
        return next((place for place in failed if place > after), failed[0] if failed else None)

    def take(self, rows: Sequence[VideoRow]) -> None:
        """Add new rows at the end and replace those whose key is known."""
        fresh: dict[str, VideoRow] = {}
        for row in rows:
            place = self._place.get(row.key)
            if place is None:
                fresh[row.key] = row
            elif self._rows[place] != row:
                self._scene_count += row.scene_count - self._rows[place].scene_count
                self._rows[place] = row
                self.dataChanged.emit(self.index(place), self.index(place))
        if fresh:
            self._append(tuple(fresh.values()))

    def drop(self, keys: Iterable[str]) -> None:
        """Take rows off the list; unknown keys are passed over."""
        places = sorted((self._place[key] for key in set(keys) if key in self._place), reverse=True)
        for place in places:
            self.beginRemoveRows(QModelIndex(), place, place)
            self._scene_count -= self._rows[place].scene_count
            del self._rows[place]
            self.endRemoveRows()
        if places:
            self._place = {row.key: place for place, row in enumerate(self._rows)}

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case _ if role == ROW_ROLE:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return plain(row.location.name)
            case Qt.ItemDataRole.AccessibleTextRole:
                advice = row.failure.advice if row.failure else ""
                return plain(f"{row.location.name}. {row_status(row)} {advice}".strip())
            case Qt.ItemDataRole.ToolTipRole:
                return row_tooltip(row)
            case _:
                return None

    def _append(self, rows: Sequence[VideoRow]) -> None:
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        for place, row in enumerate(rows, start=first):
            self._place[row.key] = place
            self._scene_count += row.scene_count
        self._rows.extend(rows)
        self.endInsertRows()


def row_at(index: Index) -> VideoRow | None:
    """Return the row at an index of a `VideoListModel`, or None outside the list."""
    row = index.data(ROW_ROLE)
    return row if isinstance(row, VideoRow) else None
