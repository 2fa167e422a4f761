"""Where sidecars and vectors go and from where they come back, with real files in awkward places."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import from_json
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


def test_a_record_is_saved_beside_its_video_and_loaded(
    store: SidecarStore, video: Video, record: VideoRecord, places: Places
) -> None:
    assert store.save(record).paths == (_beside(video),)
    assert store.load(video) == record
    assert list(places.sidecars.iterdir()) == []
    assert store.take_notices() == ()


def test_a_video_without_a_sidecar_has_no_record(store: SidecarStore, video: Video) -> None:
    assert store.load(video) is None
    assert store.take_notices() == ()


def test_odd_names_are_no_trouble(
    store: SidecarStore, films: Path, odd_name: str, make_video: MakeVideo, make_record: MakeRecord
) -> None:
    video = make_video(films / odd_name)
    assert store.save(make_record(video)).paths == (films / f"{odd_name}.heimdex.json",)
    assert store.load(video) == make_record(video)


def test_the_record_gets_the_locations_of_the_asker(
    store: SidecarStore, video: Video, record: VideoRecord, films: Path
) -> None:
    store.save(record)
    asked = replace(video, locations=(films / "also here.mp4", video.home))
    loaded = store.load(asked)
    assert loaded is not None
    assert loaded.video.locations == asked.locations
    assert loaded.video.media == record.video.media


def test_without_sidecars_beside_videos_everything_lies_in_the_library(
    places: Places, video: Video, record: VideoRecord, films: Path
) -> None:
    store = SidecarStore(places, beside_videos=False)
    assert store.save(record).paths == (_in_library(places, video.id),)
    assert store.load(video) == record
    assert [path.name for path in films.iterdir()] == ["film.mp4"]


def test_a_name_of_255_bytes_falls_back_to_the_library(
    store: SidecarStore, films: Path, make_video: MakeVideo, make_record: MakeRecord, places: Places
) -> None:
    video = make_video(films / ("가" * 83 + "n.mp4"))
    assert len(os.fsencode(video.home.name)) > 250
    saved = store.save(make_record(video))
    assert saved.paths == (_in_library(places, video.id),)
    assert store.load(video) == make_record(video)
    [notice] = store.take_notices()
    assert "too long" in notice
    assert "kept in the library" in notice


def test_a_folder_in_the_sidecars_place_falls_back_to_the_library(
    store: SidecarStore, video: Video, record: VideoRecord, places: Places
) -> None:
    _beside(video).mkdir()
    assert store.save(record).paths == (_in_library(places, video.id),)
    assert store.load(video) == record


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="modes do not stop this user")
def test_a_read_only_folder_falls_back_to_the_library(
    store: SidecarStore, video: Video, record: VideoRecord, films: Path, places: Places
) -> None:
    films.chmod(0o500)
    try:
        assert store.save(record).paths == (_in_library(places, video.id),)
        assert store.load(video) == record
    finally:
        films.chmod(0o700)
    assert len(store.take_notices()) == 1


@pytest.mark.parametrize("stranger", ['{"mine": true}', '{"format": "heimdex-sidecar", "version": "2.0"}'])
def test_a_file_that_is_not_ours_or_newer_is_never_touched(
    store: SidecarStore, video: Video, record: VideoRecord, places: Places, stranger: str
) -> None:
    _beside(video).write_text(stranger)
    assert store.load(video) is None
    assert len(store.take_notices()) == 1
    assert store.save(record).paths == (_in_library(places, video.id),)
    assert _beside(video).read_text() == stranger
    assert store.load(video) == record


def test_a_newer_file_in_the_library_itself_is_an_error(
    places: Places, video: Video, record: VideoRecord
) -> None:
    _in_library(places, video.id).write_text('{"format": "heimdex-sidecar", "version": "2.0"}')
    with pytest.raises(ForeignSidecar, match="newer version"):
        SidecarStore(places, beside_videos=False).save(record)


def test_a_damaged_sidecar_is_kept_aside_and_written_anew(
    store: SidecarStore, video: Video, record: VideoRecord, films: Path
) -> None:
    for damage in ("{cut", "{cut again"):
        _beside(video).write_text(damage)
        assert store.load(video) is None
        assert store.save(record).paths == (_beside(video),)
    assert store.load(video) == record
    assert (films / "film.mp4.heimdex.json.broken-1").read_text() == "{cut"
    assert (films / "film.mp4.heimdex.json.broken-2").read_text() == "{cut again"
    [notice] = store.take_notices()
    assert "damaged" in notice


def test_a_notice_is_told_once(store: SidecarStore, video: Video) -> None:
    _beside(video).write_text("{cut")
    store.load(video)
    store.load(video)
    assert len(store.take_notices()) == 1
    store.load(video)
    assert store.take_notices() == ()


SAVES_UNTIL_KILLED = """
    import os, sys
    from dataclasses import replace
    from pathlib import Path
    from heimdex_desktop.library.places import Places
    from heimdex_desktop.library.sidecar import from_json
    from heimdex_desktop.library.sidecar_store import SidecarStore
    places, video, sidecar = (Path(word) for word in sys.argv[1:])
    record = from_json(sidecar.read_bytes(), name="a").record
    os.fsync = lambda _: os._exit(9)
    changed = replace(record, video=replace(record.video, locations=(video,)), scenes=())
    SidecarStore(Places(places)).save(changed)
"""


def test_a_save_that_is_killed_half_way_loses_nothing(
    store: SidecarStore, video: Video, record: VideoRecord, places: Places
) -> None:
    store.save(record)
    script = textwrap.dedent(SAVES_UNTIL_KILLED)
    arguments = [str(places.root), str(video.home), str(_beside(video))]
    ended = subprocess.run([sys.executable, "-c", script, *arguments], check=False, timeout=300)
    assert ended.returncode == 9
    assert store.load(video) == record
    assert store.save(record).paths == (_beside(video),)
    assert store.load(video) == record


def test_what_is_written_says_when(places: Places, video: Video, record: VideoRecord) -> None:
    SidecarStore(places, now=lambda: NOON).save(record)
    assert from_json(_beside(video).read_bytes(), name="a").saved_at == NOON
