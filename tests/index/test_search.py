"""The whole way from a typed text to hits, over a real index."""

import errno
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import lancedb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.domain.errors import MachineError, NoAccess
from heimdex_desktop.domain.filters import OfVideo, Since
from heimdex_desktop.domain.search import Answer, Channel, LikeScene, Verdict
from heimdex_desktop.index.fusion import WEAK_FROM
from heimdex_desktop.index.judging import EXACT_WORDS, SIMILAR_MEANING, TAG
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore, published_in
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import SCENE_MS, Said, SynonymEncoder, publish, record_of, video_id

_TAGS = TagWords({"night": ("night", "dark", "밤"), "red": ("red",)})
_TALK = [
    "My grandmother makes pancakes every Sunday.",
    "The train leaves at noon.",
    "We went over budget this quarter.",
    "기계 학습의 역사를 설명합니다",
    "客観的実在の判断的知識が成立する。",
    "To be, or not to be, that is the question.",
    "ask what you can do, not what they do",
    "ask not what your country can do for you",
    "",
]


@pytest.fixture(scope="module")
def encoder() -> SynonymEncoder:
    return SynonymEncoder()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: SynonymEncoder) -> Path:
    """An index that the tests only read."""
    folder = tmp_path_factory.mktemp("library") / "lancedb"
    store = SceneStore(folder, [encoder.column])
    publish(store, "talk", _TALK, encoder)
    publish(store, "looks", [Said(tags={"night": 0.9}), Said(tags={"red": 0.8, "night": 0.4})])
    publish(
        store,
        "both",
        [Said("a dark night in the forest", {"red": 0.9}), Said("hello there", {"red": 0.8})],
        encoder,
    )
    publish(
        store,
        "filler",
        [f"filler sentence about topic{number} and item{number}" for number in range(40)],
        encoder,
    )
    return folder


@pytest.fixture
def searcher(folder: Path, encoder: SynonymEncoder) -> Searcher:
    return Searcher(folder, lambda role, spaces: encoder, _TAGS)


@pytest.fixture
def by_words(folder: Path) -> Searcher:
    return Searcher(folder, lambda role, spaces: None, _TAGS)


def _best(answer: Answer) -> str:
    return answer.hits[0].scene.transcript


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pancake", _TALK[0]),
        ("BUDGET quarter", _TALK[2]),
        ("학습", _TALK[3]),
        ("역사", _TALK[3]),
        ("実在", _TALK[4]),
        ("to be or not to be", _TALK[5]),
        ("ask not what", _TALK[7]),
        ("topic17", "filler sentence about topic17 and item17"),
    ],
)
@pytest.mark.parametrize("semantic", [True, False])
def test_words_find_their_scene(
    searcher: Searcher, by_words: Searcher, typed: str, expected: str, *, semantic: bool
) -> None:
    answer = (searcher if semantic else by_words).search(typed)
    assert _best(answer) == expected
    assert answer.verdict is Verdict.GOOD
    assert answer.hits[0].because[0].how == EXACT_WORDS


def test_meaning_finds_what_no_word_does(searcher: Searcher, by_words: Searcher) -> None:
    answer = searcher.search("granny crepes")
    assert _best(answer) == _TALK[0]
    assert answer.verdict is Verdict.GOOD
    assert [(reason.channel, reason.how, reason.words) for reason in answer.hits[0].because] == [
        (Channel.SAID, SIMILAR_MEANING, ())
    ]
    assert by_words.search("granny crepes").hits == ()


def test_a_hit_tells_all_about_its_scene(searcher: Searcher) -> None:
    hit = searcher.search("Noon trains").hits[0]
    assert hit.rank == 1
    assert hit.scene.video_id == video_id("talk")
    assert hit.scene.locations == (Path("/videos/talk.mp4"),)
    assert hit.scene.span.start_ms == SCENE_MS
    assert hit.scene.still == f"talk/{SCENE_MS}.jpg"
    assert hit.because[0].words == ("train", "noon")
    assert set(hit.channels) == set(Channel)
    assert hit.channels[Channel.SAID] == pytest.approx(hit.score)
    assert {channel for channel, score in hit.channels.items() if score is None} == set(Channel) - {
        Channel.SAID
    }


def test_a_quoted_phrase_is_a_filter(searcher: Searcher) -> None:
    answer = searcher.search('"ask not what" country')
    assert [hit.scene.transcript for hit in answer.hits] == [_TALK[7]]
    assert searcher.search('"what ask"').hits == ()
    assert [hit.scene.transcript for hit in searcher.search('"学" "実在"').hits] == []
    assert [hit.scene.transcript for hit in searcher.search('"객관"').hits] == []
    assert [hit.scene.transcript for hit in searcher.search('"학습"').hits] == [_TALK[3]]


