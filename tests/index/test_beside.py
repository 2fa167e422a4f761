"""What is pointed at beside the typed words: a video, or a scene to find others like it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Picture, Vectors
from heimdex_desktop.domain.errors import InputError, MachineError
from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.scene import VISION, EmbeddingSpace, SceneId
from heimdex_desktop.domain.search import Channel, LikePicture, LikeScene, Verdict
from heimdex_desktop.index.judging import EXACT_WORDS, PICTURE, SIMILAR_MEANING, TAG
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import SCENE_MS, Said, SynonymEncoder, publish, record_of, video_id

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


_SIDE = 32
_SPACE = EmbeddingSpace("pictures", "1", _SIDE)
_PICTURES = VectorColumn(VISION, _SPACE)
_LIGHTHOUSE, _KITCHEN, _CAVE = 0, 1, 2


def _look(*directions: int, seed: int) -> Vectors:
    """Return a unit vector that points some way into each direction, and a little anywhere."""
    row = np.random.default_rng(seed).normal(0.0, 0.08, _SIDE)
    row[list(directions)] += 1.0
    return (row / np.linalg.norm(row)).astype(np.float32)


def _publish_looks(store: SceneStore, name: str, scenes: list[Said], looks: list[Vectors]) -> list[SceneId]:
    record = record_of(name, scenes)
    ids = [scene.id for scene in record.scenes]
    store.publish(record, {_PICTURES: dict(zip(ids, looks, strict=True))}, {}, name)
    return ids


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library") / "lancedb"


@pytest.fixture(scope="module")
def seen(looks: Path) -> tuple[Searcher, list[SceneId]]:
    """A search among sixty pictures of anything; the ids are those of a film with a lighthouse in it."""
    store = SceneStore(looks, [_PICTURES])
    others = [_look(3 + number % (_SIDE - 3), seed=number) for number in range(60)]
    _publish_looks(store, "anything", [Said("the old boat" if n == 7 else "") for n in range(60)], others)
    shown = [
        _look(_LIGHTHOUSE, seed=101),
        _look(_LIGHTHOUSE, seed=102),
        _look(_KITCHEN, seed=103),
        _look(_LIGHTHOUSE, seed=104),
        _look(_KITCHEN, seed=105),
        _look(_CAVE, seed=107),
    ]
    film = [Said(), Said(), Said(), Said("the old boat comes home"), Said(), Said()]
    ids = _publish_looks(store, "film", film, shown)
    _publish_looks(store, "coast", [Said()], [_look(_LIGHTHOUSE, seed=106)])
    return Searcher(looks, no_encoder, TagWords({})), ids


def test_scenes_that_look_like_a_scene_are_found_without_a_model(
    seen: tuple[Searcher, list[SceneId]],
) -> None:
    searcher, ids = seen
    answer = searcher.search("", LikeScene(ids[0]))
    assert answer.verdict is Verdict.GOOD
    best = {(hit.scene.video_id, hit.scene.span.start_ms) for hit in answer.hits[:2]}
    assert best == {(video_id("film"), 3 * SCENE_MS), (video_id("coast"), 0)}
    assert [reason.how for reason in answer.hits[0].because] == [PICTURE]
    assert answer.beside == LikeScene(ids[0])


def test_a_scene_and_its_neighbours_are_not_like_themselves(seen: tuple[Searcher, list[SceneId]]) -> None:
    searcher, ids = seen
    answer = searcher.search("", LikeScene(ids[0]))
    shown = {scene.id for hit in answer.hits for scene in (hit.scene, *hit.near, *hit.copies)}
    assert shown.isdisjoint(ids[:2])
    assert ids[3] in shown


def test_what_looks_like_nothing_else_has_no_good_answer(seen: tuple[Searcher, list[SceneId]]) -> None:
    searcher, ids = seen
    assert searcher.search("", LikeScene(ids[2])).hits[0].scene.id == ids[4]
    assert searcher.search("", LikeScene(ids[5])).verdict is not Verdict.GOOD


def test_words_beside_a_scene_have_to_fit_as_well(seen: tuple[Searcher, list[SceneId]]) -> None:
    searcher, ids = seen
    hits = searcher.search("old boat", LikeScene(ids[0])).hits
    assert hits[0].scene.id == ids[3]
    assert {reason.how for reason in hits[0].because} == {EXACT_WORDS, PICTURE}
    # It says the same words, and looks like anything.
    said_only = record_of("anything", [Said()] * 60).scenes[7].id
    assert said_only in {hit.scene.id for hit in searcher.search("old boat").hits}
    assert all(hit.score < hits[0].score / 2 for hit in hits[1:])


def test_conditions_beside_a_scene_narrow(seen: tuple[Searcher, list[SceneId]]) -> None:
    searcher, ids = seen
    answer = searcher.search("has:speech", LikeScene(ids[0]))
    assert answer.hits[0].scene.id == ids[3]
    assert all(hit.scene.transcript for hit in answer.hits)


def test_faders_rank_likeness_anew(seen: tuple[Searcher, list[SceneId]]) -> None:
    searcher, ids = seen
    answer = searcher.search("", LikeScene(ids[0]))
    again = searcher.remix("", LikeScene(ids[0]), faders={Channel.SEEN: 0.5})
    assert again is not None
    assert again.hits[0].score == pytest.approx(answer.hits[0].score / 2)
    assert searcher.remix("", LikeScene(ids[1]), faders={}) is None


def test_what_is_said_in_a_scene_finds_others_by_meaning(tmp_path: Path) -> None:
    encoder = SynonymEncoder()
    store = SceneStore(tmp_path, [encoder.column])
    publish(store, "one", ["granny makes crepes today"], encoder)
    publish(store, "two", ["nothing to see", "grandmother makes pancakes now", "nothing to hear"], encoder)
    publish(store, "rest", [f"topic{n} and item{n} of thing{n}" for n in range(40)], encoder)
    scene = record_of("one", [Said()]).scenes[0]
    hit = Searcher(tmp_path, no_encoder, TagWords({})).search("", LikeScene(scene.id)).hits[0]
    assert hit.scene.transcript == "grandmother makes pancakes now"
    assert SIMILAR_MEANING in {reason.how for reason in hit.because}


def test_without_vectors_tags_and_words_of_the_scene_find_others(tmp_path: Path) -> None:
    store = SceneStore(tmp_path)
    publish(store, "one", [Said("the whale dives again", {"night": 0.9, "blue": 0.8})])
    publish(store, "two", [Said("a whale dives here"), Said(), Said(tags={"night": 0.9, "blue": 0.9})])
    publish(store, "rest", [Said(f"the topic{number}", {"day": 0.9}) for number in range(20)])
    scene = record_of("one", [Said()]).scenes[0]
    answer = Searcher(tmp_path, no_encoder, TagWords({})).search("", LikeScene(scene.id))
    found = {hit.scene.span.start_ms: hit for hit in answer.hits if hit.scene.video_id == video_id("two")}
    assert {hit.scene.video_id for hit in answer.hits} == {video_id("two")}
    assert found[0].because[0].how == EXACT_WORDS
    assert found[0].because[0].words == ("whale", "dives")
    assert found[2 * SCENE_MS].because[0].how == TAG
    assert found[2 * SCENE_MS].score < 0.5, "tags alone are no good match"


def test_a_scene_that_is_not_there_is_said_so(by_words: Searcher) -> None:
    with pytest.raises(InputError, match="not in the library"):
        by_words.search("", LikeScene(SceneId("it's gone")))


def test_a_scene_and_scenes_in_order_do_not_go_together(by_words: Searcher) -> None:
    scene = record_of("trip", [Said()]).scenes[0]
    with pytest.raises(InputError, match="in order"):
        by_words.search("car >> sea", LikeScene(scene.id))


class _Eye:
    """Knows the look of every picture by its first number."""

    space = _SPACE

    def __init__(self) -> None:
        self.looked = 0

    def encode(self, pictures: Sequence[Picture]) -> Vectors:
        self.looked += len(pictures)
        return np.stack([_look(int(picture[0, 0, 0]), seed=300) for picture in pictures])


def _picture_of(direction: int) -> LikePicture:
    return LikePicture(np.full((8, 8, 3), direction, np.uint8))


def test_a_picture_finds_scenes_that_look_like_it(seen: tuple[Searcher, list[SceneId]], looks: Path) -> None:
    ids, eye = seen[1], _Eye()
    searcher = Searcher(looks, no_encoder, TagWords({}), pictures=lambda spaces: eye if spaces else None)
    picture = _picture_of(_KITCHEN)
    answer = searcher.search("", picture)
    assert {hit.scene.id for hit in answer.hits[:2]} == {ids[2], ids[4]}
    assert (answer.verdict, answer.beside) == (Verdict.GOOD, picture)
    lighthouse = _picture_of(_LIGHTHOUSE)
    assert searcher.search("boat", lighthouse).hits[0].scene.id == ids[3]
    assert searcher.search("old boat", lighthouse).hits[0].scene.id == ids[3]
    assert eye.looked == 2, "the same picture is looked at once"


@pytest.mark.usefixtures("seen")
def test_without_who_can_see_a_picture_is_no_question(looks: Path, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="with a picture model"):
        Searcher(looks, no_encoder, TagWords({})).search("", _picture_of(_KITCHEN))
    publish(SceneStore(tmp_path), "words only", ["nothing to see"])
    blind = Searcher(tmp_path, no_encoder, TagWords({}), pictures=lambda _: _Eye())
    with pytest.raises(MachineError, match="with a picture model"):
        blind.search("", _picture_of(_KITCHEN))
