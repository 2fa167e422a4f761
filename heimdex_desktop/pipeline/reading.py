"""The stage that finds out what is said, from the subtitles beside and inside the video."""

import logging
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.scene import Transcript, with_transcript
from heimdex_desktop.domain.video import SubtitleTrack, Video
from heimdex_desktop.library.disk import is_file
from heimdex_desktop.media.subtitle_files import by_preference, find_subtitle_files
from heimdex_desktop.media.subtitles import read_subtitle_file, read_subtitle_track
from heimdex_desktop.pipeline.stage import StageJob, StageRun

log = logging.getLogger(__name__)


def read_words(job: StageJob) -> StageRun:
    """Give every scene what is said in it.

    Broken subtitles are only a failure when nothing else tells the words.
    """
    yield 0.0
    transcript = yield from _first_readable(job)
    return replace(job.record, scenes=with_transcript(job.record.scenes, transcript))


def _first_readable(job: StageJob) -> Generator[float, None, Transcript]:
    media = job.record.video.media
    tracks = media.subtitle_tracks if media else ()
    broken: InputError | None = None
    for source in by_preference(_files_beside(job.record.video), tracks):
        try:
            transcript = yield from _read(job.source, source)
        except InputError as error:
            broken = error
            log.warning("subtitles cannot be read", extra={"kind": type(error).__name__})
            continue
        if transcript.segments:
            return transcript
    if broken:
        raise broken
    return Transcript()


def _files_beside(video: Video) -> tuple[Path, ...]:
    """Return the subtitle files of every copy that can be seen: one of them may have been given some."""
    present = [place for place in video.locations if is_file(place)]
    return tuple(file for place in present for file in find_subtitle_files(place))


def _read(video: Path, source: Path | SubtitleTrack) -> Generator[float, None, Transcript]:
    if isinstance(source, Path):
        return read_subtitle_file(source)
    return (yield from read_subtitle_track(video, source))
