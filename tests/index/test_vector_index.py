"""A large table gets an index of its vectors, which misses hardly any of the nearest and nothing new."""

from pathlib import Path

import lancedb
import numpy as np
import pytest
from lancedb.table import Table
from numpy.typing import NDArray

from heimdex_desktop.domain.filters import Comparison
from heimdex_desktop.domain.scene import TEXT, EmbeddingSpace
from heimdex_desktop.index import nearby, vector_index
from heimdex_desktop.index.clauses import ANYTHING, AllOf, Compared, InVideo, Number, condition_of
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.nearby import Nearby
from heimdex_desktop.index.nearest import Ray, nearest_rows
from heimdex_desktop.index.scan import PER_CHANNEL
from heimdex_desktop.index.scene_reading import read_scenes
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.vector_index import FROM_ROWS, is_indexed, keep_indexed
from tests.index.samples import Said, record_of, video_id

_DIMENSIONS = 64
_COLUMN = VectorColumn(TEXT, EmbeddingSpace("made", "1", _DIMENSIONS))
_COUNT = 600
_OFTEN = AllOf((InVideo(video_id("many")),))
_SELDOM = AllOf((InVideo(video_id("few")),))
_NEVER = AllOf((Compared(Number.LENGTH_MS, Comparison.LESS, 1),))


def _vectors(seed: int, count: int) -> NDArray[np.float32]:
    """Return unit vectors around thirty centres."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(30, _DIMENSIONS))
    vectors = centres[rng.integers(0, 30, count)] + rng.normal(size=(count, _DIMENSIONS))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _publish(store: SceneStore, name: str, vectors: NDArray[np.float32]) -> None:
    """Publish a video with these vectors, and one scene more that has none."""
    record = record_of(name, [Said(f"{name} {number}") for number in range(len(vectors) + 1)])
    by_scene = {scene.id: vector for scene, vector in zip(record.scenes, vectors, strict=False)}
    store.publish(record, {_COLUMN: by_scene}, {}, name)


@pytest.fixture
def store(tmp_path: Path) -> SceneStore:
    made = SceneStore(tmp_path, [_COLUMN])
    _publish(made, "many", _vectors(1, _COUNT))
    return made


def _table(folder: Path) -> Table:
    return lancedb.connect(folder).open_table("scenes")


def _found(table: Table, vector: NDArray[np.float32], count: int = 20) -> list[int]:
    return nearest_rows(table, Ray(_COLUMN, vector), "", count=count).tolist()


def test_the_index_finds_what_comparing_everything_finds(store: SceneStore, tmp_path: Path) -> None:
    queries = _vectors(2, 30)
    expected = [_found(_table(tmp_path), query) for query in queries]
    keep_indexed(_table(tmp_path), _COLUMN, from_rows=_COUNT)
    table = _table(tmp_path)
    assert is_indexed(table, _COLUMN)
    found = [_found(table, query, PER_CHANNEL) for query in queries]
    shares = [len(set(one) & set(true)) / 20 for one, true in zip(found, expected, strict=True)]
    assert np.mean(shares) >= 0.99
    assert [one[0] for one in found] == [one[0] for one in expected]


def test_what_is_published_and_removed_later_counts_at_once(store: SceneStore, tmp_path: Path) -> None:
    keep_indexed(_table(tmp_path), _COLUMN, from_rows=_COUNT)
    late = _vectors(3, 1)
    # The store opened its table before the index was made.
    store = SceneStore(tmp_path, [_COLUMN])
    _publish(store, "late", late)
    table = _table(tmp_path)
    (row,) = _found(table, late[0], 1)
    assert read_scenes(table, np.array([row], np.uint64), {})[row].transcript == "late 0"
    store.optimize()
    assert _found(_table(tmp_path), late[0], 1) == [row]
    store.remove(video_id("late"))
    assert row not in _found(_table(tmp_path), late[0])


def test_a_condition_narrows_before_the_nearest_are_taken(store: SceneStore, tmp_path: Path) -> None:
    keep_indexed(_table(tmp_path), _COLUMN, from_rows=_COUNT)
    table = _table(tmp_path)
    rows = nearest_rows(table, Ray(_COLUMN, _vectors(4, 1)[0]), "contains(words, ' many 17 ')", count=20)
    assert [scene.transcript for scene in read_scenes(table, rows, {}).values()] == ["many 17"]


@pytest.mark.parametrize("most_vector_bytes", [0, 1 << 20])
@pytest.mark.parametrize("only", [ANYTHING, _OFTEN, _SELDOM, _NEVER])
def test_memory_finds_by_the_index_what_comparing_everything_finds(
    store: SceneStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    only: AllOf,
    most_vector_bytes: int,
) -> None:
    monkeypatch.setattr(nearby, "_FEW", 3)
    _publish(store, "few", _vectors(5, 20))
    table, queries = _table(tmp_path), _vectors(2, 30)
    condition = condition_of(only)
    expected = [nearest_rows(table, Ray(_COLUMN, query), condition, count=PER_CHANNEL) for query in queries]
    keep_indexed(table, _COLUMN, from_rows=_COUNT)
    table, memory = _table(tmp_path), Memory(most_vector_bytes=most_vector_bytes)
    memory.follow(table)
    found = [Nearby(table).find(memory, Ray(_COLUMN, query), only, PER_CHANNEL) for query in queries]
    assert [len(one) for one in found] == [len(one) for one in expected]
    shares = [np.isin(true[:20], one).mean() for one, true in zip(found, expected, strict=True) if len(true)]
    assert not shares or np.mean(shares) >= 0.99


def test_small_tables_and_spaces_that_cannot_be_indexed_stay_as_they_are(tmp_path: Path) -> None:
    odd = VectorColumn(TEXT, EmbeddingSpace("odd", "1", 60))
    store = SceneStore(tmp_path, [_COLUMN, odd])
    _publish(store, "few", _vectors(1, 5))
    table = _table(tmp_path)
    keep_indexed(table, _COLUMN, from_rows=7)
    keep_indexed(table, odd, from_rows=1)
    assert not is_indexed(table, _COLUMN)
    assert not is_indexed(table, odd)
    keep_indexed(table, _COLUMN, from_rows=6)
    assert is_indexed(table, _COLUMN)


def test_an_index_in_many_pieces_is_made_anew(
    store: SceneStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "_MOST_PIECES", 3)
    keep_indexed(_table(tmp_path), _COLUMN, from_rows=_COUNT)
    store = SceneStore(tmp_path, [_COLUMN])
    pieces: list[int] = []
    for number in range(5):
        _publish(store, f"late {number}", _vectors(number, 2))
        keep_indexed(_table(tmp_path), _COLUMN, from_rows=_COUNT)
        SceneStore(tmp_path, [_COLUMN]).optimize()
        pieces.append(sum(one.num_segments or 0 for one in _table(tmp_path).list_indices()))
    assert max(pieces) <= 4
    assert pieces[-1] < max(pieces)


def test_a_store_indexes_what_has_grown_large(store: SceneStore, tmp_path: Path) -> None:
    assert not is_indexed(_table(tmp_path), _COLUMN)
    for number in range(FROM_ROWS // 5_000):
        _publish(store, f"more {number}", _vectors(number, 5_000))
    store.optimize()
    assert is_indexed(_table(tmp_path), _COLUMN)
    store.drop([_COLUMN])
    store.optimize()
    assert "_vec_" not in " ".join(_table(tmp_path).schema.names)
