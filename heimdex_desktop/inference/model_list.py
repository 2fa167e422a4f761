"""Which models there are: reads the list that comes with the program."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, cast

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.models import Engine, Role

HUB = "hf:"
_SPEEDS = ("fast", "medium", "slow")
_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, by its path inside the model's folder. None and "" stand for not known."""

    name: str
    size_bytes: int | None = None
    sha256: str = ""

    @property
    def is_pinned(self) -> bool:
        return bool(self.sha256) and self.size_bytes is not None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the list.

    `source` is `hf:owner/repository` or the https address of a folder, "" for a model that comes inside
    `package`. `free_use` is False where its licence forbids some uses or is not clear. `dimensions` is
    0 for models that make no vectors. `memory_mb` is about what it takes when loaded on a CPU. `note` is what
    a person should know before choosing it.
    """

    name: str
    role: Role
    engine: Engine
    licence: str
    source: str = ""
    revision: str = ""
    package: str = ""
    files: tuple[ModelFile, ...] = ()
    languages: str = ""
    memory_mb: int = 0
    speed: str = ""
    dimensions: int = 0
    about_bytes: int = 0
    free_use: bool = True
    note: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def size_bytes(self) -> int:
        """What its files take together; where that is not known to the byte, about that much."""
        return sum(file.size_bytes or 0 for file in self.files) if self.has_sizes else self.about_bytes

    @property
    def has_sizes(self) -> bool:
        """Whether the size of every file is known."""
        return all(file.size_bytes is not None for file in self.files)

    @property
    def is_pinned(self) -> bool:
        """Whether a fingerprint of every file comes with the program."""
        return all(file.is_pinned for file in self.files)

    @property
    def repository(self) -> str:
        """Return owner and name on the Hugging Face hub, "" for a model from elsewhere."""
        return self.source.removeprefix(HUB) if self.source.startswith(HUB) else ""

    @property
    def page(self) -> str:
        """Return the address that a person can look the model up at."""
        return f"https://huggingface.co/{self.repository}" if self.repository else self.source


@dataclass(frozen=True, slots=True)
class ModelList:
    """All models by name, and the name for each role of each preset (`none` = the role stays empty)."""

    models: Mapping[str, ModelEntry]
    presets: Mapping[str, Mapping[Role, str]]

    def of(self, role: Role) -> tuple[ModelEntry, ...]:
        return tuple(entry for entry in self.models.values() if entry.role is role)

    def preset_name(self, preset: str, role: Role) -> str:
        """Return the name that a preset gives a role, "" where it gives none."""
        return self.presets.get(preset, {}).get(role, "")


def known_models(file: Path | None = None) -> ModelList:
    """Return the models of the list that comes with the program, or of another file.

    Raises MachineError where the list is not usable: the program is not installed whole.
    """
    place = file or _list_file()
    try:
        return _read(tomllib.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        sentence = f"The list of models in {place} cannot be used ({error})."
        raise MachineError(sentence, "Install Heimdex again.") from error


def _list_file() -> Path:
    package = Path(__file__).parents[1]
    installed = package / "resources" / "models.toml"
    return installed if installed.exists() else package.parent / "resources" / "models.toml"


def _read(tables: Mapping[str, Any]) -> ModelList:
    models = {name: _entry(name, table) for name, table in tables["models"].items()}
    presets = {name: _preset(name, table, models) for name, table in tables["presets"].items()}
    return ModelList(models, presets)


def _preset(name: str, table: Mapping[str, str], models: Mapping[str, ModelEntry]) -> Mapping[Role, str]:
    roles = {Role(role): model for role, model in table.items()}
    for role, model in roles.items():
        if model != "none" and models[model].role is not role:
            raise ValueError(f"the preset {name} gives {model} to a role that is not its own")
    return roles


def _entry(name: str, table: Mapping[str, Any]) -> ModelEntry:
    known = dict(table)
    entry = ModelEntry(
        name=name,
        role=Role(known.pop("role")),
        engine=Engine(known.pop("engine")),
        files=tuple(_file(each) for each in known.pop("files", ())),
        about_bytes=known.pop("size_mb", 0) * 1_000_000,
        options={key: str(value) for key, value in known.pop("options", {}).items()},
        **known,
    )
    for wrong, what in _faults(entry):
        if wrong:
            raise ValueError(f"{name} {what}")
    return entry


def _file(table: Mapping[str, object]) -> ModelFile:
    return ModelFile(str(table["name"]), cast("int | None", table.get("size")), str(table.get("sha256", "")))


def _faults(entry: ModelEntry) -> tuple[tuple[bool, str], ...]:
    from_elsewhere = bool(entry.source) and not entry.repository
    return (
        (not entry.licence, "has no licence"),
        (bool(entry.package) == bool(entry.files), "has neither files nor a package, or both"),
        (bool(entry.files) != bool(entry.source and entry.revision), "has files without source and revision"),
        (entry.speed not in _SPEEDS, "has no speed"),
        (any(not is_inside(file.name) for file in entry.files), "has a file outside its folder"),
        (any(len(file.sha256) not in {0, _SHA256_DIGITS} for file in entry.files), "has a wrong SHA-256"),
        # No list of a source vouches for these, so ours has to.
        (from_elsewhere and not entry.source.startswith("https://"), "has a source that is not https"),
        (from_elsewhere and not entry.is_pinned, "comes from a source that lists no fingerprints"),
    )


def is_inside(name: str) -> bool:
    """Tell whether a file's name stays inside the folder it is put into, on every system."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not any(
        part in {"..", "/"} or "\\" in part or ":" in part or "\0" in part for part in parts
    )
