"""Cosines become comparable: measured against the best of unrelated texts."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.scene import TEXT
from heimdex_desktop.domain.search import Verdict
from heimdex_desktop.index.background import BACKGROUNDS, Script
from heimdex_desktop.index.calibration import Calibration, Scale, has_meaning, main_script_of, script_of
from heimdex_desktop.index.exact_words import word_query
from heimdex_desktop.index.judging import EXACT_WORDS, SIMILAR_MEANING, TAG
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.inference import offline_minilm
from tests.index.samples import Said, SynonymEncoder, record_of

_COSINES = st.floats(-1, 1)


def _nothing(_size: int) -> Vectors:
    return np.zeros((0, 0), np.float32)


@given(_COSINES, _COSINES, st.lists(_COSINES, min_size=1, max_size=9))
def test_worth_is_a_share_and_monotone(one: float, other: float, tops: list[float]) -> None:
    scale = Scale.of(np.array(tops, np.float32))
    low, high = sorted((one, other))
    assert 0.0 <= scale.worth(low) <= scale.worth(high) <= 1.0


def test_the_usual_best_of_nothing_is_worth_little_and_what_stands_out_much() -> None:
    scale = Scale.of(np.array([0.18, 0.2, 0.22, 0.24, 0.9], np.float32))
    assert scale.worth(scale.median) < 0.25
    assert scale.worth(scale.median + scale.deviation) == pytest.approx(0.5)
    assert scale.worth(scale.median + 4 * scale.deviation) > 0.95


def test_the_odds_fall_as_fast_as_the_best_of_nothing_does() -> None:
    tops = np.random.default_rng(5).gumbel(0.3, 0.02, 20_000).astype(np.float32)
    scale = Scale.of(tops)
    near, far = 0.36, 0.40
    odds_near, odds_far = (scale.worth(cosine) / (1 - scale.worth(cosine)) for cosine in (near, far))
    reached_near, reached_far = ((tops >= cosine).mean() for cosine in (near, far))
    assert odds_far / odds_near == pytest.approx(reached_near / reached_far, rel=0.2)


def test_a_library_close_to_everything_raises_the_bar() -> None:
    encoder = SynonymEncoder()
    queries = encoder.encode(BACKGROUNDS[Script.LATIN].queries, Purpose.QUERY)
    alone = Calibration(encoder).scale("pancakes", 0, _nothing)
    crowded = Calibration(encoder).scale("pancakes", 40, lambda _size: queries)
    assert crowded.median > alone.median + 0.2


class _LatinReader(SynonymEncoder):
    """Reads Latin, and takes every word in another script for the same one."""

    def encode(self, texts: Sequence[str], purpose: Purpose) -> Vectors:
        return super().encode([text if text.isascii() else "noise" for text in texts], purpose)


def test_an_encoder_that_mixes_everything_up_is_worth_nothing() -> None:
    calibration = Calibration(_LatinReader())
    scale = calibration.scale("학습", 0, _nothing)
    assert scale.is_blind
    assert scale.worth(1.0) == 0.0
    assert calibration.scale("pancakes", 0, _nothing).worth(1.0) > 0.9
    assert calibration.reads(Script.LATIN)
    assert not calibration.reads(Script.HANGUL)
    assert not calibration.reads(None)
    assert Calibration(SynonymEncoder()).reads(None)


def test_no_library_makes_an_encoder_blind() -> None:
    encoder = SynonymEncoder()
    answers = encoder.encode(BACKGROUNDS[Script.LATIN].queries, Purpose.QUERY)
    calibration = Calibration(encoder)
    assert calibration.scale("pancakes", 40, lambda _size: answers).median == pytest.approx(1.0)
    assert not calibration.scale("pancakes", 40, lambda _size: answers).is_blind


def test_what_was_prepared_is_not_encoded_again() -> None:
    encoder = SynonymEncoder()
    calibration = Calibration(encoder)
    calibration.prepare([Script.LATIN])
    encoder.asked.clear()
    calibration.scale("pancakes", 0, _nothing)
    assert encoder.asked == []
    assert calibration.reads(Script.HANGUL)
    assert encoder.asked != []


def test_measures_again_only_when_the_library_changed_much() -> None:
    asked: list[int] = []

    def sample(size: int) -> Vectors:
        asked.append(size)
        return _nothing(size)

    calibration = Calibration(SynonymEncoder())
    for scene_count in (100, 110, 100, 200, 190, 10):
        calibration.scale("pancakes", scene_count, sample)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("pancakes", Script.LATIN),
        ("AI 학습", Script.HANGUL),
        ("客観的 AI", Script.JAPANESE_OR_CHINESE),
        ("привет", None),
        ("", None),
    ],
)
def test_tells_scripts_apart(text: str, script: Script | None) -> None:
    assert script_of(text) is script


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("We trained the model in 서울 last year.", Script.LATIN),
        ("지난해 서울에서 AI 모델을 학습시켰습니다.", Script.HANGUL),
        (unicodedata.normalize("NFD", "지난해 서울에서"), Script.HANGUL),
        ("去年、東京でAIを学習させた。", Script.JAPANESE_OR_CHINESE),
        ("Привет, мир! OK", None),
        ("Tiếng Việt", Script.LATIN),
        ("♪ 1984 ♪", None),
        ("", None),
    ],
)
def test_a_passage_has_the_script_of_most_of_its_letters(text: str, script: Script | None) -> None:
    assert main_script_of(text) is script


@given(st.text(max_size=40), st.sampled_from(["", " ", "123", "!?"]))
def test_what_is_no_letter_does_not_change_the_script(text: str, added: str) -> None:
    assert main_script_of(text + added) is main_script_of(text)


@pytest.mark.parametrize(
    "typed", ["x", "um", "Ummm", "WOW!", "hahaha", "oh well", "the", "zzz", "음", "ええ"]
)
def test_some_words_mean_nothing(typed: str) -> None:
    assert not has_meaning(word_query(parse(typed)).terms)


@pytest.mark.parametrize("typed", ["ai", "dog", "oh snow", "who are you", "x night", "개", "犬", "mama"])
def test_other_words_do(typed: str) -> None:
    assert has_meaning(word_query(parse(typed)).terms)


def test_a_script_without_a_yardstick_is_judged_by_the_strictest() -> None:
    calibration = Calibration(SynonymEncoder())
    scales = [calibration.scale(text, 0, _nothing) for text in ("pancakes", "학습", "知識")]
    assert calibration.scale("привет", 0, _nothing) in scales


_ENGLISH = [
    "My grandmother always let the pancake batter rest for an hour before she heated the pan.",
    "Our puppy chewed through three pairs of shoes and the corner of the sofa in a single week.",
    "We went twelve percent over budget this quarter, mostly because of travel and the new laptops.",
    "How do you do? Nice to meet you.",
]
_KOREAN = [
    "이렇게 얘기했습니다",
    "아 결국",
    "오늘 아침에는 눈이 많이 왔어요",
    "다음 회의는 월요일에 시작합니다",
    "그래서 저는 집으로 돌아갔습니다",
]
_JAPANESE = ["駅まで歩いて行きました。", "それは知りませんでした。"]


@pytest.fixture(scope="module")
def minilm() -> TextEncoder:
    folder = offline_minilm.folder()
    if folder is None:
        pytest.skip("the extra `offline` is not installed")
    # Takes seconds, which the other tests here need not wait for.
    from heimdex_desktop.inference.encoders import SentenceEncoder

    return SentenceEncoder(folder, name=offline_minilm.NAME)


@pytest.fixture(scope="module")
def of_all_languages(tmp_path_factory: pytest.TempPathFactory, minilm: TextEncoder) -> Searcher:
    """Searches a library in English, Korean and Japanese by a real encoder that reads English only."""
    folder = tmp_path_factory.mktemp("languages")
    texts = [*_ENGLISH, *_KOREAN, *_JAPANESE]
    record = record_of("talk", [Said(text) for text in texts] + [Said(tags={"night": 0.6})])
    vectors = minilm.encode(texts, Purpose.PASSAGE)
    column = VectorColumn(TEXT, minilm.space)
    by_scene = {scene.id: vector for scene, vector in zip(record.scenes, vectors, strict=False)}
    SceneStore(folder, [column]).publish(record, {column: by_scene}, {}, "talk")
    return Searcher(folder, lambda role, spaces: minilm, TagWords({"night": ("night",)}))


@pytest.mark.parametrize("typed", ["x", "mr kim", "um", "hello", "wow", "seoul", "xyz", "asdkjh qwoeiu", "q"])
def test_what_the_encoder_cannot_read_is_no_answer(of_all_languages: Searcher, typed: str) -> None:
    answer = of_all_languages.search(typed)
    assert answer.verdict is not Verdict.GOOD
    assert {hit.scene.transcript for hit in answer.hits} <= set(_ENGLISH)


@pytest.mark.parametrize("typed", ["할머니의 요리", "강아지", "안녕", "예산", "犬が靴を噛む", "привет"])
def test_what_is_typed_in_a_script_it_cannot_read_means_nothing(
    of_all_languages: Searcher, typed: str
) -> None:
    assert of_all_languages.search(typed).hits == ()


@pytest.mark.parametrize(
    ("typed", "expected", "how"),
    [
        ("granny's breakfast recipe", _ENGLISH[0], SIMILAR_MEANING),
        ("dog destroying furniture", _ENGLISH[1], SIMILAR_MEANING),
        ("company spent too much money", _ENGLISH[2], SIMILAR_MEANING),
        ("회의", _KOREAN[3], EXACT_WORDS),
        ("駅", _JAPANESE[0], EXACT_WORDS),
    ],
)
def test_each_language_is_still_found(
    of_all_languages: Searcher, typed: str, expected: str, how: str
) -> None:
    answer = of_all_languages.search(typed)
    assert (answer.hits[0].scene.transcript, answer.verdict) == (expected, Verdict.GOOD)
    assert answer.hits[0].because[0].how == how


def test_a_look_comes_before_what_cannot_be_read(of_all_languages: Searcher) -> None:
    best = of_all_languages.search("x night").hits[0]
    assert [reason.how for reason in best.because] == [TAG]
