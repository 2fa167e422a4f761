"""Texts that nobody means well with break nothing, and find nothing that their conditions keep away."""

from dataclasses import replace
from pathlib import Path

import pytest

from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Answer
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from tests.benchmarks.hostile_queries import TODAY, Tally, ask, faults, make_library
from tests.benchmarks.hostile_strings import LONG_EVERY, hostile
from tests.index.conditioned import PEOPLE, TAGS


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("hostile")
    make_library(folder)
    return Searcher(folder, no_encoder, TAGS, people=lambda: PEOPLE, today=lambda: TODAY)


def test_hostile_texts_break_nothing_and_let_nothing_through(searcher: Searcher) -> None:
    tally = Tally()
    for number in (*range(300), LONG_EVERY - 1):
        ask(searcher, hostile(number)[1], tally)
    assert tally.wrong == []
    assert tally.hits > 300
    assert tally.with_conditions > 50
    assert tally.exact > 10


def test_the_same_number_gives_the_same_text() -> None:
    assert [hostile(number) for number in range(50)] == [hostile(number) for number in range(50)]


def test_a_scene_that_was_let_through_or_is_missing_is_noticed(searcher: Searcher) -> None:
    night = parse("tag:night", TODAY)
    answer = searcher.search("tag:night", limit=100)
    assert list(faults(night, answer)) == []
    assert "missing" in "".join(faults(night, replace(answer, hits=answer.hits[1:])))
    everything = searcher.search("-tag:nothing", limit=100)
    assert "let through" in "".join(faults(night, everything))
    said = parse('"the sea" -calm', TODAY)
    assert "let through" in "".join(faults(said, everything))


def test_what_is_raised_is_noticed(tmp_path: Path) -> None:
    class Broken(Searcher):
        def search(self, *asked: object, **how: object) -> Answer:
            raise RuntimeError("a bug")

    tally = Tally()
    ask(Broken(tmp_path, no_encoder, TAGS), "the \ud800 sea", tally)
    assert tally.wrong == ["RuntimeError: a bug raised by 'the \\ud800 sea'"]
