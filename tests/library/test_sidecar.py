"""The sidecar's text: what is written can be read, and nothing that is read is believed unchecked."""

import json
import os
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.scene import (
    EmbeddingSpace,
    Keyframe,
    Scene,
    SceneId,
    Segment,
    Transcript,
    TranscriptSource,
    Word,
)
from heimdex_desktop.domain.video import MediaInfo, SubtitleTrack, TimeSpan, Video, VideoId
from heimdex_desktop.domain.work import Failure, StageRecord, VideoRecord
from heimdex_desktop.library.sidecar import from_json, to_json

VERSION_1_0 = Path(__file__).parent / "fixtures" / "sidecar_1.0.json"
SAVED_AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
TEN_HOURS_MS = 36_000_000

texts = st.text(max_size=30)
ids = st.uuids().map(str)
times_ms = st.integers(0, TEN_HOURS_MS)
counts = st.integers(0, 10_000)
positive_numbers = st.floats(0, 1e6)
seconds_since_1970 = st.integers(0, 16_000_000_000_000_000).map(lambda microseconds: microseconds / 1_000_000)
zones = st.sampled_from([UTC, timezone(timedelta(hours=9))])
moments = st.builds(datetime.fromtimestamp, seconds_since_1970, zones)
spans = st.tuples(times_ms, times_ms).map(lambda pair: TimeSpan(min(pair), max(pair)))
spaces = st.builds(EmbeddingSpace, model=texts, revision=texts, dimensions=counts)
languages = st.none() | texts
words = st.lists(st.builds(Word, spans, texts), max_size=3).map(tuple)
transcripts = st.builds(
    Transcript,
    segments=st.lists(st.builds(Segment, spans, texts, words), max_size=3).map(tuple),
    language=languages,
    source=st.none() | st.sampled_from(TranscriptSource),
)
scenes = st.builds(
    Scene,
    id=ids.map(SceneId),
    span=spans,
    keyframes=st.lists(st.builds(Keyframe, times_ms), max_size=3).map(tuple),
    transcript=transcripts,
    tags=st.dictionaries(texts, st.floats(0, 1), max_size=3),
    sampled_count=counts,
    embeddings=st.dictionaries(texts, spaces, max_size=2),
)
tracks = st.builds(SubtitleTrack, counts, texts, languages, texts)
media = st.builds(
    MediaInfo,
    duration_ms=times_ms,
    frame_rate=positive_numbers,
    width_px=counts,
    height_px=counts,
    rotation_deg=st.sampled_from([0, 90, 180, 270]),
    video_codec=texts,
    audio_codecs=st.lists(texts, max_size=2).map(tuple),
    subtitle_tracks=st.lists(tracks, max_size=2).map(tuple),
)
file_names = st.text(
    st.characters(exclude_characters="/\\:\0", exclude_categories=["Cs"]), min_size=3, max_size=9
)
videos = st.builds(
    Video,
    id=ids.map(VideoId),
    locations=file_names.map(lambda name: (Path(f"{name}.mp4"),)),
    size_bytes=st.integers(1, 2**50),
    media=st.none() | media,
)
failures = st.builds(Failure, texts, texts, texts, st.booleans())
stages = st.builds(StageRecord, texts, positive_numbers, st.none() | failures)
records = st.builds(
    VideoRecord,
    video=videos,
    created_at=moments,
    scenes=st.lists(scenes, max_size=3, unique_by=lambda scene: scene.id).map(tuple),
    stages=st.dictionaries(texts, stages, max_size=3),
)


@given(records, moments)
def test_a_record_survives_the_round_trip(record: VideoRecord, saved_at: datetime) -> None:
    read = from_json(to_json(record, saved_at), name="a")
    assert read.record == record
    assert read.saved_at == saved_at


scores = st.dictionaries(texts, st.floats(0, 1), max_size=4)


@given(scores, scores)
def test_seen_and_measured_tags_survive_the_round_trip(
    measured: dict[str, float], seen: dict[str, float]
) -> None:
    scene = Scene(SceneId(str(uuid.UUID(int=2))), TimeSpan(0, 1), tags=measured, seen_tags=seen)
    record = VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (), 1), SAVED_AT, (scene,))
    text = to_json(record, SAVED_AT)
    (read,) = from_json(text, name="a").record.scenes
    assert read.tags == measured
    assert read.all_tags == scene.all_tags
    # What was seen less surely than it was measured adds nothing, and is not kept.
    assert read.seen_tags == {tag: s for tag, s in seen.items() if tag not in measured or s > measured[tag]}
    assert json.loads(text)["scenes"][0]["vision_tags"] == scene.all_tags


@given(times_ms)
def test_milliseconds_survive_the_way_through_seconds(at_ms: int) -> None:
    scene = Scene(SceneId(str(uuid.UUID(int=2))), TimeSpan(at_ms, at_ms), (Keyframe(at_ms),))
    record = VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (), 1), SAVED_AT, (scene,))
    text = to_json(record, SAVED_AT)
    assert from_json(text, name="a").record.scenes == (scene,)
    written = json.loads(text)["scenes"][0]["start_s"]
    assert len(f"{written!r}".partition(".")[2]) <= 3


