"""Says who is seen in a scene, and lets a person mark a face that was overlooked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.search import Hit
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.line_list import Line, LineList
from heimdex_desktop.ui.people_seam import Presence
from heimdex_desktop.ui.wording import plain, span_text

_LOOKING = "Looking…"
_NOBODY = "Nobody was recognised in this scene."


class WhoDialog(QDialog):
    """`person_wanted` carries a `PersonId`, `mark_wanted` the `Hit` in whose scene a face is to be marked."""

    person_wanted = Signal(object)
    mark_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Who is in this?")
        self.setMinimumWidth(360)
        self._hit: Hit | None = None
        self.where = label(tone="dim", wraps=True)
        self.sentence = label(wraps=True)
        self.people = LineList("People in this scene", self)
        self.people.opened.connect(self._open)
        self.mark_button = QPushButton("Mark a face…")
        self.mark_button.clicked.connect(self._mark)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.close)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self._lay_out()

    def begin(self, hit: Hit) -> None:
        """Show the dialog for the scene of a hit, before it is known who is in it."""
        self._hit = hit
        name = hit.scene.locations[0].name if hit.scene.locations else "A video"
        self.where.setText(plain(f"{name}, {span_text(hit.scene.span)}"))
        self._say(_LOOKING)
        self.show()
        self.raise_()
        self.activateWindow()

    def take_presence(self, presence: Presence) -> None:
        """Show who is seen, where this is about the scene's video."""
        if self._hit is None or presence.video_id != self._hit.scene.video_id or not self.isVisible():
            return
        seen = presence.at(self._hit.scene.span)
        self.people.items.show([Line(one.id, plain(one.name)) for one in seen])
        self._say("" if seen else _NOBODY)

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.people.setVisible(not sentence)

    def _open(self, key: object) -> None:
        if isinstance(key, str):
            self.close()
            self.person_wanted.emit(PersonId(key))

    def _mark(self) -> None:
        self.close()
        self.mark_wanted.emit(self._hit)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.mark_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        for button in (self.mark_button, self.close_button):
            # Enter in the list opens a person; it presses no button besides.
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.where)
        column.addWidget(self.sentence)
        column.addWidget(self.people, 1)
        column.addLayout(foot)
