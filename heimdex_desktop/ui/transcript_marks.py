"""Shows a scene's whole transcript with the matched words marked."""

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from heimdex_desktop.domain.search import Hit
from heimdex_desktop.ui.snippet import marks_in
from heimdex_desktop.ui.telling_text import whole_text
from heimdex_desktop.ui.theme import tones_for


def show_transcript(view: QPlainTextEdit, hit: Hit) -> None:
    """Fill the view with what is said in the scene and what is on screen."""
    text, words = whole_text(hit)
    view.setPlainText(text)
    tones = tones_for(view.palette())
    look = QTextCharFormat()
    look.setBackground(QColor(tones.mark))
    look.setForeground(QColor(tones.on_mark))
    selections: list[QTextEdit.ExtraSelection] = []
    for start, end in marks_in(text, words):
        cursor = QTextCursor(view.document())
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        marked = QTextEdit.ExtraSelection()
        marked.cursor = cursor  # pyright: ignore[reportAttributeAccessIssue]
        marked.format = look  # pyright: ignore[reportAttributeAccessIssue]
        selections.append(marked)
    view.setExtraSelections(selections)


def _units(text: str) -> int:
    # Qt counts UTF-16 units, Python counts characters.
    return len(text.encode("utf-16-le")) // 2
