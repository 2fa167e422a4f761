"""The index takes what a record says now, whole, and a broken one is made again from the sidecars."""

import shutil
import threading
from functools import partial
from pathlib import Path

from tests.pipeline.conftest import Open
from tests.pipeline.workshop import Workshop, write_video


def test_publishing_again_replaces_and_removing_removes(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    (video,) = shop.catalogue.videos()
    record = shop.shelf.record(video)
    shop.publisher.publish(lambda: record, "again")
    published = shop.publisher.record_of(video.id)
    assert published
    assert published.fingerprint == "again"
    assert len(shop.found("dark night")) == 1
    shop.publisher.remove(video.id)
    assert shop.publisher.record_of(video.id) is None
    assert shop.found("dark night") == []


def test_a_scene_names_its_picture(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    still = shop.found("dark night")[0].scene.still
    assert still.endswith("/500.jpg")
    assert (shop.places.stills / still).is_file()


def test_a_damaged_index_is_told_once_and_made_again(shop: Workshop, films: Path, reopen: Open) -> None:
    write_video(films / "trip.mp4")
    shop.add(films)
    for file in shop.places.lancedb.rglob("*.lance"):
        if file.is_file():
            file.write_bytes(b"broken")
    again = reopen()
    again.publisher.open()
    (notice,) = again.publisher.take_notices()
    assert "damaged" in notice
    assert again.publisher.take_notices() == ()
    again.indexing.recall()
    again.finish()
    assert again.found("onions")


def test_several_lanes_may_ask_at_once(shop: Workshop, films: Path) -> None:
    for number in range(4):
        write_video(films / f"{number}.mp4", f"film {number}")
    shop.add(films)
    shutil.rmtree(shop.places.stills)
    videos = list(shop.catalogue.videos())
    threads = [
        threading.Thread(target=shop.publisher.publish, args=(partial(shop.shelf.record, video), "new"))
        for video in videos
    ]
    for thread in threads:
        thread.start()
    shop.publisher.settle(frozenset())
    for thread in threads:
        thread.join()
    found = [shop.publisher.record_of(video.id) for video in videos]
    assert {one.fingerprint for one in found if one} == {"new"}
    assert len(shop.found("dark night")) == 4
