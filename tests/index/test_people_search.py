"""Who is asked for is found by their face, and a name among the words lifts the scenes of that person."""

from dataclasses import replace
from pathlib import Path

import pytest

from heimdex_desktop.domain.query_completion import complete
from heimdex_desktop.domain.scene import SeenPerson
from heimdex_desktop.domain.search import Answer, Channel, LikeScene, Reason, Verdict
from heimdex_desktop.index import candidates
from heimdex_desktop.index.known_people import NamesOfPeople
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import Said, SynonymEncoder, publish, video_id

_TAGS = TagWords({"night": ("night",)})
_MINJI, _JUN, _OTHER_JUN = (str(video_id(f"person {number}")) for number in range(3))
_NAMES: NamesOfPeople = {
    "Minji": (_MINJI,),
    "민지": (_MINJI,),
    "Oma": (_MINJI,),
    "Jun": (_OTHER_JUN, _JUN),
    "Jun Park": (_JUN,),
    "Will": (_JUN,),
}
_SCENES = (
    Said("we walk on the beach", people={_MINJI: 0.75}),
    Said("nothing is said of it"),
    Said("nobody is on the beach", people_count=0),
    Said("a quiet talk"),
    Said("dinner with friends", people={_MINJI: 0.95, _JUN: 0.8}, screen=("Jun cooks",)),
    Said("a quiet walk"),
    Said(people={_JUN: 0.99}),
    Said("one who is not known", people_count=1),
    Said("nobody knows the other", people={_OTHER_JUN: 0.85}),
)


@pytest.fixture(params=["in memory", "in the table"])
def searcher(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    if request.param == "in the table":
        monkeypatch.setattr(candidates, "_ROWS_READ_AT_ONCE", 0)
    store = SceneStore(tmp_path)
    for number, scene in enumerate(_SCENES):
        publish(store, f"video {number}", [scene])
    return Searcher(tmp_path, no_encoder, _TAGS, people=lambda: _NAMES)


def _found(answer: Answer) -> list[int]:
    numbers = {video_id(f"video {number}"): number for number in range(len(_SCENES))}
    return [numbers[hit.scene.video_id] for hit in answer.hits]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("@Minji", [4, 0]),
        ("@minji", [4, 0]),
        ("@민지", [4, 0]),
        ('person:"oma"', [4, 0]),
        ("@Minji @Jun", [4]),
        ("@Minji OR @Jun", [6, 4, 8, 0]),
        ('@"Jun Park"', [6, 4]),
        ("@Jun -@Minji", [6, 8]),
        ("(@Minji OR @Jun) -@Minji", [6, 8]),
        ("@Minji OR @Nobody", [4, 0]),
        ("@Minji @Nobody", []),
        ("@Nobody", []),
        ("@Minji people:1", [0]),
        ("@Minji lang:ko", []),
    ],
)
def test_who_is_asked_for_is_found_the_surest_first(searcher: Searcher, typed: str, found: list[int]) -> None:
    assert _found(searcher.search(typed)) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("-@Minji", {1, 2, 3, 5, 6, 7, 8}),
        ("has:faces", {0, 4, 6, 7, 8}),
        ("people:0", {2}),
        ("people:2", {4}),
        ("people:>=1", {0, 4, 6, 7, 8}),
        ("-people:0", {0, 1, 3, 4, 5, 6, 7, 8}),
        ("-@Nobody", set(range(9))),
        ("@Minji OR -@Jun", {0, 1, 2, 3, 4, 5, 7}),
    ],
)
def test_conditions_about_people_order_nothing(searcher: Searcher, typed: str, found: set[int]) -> None:
    answer = searcher.search(typed)
    assert {hit.score for hit in answer.hits} == {0.0}
    assert set(_found(answer)) == found


def test_a_hit_says_who_is_seen_and_how_sure_that_is(searcher: Searcher) -> None:
    answer = searcher.search("@Minji")
    assert answer.verdict is Verdict.GOOD
    best = answer.hits[0]
    assert best.score == pytest.approx(0.95)
    assert best.channels[Channel.WHO] == pytest.approx(0.95)
    assert [replace(reason, confidence=None) for reason in best.because] == [
        Reason(Channel.WHO, "face", ("Minji",))
    ]
    assert best.because[0].confidence == pytest.approx(0.95)
    assert [replace(one, confidence=round(one.confidence, 4)) for one in best.scene.people] == [
        SeenPerson(_MINJI, "Minji", 0.95, 3),
        SeenPerson(_JUN, "Jun Park", 0.8, 3),
    ]
    assert best.scene.people_count == 2


