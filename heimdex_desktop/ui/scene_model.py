"""The list of hits the grid shows, changed in place so that nothing flickers."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from heimdex_desktop.domain.search import FoundScene, Hit, HitPictures
from heimdex_desktop.ui.wording import plain, scene_times, span_text, tooltip, why

Index = QModelIndex | QPersistentModelIndex
HIT_ROLE = Qt.ItemDataRole.UserRole + 1
PICTURES_ROLE = Qt.ItemDataRole.UserRole + 2
_NOWHERE = QModelIndex()


class SceneModel(QAbstractListModel):
    """Hits by row; `pictures_of` tells where their pictures lie."""

    def __init__(self, pictures_of: Callable[[Hit], HitPictures], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures_of = pictures_of
        self._hits: list[Hit] = []

    @property
    def hits(self) -> Sequence[Hit]:
        return tuple(self._hits)

    def show(self, hits: Sequence[Hit]) -> None:
        """Take these hits: rows that stay are overwritten, only the end of the list grows or shrinks."""
        shared = min(len(hits), len(self._hits))
        for row in range(shared):
            if self._hits[row] != hits[row]:
                self._hits[row] = hits[row]
                self.dataChanged.emit(self.index(row), self.index(row))
        if len(hits) > shared:
            self.beginInsertRows(QModelIndex(), shared, len(hits) - 1)
            self._hits.extend(hits[shared:])
            self.endInsertRows()
        elif len(self._hits) > shared:
            self.beginRemoveRows(QModelIndex(), shared, len(self._hits) - 1)
            del self._hits[shared:]
            self.endRemoveRows()

    def still_of(self, hit: Hit) -> Path | None:
        """Return where the still of a hit's scene lies, without looking whether it is there."""
        return self._pictures_of(hit).still

    def row_of(self, hit: Hit) -> int | None:
        """Return where the hit's scene stands now."""
        return next((row for row, other in enumerate(self._hits) if other.scene.id == hit.scene.id), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == PICTURES_ROLE:
            return self._pictures_of(hit)
        say = _WORDS.get(role)
        return say(hit) if say else None


def hit_at(index: Index) -> Hit | None:
    """Return the hit at an index of a `SceneModel`, or None outside the list."""
    hit = index.data(HIT_ROLE)
    return hit if isinstance(hit, Hit) else None


def pictures_at(index: Index) -> HitPictures:
    """Return where the pictures of the hit at an index lie; none outside the list."""
    pictures = index.data(PICTURES_ROLE)
    return pictures if isinstance(pictures, HitPictures) else HitPictures()


def file_name(scene: FoundScene) -> str:
    """Return the name of the scene's video as it can be drawn on one line."""
    return plain(scene.locations[0].name) if scene.locations else "A video that is not on the list any more"


def _spoken(hit: Hit) -> str:
    reasons = ", ".join(why(reason) for reason in hit.because)
    return ". ".join(
        part for part in (file_name(hit.scene), scene_times(hit), reasons, hit.scene.transcript) if part
    )


def _places(hit: Hit) -> str:
    beside = ", ".join(span_text(scene.span) for scene in hit.near)
    lines = [
        *(str(place) for place in hit.scene.locations),
        *([f"Right beside it: {beside}"] if beside else []),
        *(f"The same also in {file_name(scene)}, {span_text(scene.span)}" for scene in hit.copies),
    ]
    return tooltip("\n".join(lines))


_WORDS: dict[int, Callable[[Hit], str]] = {
    Qt.ItemDataRole.DisplayRole: lambda hit: file_name(hit.scene),
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
    Qt.ItemDataRole.ToolTipRole: _places,
}
