"""What a library has to choose from is what its tables hold, and what was removed is no choice any more."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.query_completion import Offers, complete
from heimdex_desktop.domain.scene import Transcript
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import Said, record_of, video_id

_TAGS = TagWords({"night": ("night", "dark", "밤"), "red": ("red",)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lancedb"


def put(store: SceneStore, name: str, places: tuple[str, ...], *scenes: Said, language: str = "") -> None:
    made = record_of(name, scenes)
    spoken = [
        replace(scene, transcript=Transcript(scene.transcript.segments, language or None))
        for scene in made.scenes
    ]
    video = replace(made.video, locations=tuple(map(Path, places)))
    store.publish(VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(spoken)), {}, {}, name)


def offers(folder: Path) -> Offers:
    return Searcher(folder, no_encoder, _TAGS).offers()


def values(folder: Path, operator: str) -> list[str]:
    return [offer.value for offer in offers(folder).of(operator)]


def test_tags_and_languages_are_offered_by_how_many_scenes_have_them(folder: Path) -> None:
    store = SceneStore(folder, [])
    put(store, "a", ("/films/a.mp4",), Said("one", {"red": 0.9}), Said("two", {"night": 0.4}), language="ko")
    put(store, "b", ("/films/b.mp4",), Said("three", {"night": 0.8, "beach": 0.7}), language="de")
    put(store, "c", ("/films/c.mp4",), Said())
    assert values(folder, "tag") == ["night", "beach", "red"]
    assert values(folder, "lang") == ["ko", "de"]


def test_a_folder_is_offered_where_videos_or_several_folders_of_them_are(folder: Path) -> None:
    store = SceneStore(folder, [])
    put(store, "a", ("/home/me/Films/2023/a.mp4",), Said("one"))
    put(store, "b", ("/home/me/Films/2024/b.mp4", "/mnt/copies/b.mp4"), Said("one"))
    put(store, "c", ("/home/me/Films/2024/c.mp4",), Said("one"))
    many = [str(Path("/home/me/Films")), str(Path("/home/me/Films/2024"))]
    few = [str(Path("/home/me/Films/2023")), str(Path("/mnt/copies"))]
    assert values(folder, "in") == many + few


def test_a_tag_is_found_by_what_it_is_called_in_another_language(folder: Path) -> None:
    put(SceneStore(folder, []), "a", ("/films/a.mp4",), Said("one", {"night": 0.9}))
    assert complete("tag:밤", 5, offers(folder)).candidates == ("tag:night",)


def test_what_was_removed_is_no_choice_any_more(folder: Path) -> None:
    store = SceneStore(folder, [])
    put(store, "a", ("/films/a.mp4",), Said("one", {"red": 0.9}), language="ko")
    searcher = Searcher(folder, no_encoder, _TAGS)
    assert searcher.offers().tags
    store.remove(video_id("a"))
    assert searcher.offers() == Offers()


def test_before_anything_is_stored_nothing_is_offered(folder: Path) -> None:
    assert offers(folder) == Offers()


def test_a_damaged_index_is_told(folder: Path) -> None:
    put(SceneStore(folder, []), "a", ("/films/a.mp4",), Said("one"))
    for part in folder.rglob("*.lance"):
        if part.is_file():
            part.write_bytes(b"")
    with pytest.raises(MachineError):
        offers(folder)