def test_tags_find_silent_scenes(searcher: Searcher) -> None:
    answer = searcher.search("밤")
    best = answer.hits[0]
    assert (best.scene.video_id, best.scene.span.start_ms) == (video_id("looks"), 0)
    assert (best.because[0].channel, best.because[0].how, best.because[0].words) == (
        Channel.TAGS,
        TAG,
        ("night",),
    )
    assert best.channels[Channel.SAID] is None
    assert best.channels[Channel.TAGS] == pytest.approx(0.9)
    assert answer.verdict is Verdict.GOOD


def test_what_is_said_comes_before_what_is_shown(searcher: Searcher) -> None:
    hits = searcher.search("dark night").hits
    order = [(hit.scene.video_id, hit.scene.span.start_ms) for hit in hits]
    assert order[:2] == [(video_id("both"), 0), (video_id("looks"), 0)]
    assert [scene.span.start_ms for scene in hits[1].near] == [SCENE_MS], "it shows less of a night"


def test_a_tag_that_does_not_belong_to_the_query_says_nothing(searcher: Searcher) -> None:
    hit = searcher.search("forest").hits[0]
    assert hit.channels[Channel.TAGS] is None
    assert hit.score == pytest.approx(hit.channels[Channel.SAID])


@pytest.mark.parametrize("typed", ["zyzzyva", "quantum chromodynamics", "양자역학"])
def test_the_hopeless_is_called_so(searcher: Searcher, by_words: Searcher, typed: str) -> None:
    assert searcher.search(typed).verdict is Verdict.NONE
    assert by_words.search(typed).verdict is Verdict.NONE


@pytest.mark.parametrize("typed", ["", "   ", '""', "?!"])
def test_an_empty_query_has_no_hits(searcher: Searcher, typed: str) -> None:
    answer = searcher.search(typed)
    assert (answer.hits, answer.verdict) == ((), Verdict.NONE)


def test_browsing_shows_the_newest_video_first_and_each_in_time(tmp_path: Path) -> None:
    store = SceneStore(tmp_path)
    for name in ("first", "second", "third"):
        store.publish(record_of(name, [Said(f"{name} one"), Said(), Said(f"{name} three")]), {}, {}, name)
    store.publish(record_of("first", [Said("again")]), {}, {}, "anew")
    searcher = Searcher(tmp_path, lambda role, spaces: None, TagWords({}))
    answer = searcher.browse(limit=4)
    assert [hit.scene.transcript for hit in answer.hits] == ["again", "third one", "", "third three"]
    assert [hit.rank for hit in answer.hits] == [1, 2, 3, 4]
    assert answer.query.is_empty
    assert Searcher(tmp_path / "none", lambda role, spaces: None, TagWords({})).browse().hits == ()


def test_of_scenes_that_say_it_all_the_one_that_shows_it_too_comes_first(tmp_path: Path) -> None:
    shown = Said("a red balloon", tags={"red": 0.9})
    publish(SceneStore(tmp_path), "fair", ["a red balloon", "and then", shown])
    answer = Searcher(tmp_path, no_encoder, _TAGS).search("red balloon")
    assert [(hit.score, hit.scene.span.start_ms) for hit in answer.hits] == [(1.0, 2 * SCENE_MS), (1.0, 0)]


def test_equal_scores_keep_the_order_of_time_and_the_limit_holds(by_words: Searcher) -> None:
    hits = by_words.search("filler", limit=7).hits
    assert [hit.scene.span.start_ms for hit in hits] == [2 * number * SCENE_MS for number in range(7)]
    assert all([scene.span.start_ms for scene in hit.near] == [hit.scene.span.end_ms] for hit in hits)
    assert [hit.rank for hit in hits] == list(range(1, 8))
    assert len({hit.score for hit in hits}) == 1


@pytest.mark.parametrize(
    "typed", ["o'clock'; DROP TABLE scenes; --", "100%_'", "\\", "(", "'", "a" * 5_000, "x " * 3_000]
)
def test_anything_may_be_typed(searcher: Searcher, typed: str) -> None:
    assert len(searcher.search(typed).hits) <= 50
    assert searcher.search("budget").hits


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_any_text_gets_ordered_scores_between_none_and_all(searcher: Searcher, typed: str) -> None:
    scores = [hit.score for hit in searcher.search(typed).hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= 1.0 for score in scores)


