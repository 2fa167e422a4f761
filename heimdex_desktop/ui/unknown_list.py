"""The list of faces nobody has named: a row for each that is probably one person, with a strip of them."""

from collections.abc import Hashable
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import UnknownGroup
from heimdex_desktop.ui.keyed_list import ITEM_ROLE, Index, KeyedList, KeyedModel
from heimdex_desktop.ui.marked_text import elided
from heimdex_desktop.ui.portraits import PortraitPainter, PortraitSource, paint_cell
from heimdex_desktop.ui.scene_card_delegate import small_font
from heimdex_desktop.ui.theme import tones_for
from heimdex_desktop.ui.wording import counted, plain

_MOST_FACES = 10
_FACE_PX = 64
_GAP_PX = 6
_PADDING_PX = 8


class UnknownRow:
    """A group as it is shown; its words are found when it is seen, for there may be thousands of groups."""

    def __init__(self, group: UnknownGroup) -> None:
        self.group = group
        self.key = key_of(group.faces[0].face)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UnknownRow):
            return False
        return self.group is other.group or self._looks == other._looks

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def _looks(self) -> tuple[Hashable, ...]:
        group = self.group
        return self.key, group.frame_count, len(group.faces), group.faces[0].crop

    @cached_property
    def pictures(self) -> tuple[Path | None, ...]:
        return tuple(face.crop for face in self.group.faces[:_MOST_FACES])

    @property
    def title(self) -> str:
        return f"{counted(len(self.group.faces), 'time')}, {counted(self.group.frame_count, 'picture')}"

    @cached_property
    def detail(self) -> str:
        count = len(self._videos)
        return plain(f"in {counted(count, 'video') if count > 1 else self._videos[0]}")

    @property
    def tip(self) -> str:
        return plain(", ".join(self._videos[:_MOST_FACES]))

    @property
    def spoken(self) -> str:
        return f"Somebody without a name, {self.title}, {self.detail}"

    @cached_property
    def _videos(self) -> list[str]:
        return list(dict.fromkeys(face.video_name for face in self.group.faces))


def key_of(face: FaceRef) -> tuple[str, int, float, float]:
    """Return what tells a group from others by its clearest face, quicker than the face itself."""
    return face.video_id, face.at_ms, face.box.left, face.box.top


class UnknownDelegate(QStyledItemDelegate):
    """Paints an `UnknownRow`."""

    def __init__(self, painter: PortraitPainter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = painter

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ITEM_ROLE)
        if not isinstance(row, UnknownRow):
            return
        tones = tones_for(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = option.rect.adjusted(4, 2, -4, -2)
        paint_cell(painter, cell, option.state, tones)
        box = QRect(cell.left() + _PADDING_PX, cell.top() + _PADDING_PX, _FACE_PX, _FACE_PX)
        for picture in row.pictures:
            if box.right() > cell.right() - _PADDING_PX:
                break
            self._pictures.paint(painter, box, picture, tones, is_round=False)
            box.translate(_FACE_PX + _GAP_PX, 0)
        words = QRect(cell.left() + _PADDING_PX, cell.top() + 2 * _PADDING_PX + _FACE_PX - 4, 0, 0)
        words.setRight(cell.right() - _PADDING_PX)
        words.setBottom(cell.bottom())
        painter.setFont(small_font(QFont(option.font)))
        painter.setPen(QColor(tones.dim))
        line = elided(painter, f"{row.title}, {row.detail}", words.width(), middle=True)
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, line)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002, N802
        line_px = QFontMetrics(small_font(option.font)).height()
        return QSize(_FACE_PX, _FACE_PX + 3 * _PADDING_PX + line_px)


class UnknownList(KeyedList):
    """The rows; what is chosen is named or ignored together."""

    def __init__(self, pictures: PortraitSource, parent: QWidget | None = None) -> None:
        super().__init__(KeyedModel(), "Faces without a name", parent)
        self.items.setParent(self)
        self.setItemDelegate(UnknownDelegate(pictures.painter, self))
        pictures.arrived.connect(self._repaint)

    def _repaint(self, arrived: tuple[Path, ...]) -> None:
        if not self.isVisible():
            return
        came = frozenset(arrived)
        for place in self.rows_in_sight():
            index = self.items.index(place)
            row = index.data(ITEM_ROLE)
            if isinstance(row, UnknownRow) and not came.isdisjoint(row.pictures):
                self.update(index)
