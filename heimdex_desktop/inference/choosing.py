"""Chooses the model for each role: by name, by folder, or by preset; says what a role waits for."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.models import NONE, Choice, ModelState, Role
from heimdex_desktop.domain.sizes import as_size
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.encoders import KIND, WEIGHTS_FILE
from heimdex_desktop.inference.local_models import recognise
from heimdex_desktop.inference.model_files import Standing, has_package, how_to_get, standing
from heimdex_desktop.inference.model_list import ModelEntry, ModelList, known_models
from heimdex_desktop.inference.model_manifest import read_manifest
from heimdex_desktop.inference.weights import weights_sha256

MINILM = "minilm"
_REVISION_CHARACTERS = 16
_ROLE_IN_WORDS = {
    Role.SPEECH: "Speech recognition",
    Role.TEXT: "Search by meaning",
    Role.VISION: "Search by picture",
    Role.TEXT_READER: "Reading text on screen",
    Role.FACE_DETECTOR: "Finding faces",
    Role.FACE: "Recognising people",
}


def setting_of(role: Role) -> str:
    """Return the name of the setting that chooses the model of a role."""
    return role.value if role in {Role.FACE_DETECTOR, Role.TEXT_READER} else f"{role.value}_model"


def choose(role: Role, wanted: str, preset: str, models_folder: Path, *, licensed: bool) -> Choice:
    """Return the model for a role, or what the role waits for; a model that is missing is no error.

    `wanted` is a name of the list, `none`, the folder of a model, or "" for what the preset says.
    Raises MachineError only where the list of models itself is broken.
    """
    return Choosing(known_models(), models_folder, licensed=licensed).choose(role, wanted, preset)


@dataclass(frozen=True, slots=True)
class Choosing:
    """Chooses among the models of a list whose files lie under a folder."""

    known: ModelList
    models_folder: Path
    licensed: bool

    def name_for(self, role: Role, wanted: str, preset: str) -> str:
        """Return what is chosen for a role as a name of the list, `none`, or a folder as it was typed."""
        if wanted:
            return wanted
        name = self.known.preset_name(preset, role) or NONE
        # By preset MiniLM is a bonus: without its package there is nothing to wait for.
        is_absent_bonus = name == MINILM and not has_package(self.known.models[name])
        return NONE if is_absent_bonus else name

    def choose(self, role: Role, wanted: str, preset: str) -> Choice:
        name = self.name_for(role, wanted, preset)
        if name == NONE:
            return Choice(role)
        try:
            entry = self.known.models.get(name)
            return self._listed(role, entry) if entry else self._local(role, name)
        except HeimdexError as error:
            return _waiting(role, f"waits for its model: {error}")

    def _listed(self, role: Role, entry: ModelEntry) -> Choice:
        if entry.role is not role:
            return self._unknown(role, f"“{entry.name}” is a model for something else")
        now = standing(entry, self.models_folder, licensed=self.licensed)
        if now.state is not ModelState.READY:
            return _waiting(role, _missing(entry, now))
        if entry.package:
            return _packaged(role, entry)
        folder = now.folder or self.models_folder
        return Choice(role, entry.name, entry.engine, folder, _revision(entry, folder), dict(entry.options))

    def _local(self, role: Role, name: str) -> Choice:
        folder = Path(name).expanduser().absolute()
        found = recognise(role, folder)
        if found is None:
            is_folder = folder.is_dir()
            why = "holds no model for it" if is_folder else "is neither a model nor a folder"
            return self._unknown(role, f"“{name}” {why}")
        return Choice(role, folder.name, found.engine, folder, found.revision)

    def _unknown(self, role: Role, why: str) -> Choice:
        names = ", ".join(entry.name for entry in self.known.of(role))
        return _waiting(
            role,
            f"waits for its model: {why}. Set HEIMDEX_{setting_of(role).upper()} to one of {names},"
            " to the folder of a model, or to none.",
        )


def _packaged(role: Role, entry: ModelEntry) -> Choice:
    if entry.name != MINILM:
        revision = _package_version(entry.package)
        return Choice(role, entry.name, entry.engine, None, revision, dict(entry.options))
    # It keeps the name that its vectors already bear.
    folder = offline_minilm.folder()
    revision = offline_minilm.WEIGHTS_SHA256[:_REVISION_CHARACTERS]
    return Choice(role, offline_minilm.NAME, entry.engine, folder, revision, dict(entry.options))


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _revision(entry: ModelEntry, folder: Path) -> str:
    """Return digits that differ whenever the files do, for text models those of their encoder's space."""
    manifest = read_manifest(folder)
    if entry.role is Role.TEXT:
        known = manifest.sha256_of(WEIGHTS_FILE) if manifest else ""
        return (known or weights_sha256(folder / WEIGHTS_FILE, KIND))[:_REVISION_CHARACTERS]
    if manifest is None:
        # Put there by hand: its files have the sizes that the list says, and no more is known of them.
        found = recognise(entry.role, folder)
        return found.revision if found else ""
    return manifest.fingerprint


def _missing(entry: ModelEntry, now: Standing) -> str:
    name = f"its model {entry.name}"
    if now.state is ModelState.NOT_LICENSED:
        return (
            f"waits for {name}, whose licence ({entry.licence}) does not allow every use:"
            " set HEIMDEX_FACES_LICENSED=1 if you may use it."
        )
    if now.state is ModelState.BROKEN:
        return f"waits for {name}: {now.faults[0]}. {how_to_get(entry)}"
    if now.state is ModelState.DOWNLOADING:
        size = f" ({as_size(now.here_bytes)} of {as_size(entry.size_bytes)} are here)"
        return f"waits for {name}{size}. {how_to_get(entry)}"
    size = f" ({as_size(entry.size_bytes)})" if entry.size_bytes else ""
    return f"waits for {name}{size}: {_lower_first(how_to_get(entry))}"


def _waiting(role: Role, what: str) -> Choice:
    return Choice(role, waits_for=f"{_ROLE_IN_WORDS[role]} {what}")


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
