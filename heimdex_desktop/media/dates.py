"""When a video was made, by what its file says."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

# Apple's own holds the place's time; the common one is in UTC.
_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date")
_FIRST_YEAR = 1980
"""Before it there was no such file: a clock that was never set says 1904 or 1970."""


def made_at(path: Path, metadata: Mapping[str, str]) -> datetime | None:
    """Return when a video was made: by its container, else when its file was last changed; None if unknown.

    Always with a time zone: one that is not told counts as UTC.
    """
    told = (_read(metadata[key]) for key in _KEYS if metadata.get(key))
    return next((moment for moment in told if moment), None) or _changed_at(path)


def _read(text: str) -> datetime | None:
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if moment.year >= _FIRST_YEAR else None
    return None


def _changed_at(path: Path) -> datetime | None:
    with suppress(OSError, ValueError, OverflowError):
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return moment if moment.year >= _FIRST_YEAR else None
    return None
