"""A library too large to be read within a search is scanned until it is loaded, with the same answers."""

import threading
from pathlib import Path

import pytest

from heimdex_desktop.domain.search import Answer
from heimdex_desktop.index import candidates, memory
from heimdex_desktop.index.candidates import Reader
from heimdex_desktop.index.clauses import AllOf
from heimdex_desktop.index.facts import Mask
from heimdex_desktop.index.meeting import meeting
from heimdex_desktop.index.page import Page
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import Said, SynonymEncoder, publish, video_id

_TAGS = TagWords({"night": ("night",)})
_TALK = (
    Said("Grandmother makes pancakes for breakfast", {"night": 0.9}),
    Said("The train leaves at noon", screen=("Harbour Station",)),
    Said("기계 학습의 역사"),
    Said(tags={"night": 0.6}),
)
_QUERIES = ("granny crepes", "the train", '"at noon"', "harb0ur", "학습", "night pancakes")


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_ROWS_READ_AT_ONCE", 0)


def _searcher(folder: Path, encoder: SynonymEncoder) -> Searcher:
    return Searcher(folder, lambda role, spaces: encoder, _TAGS)


def _told(answer: Answer) -> list[tuple[str, float]]:
    return [(hit.scene.id, round(hit.score, 6)) for hit in answer.hits]


def test_loading_changes_no_answer(tmp_path: Path) -> None:
    encoder = SynonymEncoder()
    store = SceneStore(tmp_path, [encoder.column])
    publish(store, "talk", _TALK, encoder)
    searcher = _searcher(tmp_path, encoder)
    before = [_told(searcher.search(text)) for text in _QUERIES]
    assert sum(searcher.load()) == len(_TALK)
    assert [_told(searcher.search(text)) for text in _QUERIES] == before
    assert all(before)
    publish(store, "more", ["a lantern on the quay"], encoder)
    assert searcher.search("lantern").hits[0].scene.transcript == "a lantern on the quay"
    store.remove(video_id("talk"))
    assert searcher.search("train").hits == _searcher(tmp_path, encoder).search("train").hits


def test_what_meets_the_conditions_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, asked_on = SynonymEncoder(), list[int]()

    def seen(page: Page, only: AllOf) -> Mask:
        asked_on.append(threading.get_ident())
        return meeting(page, only)

    monkeypatch.setattr(memory, "meeting", seen)
    publish(SceneStore(tmp_path, [encoder.column]), "talk", _TALK, encoder)
    searcher = _searcher(tmp_path, encoder)
    assert sum(searcher.load()) == len(_TALK)
    for number in range(1, 6):
        assert searcher.search(f"granny crepes -unwanted{number}").hits
        assert asked_on == [threading.get_ident()] * number, "not by each of the threads that look"


def test_what_is_loaded_is_not_read_again(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path), "talk", _TALK)
    searcher = _searcher(tmp_path, SynonymEncoder())
    assert sum(searcher.load()) == len(_TALK)
    assert sum(searcher.load()) == 0


def test_a_snapshot_lasts_until_something_is_written(tmp_path: Path) -> None:
    store, reader = SceneStore(tmp_path), Reader(tmp_path)
    publish(store, "talk", _TALK)
    first = reader.snapshot()
    assert first is reader.snapshot()
    assert sum(reader.load()) == len(_TALK)
    assert first is reader.snapshot()
    publish(store, "more", ["a lantern"])
    second = reader.snapshot()
    assert first
    assert second
    assert (first.count(), second.count()) == (len(_TALK), len(_TALK) + 1)
    store.remove(video_id("more"))
    third = reader.snapshot()
    assert third
    assert third.count() == len(_TALK)


def test_there_may_be_nothing_to_load(tmp_path: Path) -> None:
    assert list(_searcher(tmp_path / "none", SynonymEncoder()).load()) == []
    assert not (tmp_path / "none").exists()


def test_loading_that_is_given_up_changes_nothing(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path), "talk", _TALK)
    searcher = _searcher(tmp_path, SynonymEncoder())
    reading = searcher.load()
    next(reading)
    reading.close()
    assert searcher.search("train").hits
    assert sum(searcher.load()) == len(_TALK)
