"""What is kept in memory is what the table holds, whatever was published, removed or tidied in between."""

import random
from pathlib import Path

import lancedb
import pytest
from lancedb.table import Table

from heimdex_desktop.domain.query import parse
from heimdex_desktop.index.clauses import ANYTHING, AllOf, Holds, condition_of
from heimdex_desktop.index.exact_words import word_query
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.nearest import RowNumbers
from heimdex_desktop.index.scan import Scan
from heimdex_desktop.index.scene_reading import read_scenes
from heimdex_desktop.index.screen_words import ScreenWords
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.table_scan import scanned
from tests.index.samples import Said, SynonymEncoder, publish, video_id

_ENCODER = SynonymEncoder()
_TAGS = ("night", "sea", "none")
_SAID = ("the boats sail", "a boat", "기계 학습의 역사", "客観的実在", "", "iphone은 boat", "sea 학습")
_SCREENS = ("harbour", "harb0ur 東京駅", "", "boat trip")
_QUERIES = ("boat sailing", "학습 the", "実在 iphone", "night harbour")


def _table(folder: Path) -> Table:
    return lancedb.connect(folder).open_table("scenes")


def _seen(scan: Scan) -> dict[int, tuple[list[bool], list[float]]]:
    """Return by row what a scan saw there."""
    return {
        int(row): (scan.holds[:, place].tolist(), scan.tagged[:, place].tolist())
        for place, row in enumerate(scan.rows)
    }


def _assert_same(memory: Memory, table: Table) -> None:
    for text in _QUERIES:
        words = word_query(parse(text))
        assert _seen(memory.scan(words.terms, _TAGS, ANYTHING)) == _seen(scanned(table, words, _TAGS, ""))
        matcher = ScreenMatcher(words.terms)
        found, expected = memory.on_screens(matcher), ScreenWords().find(table, matcher)
        assert dict(zip(found.rows.tolist(), found.credits.tolist(), strict=True)) == dict(
            zip(expected.rows.tolist(), expected.credits.tolist(), strict=True)
        )
    counted = table.count_rows(f"{_ENCODER.column.name} IS NOT NULL")
    assert memory.vector_count(_ENCODER.column.name) == counted


def _change(store: SceneStore, chance: random.Random) -> None:
    name = f"video {chance.randrange(12)}"
    kind = chance.random()
    if kind < 0.75:
        scenes = [
            Said(chance.choice(_SAID), {chance.choice(_TAGS[:2]): 0.5}, (chance.choice(_SCREENS),))
            for _ in range(chance.randrange(6))
        ]
        publish(store, name, scenes, _ENCODER if chance.random() < 0.7 else None)
    elif kind < 0.9:
        store.remove(video_id(name))
    else:
        store.optimize()


@pytest.mark.parametrize("seed", range(3))
def test_memory_follows_every_change(tmp_path: Path, seed: int) -> None:
    store, memory, chance = SceneStore(tmp_path, [_ENCODER.column]), Memory(), random.Random(seed)
    for _ in range(14):
        for _ in range(chance.randrange(1, 5)):
            _change(store, chance)
        table = _table(tmp_path)
        memory.follow(table)
        _assert_same(memory, table)


def test_only_what_changed_is_read(tmp_path: Path) -> None:
    store, memory = SceneStore(tmp_path, [_ENCODER.column]), Memory()
    for name in ("first", "second"):
        publish(store, name, [name, "boat"])
    assert sum(memory.following(_table(tmp_path))) == 4
    assert sum(memory.following(_table(tmp_path))) == 0
    publish(store, "third", ["boat"])
    assert sum(memory.following(_table(tmp_path))) == 1
    publish(store, "first", ["a boat", "two", "three"])
    assert sum(memory.following(_table(tmp_path))) == 3
    store.remove(video_id("second"))
    store.optimize()
    table = _table(tmp_path)
    assert sum(memory.following(table)) == 0
    _assert_same(memory, table)


