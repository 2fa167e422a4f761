"""Shows why a scene that a person expected is not among the results; the window goes on beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.search import FoundScene, WhyNot
from heimdex_desktop.ui.labels import ElidedLabel, label
from heimdex_desktop.ui.score_bars import ScoreBars
from heimdex_desktop.ui.why_wording import CHANNEL_NAMES, read_moment
from heimdex_desktop.ui.wording import clock, plain

_WIDTH_PX = 460
_NO_MOMENT = "Write a moment as 1:23, or leave it empty for the best scene of the video."


class WhyDialog(QDialog):
    """`moment_wanted` carries the moment a person types, in ms; None for the best scene of the video.

    `scene_wanted` carries the `FoundScene` to show.
    """

    moment_wanted = Signal(object)
    scene_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Why not among the results?")
        self.setObjectName("whyDialog")
        self._scene: FoundScene | None = None
        self.name = ElidedLabel(self)
        self.moment = QLineEdit(self)
        self.moment.setPlaceholderText("the best scene")
        self.moment.setAccessibleName("Moment in the video")
        self.moment.setToolTip(_NO_MOMENT)
        self.moment.setFixedWidth(130)
        self.moment.returnPressed.connect(self._want_moment)
        self.sentence = label(wraps=True, tone="lead")
        self.detail = label(wraps=True, tone="dim")
        self.bars = ScoreBars(CHANNEL_NAMES, self)
        self.show_button = QPushButton("Show the scene", self)
        self.show_button.clicked.connect(lambda: self.scene_wanted.emit(self._scene))
        self.look_button = QPushButton("Look", self)
        self.look_button.clicked.connect(self._want_moment)
        for button in (self.show_button, self.look_button):
            # Enter in the field asks for the moment; it presses no button besides.
            button.setAutoDefault(False)
        self._lay_out()
        self.setMinimumWidth(_WIDTH_PX)

    def begin(self, name: str, at_ms: int | None) -> None:
        """Show which scene is looked for, while it is."""
        self.name.show_text(plain(name))
        self.moment.setText("" if at_ms is None else clock(at_ms))
        self.show_answer("Looking …", "")

    def show_answer(self, sentence: str, detail: str, found: WhyNot | None = None) -> None:
        """Show where the scene stands; without `found` there is none to show."""
        self._scene = found.scene if found else None
        self.sentence.setText(sentence)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.bars.setVisible(found is not None)
        self.show_button.setEnabled(found is not None)
        if found:
            self.bars.show_scores(found.channels, found.score)
        self.adjustSize()

    def _want_moment(self) -> None:
        text = self.moment.text().strip()
        at_ms = read_moment(text)
        if text and at_ms is None:
            self.show_answer(f"“{plain(text)}” is no moment.", _NO_MOMENT)
        else:
            self.moment_wanted.emit(at_ms)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(label("at", tone="dim"))
        head.addWidget(self.moment)
        head.addWidget(self.look_button)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addLayout(head)
        for part in (self.sentence, self.detail, self.bars):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(foot)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
