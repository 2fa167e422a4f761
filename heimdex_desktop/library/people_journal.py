"""The journal of people on disk: one line for each step, only ever added to, readable by the owner alone.

What it holds is personal, so it lies in the library and nowhere else. A line that was cut off by a crash is
dropped with the next one that is added.
"""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Entry,
    Event,
    Freed,
    Ignored,
    Made,
    Merged,
    PersonId,
    PhotoAdded,
    PhotoId,
    PhotoRemoved,
    Pictured,
    Redo,
    Rejected,
    Renamed,
    Restored,
    Shown,
    Undo,
)
from heimdex_desktop.library.disk import read_whole, told_plainly, write_whole
from heimdex_desktop.library.face_fields import face_ref_fields, face_ref_from
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places

_KINDS: dict[str, type[Event]] = {
    "made": Made,
    "renamed": Renamed,
    "shown": Shown,
    "pictured": Pictured,
    "photo added": PhotoAdded,
    "photo removed": PhotoRemoved,
    "confirmed": Confirmed,
    "rejected": Rejected,
    "ignored": Ignored,
    "freed": Freed,
    "merged": Merged,
    "deleted": Deleted,
    "restored": Restored,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_UNDO, _REDO = "undo", "redo"


class PeopleJournal:
    """For the one program that works on the library; `lost` counts lines that could not be read.

    `is_there` tells whether there was a file when it was read last, and `is_cut_off` whether it ended in the
    middle of a line, until the next one is added.
    """

    def __init__(self, places: Places) -> None:
        self._file = places.people_journal
        self.lost = 0
        self.is_there = False
        self.is_cut_off = False

    def read(self) -> list[Entry]:
        """Return all lines in order; one that makes no sense is left out and counted. Raises NoAccess."""
        found = read_whole(self._file)
        self.is_there = found is not None
        *lines, rest = (found or b"").split(b"\n")
        self.is_cut_off = bool(rest)
        self.lost = 0
        entries: list[Entry] = []
        for line in lines:
            try:
                entries.append(_entry(fields_of(parsed(line))))
            except (MalformedError, ValueError):
                self.lost += 1
        return entries

    def add(self, entry: Entry) -> None:
        """Write one more line, whole or not at all. Raises DiskFull and NoAccess."""
        with told_plainly(self._file):
            if not self._file.exists():
                write_whole(self._file, b"", private=True)
            with self._file.open("r+b") as file:
                end = _end_of_last_line(file.read())
                file.truncate(end)
                file.seek(end)
                try:
                    file.write(_line(entry))
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    # Whoever is told that it was not written must not find it there later.
                    file.truncate(end)
                    raise
        self.is_cut_off = False

    def replace(self, entries: Iterable[Entry]) -> None:
        """Write all lines anew, so that nothing is left of those before. Raises DiskFull and NoAccess."""
        write_whole(self._file, b"".join(_line(entry) for entry in entries), private=True)
        self.lost = 0
        self.is_cut_off = False


def _end_of_last_line(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _line(entry: Entry) -> bytes:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    match entry:
        case Undo():
            written: dict[str, object] = {"at": at, "do": _UNDO}
        case Redo():
            written = {"at": at, "do": _REDO}
        case _:
            written = {"at": at, "do": [_as_json(event) for event in entry]}
    return json.dumps(written, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _as_json(event: Event) -> dict[str, object]:
    written: dict[str, object] = {"what": _NAMES[type(event)]}
    for name in event.__dataclass_fields__:
        value = getattr(event, name)
        written[name] = [face_ref_fields(face) for face in value] if name == "faces" else value
    return written


def _entry(fields: Fields) -> Entry:
    done = fields.content.get("do")
    if done == _UNDO:
        return Undo()
    if done == _REDO:
        return Redo()
    return tuple(_event(one) for one in fields.inners("do"))


def _event(fields: Fields) -> Event:
    kind = _KINDS.get(fields.text("what"))
    if kind is None:
        message = "a step of an unknown kind"
        raise MalformedError(message)
    return kind(**{name: _value(fields, name) for name in kind.__dataclass_fields__})


def _value(fields: Fields, name: str) -> Any:
    match name:
        case "person" | "into":
            return PersonId(fields.uuid(name))
        case "photo":
            return PhotoId(fields.uuid(name))
        case "others" | "aliases":
            return fields.texts(name)
        case "faces":
            return tuple(face_ref_from(one) for one in fields.inners("faces"))
        case "hidden":
            return fields.flag(name)
        case _:
            return fields.text(name)
