"""A video that can be wound to any moment, like film on a reel."""

from pathlib import Path

from av.error import FFmpegError
from av.video.frame import VideoFrame

from heimdex_desktop.domain.errors import HeimdexError, UnreadableVideo
from heimdex_desktop.media.containers import open_container, video_stream
from heimdex_desktop.media.decoding import Clock, decoded, packets
from heimdex_desktop.media.pictures import Shape, shape_of

_WORTH_A_SEEK_MS = 1500
# Indexes are coarse and sometimes wrong: what a seek missed is found from further back.
_STEPS_BACK_MS = (0, 5_000, 60_000)


class Reel:
    """Finds the frame on screen at a moment; `close` it, or use it with `contextlib.closing`."""

    def __init__(self, path: Path, *, threads: int) -> None:
        self._path = path
        self._threads = threads
        self._is_forward_only = False
        self._open()

    def close(self) -> None:
        self._container.close()

    def shape_of(self, frame: VideoFrame) -> Shape:
        return shape_of(frame, self._stream)

    def shown_at(self, moment_ms: int) -> tuple[int, VideoFrame]:
        """Return the last frame at or before the moment with its time, the first where there is none."""
        moment_ms = max(0, moment_ms)
        if self._is_forward_only:
            self._rewind_for(moment_ms)
        elif not 0 <= moment_ms - self._shown[0] <= _WORTH_A_SEEK_MS:
            self._wind_to(moment_ms)
        while self._next is not None and self._next[0] <= moment_ms:
            self._shown, self._next = self._next, self._pull()
        return self._shown

    def _open(self) -> None:
        self._container = open_container(self._path)
        try:
            self._stream = video_stream(self._path, self._container, threads=self._threads)
            self._clock = Clock(self._stream)
            self._load()
        except HeimdexError:
            self.close()
            raise

    def _load(self) -> None:
        """Take the first two frames from where the container stands."""
        self._frames = decoded(self._path, self._stream, packets(self._path, self._container, self._stream))
        first = next(self._frames)
        self._shown = (self._clock.at_ms(first), first)
        self._next = self._pull()

    def _pull(self) -> tuple[int, VideoFrame] | None:
        frame = next(self._frames, None)
        return None if frame is None else (self._clock.at_ms(frame), frame)

    def _wind_to(self, moment_ms: int) -> None:
        if any(self._seek(moment_ms - step_ms, moment_ms) for step_ms in _STEPS_BACK_MS):
            return
        self._is_forward_only = True
        self._rewind()

    def _rewind_for(self, moment_ms: int) -> None:
        if moment_ms < self._shown[0]:
            self._rewind()

    def _rewind(self) -> None:
        self.close()
        self._open()

    def _seek(self, target_ms: int, moment_ms: int) -> bool:
        """Jump to a sync frame at or before the target; say whether that was at or before the moment."""
        try:
            self._container.seek(self._clock.ticks(max(0, target_ms)), stream=self._stream)
            self._clock.after_a_jump()
            self._load()
        except (FFmpegError, UnreadableVideo):
            return False
        return self._shown[1].pts is not None and self._shown[0] <= moment_ms
