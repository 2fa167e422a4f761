"""Sidecars of videos that have copies, move, vanish or are replaced."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import to_json
from heimdex_desktop.library.sidecar_store import SidecarStore

MakeVideo = Callable[..., Video]
MakeRecord = Callable[..., VideoRecord]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(places: Places) -> SidecarStore:
    return SidecarStore(places)


@pytest.fixture
def video(films: Path, make_video: MakeVideo) -> Video:
    return make_video(films / "film.mp4")


@pytest.fixture
def record(video: Video, make_record: MakeRecord) -> VideoRecord:
    return make_record(video)


def _beside(video: Video) -> Path:
    return video.home.with_name(video.home.name + ".heimdex.json")


def _in_library(places: Places, video_id: VideoId) -> Path:
    return places.sidecars / f"{video_id}.heimdex.json"


def _said(record: VideoRecord | None) -> str:
    assert record is not None
    return record.scenes[0].transcript.text


def test_two_copies_of_one_content_both_get_a_sidecar(
    store: SidecarStore, films: Path, make_video: MakeVideo, make_record: MakeRecord
) -> None:
    one, two = make_video(films / "one.mp4"), make_video(films / "two.mp4")
    assert one.id == two.id
    both = replace(one, locations=(one.home, two.home))
    assert store.save(make_record(both)).paths == (_beside(one), _beside(two))
    assert store.load(one) is not None
    assert store.load(two) is not None


def test_the_newest_of_several_copies_counts(
    places: Places, films: Path, make_video: MakeVideo, make_record: MakeRecord
) -> None:
    one, two = make_video(films / "one.mp4"), make_video(films / "two.mp4")
    _beside(one).write_bytes(to_json(make_record(one, text="old"), NOON))
    _beside(two).write_bytes(to_json(make_record(two, text="new"), NOON + timedelta(seconds=1)))
    _in_library(places, one.id).write_bytes(
        to_json(make_record(one, text="oldest"), NOON - timedelta(seconds=1))
    )
    both = replace(one, locations=(one.home, two.home))
    assert _said(SidecarStore(places).load(both)) == "new"


def test_a_copy_from_a_clock_that_ran_ahead_does_not_hide_new_results(
    places: Places, films: Path, video: Video, make_record: MakeRecord
) -> None:
    _in_library(places, video.id).write_bytes(
        to_json(make_record(video, text="old"), NOON + timedelta(days=400))
    )
    store = SidecarStore(places, now=lambda: NOON)
    store.save(make_record(video, text="new"))
    assert _said(store.load(video)) == "new"


def test_one_copy_that_refuses_is_made_good_in_the_library(
    store: SidecarStore, films: Path, make_video: MakeVideo, make_record: MakeRecord, places: Places
) -> None:
    one, two = make_video(films / "one.mp4"), make_video(films / "two.mp4")
    _beside(one).write_text("{}")
    both = replace(one, locations=(one.home, two.home))
    saved = store.save(make_record(both))
    assert saved.paths == (_beside(two), _in_library(places, both.id))
    assert len(saved.notices) == 1


def test_a_moved_video_finds_the_sidecar_it_left_behind(
    store: SidecarStore, video: Video, record: VideoRecord, tmp_path: Path
) -> None:
    store.save(record)
    moved = video.home.rename(tmp_path / "moved.mp4")
    now = replace(video, locations=(moved, video.home))
    loaded = store.load(now)
    assert loaded is not None
    assert loaded == replace(record, video=replace(record.video, locations=now.locations))
    assert store.save(loaded).paths == (tmp_path / "moved.mp4.heimdex.json",)


def test_a_video_moved_with_its_sidecar_needs_no_memory_of_the_old_place(
    store: SidecarStore, video: Video, record: VideoRecord, films: Path, tmp_path: Path
) -> None:
    store.save(record)
    films.rename(tmp_path / "other drive")
    now = replace(video, locations=(tmp_path / "other drive" / "film.mp4",))
    assert store.load(now) == replace(record, video=replace(record.video, locations=now.locations))


def test_a_video_on_a_drive_that_is_off_is_saved_in_the_library(
    store: SidecarStore, record: VideoRecord, places: Places, tmp_path: Path
) -> None:
    off = replace(record, video=replace(record.video, locations=(tmp_path / "off" / "film.mp4",)))
    assert store.save(off).paths == (_in_library(places, off.video.id),)
    assert store.load(off.video) == off


def test_the_sidecar_of_a_replaced_file_is_kept_in_the_library(
    store: SidecarStore,
    video: Video,
    record: VideoRecord,
    make_video: MakeVideo,
    make_record: MakeRecord,
    places: Places,
) -> None:
    store.save(record)
    replaced = make_video(video.home, seed=1)
    assert replaced.id != video.id
    assert store.load(replaced) is None
    assert store.save(make_record(replaced)).paths == (_beside(video),)
    assert store.load(replaced) == make_record(replaced)
    assert _in_library(places, video.id).is_file()
    assert store.load(replace(video, locations=())) == replace(
        record, video=replace(record.video, locations=())
    )


def test_an_older_sidecar_does_not_replace_the_kept_one(
    store: SidecarStore, video: Video, make_video: MakeVideo, make_record: MakeRecord, places: Places
) -> None:
    _in_library(places, video.id).write_bytes(to_json(make_record(video, text="newer"), NOON))
    _beside(video).write_bytes(to_json(make_record(video, text="older"), NOON - timedelta(days=1)))
    store.save(make_record(make_video(video.home, seed=1)))
    assert _said(store.load(replace(video, locations=()))) == "newer"