def test_a_sidecar_of_version_1_0_is_read() -> None:
    read = from_json(VERSION_1_0.read_bytes(), name=VERSION_1_0.name)
    record = read.record
    assert read.saved_at == datetime(2026, 11, 2, 8, 30, 0, 250_000, tzinfo=UTC)
    assert record.created_at == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert record.video.home == Path("할머니의 요리 – Grandma.mp4")
    assert record.video.media is not None
    assert record.video.media.duration_ms == 20_020
    assert record.video.media.subtitle_tracks == (SubtitleTrack(2, "mov_text", "ko"),)
    first, second = record.scenes
    assert first.span == TimeSpan(0, 10_010)
    assert first.keyframes == (Keyframe(1_201), Keyframe(6_400))
    assert first.transcript.segments[0] == Segment(TimeSpan(1_234, 3_999), "불을 약하게 하세요.")
    assert first.transcript.source is TranscriptSource.SUBTITLE_FILE
    assert first.tags == {"night": 0.72}
    assert first.embeddings["text"] == EmbeddingSpace("intfloat/multilingual-e5-small", "ffb93f3", 384)
    assert second.transcript == Transcript()
    assert record.stages["shots"] == StageRecord("5f1c", 1.25)
    assert record.stages["speech"].failure == Failure(
        "OutOfMemory", "The computer had too little memory.", "Close a program."
    )


def test_a_sidecar_of_version_1_0_is_written_byte_for_byte_the_same() -> None:
    written = VERSION_1_0.read_bytes()
    read = from_json(written, name="a")
    assert to_json(read.record, read.saved_at) == written


def test_words_are_written_shortly_and_only_where_their_times_are_known() -> None:
    word = Word(TimeSpan(1_204, 1_500), "fish")
    segments = (Segment(TimeSpan(1_000, 2_000), "fish", (word,)), Segment(TimeSpan(2_000, 3_000), "cake"))
    scene = Scene(SceneId(str(uuid.UUID(int=2))), TimeSpan(0, 9_000), transcript=Transcript(segments))
    record = VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (), 1), SAVED_AT, (scene,))
    first, second = json.loads(to_json(record, SAVED_AT))["scenes"][0]["transcript"]["segments"]
    assert first == {"start": 1.0, "end": 2.0, "text": "fish", "words": [[1.204, 1.5, "fish"]]}
    assert second == {"start": 2.0, "end": 3.0, "text": "cake"}


def test_a_scene_has_the_shape_of_the_specification() -> None:
    scene = json.loads(VERSION_1_0.read_bytes())["scenes"][1]
    assert list(scene) == [
        "video_id",
        "scene_id",
        "start_s",
        "end_s",
        "duration_s",
        "transcript",
        "embeddings",
        "vision_tags",
        "people",
        "frames",
        "created_at",
        "version",
    ]
    assert list(scene["transcript"]) == ["text", "segments", "language"]
    assert list(scene["frames"]) == ["sampled_count", "sample_strategy", "key_frames"]
    assert scene["version"] == "1.0"
    assert scene["duration_s"] == 10.01
    assert scene["people"] == []


def test_no_folder_is_written_down(make_record: Callable[..., VideoRecord]) -> None:
    video = Video(VideoId(str(uuid.UUID(int=1))), (Path("/home/minji/secret/film.mp4"),), 1)
    text = to_json(make_record(video), SAVED_AT)
    assert b"film.mp4" in text
    assert b"secret" not in text


@pytest.mark.skipif(sys.platform != "linux", reason="only here file names may be no UTF-8")
def test_a_file_name_that_is_no_text_is_written_as_utf_8() -> None:
    name = Path(os.fsdecode(b"caf\xe9.mp4"))
    record = VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (name,), 1), SAVED_AT)
    text = to_json(record, SAVED_AT)
    assert text.decode("utf-8")
    assert from_json(text, name="a").record == record


def test_a_sidecar_saved_by_an_editor_with_a_byte_order_mark_is_read() -> None:
    text = VERSION_1_0.read_text("utf-8")
    assert from_json(text.encode("utf-8-sig"), name="a") == from_json(text.encode(), name="a")
    assert from_json(text.encode("utf-16"), name="a") == from_json(text.encode(), name="a")


def test_a_number_that_is_none_is_not_written() -> None:
    scene = Scene(SceneId(str(uuid.UUID(int=2))), TimeSpan(0, 1), tags={"night": float("nan")})
    record = VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (), 1), SAVED_AT, (scene,))
    with pytest.raises(ValueError, match="JSON"):
        to_json(record, SAVED_AT)


def test_a_scene_stays_small() -> None:
    text = "a sentence of some forty letters, or so"
    segment = Segment(TimeSpan(0, 1000), text, tuple(Word(TimeSpan(120, 340), word) for word in text.split()))
    scene = Scene(
        SceneId(str(uuid.UUID(int=2))),
        TimeSpan(0, 30_000),
        transcript=Transcript((segment,) * 100),
        tags={"night": 0.5},
    )
    record = VideoRecord(Video(VideoId(str(uuid.UUID(int=1))), (), 1), SAVED_AT, (scene,))
    assert len(to_json(record, SAVED_AT)) < 50_000
