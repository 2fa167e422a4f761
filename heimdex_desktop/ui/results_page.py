"""The middle of the window: the scenes that answer, or a plain word when none does."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.people import AllOf, Person, Who
from heimdex_desktop.domain.search import Answer, Beside, LikePicture, LikeScene, Query, Verdict
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.scene_grid import SceneGrid
from heimdex_desktop.ui.wording import counted, plain

WEAK_LINE = "No strong match. These come closest:"
_QUOTE_LIMIT_CHARS = 60
_ASK = 'Type what was said, or how it looked; words in "quotes" are found exactly.'
_OTHER_WORDS = "Try fewer or other words."
_OTHER_WORDS_OR_WAIT = (
    "Try fewer or other words, or let the queue finish: more becomes searchable as it goes."
)
_OTHER_PEOPLE = (
    "Ask for fewer people at once, or say of more faces whose they are, on the page of people (Ctrl+Shift+P)."
)
_HINT = (
    "Scenes appear here as they are found.\n\n"
    "Type what was said, or how it looked: a few words are enough.\n"
    'Put words in "quotes" to find exactly these.\n\n'
    "Enter plays a scene, Ctrl+Enter opens it in your own player."
)


_Question = tuple[str, Beside | None]


class ResultsPage(QWidget):
    """Shows an answer, the scenes there are while nothing is asked, or that nothing convinces."""

    def __init__(self, grid: SceneGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.grid = grid
        self.verdict = label()
        self.verdict.setObjectName("verdict")
        self.count = label(tone="dim", wraps=True)
        self.notes = label(tone="warn", wraps=True)
        self.hint = label(_HINT, tone="dim", wraps=True)
        self.nothing = label(tone="title", wraps=True)
        self.advice = label(tone="dim", wraps=True)
        self.anyway_button = QPushButton("Show the closest anyway")
        self.anyway_button.clicked.connect(self._show_anyway)
        self._answer: Answer | None = None
        self._insisted_on: _Question | None = None
        self._stack = QStackedWidget()
        self._hint_page, self._grid_page, self._none_page = self._add_pages()
        self._stack.setCurrentWidget(self._hint_page)

    def show_answer(self, answer: Answer, *, is_unfinished: bool) -> None:
        """Show an answer, while more videos may become searchable or not.

        Nothing jumps when it is a newer answer to the same question.
        """
        old = self._answer
        is_new = old is None or _question(old) != _question(answer)
        self._answer = answer
        self.notes.setText(plain(" ".join(note.sentence for note in answer.query.notes)))
        self.notes.setVisible(bool(answer.query.notes))
        if is_new:
            self._insisted_on = None
        if answer.is_browse and not answer.hits:
            self._stack.setCurrentWidget(self._hint_page)
        elif not answer.hits or (answer.verdict is Verdict.NONE and not self._insists(answer)):
            self._say_nothing_convinces(answer, is_unfinished=is_unfinished)
        else:
            self._show_hits(answer, from_top=is_new)

    def is_showing_hits(self) -> bool:
        return self._stack.currentWidget() is self._grid_page

    def _insists(self, answer: Answer) -> bool:
        return self._insisted_on == _question(answer)

    def _show_anyway(self) -> None:
        if self._answer is None:
            return
        self._insisted_on = _question(self._answer)
        self._show_hits(self._answer, from_top=True)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_hits(self, answer: Answer, *, from_top: bool) -> None:
        is_weak = answer.verdict is not Verdict.GOOD
        self.verdict.setVisible(is_weak)
        self.verdict.setText(WEAK_LINE if is_weak else "")
        scenes = counted(len(answer.hits), "scene")
        self.count.setText(f"The newest {scenes}. {_ASK}" if answer.is_browse else scenes)
        # Shown first, so that the grid lays out for the width it has.
        self._stack.setCurrentWidget(self._grid_page)
        self.grid.show_hits(answer.hits, from_top=from_top)

    def _say_nothing_convinces(self, answer: Answer, *, is_unfinished: bool) -> None:
        trouble = answer.trouble
        self.nothing.setText(plain(trouble.sentence) if trouble else _nothing_for(answer))
        other_words = _OTHER_WORDS_OR_WAIT if is_unfinished else _OTHER_WORDS
        if _asks_for_people_alone(answer.query):
            other_words = _OTHER_PEOPLE
        self.advice.setText(plain(trouble.advice) if trouble else other_words)
        self.anyway_button.setVisible(bool(answer.hits))
        self.grid.show_hits((), from_top=True)
        self._stack.setCurrentWidget(self._none_page)

    def _add_pages(self) -> tuple[QWidget, QWidget, QWidget]:
        hint_page = _middle(self.hint)
        none_page = _middle(self.nothing, self.advice, self.anyway_button)
        grid_page = QWidget()
        column = QVBoxLayout(grid_page)
        column.setContentsMargins(10, 8, 2, 0)
        column.setSpacing(4)
        column.addWidget(self.verdict)
        column.addWidget(self.count)
        column.addWidget(self.grid, 1)
        for head in (self.verdict, self.count):
            head.setIndent(6)
        for page in (hint_page, grid_page, none_page):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.notes.setContentsMargins(16, 8, 16, 0)
        self.notes.hide()
        whole.addWidget(self.notes)
        whole.addWidget(self._stack)
        return hint_page, grid_page, none_page


def _question(answer: Answer) -> _Question:
    """Return what tells an answer's question from others."""
    return answer.query.asked, answer.beside


def _nothing_for(answer: Answer) -> str:
    # Whatever was pasted, no more than is shown is looked at.
    asked = plain(answer.query.asked.strip()[: _QUOTE_LIMIT_CHARS + 1])
    if len(asked) > _QUOTE_LIMIT_CHARS:
        asked = f"{asked[:_QUOTE_LIMIT_CHARS].rstrip()}…"
    words = f" for “{asked}”" if asked else ""
    match answer.beside:
        case LikePicture():
            return f"No scene looks convincingly like the picture{words}."
        case LikeScene():
            return f"No other scene is convincingly similar{words}."
        case OfVideo() if _asks_for_people_alone(answer.query):
            return f"No scene of this video {_showing(answer.query.people, asked)}."
        case None if _asks_for_people_alone(answer.query):
            return f"No scene {_showing(answer.query.people, asked)}."
        case OfVideo():
            return f"Nothing convincing{words} in this video."
        case None:
            return f"Nothing convincing{words}."


def _asks_for_people_alone(query: Query) -> bool:
    more = (query.text, query.filters, query.without, query.sequence)
    return query.people is not None and not any(more)


def _showing(who: Who | None, asked: str) -> str:
    """Say of a scene that it shows people: by their names where all of them are meant."""
    parts = who.parts if isinstance(who, AllOf) else (who,)
    names = [plain(part.name) for part in parts if isinstance(part, Person)]
    if len(names) < len(parts):
        return f"shows the people of “{asked}”"
    together = " together" if len(names) > 1 else ""
    return f"shows {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}{together}"


def _middle(*rows: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(48, 24, 48, 24)
    column.setSpacing(14)
    column.addStretch(2)
    for row in rows:
        if isinstance(row, QLabel):
            row.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(row)
        else:
            column.addWidget(row, alignment=Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(3)
    return page
