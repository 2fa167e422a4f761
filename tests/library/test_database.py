"""The database: all or nothing, and usable again after the drive was full."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import DiskFull, NoAccess
from heimdex_desktop.library.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "new folder" / "catalogue.sqlite3")
    yield opened
    opened.close()


def _add(database: Database, key: bytes) -> None:
    database.rows("INSERT INTO folders (key, path) VALUES (?, ?)", key, bytes(5_000))


def _count(database: Database) -> int:
    [[count]] = database.rows("SELECT count(*) FROM folders")
    return count


def _add_twice_and_fail(database: Database) -> None:
    with database.transaction():
        _add(database, b"1")
        _add(database, b"2")
        raise KeyboardInterrupt


def _fill(database: Database) -> None:
    with database.transaction():
        for number in range(50):
            _add(database, b"%d" % number)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt):
        _add_twice_and_fail(database)
    assert _count(database) == 0
    _fill(database)
    assert _count(database) == 50


def test_a_full_drive_is_told_and_the_database_stays_usable(database: Database) -> None:
    [[pages]] = database.rows("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count = {pages + 10}")
    with pytest.raises(DiskFull, match="no room left"):
        _fill(database)
    assert _count(database) == 0
    database.rows("PRAGMA max_page_count = 1000000")
    _fill(database)
    assert _count(database) == 50


def test_durable_work_is_synced_and_the_rest_is_fast(database: Database) -> None:
    with database.durable():
        assert database.rows("PRAGMA synchronous") == [(2,)]
    assert database.rows("PRAGMA synchronous") == [(1,)]


def test_a_database_that_cannot_be_changed_is_no_access(database: Database) -> None:
    database.rows("PRAGMA query_only = 1")
    with pytest.raises(NoAccess, match=r"catalogue\.sqlite3"):
        _add(database, b"1")
