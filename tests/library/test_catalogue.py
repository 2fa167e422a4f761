"""The catalogue: the same video wherever it goes, with real files that move, vanish and are replaced."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import FileGone, UnreadableVideo
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.database import Database
from heimdex_desktop.library.places import Places

MakeVideo = Callable[..., Video]
NO_VIDEO = VideoId("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def catalogue(places: Places) -> Iterator[Catalogue]:
    opened = Catalogue(places.catalogue_file)
    yield opened
    opened.close()


@pytest.fixture
def film(films: Path, make_video: MakeVideo) -> Video:
    return make_video(films / "film.mp4")


def test_a_new_file_is_identified_by_its_content(catalogue: Catalogue, film: Video) -> None:
    assert catalogue.identify(film.home) == film
    assert catalogue.videos() == (film,)
    assert catalogue.video(film.id) == film


def test_odd_names_come_back_as_they_are_spelled(
    catalogue: Catalogue, films: Path, odd_name: str, make_video: MakeVideo
) -> None:
    video = make_video(films / odd_name)
    catalogue.identify(video.home)
    [known] = catalogue.videos()
    assert str(known.home) == str(films / odd_name)


@pytest.mark.skipif(sys.platform != "linux", reason="only here file names may be no UTF-8")
def test_a_name_that_is_no_text_comes_back(catalogue: Catalogue, films: Path, make_video: MakeVideo) -> None:
    video = make_video(films / os.fsdecode(b"caf\xe9.mp4"))
    catalogue.identify(video.home)
    assert catalogue.videos() == (video,)


def test_an_unchanged_file_is_not_read_again(catalogue: Catalogue, film: Video) -> None:
    before = film.home.stat()
    catalogue.identify(film.home)
    film.home.write_bytes(bytes(film.size_bytes))
    os.utime(film.home, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert catalogue.identify(film.home).id == film.id


def test_the_library_is_there_after_a_restart(places: Places, film: Video) -> None:
    first = Catalogue(places.catalogue_file)
    first.identify(film.home)
    first.add_folder(film.home.parent)
    first.close()
    second = Catalogue(places.catalogue_file)
    assert second.videos() == (film,)
    assert second.folders() == (film.home.parent,)
    assert second.notices == ()
    second.close()


def test_what_was_written_is_there_for_others_at_once(places: Places, film: Video) -> None:
    first, second = Catalogue(places.catalogue_file), Catalogue(places.catalogue_file)
    first.identify(film.home)
    assert first.begin(film.id, "speech") == 1
    assert second.videos() == (film,)
    assert second.attempts(film.id) == {"speech": 1}
    first.close()
    second.close()


def test_two_copies_are_one_video_with_two_locations(
    catalogue: Catalogue, films: Path, film: Video, make_video: MakeVideo
) -> None:
    catalogue.identify(film.home)
    copy = make_video(films / "copy.mp4")
    both = catalogue.identify(copy.home)
    assert both.id == film.id
    assert both.locations == (film.home, copy.home)
    assert catalogue.videos() == (both,)


def test_a_moved_file_keeps_its_id_and_its_old_place_comes_last(
    catalogue: Catalogue, film: Video, tmp_path: Path
) -> None:
    catalogue.identify(film.home)
    moved = film.home.rename(tmp_path / "moved.mp4")
    now = catalogue.identify(moved)
    assert now.id == film.id
    assert now.locations == (moved, film.home)
    assert catalogue.video(film.id) == now


def test_a_place_is_dropped_only_when_it_is_gone_for_certain(
    catalogue: Catalogue, film: Video, tmp_path: Path
) -> None:
    catalogue.identify(film.home)
    moved = film.home.rename(tmp_path / "moved.mp4")
    catalogue.identify(moved)
    film.home.parent.rename(tmp_path / "drive is off")
    catalogue.forget_gone()
    assert catalogue.videos()[0].locations == (film.home, moved)
    (tmp_path / "drive is off").rename(film.home.parent)
    catalogue.forget_gone()
    assert catalogue.videos()[0].locations == (moved,)


def test_a_videos_last_place_is_never_dropped(
    catalogue: Catalogue, films: Path, film: Video, make_video: MakeVideo
) -> None:
    catalogue.identify(film.home)
    copy = make_video(films / "copy.mp4")
    catalogue.identify(copy.home)
    film.home.unlink()
    copy.home.unlink()
    catalogue.forget_gone()
    [video] = catalogue.videos()
    assert len(video.locations) == 1


def test_a_replaced_file_is_another_video_and_the_old_one_leaves(
    catalogue: Catalogue, film: Video, make_video: MakeVideo
) -> None:
    catalogue.identify(film.home)
    catalogue.begin(film.id, "speech")
    replaced = make_video(film.home, seed=1)
    assert catalogue.identify(film.home) == replaced
    assert catalogue.videos() == (replaced,)
    assert catalogue.video(film.id) is None
    assert catalogue.attempts(film.id) == {}


def test_a_replaced_file_with_a_copy_elsewhere_stays_in_the_library(
    catalogue: Catalogue, films: Path, film: Video, make_video: MakeVideo
) -> None:
    copy = make_video(films / "copy.mp4")
    for place in (film.home, copy.home):
        catalogue.identify(place)
    replaced = make_video(film.home, seed=1)
    catalogue.identify(film.home)
    assert {video.id: video.locations for video in catalogue.videos()} == {
        film.id: (copy.home,),
        replaced.id: (film.home,),
    }


def test_what_cannot_be_identified_is_told_and_not_kept(catalogue: Catalogue, films: Path) -> None:
    (films / "empty.mp4").touch()
    with pytest.raises(FileGone, match=r"gone\.mp4"):
        catalogue.identify(films / "gone.mp4")
    with pytest.raises(UnreadableVideo, match="empty"):
        catalogue.identify(films / "empty.mp4")
    with pytest.raises(UnreadableVideo, match="not a file"):
        catalogue.identify(films)
    assert catalogue.videos() == ()


def test_an_unknown_video_is_none(catalogue: Catalogue) -> None:
    assert catalogue.video(NO_VIDEO) is None


def test_a_removed_video_is_gone_until_it_is_identified_again(catalogue: Catalogue, film: Video) -> None:
    catalogue.identify(film.home)
    catalogue.begin(film.id, "speech")
    assert not catalogue.was_removed(film.home)
    catalogue.remove_video(film.id)
    assert catalogue.videos() == ()
    assert catalogue.video(film.id) is None
    assert catalogue.attempts(film.id) == {}
    assert catalogue.was_removed(film.home)
    assert catalogue.identify(film.home) == film
    assert catalogue.videos() == (film,)
    assert not catalogue.was_removed(film.home)


def test_a_path_never_seen_was_not_removed(catalogue: Catalogue, films: Path) -> None:
    assert not catalogue.was_removed(films / "new.mp4")


def test_folders_are_kept_once_in_order(catalogue: Catalogue, tmp_path: Path) -> None:
    for name in ("b", "a", "b"):
        catalogue.add_folder(tmp_path / name)
    assert catalogue.folders() == (tmp_path / "b", tmp_path / "a")


def test_many_threads_may_use_it_at_once(catalogue: Catalogue, films: Path, make_video: MakeVideo) -> None:
    paths = [make_video(films / f"{number}.mp4", seed=number // 2).home for number in range(24)]
    ready = threading.Barrier(8)

    def work(share: int) -> None:
        ready.wait(timeout=100)
        for path in paths[share:] + paths[:share]:
            video = catalogue.identify(path)
            catalogue.begin(video.id, f"stage {share}")
            catalogue.videos()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    videos = catalogue.videos()
    assert len(videos) == 12
    assert sorted(place for video in videos for place in video.locations) == sorted(paths)
    assert all(catalogue.attempts(video.id) == {f"stage {n}": 2 for n in range(8)} for video in videos)


def test_ten_thousand_videos_are_listed_in_order(
    places: Places, catalogue: Catalogue, tmp_path: Path
) -> None:
    ids = [VideoId(f"00000000-0000-4000-8000-{number:012}") for number in range(10_000)]
    database = Database(places.catalogue_file)
    with database.transaction():
        for number, video_id in enumerate(ids):
            database.rows("INSERT INTO videos (id, size_bytes) VALUES (?, 1)", video_id)
            place = os.fsencode(tmp_path / f"{number}.mp4")
            database.rows(
                "INSERT INTO locations (key, path, size_bytes, mtime_ns, video_id) VALUES (?, ?, 1, 1, ?)",
                place,
                place,
                video_id,
            )
    database.close()
    videos = catalogue.videos()
    assert [video.id for video in videos] == ids
    assert videos[1234].home == tmp_path / "1234.mp4"
