"""The stages that look at the picture: probe the file, find its scenes, make their stills."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from heimdex_desktop.library.places import Places
from heimdex_desktop.media.probe import probe
from heimdex_desktop.media.sample_clip import make_sample
from heimdex_desktop.media.scenes import scenes_of
from heimdex_desktop.media.stills import write_stills
from heimdex_desktop.media.watching import watch
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun


def probe_file(job: StageJob) -> StageRun:
    """Find out what the file holds."""
    yield 0.0
    media = probe(job.source)
    return replace(job.record, video=replace(job.record.video, media=media))


def find_scenes(job: StageJob) -> StageRun:
    """Watch the video once: cuts, looks and the honest length all come from the same decoding."""
    media = job.record.video.media
    watched = yield from watch(job.source, media.duration_ms if media else 0)
    scenes = scenes_of(job.video_id, watched)
    if media:
        # Containers lie about their length; the time stamps of the frames do not.
        media = replace(media, duration_ms=watched.duration_ms)
    return replace(job.record, scenes=scenes, video=replace(job.record.video, media=media))


def make_stills(places: Places) -> Stage:
    """Return the stage that writes the pictures of all keyframes into the library."""

    def run(job: StageJob) -> StageRun:
        yield from write_stills(job.source, job.record.scenes, places.stills_of(job.video_id))
        return job.record

    return run


def draw_sample(folder: Path) -> Generator[float, None, Path]:
    """Draw the sample video into a folder, unless it is there already."""
    yield 0.0
    return make_sample(folder)
