"""Plays a video file with Qt's media player; importing this module needs QtMultimedia."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QWidget

_READY = {QMediaPlayer.MediaStatus.LoadedMedia, QMediaPlayer.MediaStatus.BufferedMedia}
_LOADED = {*_READY, QMediaPlayer.MediaStatus.BufferingMedia, QMediaPlayer.MediaStatus.EndOfMedia}
# With no picture after so much of a film, no decoder here makes any: AV1 needs a graphics card for it.
_UNSEEN_MS = 1_500


class Playback(QObject):
    """One player with its picture. Times are milliseconds from the start of the file.

    `failed` means that nothing plays; `unseen`, that no picture comes though it plays, until `seen`.
    """

    moved = Signal(object)
    length_known = Signal(object)
    playing_changed = Signal(bool)
    failed = Signal(str)
    unseen = Signal(str)
    seen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.surface = QVideoWidget(parent)
        self._player = QMediaPlayer(self)
        self._sound = QAudioOutput(self)
        self._player.setAudioOutput(self._sound)
        self._player.setVideoOutput(self.surface)
        self._start_ms: int | None = None
        self._path = Path()
        self._is_seen = False
        self._is_told_unseen = False
        self._unseen_since_ms = 0
        self.surface.videoSink().videoFrameChanged.connect(self._look_for_picture)
        self._player.positionChanged.connect(self._tell_position)
        self._player.durationChanged.connect(self._tell_length)
        self._player.playbackStateChanged.connect(self._tell_state)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(self._tell_error)

    @property
    def is_available(self) -> bool:
        return self._player.isAvailable()

    @property
    def is_playing(self) -> bool:
        return self._player.playbackState() is QMediaPlayer.PlaybackState.PlayingState

    @property
    def at_ms(self) -> int:
        return self._player.position() if self._start_ms is None else self._start_ms

    def picture(self) -> Callable[[], QImage] | None:
        """Stop, and return what makes the picture that is shown, on any thread; None where none is.

        To convert one of 1920 × 1080 takes 10 ms, too long for the UI thread.
        """
        self._player.pause()
        frame = self.surface.videoSink().videoFrame()
        return frame.toImage if frame.isValid() else None

    def open(self, path: Path, start_ms: int) -> None:
        """Load a file and play it from `start_ms` on."""
        self._start_ms = self._unseen_since_ms = start_ms
        self._path = path
        self._is_told_unseen = False
        url = QUrl.fromLocalFile(str(path))
        if self._player.source() != url:
            self._is_seen = False
            # The last picture of the film before says nothing about this one.
            self.surface.videoSink().setVideoFrame(QVideoFrame())
            self._player.setSource(url)
        elif self._player.mediaStatus() in _LOADED:
            # The player does nothing when it is given the file it already has.
            self._begin()

    def toggle(self) -> None:
        if self.is_playing:
            self._player.pause()
        else:
            self._player.play()

    def seek(self, at_ms: int) -> None:
        """Go to a moment; outside the file means its nearest end."""
        length_ms = self._player.duration()
        self._unseen_since_ms = max(0, min(at_ms, length_ms) if length_ms > 0 else at_ms)
        if self._start_ms is not None:
            # It has not begun yet, and does so there.
            self._start_ms = self._unseen_since_ms
        self._player.setPosition(self._unseen_since_ms)

    def close(self) -> None:
        """Stop and let the file go, so that it can be moved or deleted."""
        self._start_ms = None
        self._path = Path()
        self._player.stop()
        self._player.setSource(QUrl())

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        # A position set before the file is loaded is forgotten by the player.
        if status in _READY and self._start_ms is not None:
            self._begin()
        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            self._tell_if_unseen()

    def _begin(self) -> None:
        start_ms, self._start_ms = self._start_ms, None
        if start_ms is not None:
            self._player.setPosition(start_ms)
        self._player.play()

    def _look_for_picture(self) -> None:
        if not self._is_seen and self.surface.videoSink().videoFrame().isValid():
            self._is_seen = True
            self.seen.emit()

    def _tell_if_unseen(self) -> None:
        if self._path.name and not (self._is_seen or self._is_told_unseen):
            self._is_told_unseen = True
            self.unseen.emit(
                f"“{self._path.name}” cannot be shown here. Reveal it in another player instead."
            )

    # Qt's 64-bit signals do not connect to ours directly, which carry any number.
    def _tell_position(self, at_ms: int) -> None:
        self.moved.emit(at_ms)
        self._look_for_picture()
        if at_ms - self._unseen_since_ms >= _UNSEEN_MS:
            self._tell_if_unseen()

    def _tell_length(self, length_ms: int) -> None:
        self.length_known.emit(length_ms)

    def _tell_state(self, state: QMediaPlayer.PlaybackState) -> None:
        self.playing_changed.emit(state is QMediaPlayer.PlaybackState.PlayingState)

    def _tell_error(self, error: QMediaPlayer.Error, _words: str) -> None:
        if error is not QMediaPlayer.Error.NoError and self._path.name:
            self._start_ms = None
            self.failed.emit(
                f"“{self._path.name}” cannot be played here. Reveal it in another player instead."
            )
