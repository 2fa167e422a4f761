"""The nearest vectors are the same, kept in memory or not, and never those of an older table."""

from pathlib import Path

import lancedb
import numpy as np
import pytest
from lancedb.table import Table

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.index.nearest import NearestRows, Ray
from heimdex_desktop.index.store import SceneStore
from tests.index.samples import SynonymEncoder, publish

_ENCODER = SynonymEncoder()
_TALK = [f"sentence number{number} about topic{number % 7}" for number in range(60)]


def _publish(folder: Path, texts: list[str]) -> Table:
    store = SceneStore(folder, [_ENCODER.column])
    publish(store, "silent", ["", ""], _ENCODER)
    publish(store, "talk", texts, _ENCODER)
    return lancedb.connect(folder).open_table("scenes")


def _found(nearest: NearestRows, table: Table, typed: str, only: str = "") -> list[str]:
    vector = _ENCODER.encode([typed], Purpose.QUERY)[0]
    rows = [int(row) for row in nearest.find(table, Ray(_ENCODER.column, vector), only, count=5)]
    by_row = table.take_row_ids(rows).with_row_id().to_arrow().to_pylist()
    texts = {row["_rowid"]: row["transcript"] for row in by_row}
    return [texts[row] for row in rows]


def test_memory_and_database_agree(tmp_path: Path) -> None:
    table = _publish(tmp_path, _TALK)
    kept, not_kept = NearestRows(), NearestRows(most_kept_bytes=0)
    for number in (7, 41, 59):
        typed = f"number{number} topic{number % 7}"
        assert _found(kept, table, typed)[0] == _found(not_kept, table, typed)[0] == _TALK[number]
    assert "" not in _found(kept, table, "anything")


@pytest.mark.parametrize("most_kept_bytes", [0, 1 << 20])
def test_a_condition_narrows(tmp_path: Path, most_kept_bytes: int) -> None:
    table = _publish(tmp_path, _TALK)
    assert _found(NearestRows(most_kept_bytes), table, "number7", "contains(words, ' number9 ')") == [
        _TALK[9]
    ]


def test_follows_changes_and_a_table_made_anew(tmp_path: Path) -> None:
    nearest = NearestRows()
    first = _publish(tmp_path, _TALK)
    assert _found(nearest, first, "number7")[0] == _TALK[7]
    assert _found(nearest, _publish(tmp_path, _TALK[::-1]), "number7")[0] == _TALK[7]
    database = lancedb.connect(tmp_path)
    for name in ("videos", "scenes"):
        database.drop_table(name)
    again = _publish(tmp_path, _TALK[30:])
    assert again.version == first.version
    assert _found(nearest, again, "number7")[0] != _TALK[7]
    assert _found(nearest, again, "number41")[0] == _TALK[41]


def test_a_table_of_silent_scenes_has_no_nearest(tmp_path: Path) -> None:
    publish(SceneStore(tmp_path, [_ENCODER.column]), "silent", ["", ""], _ENCODER)
    table = lancedb.connect(tmp_path).open_table("scenes")
    assert NearestRows().find(table, Ray(_ENCODER.column, np.ones(256, np.float32)), "", count=5).shape == (
        0,
    )
