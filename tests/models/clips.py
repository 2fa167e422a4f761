"""Clips of drawn pictures: each scene one sight, with hard cuts at known times."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream
from numpy.random import Generator

from heimdex_desktop.domain.scene import Keyframe, Scene, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from tests.models.pictures import Sight, all_sights, draw

SCENE_MS = 1_000
_RATE = 5
_WIDTH_PX, _HEIGHT_PX = 320, 240


def choose_sights(count: int, rng: Generator) -> list[Sight]:
    """Choose different sights of mixes that the tiny model has never seen."""
    kept_back = [sight for sight in all_sights() if sight.is_kept_back]
    return [kept_back[number] for number in rng.choice(len(kept_back), count, replace=False)]


def write_clip(path: Path, sights: Sequence[Sight], rng: Generator) -> VideoRecord:
    """Write a clip that shows each sight for a second; return its record, with a keyframe in each scene."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=_RATE, options={"preset": "ultrafast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = _WIDTH_PX, _HEIGHT_PX, "yuv420p"
        for number, sight in enumerate(sights):
            picture = draw(sight, rng, width_px=_WIDTH_PX, height_px=_HEIGHT_PX)
            for repeat in range(_RATE):
                frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
                frame.pts, frame.time_base = number * _RATE + repeat, Fraction(1, _RATE)
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return record_of(path, len(sights))


def record_of(path: Path, scene_count: int) -> VideoRecord:
    """Return what is known of a clip with scenes of a second each."""
    video_id = VideoId(str(uuid.uuid5(uuid.NAMESPACE_URL, path.name)))
    spans = [TimeSpan(number * SCENE_MS, (number + 1) * SCENE_MS) for number in range(scene_count)]
    scenes = tuple(
        Scene(scene_id(video_id, span), span, (Keyframe(span.start_ms + SCENE_MS // 2),)) for span in spans
    )
    return VideoRecord(Video(video_id, (path,), 1), datetime(2026, 1, 1, tzinfo=UTC), scenes)
