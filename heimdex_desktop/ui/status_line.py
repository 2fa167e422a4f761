"""The bottom of the window: one honest line about the work, and notices that pass."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from heimdex_desktop.pipeline.board import Overall, Switch
from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import ElidedLabel, label
from heimdex_desktop.ui.wording import failures_text, overall_status, plain, switch_text

_NOTICE_MS = 9000
_BAR_PX = 120
_BAR_STEPS = 1000


class StatusLine(QWidget):
    """Says how far the work is, with Pause or Resume beside it while there is work."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    failures_wanted = Signal()
    back_wanted = Signal(str)
    """The role of vectors whose model is to be the former one again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_paused = False
        self.line = label()
        self.failures = QPushButton()
        self.failures.setProperty("kind", "quiet")
        self.failures.setToolTip("Show the next of them in the list")
        self.failures.clicked.connect(self.failures_wanted)
        self.bar = QProgressBar()
        self.bar.setRange(0, _BAR_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_PX)
        self.bar.setAccessibleName("Progress of all videos")
        self.button = QPushButton("Pause")
        self.button.setProperty("kind", "quiet")
        self.button.clicked.connect(self._toggle)
        self._switched_role = ""
        self.switch = label(tone="dim")
        self.back_button = QPushButton("Go back")
        self.back_button.setProperty("kind", "quiet")
        self.back_button.setToolTip(
            "Keep the model that the search uses now. What the other one made so far is not lost."
        )
        self.back_button.clicked.connect(lambda: self.back_wanted.emit(self._switched_role))
        # Blank until the library is open: nothing is known of it.
        for part in (self.failures, self.bar, self.button, self.switch, self.back_button):
            part.hide()
        self._lay_out()

    def show_overall(self, overall: Overall, *, scene_count: int) -> None:
        """Show the work as a whole."""
        self.line.setText(overall_status(overall, scene_count))
        self.failures.setText(failures_text(overall))
        self.failures.setVisible(overall.failed > 0)
        self.bar.setValue(round(overall.fraction * _BAR_STEPS))
        self.bar.setVisible(overall.is_working)
        self._is_paused = overall.paused
        self.button.setText("Resume" if overall.paused else "Pause")
        self.button.setToolTip("Go on with all videos" if overall.paused else "Pause all videos")
        self.button.setVisible(overall.is_working or overall.paused)
        self._show_switch(next(iter(overall.switches), None))

    def _show_switch(self, switch: Switch | None) -> None:
        self._switched_role = switch.role if switch else ""
        self.switch.setText(switch_text(switch) if switch else "")
        for part in (self.switch, self.back_button):
            part.setVisible(switch is not None)

    def _toggle(self) -> None:
        (self.resume_wanted if self._is_paused else self.pause_wanted).emit()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 14, 5)
        row.setSpacing(10)
        row.addWidget(self.line)
        row.addWidget(self.failures)
        row.addWidget(self.bar)
        row.addWidget(self.button)
        row.addStretch(1)
        row.addWidget(self.switch)
        row.addWidget(self.back_button)
        self.setMinimumHeight(36)


class NoticeBar(QWidget):
    """A sentence that needs no answer, perhaps with one thing to do: it goes by itself, or at a click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sentence = ElidedLabel(self)
        self._act: Callable[[], None] | None = None
        self.act_button = QPushButton(self)
        self.act_button.setProperty("kind", "quiet")
        self.act_button.clicked.connect(self._do)
        self.act_button.hide()
        self.close_button = IconButton("close", "Dismiss", self)
        self.close_button.clicked.connect(self.dismiss)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(_NOTICE_MS)
        self._leaving.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 6, 3)
        row.addWidget(self._sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.act_button)
        row.addWidget(self.close_button)
        self.hide()

    @property
    def text(self) -> str:
        """Return the sentence shown last."""
        return self._sentence.text

    def keep_room(self, keeps: bool) -> None:  # noqa: FBT001  (there is only this to say)
        """Take up the same room when hidden, so that what is centred above does not jump."""
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(keeps)
        self.setSizePolicy(policy)

    def say(self, sentence: str) -> None:
        """Show a sentence for a while."""
        self._show(sentence, "", None)

    def offer(self, sentence: str, words: str, act: Callable[[], None]) -> None:
        """Show a sentence for a while, with a button of these words that does something about it, once."""
        self._show(sentence, words, act)

    def withdraw_offer(self, act: Callable[[], None]) -> None:
        """Take the sentence away that offers to do this, if it is still shown."""
        if self._act == act:
            self._act = None
            self.dismiss()

    def _show(self, sentence: str, words: str, act: Callable[[], None] | None) -> None:
        self._act = act
        self.act_button.setText(words)
        self.act_button.setVisible(act is not None)
        self._sentence.show_text(plain(sentence))
        self.show()
        self._leaving.start()

    def withdraw(self, sentence: str) -> None:
        """Take this sentence away, unless another one is shown by now."""
        if self.text == plain(sentence):
            self.dismiss()

    def dismiss(self) -> None:
        """Take the sentence away now."""
        self._leaving.stop()
        self.hide()

    def _do(self) -> None:
        act, self._act = self._act, None
        self.dismiss()
        if act:
            act()
