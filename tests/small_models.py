"""A list of small models that a hub on this computer publishes: nobody could run them, all else is real."""

import hashlib

from heimdex_desktop.domain.models import Engine, Role
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile, ModelList
from tests.inference.hub_server import Hub

SPEECH = {"config.json": b"{}", "model.bin": bytes(range(256)) * 2000}
FACE = {"face.onnx": b"a network" * 100}


def entry(name: str, role: Role, files: dict[str, bytes], *, free_use: bool = True) -> ModelEntry:
    pinned = tuple(
        ModelFile(file, len(content), hashlib.sha256(content).hexdigest()) for file, content in files.items()
    )
    return ModelEntry(
        name,
        role,
        Engine.FASTER_WHISPER if role is Role.SPEECH else Engine.SFACE,
        "MIT",
        f"hf:someone/{name}",
        "a" * 40,
        files=pinned,
        free_use=free_use,
        speed="fast",
    )


SMALL = ModelList(
    {
        "hears": entry("hears", Role.SPEECH, SPEECH),
        "hears-well": entry("hears-well", Role.SPEECH, SPEECH),
        "faces": entry("faces", Role.FACE, FACE),
        "other-faces": entry("other-faces", Role.FACE, FACE, free_use=False),
    },
    {
        "builtin": {},
        "compact": {Role.SPEECH: "hears", Role.FACE: "faces"},
        "full": {Role.SPEECH: "hears-well", Role.FACE: "other-faces"},
    },
)


def publish_all(hub: Hub) -> None:
    """Let a hub have the files of every model of the list."""
    hub.files = {
        "someone/hears": dict(SPEECH),
        "someone/hears-well": dict(SPEECH),
        "someone/faces": dict(FACE),
        "someone/other-faces": dict(FACE),
    }
