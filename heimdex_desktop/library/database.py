"""The library's SQLite file: one connection for all threads, begun anew when the file is damaged."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from heimdex_desktop.domain.errors import DiskFull, MachineError, NoAccess
from heimdex_desktop.library.disk import is_file, move_aside, remove, shown, told_plainly

Row = tuple[Any, ...]

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS folders (
    key BLOB PRIMARY KEY,
    path BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS videos (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS locations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,
    path BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS locations_of_video ON locations (video_id);
CREATE TABLE IF NOT EXISTS attempts (
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (video_id, stage)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS local_records (
    video_id TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (video_id, stage)
) WITHOUT ROWID;
"""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REFUSED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}
_WAIT_FOR_OTHERS_S = 10.0
_FOR_THE_OWNER_ONLY = 0o600


class DamagedDatabase(NoAccess):
    """The file holds no database, or one that this version does not know."""


class Database:
    """Runs statements one after another, whatever thread they come from.

    `notices` holds a sentence when the file could not be read: it was moved aside, and an empty one
    begun. Raises NoAccess and DiskFull.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        self.notices: tuple[str, ...] = ()
        try:
            self._connection = self._opened()
        except DamagedDatabase:
            aside = self._set_aside()
            self.notices = (
                f"The list of your videos was unreadable and is made anew; the old one is “{aside}”.",
            )
            self._connection = self._opened()

    def rows(self, statement: str, *parameters: object) -> list[Row]:
        """Run one statement, which is a transaction of its own, and return all its rows."""
        with self._lock, self._told_plainly():
            return self._connection.execute(statement, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Make the statements in it happen together or not at all."""
        with self._lock:
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            finally:
                # SQLite may have rolled back by itself, for want of room.
                if self._connection.in_transaction:
                    self.rows("ROLLBACK")

    @contextmanager
    def durable(self) -> Generator[None]:
        """Make the statements in it survive even a freeze of the whole computer, at the price of a sync."""
        with self._lock:
            self.rows("PRAGMA synchronous = FULL")
            try:
                yield
            finally:
                self.rows("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        with self._lock, self._told_plainly():
            self._connection.close()

    def _opened(self) -> sqlite3.Connection:
        with told_plainly(self._file):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if not is_file(self._file):
                # SQLite would let everybody read it; its other files get the mode of this one.
                self._file.touch(_FOR_THE_OWNER_ONLY)
        with self._told_plainly():
            connection = sqlite3.connect(
                self._file, timeout=_WAIT_FOR_OTHERS_S, isolation_level=None, check_same_thread=False
            )
        try:
            with self._told_plainly():
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Set up the connection and the tables; raises DamagedDatabase."""
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        [[verdict]] = connection.execute("PRAGMA quick_check(1)").fetchall()
        [[version]] = connection.execute("PRAGMA user_version").fetchall()
        if verdict != "ok" or version not in {0, _SCHEMA_VERSION}:
            raise _damaged(self._file)
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;"
        )

    def _set_aside(self) -> str:
        aside = move_aside(self._file)
        for ending in ("-wal", "-shm"):
            remove(self._file.with_name(self._file.name + ending))
        return aside.name

    @contextmanager
    def _told_plainly(self) -> Generator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            plain = _machine_error(error, self._file)
            if plain is None:
                raise
            raise plain from error


def _damaged(file: Path) -> DamagedDatabase:
    return DamagedDatabase(f"“{shown(file)}” is damaged.", "Start Heimdex again: it is then made anew.")


def _machine_error(error: sqlite3.DatabaseError, file: Path) -> MachineError | None:
    # The low byte is the kind, the rest its details; errors of the Python module itself carry none.
    code = cast("int", getattr(error, "sqlite_errorcode", 0)) & 0xFF
    name = shown(file)
    if code in _DAMAGED:
        return _damaged(file)
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(f"There is no room left on the drive for “{name}”.", "Free some space, then retry.")
    if code in _IN_USE:
        return NoAccess(f"“{name}” is in use by another program.", "Close the other program, then retry.")
    if code in _REFUSED:
        return NoAccess(f"“{name}” cannot be opened or changed.", "Check the rights of the library folder.")
    return None
