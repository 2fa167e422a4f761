"""Which models made the vectors that the search uses, so that it can go on with them after a change."""

import json
from collections.abc import Mapping
from pathlib import Path

from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.library.disk import read_whole, write_whole
from heimdex_desktop.library.json_fields import Fields, MalformedError, fields_of, parsed
from heimdex_desktop.library.places import Places


def remember(places: Places, models: Mapping[str, Choice]) -> None:
    """Write down the model of each role of vectors ("text", "vision"). Raises DiskFull, NoAccess."""
    written = {role: _as_json(choice) for role, choice in models.items()}
    content = json.dumps(written, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
    if read_whole(places.remembered_models) != content:
        write_whole(places.remembered_models, content, private=True)


def recall(places: Places) -> dict[str, Choice]:
    """Return what was written down; nothing where that is missing or damaged: it is found out again.

    Raises NoAccess.
    """
    content = read_whole(places.remembered_models)
    if content is None:
        return {}
    try:
        fields = fields_of(parsed(content))
        return {role: _choice(fields.inner(role)) for role in fields.content}
    except (MalformedError, ValueError):
        return {}


def _as_json(choice: Choice) -> dict[str, object]:
    return {
        "role": choice.role,
        "name": choice.name,
        "engine": choice.engine,
        "folder": str(choice.folder) if choice.folder else None,
        "revision": choice.revision,
        "options": dict(choice.options),
    }


def _choice(fields: Fields) -> Choice:
    options = fields.inner("options")
    folder = fields.text_or_none("folder")
    return Choice(
        role=Role(fields.text("role")),
        name=fields.text("name"),
        engine=Engine(fields.text("engine")),
        folder=Path(folder) if folder else None,
        revision=fields.text("revision"),
        options={name: options.text(name) for name in options.content},
    )
