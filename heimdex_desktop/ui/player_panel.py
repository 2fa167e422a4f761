"""The right-hand panel: the moment itself, what is said in it, and ways out to other programs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.domain.errors import FileGone
from heimdex_desktop.domain.search import Channel, Hit
from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import ElidedLabel, label
from heimdex_desktop.ui.locations import present
from heimdex_desktop.ui.people_seam import Presence
from heimdex_desktop.ui.player_controls import STEP_MS, PlayerControls
from heimdex_desktop.ui.presence_strip import PresenceStrip
from heimdex_desktop.ui.scene_model import file_name
from heimdex_desktop.ui.transcript_marks import show_transcript
from heimdex_desktop.ui.wording import span_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from heimdex_desktop.ui.playback import Playback

_SCREEN_MIN_PX = 160
NO_PLAYER = (
    "Videos cannot be played in this window on this computer. Reveal the scene in your player instead."
)


def open_playback(parent: QWidget) -> "Playback | None":
    """Make the built-in player; None where the system lacks what it needs (libpulse on Linux)."""
    try:
        from heimdex_desktop.ui.playback import Playback
    except ImportError:
        return None
    playback = Playback(parent)
    return playback if playback.is_available else None


class PlayerPanel(QWidget):
    """Plays a hit from its moment on. The wishes carry the moment in milliseconds.

    `mark_wanted` carries the hit, the moment and what makes its picture (`Callable[[], QImage]`, any thread).
    `video_changed` tells of which video scenes are played (`VideoId`), None where the player was put away.
    """

    reveal_wanted = Signal(object, object)
    folder_wanted = Signal(object)
    copy_wanted = Signal(object, object)
    why_wanted = Signal(object, object)
    who_wanted = Signal(object)
    mark_wanted = Signal(object, object, object)
    video_changed = Signal(object)
    closed = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        make_playback: "Callable[[QWidget], Playback | None]" = open_playback,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("player")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Player")
        self._make_playback = make_playback
        self._was_tried = False
        self._is_untouched = True
        self._hit: Hit | None = None
        self.playback: Playback | None = None
        self.name = ElidedLabel(self)
        self.when = label(tone="dim")
        self.controls = PlayerControls(self)
        self.presence = PresenceStrip(self)
        self.problem = label(wraps=True)
        self.said = QPlainTextEdit(self)
        self.close_button = IconButton("close", "Close the player (Esc)", self)
        self.reveal_button = QPushButton("Reveal in player")
        self.folder_button = QPushButton("Show in folder")
        self.copy_button = QPushButton("Copy path and time")
        self._screen = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def play(self, hit: Hit) -> None:
        """Play the scene of this hit; where that cannot be done, say why in the place of the picture."""
        if self._hit is None or self._hit.scene.video_id != hit.scene.video_id:
            self.presence.clear()
        self._hit = hit
        self._is_untouched = True
        self.video_changed.emit(hit.scene.video_id)
        self.name.show_text(file_name(hit.scene))
        self.when.setText(span_text(hit.scene.span))
        self.controls.slider.mark(hit.scene.span)
        show_transcript(self.said, hit)
        self._prepare()
        try:
            path = present(hit.scene.locations)
        except FileGone as error:
            self._stop_with(str(error))
            return
        if self.playback is None:
            self._stop_with(NO_PLAYER)
            return
        self._show_picture()
        self.controls.setEnabled(True)
        self.playback.open(path, hit.at_ms)

    def take_presence(self, presence: Presence) -> None:
        """Show who is seen in a video, if it is the one that is played."""
        if self._hit is not None and self._hit.scene.video_id == presence.video_id:
            asked = [name for one in self._hit.because if one.channel is Channel.WHO for name in one.words]
            self.presence.show_presence(presence, asked)

    def move_to_moment(self, asked: Hit, placed: Hit) -> None:
        """Go where a hit is best shown, found out after it began, unless the person went elsewhere."""
        if self._hit is not asked:
            return
        self._hit = placed
        if self._is_untouched and placed.at_ms != asked.at_ms and self.controls.isEnabled():
            self._go_to(placed.at_ms)

    def close_player(self) -> None:
        """Stop, let the file go and tell that the panel is not wanted any more."""
        if self.playback is not None:
            self.playback.close()
        self.video_changed.emit(None)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {
            Qt.Key.Key_Left: -STEP_MS,
            Qt.Key.Key_J: -STEP_MS,
            Qt.Key.Key_Right: STEP_MS,
            Qt.Key.Key_L: STEP_MS,
        }
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.close_player()
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_K}:
            self._toggle()
        elif key in steps:
            self._step(steps[key])
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """Build the menu for the moment that is shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        why = menu.addAction("Why is this moment not among the results?")
        at_ms = self._moment_ms()
        why.triggered.connect(lambda: self.why_wanted.emit(self._hit, at_ms))
        menu.addSeparator()
        who = menu.addAction("Who is in this?")
        who.triggered.connect(lambda: self.who_wanted.emit(self._hit))
        mark = menu.addAction("Mark a face…")
        mark.triggered.connect(self._mark)
        for entry in (why, who, mark):
            entry.setEnabled(self._hit is not None)
        mark.setEnabled(self.playback is not None and self.controls.isEnabled())
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        self.menu().popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        # The picture is as wide as the panel; what is said gets the room below it.
        self._screen.setFixedHeight(max(_SCREEN_MIN_PX, self.width() * 9 // 16))
        super().resizeEvent(event)

    def _prepare(self) -> None:
        if self._was_tried:
            return
        self._was_tried = True
        self.playback = self._make_playback(self._screen)
        if self.playback is None:
            return
        self._screen.addWidget(self.playback.surface)
        self.playback.moved.connect(self.controls.show_position)
        self.playback.moved.connect(self.presence.show_position)
        self.playback.length_known.connect(self.controls.show_length)
        self.playback.length_known.connect(self.presence.show_length)
        self.playback.playing_changed.connect(self.controls.show_playing)
        self.playback.failed.connect(self._stop_with)
        self.playback.unseen.connect(self._say_in_place_of_picture)
        self.playback.seen.connect(self._show_picture)

    def _stop_with(self, sentence: str) -> None:
        if self.playback is not None:
            self.playback.close()
        self._say_in_place_of_picture(sentence)
        self.controls.setEnabled(False)

    def _say_in_place_of_picture(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self._screen.setCurrentWidget(self.problem)

    def _show_picture(self) -> None:
        if self.playback is not None:
            self._screen.setCurrentWidget(self.playback.surface)

    def _mark(self) -> None:
        if self.playback is not None and self._hit is not None:
            picture = self.playback.picture()
            if picture is not None:
                self.mark_wanted.emit(self._hit, self.playback.at_ms, picture)

    def _toggle(self) -> None:
        self._is_untouched = False
        if self.playback is not None:
            self.playback.toggle()

    def _step(self, step_ms: int) -> None:
        if self.playback is not None:
            self._seek(self.playback.at_ms + step_ms)

    def _seek(self, at_ms: int) -> None:
        self._is_untouched = False
        self._go_to(at_ms)

    def _go_to(self, at_ms: int) -> None:
        if self.playback is not None:
            self.playback.seek(at_ms)

    def _moment_ms(self) -> int:
        """Return the moment shown; before anything is shown, the moment of the hit."""
        if self.playback is not None and self.controls.isEnabled():
            return self.playback.at_ms
        return self._hit.at_ms if self._hit else 0

    def _connect(self) -> None:
        self.controls.toggled.connect(self._toggle)
        self.controls.stepped.connect(self._step)
        self.controls.sought.connect(self._seek)
        self.presence.sought.connect(self._seek)
        self.close_button.clicked.connect(self.close_player)
        self.reveal_button.clicked.connect(lambda: self.reveal_wanted.emit(self._hit, self._moment_ms()))
        self.folder_button.clicked.connect(lambda: self.folder_wanted.emit(self._hit))
        self.copy_button.clicked.connect(lambda: self.copy_wanted.emit(self._hit, self._moment_ms()))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 8, 2)
        head.addWidget(self.name, 1)
        head.addWidget(self.when)
        head.addWidget(self.close_button)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.setMargin(24)
        self._screen.addWidget(self.problem)
        self.said.setReadOnly(True)
        self.said.setAcceptDrops(False)
        self.said.setFrameShape(QFrame.Shape.NoFrame)
        self.said.setTabChangesFocus(True)
        self.said.setAccessibleName("What is said in the scene")
        self.said.setPlaceholderText("Nothing is said in this scene.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._screen)
        column.addWidget(self.controls)
        column.addWidget(self.presence)
        column.addLayout(_padded(self.said), 1)
        column.addLayout(_padded(self.reveal_button))
        column.addLayout(_padded(self.folder_button, self.copy_button))


def _padded(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(12, 4, 12, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return row