def test_of_two_who_must_be_there_the_less_sure_one_counts(searcher: Searcher) -> None:
    best = searcher.search("@Minji @Jun").hits[0]
    assert best.score == pytest.approx(0.8)
    assert [reason.words for reason in best.because] == [("Minji",), ("Jun Park",)]


def test_a_name_among_the_words_lifts_and_keeps_everything(searcher: Searcher, tmp_path: Path) -> None:
    plain, named = searcher.search("beach"), searcher.search("minji beach")
    assert {hit.scene.id for hit in plain.hits} <= {hit.scene.id for hit in named.hits}
    scores = dict(zip(_found(named), (hit.score for hit in named.hits), strict=True))
    assert _found(named)[0] == 0
    only_words = Searcher(tmp_path, no_encoder, _TAGS).search("minji beach")
    before = dict(zip(_found(only_words), (hit.score for hit in only_words.hits), strict=True))
    assert scores[0] == pytest.approx(min(1.0, before[0] + 0.3 * 0.75))
    assert scores[2] == pytest.approx(before[2])
    assert scores[4] == pytest.approx(0.3 * 0.95)
    reasons = {reason.channel: reason for reason in named.hits[0].because}
    assert reasons[Channel.WHO].words == ("Minji",)


def test_a_name_of_several_words_may_stand_among_others(searcher: Searcher) -> None:
    named = searcher.search("dinner with jun park")
    assert _found(named)[0] == 4
    assert any(reason.words == ("Jun Park",) for reason in named.hits[0].because)
    assert named.hits[1].score == pytest.approx(0.3 * 0.99), "silent, and Jun Park"
    assert not any(reason.channel is Channel.WHO for reason in searcher.search("dinner park").hits[0].because)


def test_what_korean_glues_to_a_name_does_not_hide_it(searcher: Searcher) -> None:
    assert set(_found(searcher.search("민지가"))) == {0, 4}


def test_a_name_alone_is_answered_by_faces_and_by_words(searcher: Searcher) -> None:
    answer = searcher.search("jun")
    assert answer.verdict is Verdict.GOOD
    scores = dict(zip(_found(answer), (hit.score for hit in answer.hits), strict=True))
    assert scores[6] == pytest.approx(0.99)
    assert scores[4] == 1.0, "written on the screen, and seen"
    assert scores[8] == pytest.approx(0.85)


def test_a_name_that_is_a_common_word_must_be_asked_for(searcher: Searcher) -> None:
    assert not any(
        reason.channel is Channel.WHO for hit in searcher.search("will").hits for reason in hit.because
    )
    assert _found(searcher.search("@Will")) == [6, 4]


def test_beside_words_a_name_is_a_condition_that_orders_nothing(searcher: Searcher) -> None:
    answer = searcher.search("beach @Minji")
    assert _found(answer) == [0]
    plain = next(hit for hit in searcher.search("beach").hits if hit.scene.id == answer.hits[0].scene.id)
    assert answer.hits[0].score == pytest.approx(plain.score, abs=0.2)
    assert Channel.WHO in {reason.channel for reason in answer.hits[0].because}
    assert searcher.search("zeppelin @Minji").verdict is Verdict.NONE


def test_the_fader_turns_people_down_and_off(searcher: Searcher) -> None:
    searcher.search("minji beach")
    lower = searcher.remix("minji beach", faders={Channel.WHO: 0.5})
    off = searcher.remix("minji beach", faders={Channel.WHO: 0.0})
    assert lower
    assert off
    assert dict(zip(_found(lower), lower.hits, strict=True))[4].score == pytest.approx(0.15 * 0.95)
    assert 4 not in _found(off)
    assert searcher.search("@Minji", faders={Channel.WHO: 0.0}).hits == ()


def test_a_name_that_nobody_has_is_told(searcher: Searcher) -> None:
    notes = searcher.search("beach @Zeno").query.notes
    assert [note.sentence for note in notes] == [
        "Nobody is called “Zeno”. Give somebody this name on the page about people, or leave it out."
    ]
    assert (notes[0].start, notes[0].end) == (6, 11)
    similar = searcher.search('-person:"minjo"').query.notes
    assert [note.sentence for note in similar] == ["Nobody is called “minjo”. Did you mean “Minji”?"]
    assert searcher.search("@Minji OR @jun").query.notes == ()
    assert [note.start for note in searcher.search("@Zed >> snow @Zara").query.notes] == [0, 13]


def test_a_library_without_faces_is_told(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path), "talk", ["the sea", "a boat"])
    searcher = Searcher(tmp_path, no_encoder, _TAGS, people=lambda: _NAMES)
    for typed in ("@Minji", "sea -people:2", "has:faces", "sea >> @Minji"):
        assert any("No face was looked for" in note.sentence for note in searcher.search(typed).query.notes)
    assert searcher.search("sea has:speech").query.notes == ()


