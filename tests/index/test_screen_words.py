"""Words on screens are found in memory: none that passes is missed, and what changes is seen."""

from collections.abc import Sequence
from pathlib import Path

import lancedb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lancedb.table import Table

from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import folded_words
from heimdex_desktop.index.scene_reading import read_scenes
from heimdex_desktop.index.screen_words import ScreenScan, ScreenWords
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.store import SceneStore
from tests.index.samples import Said, publish

_SCREENS = (
    "Breaking news tonight",
    "modem world",
    "BREAK1NG",
    "roadside cafe",
    "WETOOKAROADTRIP to LA",
    "東京駅の天気予報",
    "서울역 출구",
    "Copyright 2013 Brandon Castellano",
    "9:41 100m",
    "+++ --- ((",
    "the end",
)


def _published(folder: Path, screens: Sequence[str]) -> Table:
    publish(SceneStore(folder), "film", [Said(screen=(screen,)) for screen in screens])
    return lancedb.connect(folder).open_table("scenes")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """A table that the tests only read, among its scenes one without any text."""
    return _published(tmp_path_factory.mktemp("index"), [*_SCREENS, ""])


def _matcher(*typed: str) -> ScreenMatcher:
    return ScreenMatcher([Term.of(word) for text in typed for word in folded_words(text)])


def _found(table: Table, scan: ScreenScan) -> dict[str, list[float]]:
    """Return the text of each row that was found, with its credits."""
    told = read_scenes(table, scan.rows, {}) if len(scan.rows) else {}
    texts = [told[int(row)].screen_text for row in scan.rows]
    found = [[round(credit, 2) for credit in row] for row in scan.credits.tolist()]
    return dict(zip(texts, found, strict=True))


def test_every_scene_that_shows_the_words_is_found(table: Table) -> None:
    scan = ScreenWords().find(table, _matcher("breaking", "news"))
    found = _found(table, scan)
    assert found == {_SCREENS[0]: [1.0, 1.0], _SCREENS[2]: [0.9, 0.0]}
    assert scan.counts == (2, 1)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("castelano", 7),
        ("modern", 1),
        ("天気予報", 5),
        ("東京駅の天文予報", 5),
        ("서울역에서", 6),
        ("took a roadtrip", 4),
        ("9:41", 8),
    ],
)
def test_what_passes_is_found(table: Table, typed: str, expected: int) -> None:
    assert _SCREENS[expected] in _found(table, ScreenWords().find(table, _matcher(typed)))


@given(
    st.lists(
        st.sampled_from([word for screen in _SCREENS for word in folded_words(screen)]).flatmap(
            lambda word: st.tuples(
                st.just(word), st.integers(0, len(word)), st.sampled_from(["", "x", "rn", "0"])
            )
        ),
        min_size=1,
        max_size=3,
    )
)
def test_nothing_is_missed(table: Table, changed: list[tuple[str, int, str]]) -> None:
    """Compared with every word of every screen, letter by letter."""
    matcher = _matcher(*(word[:place] + put + word[place + 1 :] for word, place, put in changed))
    expected: dict[str, list[float]] = {}
    for screen in _SCREENS:
        best = [0.0] * len(matcher.terms)
        for word in folded_words(screen):
            for number, credit in matcher.match(word).items():
                best[number] = max(best[number], credit)
        if any(best):
            expected[screen] = [round(credit, 2) for credit in best]
    assert _found(table, ScreenWords().find(table, matcher)) == expected


def test_a_query_without_words_finds_nothing(table: Table) -> None:
    scan = ScreenWords().find(table, ScreenMatcher([]))
    assert (len(scan.rows), scan.counts) == (0, ())


@pytest.mark.parametrize("screens", [(), ("",)])
def test_a_library_without_text_has_nothing_to_find(tmp_path: Path, screens: tuple[str, ...]) -> None:
    scan = ScreenWords().find(_published(tmp_path, screens), _matcher("news"))
    assert (len(scan.rows), scan.counts) == (0, (0,))


def test_what_is_published_later_is_seen_by_the_next_search(tmp_path: Path) -> None:
    words, matcher = ScreenWords(), _matcher("harbour")
    assert len(words.find(_published(tmp_path, ["news"]), matcher).rows) == 0
    assert len(words.find(_published(tmp_path, ["news", "harbour"]), matcher).rows) == 1
    assert len(words.find(_published(tmp_path, ["news"]), matcher).rows) == 0


def test_the_best_hold_most_of_the_weight_and_can_be_narrowed(table: Table) -> None:
    scan = ScreenWords().find(table, _matcher("breaking", "news", "world"))
    best = scan.best((1.0, 1.0, 5.0))
    assert list(_found(table, ScreenScan(best[:1], scan.credits[:1]))) == ["modem world"]
    narrow = scan.among(best[:1])
    assert narrow.rows.tolist() == best[:1].tolist()
    assert narrow.counts == (0, 0, 1)