def test_a_query_is_encoded_as_a_query(folder: Path) -> None:
    encoder = SynonymEncoder()
    searcher = Searcher(folder, lambda role, spaces: encoder, _TAGS)
    searcher.search("budget")
    encoder.asked.clear()
    searcher.search("quarter")
    assert encoder.asked == [Purpose.QUERY]


def test_vectors_of_another_model_are_left_alone(folder: Path) -> None:
    other = SynonymEncoder(model="another")
    answer = Searcher(folder, lambda role, spaces: other, _TAGS).search("budget")
    assert _best(answer) == _TALK[2]
    assert other.asked == []


def test_the_encoder_may_come_later(folder: Path, encoder: SynonymEncoder) -> None:
    loaded: list[SynonymEncoder] = []
    searcher = Searcher(folder, lambda role, spaces: next(iter(loaded), None), _TAGS)
    assert searcher.search("granny crepes").hits == ()
    loaded.append(encoder)
    assert _best(searcher.search("granny crepes")) == _TALK[0]


def test_a_library_that_is_not_there_has_no_answer_and_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    answer = Searcher(folder, lambda role, spaces: None, _TAGS).search("anything")
    assert (answer.hits, answer.verdict) == ((), Verdict.NONE)
    assert not folder.exists()


@pytest.mark.parametrize("semantic", [True, False])
def test_an_empty_library_has_no_answer(tmp_path: Path, encoder: SynonymEncoder, *, semantic: bool) -> None:
    SceneStore(tmp_path, [encoder.column])
    searcher = Searcher(tmp_path, lambda role, spaces: encoder if semantic else None, _TAGS)
    assert searcher.search("dark pancakes").hits == ()


def test_sees_at_once_what_another_thread_does(tmp_path: Path, encoder: SynonymEncoder) -> None:
    store = SceneStore(tmp_path, [encoder.column])
    searcher = Searcher(tmp_path, lambda role, spaces: encoder, _TAGS)
    assert searcher.search("pancakes").hits == ()
    _in_thread(lambda: publish(store, "talk", _TALK, encoder))
    assert _best(searcher.search("pancakes")) == _TALK[0]
    _in_thread(lambda: publish(store, "talk", ["pancakes again"], encoder))
    assert _best(searcher.search("pancakes")) == "pancakes again"
    _in_thread(store.optimize)
    assert _best(searcher.search("pancakes")) == "pancakes again"
    _in_thread(lambda: store.remove(video_id("talk")))
    assert searcher.search("pancakes").hits == ()


def test_scenes_that_get_their_vectors_later_are_judged_by_them(
    tmp_path: Path, encoder: SynonymEncoder
) -> None:
    store = SceneStore(tmp_path, [encoder.column])
    # All scenes mean nearly the same, so that nearness to them says little.
    texts = [f"railway departure midday number{number}" for number in range(12)]
    early, late = (Searcher(tmp_path, lambda role, spaces: encoder, _TAGS) for _ in range(2))
    publish(store, "talk", texts)
    early.search("train leaves")
    publish(store, "talk", texts, encoder)
    scores = [[hit.score for hit in searcher.search("train leaves").hits] for searcher in (early, late)]
    assert scores[0] == scores[1]


def _search_in(folder: Path) -> None:
    Searcher(folder, lambda role, spaces: None, _TAGS).search("x")


def _look_in(folder: Path) -> None:
    published_in(folder)


@pytest.mark.parametrize("look", [_search_in, _look_in])
def test_an_index_that_may_not_be_looked_at_is_our_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Callable[[Path], object]
) -> None:
    publish(SceneStore(tmp_path), "talk", _TALK)
    stat = Path.stat

    def refuse(path: Path, **how: bool) -> os.stat_result:
        if path.is_relative_to(tmp_path):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(NoAccess, match="may not be read"):
        look(tmp_path)


def test_follows_when_the_index_is_made_anew(tmp_path: Path, encoder: SynonymEncoder) -> None:
    publish(SceneStore(tmp_path, [encoder.column]), "talk", _TALK, encoder)
    searcher = Searcher(tmp_path, lambda role, spaces: encoder, _TAGS)
    assert _best(searcher.search("granny crepes")) == _TALK[0]
    for table in ("videos", "scenes"):
        lancedb.connect(tmp_path).drop_table(table)
    publish(SceneStore(tmp_path), "talk", ["only words now, pancakes"])
    assert _best(searcher.search("pancakes")) == "only words now, pancakes"
    assert searcher.search("granny crepes").hits == ()
    publish(SceneStore(tmp_path, [encoder.column]), "talk", _TALK, encoder)
    assert _best(searcher.search("granny crepes")) == _TALK[0]


