"""Text on screen is found as it is written, misspelt, quoted, and beside what is said."""

from pathlib import Path

import pytest

from heimdex_desktop.domain.search import Answer, Channel, Hit, Reason, Verdict
from heimdex_desktop.index import schema
from heimdex_desktop.index.candidates import Reader
from heimdex_desktop.index.judging import EXACT_WORDS, SIMILAR_SPELLING
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import Said, SynonymEncoder, publish

_TAGS = TagWords({"night": ("night",)})
_ENCODER = SynonymEncoder()
_CREDITS = ("Copyright © 2013", "Brandon Castellano")
_SCENES = {
    "credits": Said(screen=_CREDITS),
    "harbour": Said("We left the harbour before sunrise", screen=("clideo.com",)),
    "market": Said("Two onions and a little patience", screen=("Harbour Market", "clideo.com")),
    "station": Said(tags={"night": 1.0}, screen=("東京駅の天気予報", "서울역 출구")),
    "dark": Said(tags={"night": 0.9}),
    "modem": Said(screen=("The m0dern world",)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that the tests only read."""
    folder = tmp_path_factory.mktemp("library") / "lancedb"
    store = SceneStore(folder, [_ENCODER.column])
    for name, said in _SCENES.items():
        publish(store, name, [said], _ENCODER)
    publish(store, "filler", [Said(f"sentence about topic{n}", screen=(f"channel {n}",)) for n in range(40)])
    return folder


@pytest.fixture(params=["by words", "by meaning too"])
def searcher(folder: Path, request: pytest.FixtureRequest) -> Searcher:
    encoder = _ENCODER if request.param == "by meaning too" else None
    return Searcher(folder, lambda role, spaces: encoder, _TAGS)


def _names(answer: Answer) -> list[str]:
    return [hit.scene.locations[0].stem for hit in answer.hits]


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ("castellano", "credits", ("Castellano",)),
        ("copyright brandon", "credits", ("Copyright", "Brandon")),
        ("CLIDEO market", "market", ("Market", "clideo")),
        ("天気予報", "station", ("東京駅の天気予報",)),
        ("서울역에서", "station", ("서울역",)),
    ],
)
def test_words_on_screen_find_their_scene(
    searcher: Searcher, typed: str, name: str, words: tuple[str, ...]
) -> None:
    answer = searcher.search(typed)
    assert _names(answer)[0] == name
    assert answer.verdict is Verdict.GOOD
    assert Reason(Channel.TEXT, EXACT_WORDS, words) in answer.hits[0].because


@pytest.mark.parametrize(
    ("typed", "name", "words", "verdict"),
    [
        ("castelano", "credits", ("Castellano",), Verdict.GOOD),
        ("brandon kastellano", "credits", ("Castellano",), Verdict.GOOD),
        ("modern", "modem", ("m0dern",), Verdict.GOOD),
        ("東京駅の天文予報", "station", ("東京駅の天気予報",), Verdict.GOOD),
        ("天文予報", "station", ("東京駅の天気予報",), Verdict.WEAK),
    ],
)
def test_one_wrong_letter_still_finds(
    searcher: Searcher, typed: str, name: str, words: tuple[str, ...], verdict: Verdict
) -> None:
    answer = searcher.search(typed)
    assert _names(answer)[0] == name
    assert answer.verdict is verdict
    assert Reason(Channel.TEXT, SIMILAR_SPELLING, words) in answer.hits[0].because
    right = searcher.search(typed.replace("kas", "cas").replace("elano", "ellano")).hits[0]
    assert right.score >= answer.hits[0].score


def test_a_hit_tells_what_stands_on_its_screen(searcher: Searcher) -> None:
    hit = searcher.search("castellano").hits[0]
    assert hit.scene.screen_text == "\n".join(_CREDITS)
    assert hit.channels[Channel.TEXT] == pytest.approx(hit.score) == pytest.approx(1.0)
    assert hit.channels[Channel.SAID] is None
    assert hit.because == (Reason(Channel.TEXT, EXACT_WORDS, ("Castellano",)),)


def test_a_scene_without_text_on_screen_has_no_such_channel(searcher: Searcher) -> None:
    channels = {name: hit.channels for name, hit in _hits(searcher, "night").items()}
    assert channels["dark"][Channel.TEXT] is None
    assert channels["station"][Channel.TEXT] == 0.0


def _hits(searcher: Searcher, typed: str) -> dict[str, Hit]:
    answer = searcher.search(typed)
    return dict(zip(_names(answer), answer.hits, strict=True))


def test_the_right_spelling_comes_before_a_similar_one(tmp_path: Path) -> None:
    store = SceneStore(tmp_path)
    publish(store, "similar", [Said(screen=("Lighthouze",))])
    publish(store, "same", [Said(screen=("Lighthouse",))])
    answer = Searcher(tmp_path, lambda role, spaces: None, _TAGS).search("lighthouse")
    assert _names(answer) == ["same", "similar"]


def test_said_and_shown_find_both_scenes_and_the_reasons_say_which(searcher: Searcher) -> None:
    hits = _hits(searcher, "harbour")
    assert {reason.channel for reason in hits["harbour"].because} == {Channel.SAID}
    assert {reason.channel for reason in hits["market"].because} == {Channel.TEXT}
    assert hits["harbour"].score == pytest.approx(hits["market"].score)


def test_a_watermark_does_not_push_a_scene_down(tmp_path: Path) -> None:
    store = SceneStore(tmp_path)
    publish(store, "plain", [Said("the train leaves at noon"), Said("hello")])
    publish(store, "marked", [Said("the train leaves at noon", screen=("clideo.com",)), Said("hello")])
    hits = _hits(Searcher(tmp_path, lambda role, spaces: None, _TAGS), "train at noon")
    assert hits["plain"].score == hits["marked"].score


def test_a_quoted_phrase_may_stand_on_the_screen(searcher: Searcher) -> None:
    assert _names(searcher.search('"brandon castellano"')) == ["credits"]
    assert _names(searcher.search('"castellano brandon"')) == []
    assert _names(searcher.search('"harbour market" onions')) == ["market"]
    assert sorted(_names(searcher.search('"harbour"'))) == ["harbour", "market"]
    assert _names(searcher.search('"2013 brandon"')) == ["credits"], "lines follow each other"
    assert _names(searcher.search('"castelano"')) == [], "quoted words stand as they are"


def test_a_look_and_a_word_on_the_screen_find_together(searcher: Searcher) -> None:
    assert _names(searcher.search("night 서울역"))[0] == "station"


@pytest.mark.parametrize("typed", ["zyzzyva", "양자역학", "quantum chromodynamics"])
def test_the_hopeless_stays_so(searcher: Searcher, typed: str) -> None:
    assert searcher.search(typed).verdict is Verdict.NONE


def test_a_table_of_another_version_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(SceneStore(tmp_path), "film", [Said(screen=("harbour",))])
    monkeypatch.setattr(schema, "VERSION", "next")
    assert Reader(tmp_path).snapshot() is None
    assert Searcher(tmp_path, lambda role, spaces: None, _TAGS).search("harbour").hits == ()
