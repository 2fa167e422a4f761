"""A film of whistles and the stage that listens to it, for tests of the stage and a child of theirs."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from heimdex_desktop.domain.contracts import Sound, Transcriber
from heimdex_desktop.domain.scene import Scene, Segment, scene_id
from heimdex_desktop.domain.video import MediaInfo, TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.drafts import Drafts
from heimdex_desktop.library.places import Places
from heimdex_desktop.pipeline.hearing import hear
from heimdex_desktop.pipeline.stage import StageJob, StageRun
from tests.speech import ToneTranscriber

VIDEO_ID = VideoId("5d0edd3f-0000-0000-0000-000000000001")
FINGERPRINT = "made with whistles"


class Listener:
    """A Transcriber that counts the stretches that another one hears, also over the death of a child.

    `dies_in` is the number of the stretch in whose middle this program is killed.
    """

    def __init__(self, inner: Transcriber, count_file: Path, *, dies_in: int | None = None) -> None:
        self._inner = inner
        self._count_file = count_file
        self._dies_in = dies_in

    @property
    def heard(self) -> int:
        return len(self._count_file.read_text("utf-8").splitlines()) if self._count_file.exists() else 0

    def language_of(self, sound: Sound) -> str | None:
        return self._inner.language_of(sound)

    def transcribe(self, sound: Sound, language: str | None) -> Iterator[Segment]:
        with self._count_file.open("a", encoding="utf-8") as file:
            file.write(f"{len(sound)}\n")
        for segment in self._inner.transcribe(sound, language):
            if self.heard == self._dies_in:
                # Where there is no SIGKILL, SIGTERM ends a program just as suddenly.
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            yield segment


def job_for(film: Path, length_ms: int, *, scene_ms: int = 10_000) -> StageJob:
    """Return the order for a film with scenes of equal length."""
    starts_ms = range(0, length_ms, scene_ms)
    spans = [TimeSpan(start_ms, min(start_ms + scene_ms, length_ms)) for start_ms in starts_ms]
    media = MediaInfo(length_ms, 5.0, 32, 32, 0, "h264", ("aac",))
    record = VideoRecord(
        Video(VIDEO_ID, (film,), film.stat().st_size, media),
        datetime(2026, 11, 1, tzinfo=UTC),
        tuple(Scene(scene_id(VIDEO_ID, span), span) for span in spans),
    )
    return StageJob(record, film, FINGERPRINT)


def finished(run: StageRun) -> VideoRecord:
    """Let a stage go on to its end, and return its result."""
    while True:
        try:
            next(run)
        except StopIteration as end:
            return end.value


def segments_of(record: VideoRecord) -> list[Segment]:
    return [segment for scene in record.scenes for segment in scene.transcript.segments]


def main(film: str, length_ms: str, library: str, count_file: str, dies_in: str) -> None:
    """Listen in a program of its own, and be killed in the middle."""
    listener = Listener(ToneTranscriber(), Path(count_file), dies_in=int(dies_in))
    finished(hear(listener, Drafts(Places(Path(library))))(job_for(Path(film), int(length_ms))))


if __name__ == "__main__":
    main(*sys.argv[1:])
