"""The queries that a person keeps, in one small file."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.search import Channel, SavedSearch
from heimdex_desktop.library.disk import move_aside, read_whole, write_whole
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places

_FORMAT = 1
_HIGHEST = 3.0


@dataclass(frozen=True, slots=True)
class Recalled:
    """The kept searches in their order, and what a person should know of the file."""

    searches: tuple[SavedSearch, ...] = ()
    notices: tuple[str, ...] = ()


def keep(places: Places, searches: Sequence[SavedSearch]) -> None:
    """Write all searches down. Raises DiskFull, NoAccess."""
    written = {"format": _FORMAT, "searches": [_as_json(search) for search in searches]}
    content = json.dumps(written, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
    write_whole(places.saved_searches, content, private=True)


def recall(places: Places) -> Recalled:
    """Return what was written down; a file that cannot be read is kept under another name.

    Raises NoAccess.
    """
    content = read_whole(places.saved_searches)
    if content is None:
        return Recalled()
    try:
        fields = fields_of(parsed(content))
        return Recalled(tuple(_search(one) for one in fields.inners("searches")))
    except (MalformedError, ValueError):
        aside = move_aside(places.saved_searches)
        return Recalled(
            notices=(f"Your saved searches could not be read. The file is kept as “{aside.name}”.",)
        )


def kept_texts(places: Places) -> tuple[str, ...]:
    """Return what the kept searches ask for; nothing of a file that cannot be read. Raises NoAccess."""
    content = read_whole(places.saved_searches)
    try:
        inners = fields_of(parsed(content)).inners("searches") if content is not None else ()
        return tuple(fields.text("text") for fields in inners)
    except (MalformedError, ValueError):
        return ()


def _as_json(search: SavedSearch) -> dict[str, object]:
    faders = {channel.value: float(share) for channel, share in search.faders.items()}
    return {"name": search.name, "text": search.text, "faders": faders}


def _search(fields: Fields) -> SavedSearch:
    turned = fields.inner("faders")
    known = [channel for channel in Channel if channel.value in turned.content]
    return SavedSearch(
        name=fields.text("name"),
        text=fields.text("text"),
        faders={channel: _share(turned.number(channel.value)) for channel in known},
    )


def _share(number: float) -> float:
    return min(_HIGHEST, max(0.0, number)) if math.isfinite(number) else 1.0
