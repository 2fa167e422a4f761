"""What was dropped is recognised: videos by their content, refusals with a reason, folders for next time."""

import threading
from pathlib import Path

import pytest

from heimdex_desktop.pipeline.intake import Arrival, Arrived, Refused
from tests.pipeline.workshop import SPOKEN, Workshop, write_video


def take(shop: Workshop, *paths: Path) -> list[Arrival]:
    found: list[Arrival] = []
    shop.intake.take(paths, threading.Event(), found.append)
    return found


def recall(shop: Workshop, *, look_for_new: bool = True) -> list[Arrival]:
    found: list[Arrival] = []
    shop.intake.recall(threading.Event(), found.append, look_for_new=look_for_new)
    return found


def test_a_folder_gives_its_videos_and_is_remembered(shop: Workshop, films: Path) -> None:
    write_video(films / "one.mp4")
    write_video(films / "inner" / "영화 🙂.mkv")
    (films / "notes.txt").write_text("no video", encoding="utf-8")
    arrived = [found for found in take(shop, films) if isinstance(found, Arrived)]
    assert {found.video.home.name for found in arrived} == {"one.mp4", "영화 🙂.mkv"}
    assert shop.catalogue.folders() == (films,)


@pytest.mark.parametrize("name", ["missing.mp4", "empty.mp4"])
def test_a_file_that_cannot_be_taken_is_refused_with_its_name(name: str, shop: Workshop, films: Path) -> None:
    films.mkdir()
    (films / "empty.mp4").write_bytes(b"")
    (found,) = take(shop, films / name)
    assert isinstance(found, Refused)
    assert name in found.failure.sentence


def test_a_stop_ends_the_walk(shop: Workshop, films: Path) -> None:
    for number in range(5):
        write_video(films / f"{number}.mp4")
    stop = threading.Event()
    found: list[Arrival] = []

    def report(arrival: Arrival) -> None:
        found.append(arrival)
        stop.set()

    shop.intake.take([films], stop, report)
    shop.intake.recall(stop, report)
    assert len(found) == 1


def test_subtitles_beside_any_copy_change_the_facts(shop: Workshop, films: Path) -> None:
    video = write_video(films / "one.mp4")
    (before,) = take(shop, video)
    (same,) = take(shop, video)
    video.with_suffix(".srt").write_text(SPOKEN + "\n", encoding="utf-8")
    (after,) = take(shop, video)
    assert isinstance(before, Arrived)
    assert isinstance(same, Arrived)
    assert isinstance(after, Arrived)
    assert before.facts == same.facts
    assert before.facts.observed["subtitles"] != after.facts.observed["subtitles"]
    assert before.facts.observed["places"] == after.facts.observed["places"]


def test_recall_brings_what_is_known_then_what_is_new_but_not_what_was_removed(
    shop: Workshop, films: Path
) -> None:
    for name in ("known.mp4", "removed.mp4"):
        write_video(films / name)
    for found in take(shop, films):
        assert isinstance(found, Arrived)
        if found.video.home.name == "removed.mp4":
            shop.catalogue.remove_video(found.video.id)
    write_video(films / "new.mp4")
    names = [found.video.home.name for found in recall(shop) if isinstance(found, Arrived)]
    assert (names[0], set(names)) == ("known.mp4", {"known.mp4", "new.mp4"})
    assert len(recall(shop, look_for_new=False)) == 2


def test_a_drive_that_is_away_is_no_news_at_recall(shop: Workshop, films: Path) -> None:
    write_video(films / "one.mp4")
    take(shop, films)
    films.rename(films.with_name("elsewhere"))
    (found,) = recall(shop)
    assert isinstance(found, Arrived)
    assert "not connected" in found.absence or "moved or deleted" in found.absence


def test_looking_again_at_what_is_not_known_reports_nothing(shop: Workshop, films: Path) -> None:
    video = shop.catalogue.identify(write_video(films / "one.mp4"))
    found: list[Arrival] = []
    shop.intake.look_again(video.id, found.append)
    shop.catalogue.remove_video(video.id)
    shop.intake.look_again(video.id, found.append)
    assert len(found) == 1
