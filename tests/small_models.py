"""A list of small models that a hub on this computer publishes: nobody could run them, all else is real."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from heimdex_desktop.domain.models import Engine, Role
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile, ModelList
from tests.inference.hub_server import Hub, running_hub

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


@contextmanager
def small_hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    """Serve every model of the list until the end of the block, with an environment that points there."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running_hub() as hub:
        for each in SMALL.models.values():
            hub.files[each.repository] = dict(SPEECH if each.role is Role.SPEECH else FACE)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub
