"""Faces that may be somebody's, and faces that are taken for theirs: to be confirmed, rejected or moved."""

import itertools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import FaceCard
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.people_wording import face_portrait
from heimdex_desktop.ui.portraits import PortraitGrid, PortraitSource

MOST_FACES = 600
"""Nobody looks through more at once; those that are decided on make room for the next."""

_GAP_PX, _AROUND_PX = 8, 14


class FaceChoice(QWidget):
    """A grid of faces with what can be done with those that are chosen, by button, menu and key.

    `acted` carries the name of the order and the faces (`tuple[FaceRef, ...]`); they leave the grid at
    once where the order takes them away from here.
    """

    acted = Signal(str, object)

    def __init__(
        self,
        name: str,
        pictures: PortraitSource,
        orders: Sequence[tuple[str, str, Qt.Key, bool]],
        parent: QWidget | None = None,
    ) -> None:
        """`orders` are names of orders, their words, their keys, and whether they take faces away at once."""
        super().__init__(parent)
        self.hint = label(tone="dim", wraps=True)
        self.nothing = label(tone="dim", wraps=True)
        self.grid = PortraitGrid(name, pictures, parent=self)
        self.buttons: dict[str, QPushButton] = {}
        self._lines = QGridLayout()
        self._in_a_line = 0
        self._makers: list[tuple[str, Callable[[], None]]] = []
        for order, _, key, leaves in orders:
            act = self._order(order, leaves=leaves)
            button = QPushButton()
            button.setProperty("key", _letter(key))
            button.clicked.connect(act)
            self.buttons[order] = button
            self.grid.on_key(key, act)
            self._makers.append((order, act))
        self.say_words({order: words for order, words, _, _ in orders})
        self.grid.menu_wanted.connect(self._open_menu)
        self.grid.selectionModel().selectionChanged.connect(self._show_what_can_be_done)
        self._stack = QStackedWidget()
        self._lay_out()
        self._show_what_can_be_done()

    def say_words(self, words: dict[str, str]) -> None:
        """Name the orders anew, such as by the person they are about."""
        for order, text in words.items():
            button = self.buttons[order]
            button.setText(f"{text.replace('&', '&&')} ({button.property('key')})")
        self._arrange(self.width())

    def show_faces(self, faces: Sequence[FaceCard], hint: str, nothing: str) -> None:
        """Show these faces below a hint, or the sentence that there are none; of very many, the first."""
        self.grid.items.show([face_portrait(face) for face in faces[:MOST_FACES]])
        more = f"The first {MOST_FACES:,} of {len(faces):,} are shown." if len(faces) > MOST_FACES else ""
        self.hint.setText(" ".join(part for part in (hint, more) if part))
        self.hint.setVisible(bool(self.hint.text()) and bool(faces))
        self.nothing.setText(nothing)
        self._stack.setCurrentWidget(self.grid if faces else self.nothing)
        self._show_what_can_be_done()

    def menu(self) -> QMenu:
        """Build the menu for what is chosen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for order, act in self._makers:
            menu.addAction(self.buttons[order].text()).triggered.connect(act)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _open_menu(self, place: QPoint) -> None:
        self.menu().popup(place)

    def _order(self, order: str, *, leaves: bool) -> Callable[[], None]:
        def act() -> None:
            chosen = self.grid.chosen()
            faces = tuple(key for key in chosen if isinstance(key, FaceRef))
            if not faces:
                return
            if leaves:
                self.grid.items.drop(set(chosen))
            self.acted.emit(order, faces)

        return act

    def _show_what_can_be_done(self) -> None:
        is_any = bool(self.grid.selectedIndexes())
        for button in self.buttons.values():
            button.setEnabled(is_any)

    def _arrange(self, width_px: int) -> None:
        """Put the buttons beside each other, or in two lines where that is too narrow for them."""
        buttons = self.buttons.values()
        wanted_px = sum(button.sizeHint().width() + _GAP_PX for button in buttons) + 2 * _AROUND_PX
        in_a_line = len(buttons) if wanted_px <= width_px else (len(buttons) + 1) // 2
        if in_a_line == self._in_a_line:
            return
        self._in_a_line = in_a_line
        for place, button in enumerate(buttons):
            self._lines.removeWidget(button)
            self._lines.addWidget(button, *divmod(place, in_a_line))

    def _lay_out(self) -> None:
        self._lines.setSpacing(_GAP_PX)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setMargin(32)
        for page in (self.grid, self.nothing):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(_AROUND_PX, 12, 8, 8)
        column.setSpacing(8)
        line = QHBoxLayout()
        line.addLayout(self._lines)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.hint)
        column.addWidget(self._stack, 1)
        for before, after in itertools.pairwise((self.grid, *self.buttons.values())):
            # Tab comes to the faces first: what can be done with them has keys of its own there.
            QWidget.setTabOrder(before, after)


def _letter(key: Qt.Key) -> str:
    return "Del" if key is Qt.Key.Key_Delete else chr(key)
