"""What is pointed at beside the typed words: a video, or a scene to find others like it."""

import pytest

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.search import Verdict
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import SCENE_MS, publish, video_id

_TRIP = ["we pack the car", "the sea is cold", "the car is dirty", "the sea again"]


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A search over two videos, without any encoder."""
    folder = tmp_path_factory.mktemp("library") / "lancedb"
    store = SceneStore(folder)
    publish(store, "trip", _TRIP)
    publish(store, "harbour", ["the sea and the ships", "nobody is here"])
    return Searcher(folder, no_encoder, TagWords({}))


def test_a_video_alone_is_shown_from_its_beginning(by_words: Searcher) -> None:
    answer = by_words.search("", OfVideo(video_id("trip")))
    assert [hit.scene.transcript for hit in answer.hits] == _TRIP
    assert answer.verdict is Verdict.GOOD
    assert answer.beside == OfVideo(video_id("trip"))
    assert not answer.is_browse


def test_words_find_scenes_of_the_video_only(by_words: Searcher) -> None:
    everywhere = by_words.search("sea")
    there = by_words.search("sea", OfVideo(video_id("trip")))
    assert {hit.scene.video_id for hit in everywhere.hits} == {video_id("trip"), video_id("harbour")}
    assert [hit.scene.transcript for hit in there.hits] == [_TRIP[1], _TRIP[3]]
    assert there.query.asked == everywhere.query.asked


def test_scenes_in_order_stay_in_the_video(by_words: Searcher) -> None:
    (hit,) = by_words.search("car >> sea", OfVideo(video_id("trip"))).hits[:1]
    assert (hit.scene.video_id, hit.scene.span.start_ms) == (video_id("trip"), 0)
    assert [scene.span.start_ms for scene in hit.then] == [SCENE_MS]
    assert by_words.search("car >> sea", OfVideo(video_id("harbour"))).hits == ()


def test_a_video_that_is_not_there_has_no_scenes(by_words: Searcher) -> None:
    answer = by_words.search("", OfVideo(video_id("gone")))
    assert (answer.hits, answer.verdict) == ((), Verdict.NONE)


def test_an_answer_is_ranked_anew_for_the_same_video_only(by_words: Searcher) -> None:
    video = OfVideo(video_id("trip"))
    answer = by_words.search("sea", video)
    again = by_words.remix("sea", video, faders={})
    assert again is not None
    assert (again.hits, again.beside) == (answer.hits, video)
    assert by_words.remix("sea", faders={}) is None