def test_warming_leaves_only_the_query_to_encode(tmp_path: Path) -> None:
    encoder = SynonymEncoder()
    searcher = Searcher(tmp_path, lambda role, spaces: encoder, _TAGS)
    searcher.warm()
    assert encoder.asked
    publish(SceneStore(tmp_path, [encoder.column]), "talk", _TALK, encoder)
    searcher.warm()
    encoder.asked.clear()
    searcher.warm()
    assert encoder.asked == []
    assert _best(searcher.search("granny crepes")) == _TALK[0]
    assert encoder.asked == [Purpose.QUERY]


def test_warming_needs_neither_an_encoder_nor_a_library(tmp_path: Path) -> None:
    Searcher(tmp_path / "none", lambda role, spaces: None, _TAGS).warm()
    assert not (tmp_path / "none").exists()


def test_damage_is_our_error(tmp_path: Path, encoder: SynonymEncoder) -> None:
    publish(SceneStore(tmp_path, [encoder.column]), "talk", _TALK, encoder)
    for file in (tmp_path / "scenes.lance/data").iterdir():
        file.write_bytes(b"damage")
    with pytest.raises(MachineError, match="cannot be used"):
        Searcher(tmp_path, lambda role, spaces: None, _TAGS).search("pancakes")


def _in_thread(work: object) -> None:
    assert callable(work)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_the_last_answer_is_ranked_anew_without_asking_again(
    folder: Path, encoder: SynonymEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = Searcher(folder, lambda role, spaces: encoder, _TAGS)
    assert searcher.remix("dark night", faders={}) is None
    first = searcher.search("dark night")
    asked = len(encoder.asked)
    monkeypatch.setattr(searcher, "_asking", None)
    again = searcher.remix("dark night", faders={})
    assert again
    assert replace(again, took_ms=0) == replace(first, took_ms=0)
    looks_only = searcher.remix("dark night", faders={Channel.SAID: 0.0})
    assert looks_only
    assert looks_only.query == first.query
    assert looks_only.hits[0].scene.video_id == video_id("looks")
    assert len(encoder.asked) == asked
    assert searcher.remix("dark", faders={}) is None
    monkeypatch.undo()
    searcher.search("   ")
    assert searcher.remix("dark night", faders={}) is None


def test_an_answer_out_of_an_index_made_anew_is_not_ranked(tmp_path: Path) -> None:
    searcher = Searcher(tmp_path, no_encoder, _TAGS)
    publish(SceneStore(tmp_path), "talk", _TALK)
    assert searcher.search("pancake").hits
    assert searcher.remix("pancake", faders={})
    for name in ("videos", "scenes"):
        lancedb.connect(tmp_path).drop_table(name)
    publish(SceneStore(tmp_path), "other", _TALK[::-1])
    assert searcher.remix("pancake", faders={}) is None


def test_scenes_removed_meanwhile_are_left_out_when_ranked_anew(tmp_path: Path) -> None:
    searcher, store = Searcher(tmp_path, no_encoder, _TAGS), SceneStore(tmp_path)
    publish(store, "first", ["a pancake"])
    publish(store, "second", ["the pancake"])
    assert len(searcher.search("pancake", limit=1).hits) == 1
    store.remove(video_id("second"))
    again = searcher.remix("pancake", faders={}, limit=2)
    assert again
    assert [hit.rank for hit in again.hits] == list(range(1, len(again.hits) + 1))
    assert {hit.scene.video_id for hit in again.hits} >= {video_id("first")}


def _places(answer: Answer) -> list[tuple[str, int]]:
    return [(hit.scene.video_id, hit.scene.span.start_ms // SCENE_MS) for hit in answer.hits]


def test_conditions_narrow_every_channel(searcher: Searcher) -> None:
    assert _places(searcher.search("dark night tag:red"))[0] == (video_id("both"), 0)
    assert {place for place, _ in _places(searcher.search("dark night tag:red"))} <= {
        video_id("both"),
        video_id("looks"),
    }
    assert searcher.search("grandmother tag:red").verdict is Verdict.NONE
    assert searcher.search("pancakes lang:ko").verdict is Verdict.NONE
    assert _best(searcher.search("pancakes lang:en")).startswith("My grandmother")


def test_conditions_alone_show_what_meets_them_in_time(searcher: Searcher) -> None:
    answer = searcher.search("tag:night longer:5s")
    assert _places(answer) == [(video_id("looks"), 0), (video_id("looks"), 1)]
    assert answer.verdict is Verdict.GOOD
    assert {hit.score for hit in answer.hits} == {0.0}
    assert searcher.search("tag:night longer:1h").hits == ()
    assert searcher.search("tag:night longer:1h").verdict is Verdict.NONE


def test_what_is_not_wanted_is_not_shown(searcher: Searcher) -> None:
    assert _best(searcher.search("do")).startswith("ask ")
    kept = [hit.scene.transcript for hit in searcher.search("what can do -country").hits]
    assert "ask what you can do, not what they do" in kept
    assert "ask not what your country can do for you" not in kept


def test_today_is_the_day_of_the_search(folder: Path) -> None:
    searcher = Searcher(folder, no_encoder, _TAGS, today=lambda: date(2024, 5, 6))
    (since,) = searcher.search("after:today").query.filters
    assert since == Since(date(2024, 5, 6))


@pytest.fixture
def evening(tmp_path: Path, encoder: SynonymEncoder) -> Searcher:
    """A library of two evenings, in which the same things happen in another order."""
    store = SceneStore(tmp_path / "evening", [encoder.column])
    scenes = [
        Said("we lit the fire"),
        Said("the kettle is on"),
        Said(tags={"night": 0.9}),
        Said("good night everyone"),
    ]
    publish(store, "first", scenes, encoder)
    publish(store, "second", scenes[::-1], encoder)
    return Searcher(tmp_path / "evening", lambda role, spaces: encoder, _TAGS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fire >> kettle", [("first", 0, [1])]),
        ("kettle >> fire", [("second", 2, [3])]),
        ("fire >> everyone within 20s", [("first", 0, [3])]),
        ("fire >> everyone within 19s", []),
        ("fire >> tag:night >> everyone", [("first", 0, [2, 3])]),
        ("tag:night >> kettle", [("second", 1, [2])]),
        ("tag:night >> -kettle within 1s", [("first", 2, [3])]),
        ("fire >> submarine", []),
    ],
)
def test_scenes_in_order(evening: Searcher, typed: str, found: list[tuple[str, int, list[int]]]) -> None:
    names = {video_id("first"): "first", video_id("second"): "second"}
    answer = evening.search(typed)
    shown = [
        (
            names[hit.scene.video_id],
            hit.scene.span.start_ms // SCENE_MS,
            [scene.span.start_ms // SCENE_MS for scene in hit.then],
        )
        for hit in answer.hits
        if hit.score >= WEAK_FROM
    ]
    assert shown == found
    assert (answer.verdict is Verdict.NONE) is not bool(found)


def test_a_scene_that_was_expected_is_explained(searcher: Searcher) -> None:
    found = searcher.why_not("grandmother pancakes", (video_id("talk"), 5_000))
    assert found
    assert (found.rank, found.shown_at) == (1, 1)
    assert found.score == found.best > 0.5
    missed = searcher.why_not("grandmother pancakes", (video_id("talk"), SCENE_MS))
    assert missed
    assert missed.rank
    assert missed.rank > 1
    assert missed.score < missed.best
    assert missed.channels[Channel.SAID] is not None
    assert missed.scene.transcript == "The train leaves at noon."
    assert missed.shown_at in {None, 1}, "far behind, or right beside the hit"


def test_without_a_moment_the_best_scene_of_the_video_is_explained(searcher: Searcher) -> None:
    best = searcher.why_not("grandmother pancakes", (video_id("talk"), None))
    assert best
    assert best.scene.span.start_ms == 0
    like = LikeScene(best.scene.id)
    itself = searcher.why_not("", (video_id("talk"), 0), like)
    assert itself
    assert not itself.meets_conditions, "a scene is not like itself"
    narrowed = searcher.why_not("grandmother pancakes", (video_id("talk"), 0), OfVideo(video_id("talk")))
    assert narrowed
    assert narrowed.rank == 1


def test_a_scene_that_does_not_meet_the_conditions_is_told_apart(searcher: Searcher) -> None:
    found = searcher.why_not("pancakes lang:ko", (video_id("talk"), 0))
    assert found
    assert not found.meets_conditions
    assert found.shown_at is None


@pytest.mark.parametrize(
    ("typed", "name", "at_ms"), [("pancakes", "other", 0), ("pancakes", "talk", 10**9), ("", "talk", 0)]
)
def test_what_is_not_in_the_index_cannot_be_explained(
    searcher: Searcher, typed: str, name: str, at_ms: int
) -> None:
    assert searcher.why_not(typed, (video_id(name), at_ms)) is None


@pytest.mark.parametrize(
    ("typed", "count"),
    [("pancakes", 1), ("zeppelin airship", 0), ("tag:night", 2), ("train >> budget", 1), ("", 0)],
)
def test_the_convincing_hits_are_counted(by_words: Searcher, typed: str, count: int) -> None:
    assert by_words.count_convincing(typed, limit=50) == count