def test_who_has_another_name_is_called_so_at_once(tmp_path: Path) -> None:
    names: dict[str, tuple[str, ...]] = {"Minji": (_MINJI,)}
    publish(SceneStore(tmp_path), "talk", [Said("the sea", people={_MINJI: 0.9, _JUN: 0.8})])
    searcher = Searcher(tmp_path, no_encoder, _TAGS, people=lambda: dict(names))
    assert [one.name for one in searcher.search("@Minji").hits[0].scene.people] == ["Minji"]
    names.clear()
    names["Anna"] = (_MINJI,)
    again = searcher.remix("@Minji", faders={})
    assert again
    assert again.hits[0].because[0].words == ("Anna",)
    assert searcher.search("@Minji").hits == ()
    assert [one.name for one in searcher.search("@anna").hits[0].scene.people] == ["Anna"]
    assert [one.name for one in searcher.browse().hits[0].scene.people] == ["Anna"]
    names.clear()
    assert searcher.search("sea").hits[0].scene.people == (), "nobody is known any more"


def test_of_equally_sure_scenes_the_first_in_time_comes_first(tmp_path: Path) -> None:
    scenes = [Said(f"scene {number}", people={_MINJI: 0.9} if number % 2 else {}) for number in range(8)]
    publish(SceneStore(tmp_path), "talk", scenes)
    answer = Searcher(tmp_path, no_encoder, _TAGS, people=lambda: _NAMES).search("@Minji")
    assert [hit.scene.span.start_ms for hit in answer.hits] == [10_000, 30_000, 50_000, 70_000]


def test_people_in_order_and_beside_a_scene(tmp_path: Path) -> None:
    encoder = SynonymEncoder()
    store = SceneStore(tmp_path, [encoder.column])
    scenes = [
        Said("we arrive at the harbour", people={_MINJI: 0.9}),
        Said("the snow is deep"),
        Said("a boat in the harbour", people={_JUN: 0.8}),
    ]
    record = publish(store, "talk", scenes, encoder)
    searcher = Searcher(tmp_path, lambda role, spaces: encoder, _TAGS, people=lambda: _NAMES)
    first, *_ = searcher.search("@Minji >> @Jun").hits
    assert (first.scene.id, first.then[0].id) == (record.scenes[0].id, record.scenes[2].id)
    assert [reason.words for reason in first.because] == [("Minji",), ("Jun Park",)]
    assert first.then[0].people[0].name == "Jun Park"
    alike = searcher.search('@"Jun Park"', LikeScene(record.scenes[0].id)).hits
    assert [hit.scene.id for hit in alike] == [record.scenes[2].id]
    assert Channel.WHO in {reason.channel for reason in alike[0].because}


def test_why_a_scene_without_somebody_is_not_found(searcher: Searcher) -> None:
    found = searcher.why_not("beach @Minji -@Nobody people:1", (video_id("video 2"), None))
    assert found
    assert not found.meets_conditions
    assert found.unmet == ("@Minji", "people:1")
    nobody_looked = searcher.why_not("talk -people:2 has:faces", (video_id("video 3"), None))
    assert nobody_looked
    assert nobody_looked.unmet == ("has:faces",)
    seen = searcher.why_not("@Minji", (video_id("video 4"), None))
    assert seen
    assert (seen.rank, seen.unmet, seen.channels[Channel.WHO]) == (1, (), pytest.approx(0.95))


def test_the_scenes_of_somebody_are_counted(searcher: Searcher) -> None:
    assert searcher.count_convincing("@Minji", limit=50) == 2
    assert searcher.count_convincing("people:1", limit=50) == 4


def test_people_are_offered_those_of_the_most_scenes_first(searcher: Searcher) -> None:
    offers = searcher.offers()
    assert [offer.value for offer in offers.people] == ["Minji", "Jun Park", "Jun"]
    assert complete("@m", 2, offers).candidates == ("@Minji",)
    assert complete("@민", 2, offers).candidates == ("@Minji",)
    assert complete("@ju", 3, offers).candidates == ('@"Jun Park"', "@Jun")
    assert complete("person:par", 10, offers).candidates == ('person:"Jun Park"',)


def test_loading_changes_no_answer_about_people(searcher: Searcher) -> None:
    typed = ("@Minji", "@Minji OR @Jun", "minji beach", "-@Jun people:>=1", "jun")
    before = [replace(searcher.search(one), took_ms=0) for one in typed]
    assert sum(searcher.load()) in (0, len(_SCENES))
    assert [replace(searcher.search(one), took_ms=0) for one in typed] == before
