"""The nearest vectors are the same, compared in memory or by the database, and never of an older table."""

from pathlib import Path

import lancedb
import numpy as np
import pytest
from lancedb.table import Table

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.index.clauses import ANYTHING, AllOf, Holds
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.nearby import Nearby
from heimdex_desktop.index.nearest import Ray
from heimdex_desktop.index.scene_reading import read_scenes
from heimdex_desktop.index.store import SceneStore
from tests.index.samples import SynonymEncoder, publish

_ENCODER = SynonymEncoder()
_TALK = [f"sentence number{number} about topic{number % 7}" for number in range(60)]


def _publish(folder: Path, texts: list[str]) -> Table:
    store = SceneStore(folder, [_ENCODER.column])
    publish(store, "silent", ["", ""], _ENCODER)
    publish(store, "talk", texts, _ENCODER)
    return lancedb.connect(folder).open_table("scenes")


def _found(memory: Memory | None, table: Table, typed: str, only: AllOf = ANYTHING) -> list[str]:
    if memory is not None:
        memory.follow(table)
    ray = Ray(_ENCODER.column, _ENCODER.encode([typed], Purpose.QUERY)[0])
    rows = [int(row) for row in Nearby(table).find(memory, ray, only, 5)]
    told = read_scenes(table, np.array(rows, np.uint64), {})
    return [told[row].transcript for row in rows]


def test_memory_and_database_agree(tmp_path: Path) -> None:
    table, memory, without_room = _publish(tmp_path, _TALK), Memory(), Memory(most_vector_bytes=0)
    for number in (7, 41, 59):
        typed = f"number{number} topic{number % 7}"
        first = {_found(kept, table, typed)[0] for kept in (memory, without_room, None)}
        assert first == {_TALK[number]}
    assert memory.keeps(_ENCODER.column)
    assert not without_room.keeps(_ENCODER.column)
    assert "" not in _found(memory, table, "anything")


@pytest.mark.parametrize("memory", [Memory(), Memory(most_vector_bytes=0), None])
def test_a_condition_narrows(tmp_path: Path, memory: Memory | None) -> None:
    table = _publish(tmp_path, _TALK)
    assert _found(memory, table, "number7", AllOf((Holds(" number9 "),))) == [_TALK[9]]


def test_follows_changes_and_a_table_made_anew(tmp_path: Path) -> None:
    memory = Memory()
    first = _publish(tmp_path, _TALK)
    assert _found(memory, first, "number7")[0] == _TALK[7]
    assert _found(memory, _publish(tmp_path, _TALK[::-1]), "number7")[0] == _TALK[7]
    database = lancedb.connect(tmp_path)
    for name in ("videos", "scenes"):
        database.drop_table(name)
    again = _publish(tmp_path, _TALK[30:])
    assert again.version == first.version
    assert _found(memory, again, "number7")[0] != _TALK[7]
    assert _found(memory, again, "number41")[0] == _TALK[41]


def test_a_column_that_is_added_and_dropped_is_followed(tmp_path: Path) -> None:
    memory, other = Memory(), SynonymEncoder(model="newer")
    publish(SceneStore(tmp_path, [_ENCODER.column]), "talk", _TALK, _ENCODER)
    memory.follow(lancedb.connect(tmp_path).open_table("scenes"))
    store = SceneStore(tmp_path, [_ENCODER.column, other.column])
    publish(store, "more", ["a lantern"], other)
    table = lancedb.connect(tmp_path).open_table("scenes")
    memory.follow(table)
    ray = Ray(other.column, other.encode(["lantern"], Purpose.QUERY)[0])
    assert len(Nearby(table).find(memory, ray, ANYTHING, 5)) == 1
    bytes_before = memory.vector_bytes
    store.drop([_ENCODER.column])
    table = lancedb.connect(tmp_path).open_table("scenes")
    memory.follow(table)
    assert not memory.keeps(_ENCODER.column)
    assert memory.vector_bytes < bytes_before / 10
    assert len(Nearby(table).find(memory, ray, ANYTHING, 5)) == 1


def test_a_table_of_silent_scenes_has_no_nearest(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path, [_ENCODER.column]), "silent", ["", ""], _ENCODER)
    table, memory = lancedb.connect(tmp_path).open_table("scenes"), Memory()
    memory.follow(table)
    ray = Ray(_ENCODER.column, np.ones(256, np.float32))
    assert Nearby(table).find(memory, ray, ANYTHING, 5).shape == (0,)
