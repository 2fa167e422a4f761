"""The list under the search field with what could complete the word that is being typed."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QWidget

from heimdex_desktop.domain.query_completion import Completion, Offers, complete

_MOST_ROWS = 10
_WIDTH_PX = 380
_NOTHING = Completion(0, 0)
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_MOVES: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class CompletionList(QListWidget):
    """Opens over the window while a person types; the cursor stays in the field, which keys go through.

    Down and Up choose, Enter and Tab take what is chosen, Tab the first where nothing is; Esc closes. Enter
    with nothing chosen is left to the field. Without offers it completes operators and their fixed values.
    """

    def __init__(self, field: QLineEdit, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("completions")
        self.setAccessibleName("Completions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUniformItemSizes(True)
        self._field = field
        self._window = window
        self._offers = Offers()
        self._completion = _NOTHING
        self._place_typed = 0
        self.hide()
        self.clicked.connect(self._take_clicked)
        field.textEdited.connect(self._look)
        field.cursorPositionChanged.connect(self._leave)
        field.installEventFilter(self)

    def take_offers(self, offers: Offers) -> None:
        """Choose from these from the next letter on."""
        self._offers = offers

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take the keys that are for the list while it is open, before the field sees them."""
        if watched is not self._field or self.isHidden():
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._takes_key(event)
        if event.type() in {QEvent.Type.FocusOut, QEvent.Type.Hide}:
            self.hide()
        elif event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._place()
        return False

    def _takes_key(self, event: QKeyEvent) -> bool:
        key, row = event.key(), self.currentRow()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in _MOVES:
            self._choose(row, _MOVES[key])
        elif key == Qt.Key.Key_Tab or (key in _ENTER and row >= 0):
            self._take(max(0, row))
        elif key in _ENTER:
            self.hide()
            return False
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _choose(self, row: int, step: int) -> None:
        """Go on to the next row; between the last and the first lies having none chosen."""
        if row < 0 and step < 0:
            row = self.count()
        following = row + step
        self.setCurrentRow(following if following < self.count() else -1)

    def _look(self) -> None:
        typed, self._place_typed = self._field.text(), self._field.cursorPosition()
        cursor = len(_before(typed, self._place_typed))
        found = complete(typed, cursor, self._offers)
        is_complete = found.candidates == (typed[found.start : found.end],)
        self._show(_NOTHING if is_complete or not self._field.hasFocus() else found)

    def _leave(self, _: int, place: int) -> None:
        """Close when the cursor was moved away from where the last letter was typed."""
        if place != self._place_typed:
            self.hide()

    def _show(self, completion: Completion) -> None:
        self._completion = completion
        self.clear()
        self.addItems(completion.candidates)
        self.setCurrentRow(-1)
        if completion.candidates:
            self._place()
            self.raise_()
        self.setVisible(bool(completion.candidates))

    def _place(self) -> None:
        """Lie under the field, as high as the list is long and as the window has room."""
        corner = self._field.mapTo(self._window, QPoint(0, self._field.height() + 2))
        wanted_px = self.sizeHintForRow(0) * min(self.count(), _MOST_ROWS) + 2 * self.frameWidth()
        height_px = max(0, min(wanted_px, self._window.height() - corner.y()))
        self.setGeometry(QRect(corner.x(), corner.y(), min(_WIDTH_PX, self._field.width()), height_px))

    def _take_clicked(self, index: QModelIndex) -> None:
        self._take(index.row())

    def _take(self, row: int) -> None:
        """Put a candidate in the place of the word, with a space behind a whole one at the end."""
        typed, found = self._field.text(), self._completion
        chosen = found.candidates[row]
        is_whole = not chosen.endswith(":")
        space = " " if is_whole and found.end == len(typed) else ""
        self.hide()
        first = _units(typed[: found.start])
        self._field.setSelection(first, _units(typed[found.start : found.end]))
        self._field.insert(f"{chosen}{space}")


def _units(text: str) -> int:
    """Return how long the field takes a text to be: it counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _before(text: str, units: int) -> str:
    """Return the text before a place that the field counts in UTF-16."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")
