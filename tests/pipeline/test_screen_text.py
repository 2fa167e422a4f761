"""The stage that reads text on screen: every keyframe once, every text once, stopped between pictures."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.errors import FileGone
from heimdex_desktop.domain.scene import Box, Keyframe, Scene, ScreenText, scene_id
from heimdex_desktop.domain.video import TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.pipeline.screen_text import kept_once, read_screens
from heimdex_desktop.pipeline.stage import StageJob
from tests.inference.pixel_reader import PixelReader, picture_of

_BOX = Box(0.1, 0.2, 0.3, 0.4)
_VIDEO = VideoId(str(uuid.UUID(int=1)))


def _film(path: Path, pictures: Sequence[Picture]) -> Path:
    """Write one picture a second, each kept pixel by pixel."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "bgr0"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def _job(source: Path, *keyframes_ms: Sequence[int]) -> StageJob:
    """Return the order for a video whose scenes have these keyframes."""
    scenes: list[Scene] = []
    for number, moments_ms in enumerate(keyframes_ms):
        span = TimeSpan(number * 2_000, (number + 1) * 2_000)
        scenes.append(Scene(scene_id(_VIDEO, span), span, tuple(Keyframe(at_ms) for at_ms in moments_ms)))
    video = Video(_VIDEO, (source,), 1)
    return StageJob(VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes)), source, "f")


def _run(job: StageJob, reader: PixelReader) -> tuple[list[float], VideoRecord]:
    run, told = read_screens(reader)(job), list[float]()
    while True:
        try:
            told.append(next(run))
        except StopIteration as end:
            return told, end.value


def test_every_scene_gets_the_lines_of_its_keyframes(tmp_path: Path) -> None:
    pictures = [picture_of(lines) for lines in (["Exit 4"], ["Exit 4", "Harbour"], [], ["Platform"])]
    source = _film(tmp_path / "film.mkv", pictures)
    told, record = _run(_job(source, [0, 1_000], [2_000], [3_000], []), PixelReader())
    found = [[(text.text, text.at_ms) for text in scene.screen_texts] for scene in record.scenes]
    assert found == [[("Exit 4", 0), ("Harbour", 1_000)], [], [("Platform", 3_000)], []]
    assert told == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_what_was_read_before_is_forgotten(tmp_path: Path) -> None:
    source = _film(tmp_path / "film.mkv", [picture_of([])] * 2)
    job = _job(source, [0])
    (scene,) = job.record.scenes
    old = Scene(scene.id, scene.span, scene.keyframes, screen_texts=(ScreenText("old", 1.0, _BOX),))
    record = VideoRecord(job.record.video, job.record.created_at, (old,))
    _, record = _run(StageJob(record, source, "f"), PixelReader())
    assert record.scenes[0].screen_texts == ()


def test_a_keyframe_of_two_scenes_is_read_once(tmp_path: Path) -> None:
    source, reader = _film(tmp_path / "film.mkv", [picture_of(["Exit"])] * 3), PixelReader()
    _, record = _run(_job(source, [1_000], [1_000]), reader)
    assert [len(scene.screen_texts) for scene in record.scenes] == [1, 1]
    assert reader.count == 1


def test_it_is_stopped_between_two_pictures(tmp_path: Path) -> None:
    source, reader = _film(tmp_path / "film.mkv", [picture_of(["Exit"])] * 4), PixelReader()
    run = read_screens(reader)(_job(source, [0, 1_000], [2_000, 3_000]))
    assert [next(run), next(run)] == [0.0, 0.25]
    run.close()
    assert reader.count == 1


def test_a_video_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileGone):
        _run(_job(tmp_path / "gone.mp4", [0]), PixelReader())


def _lines(*read: tuple[str, float]) -> list[ScreenText]:
    return [ScreenText(text, sure, _BOX, at_ms) for at_ms, (text, sure) in enumerate(read)]


def test_the_surest_reading_of_a_text_is_kept_in_its_place() -> None:
    read = _lines(
        ("Brandon Castelano", 0.8), ("Exit", 0.9), ("Brandon Castellano", 0.99), ("BrandonCas tellano", 0.7)
    )
    assert kept_once(read) == (read[2], read[1])


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("Copyright 2013", "Copyright 2014", 2),
        ("Frame = 11", "Frame = 12", 2),
        ("3 : 2", "3-2", 1),
        ("東京駅の天気", "東京駅の夭気", 1),
        ("Exit", "EXIT", 1),
        ("Exit", "Entrance", 2),
        ("WE TOOK A ROAD TRIP", "WETOOKA ROAD TRIP", 1),
    ],
)
def test_what_counts_as_the_same_text(one: str, other: str, count: int) -> None:
    assert len(kept_once(_lines((one, 0.9), (other, 0.8)))) == count


@given(st.lists(st.tuples(st.text(max_size=8), st.floats(0, 1)), max_size=8))
def test_keeping_once_keeps_only_what_was_read_and_nothing_twice(read: list[tuple[str, float]]) -> None:
    lines = _lines(*read)
    kept = kept_once(lines)
    assert set(kept) <= set(lines)
    assert len({line.text for line in kept}) == len(kept)
    assert bool(kept) == bool(lines)