def test_a_table_made_anew_is_read_anew(tmp_path: Path) -> None:
    memory = Memory()
    publish(SceneStore(tmp_path), "talk", ["boat", "sea"])
    memory.follow(_table(tmp_path))
    for name in ("videos", "scenes"):
        lancedb.connect(tmp_path).drop_table(name)
    publish(SceneStore(tmp_path, [_ENCODER.column]), "talk", ["sea"], _ENCODER)
    memory.follow(_table(tmp_path))
    _assert_same(memory, _table(tmp_path))


def test_an_empty_library_holds_nothing(tmp_path: Path) -> None:
    SceneStore(tmp_path, [_ENCODER.column])
    memory = Memory()
    memory.follow(_table(tmp_path))
    _assert_same(memory, _table(tmp_path))
    assert memory.scan(word_query(parse("boat")).terms, _TAGS, ANYTHING).counts == (0,)


def test_its_size_is_told(tmp_path: Path) -> None:
    memory = Memory()
    publish(SceneStore(tmp_path), "talk", [f"word{number} boat" for number in range(400)])
    empty_bytes = memory.size_bytes
    memory.follow(_table(tmp_path))
    assert empty_bytes < 100
    assert 8_000 < memory.size_bytes < 60_000


def test_what_does_not_fit_is_not_kept(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path, [_ENCODER.column]), "talk", ["boat", "sea"], _ENCODER)
    memory = Memory(most_bytes=100)
    memory.follow(_table(tmp_path))
    assert memory.is_full
    assert memory.size_bytes == 0
    publish(SceneStore(tmp_path), "more", ["boat"])
    assert sum(memory.following(_table(tmp_path))) == 0
    for name in ("videos", "scenes"):
        lancedb.connect(tmp_path).drop_table(name)
    publish(SceneStore(tmp_path), "talk", [])
    memory.follow(_table(tmp_path))
    assert not memory.is_full, "of another library it may hold all"


def test_vectors_take_no_more_than_they_may(tmp_path: Path) -> None:
    longer = SynonymEncoder(dimensions=512)
    store = SceneStore(tmp_path, [longer.column, _ENCODER.column])
    publish(store, "talk", ["boat", "sea"], _ENCODER)
    memory = Memory(most_vector_bytes=2 * 256 * 4)
    memory.follow(_table(tmp_path))
    assert memory.vector_bytes == 2 * 256 * 4
    assert memory.keeps(_ENCODER.column)
    assert not memory.keeps(longer.column), "the longest goes first"
    publish(store, "more", ["boat"], _ENCODER)
    memory.follow(_table(tmp_path))
    assert memory.vector_bytes == 0


def test_the_best_come_first_and_the_first_of_equal_ones(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path), "talk", ["boat", "sea boat", "sea", "boat sea", *["boat"] * 150])
    table, memory = _table(tmp_path), Memory()
    memory.follow(table)
    words = word_query(parse("sea boat"))
    best = memory.scan(words.terms, (), ANYTHING).best_by_words((2.0, 1.0))
    assert best.tolist() == scanned(table, words, (), "").best_by_words((2.0, 1.0)).tolist()
    assert _texts(table, best[:3]) == ["sea boat", "boat sea", "sea"]
    assert len(best) == 120
    assert sorted(best[3:].tolist()) == best[3:].tolist()


def test_a_condition_leaves_rows_out(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path), "talk", ["the boat sails", "boat the sails", Said("", {}, ("the boat",))])
    table, memory = _table(tmp_path), Memory()
    memory.follow(table)
    words = word_query(parse('"the boat"'))
    only = AllOf((Holds(" the boat "),))
    narrow = memory.scan(words.terms, _TAGS, only)
    assert _seen(narrow) == _seen(scanned(table, words, _TAGS, condition_of(only)))
    assert _texts(table, narrow.rows) == ["the boat sails", ""]


def _texts(table: Table, rows: RowNumbers) -> list[str]:
    told = read_scenes(table, rows, {})
    return [told[int(row)].transcript for row in rows]
