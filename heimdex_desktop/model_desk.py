"""The one desk about models, for the window and the command line: how each stands, what is done with it."""

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from heimdex_desktop.domain.models import NONE, Choice, ModelState, Role
from heimdex_desktop.inference.choosing import Choosing, setting_of
from heimdex_desktop.inference.model_disk import free_bytes
from heimdex_desktop.inference.model_download import DownloadProgress, download, ensure_downloadable
from heimdex_desktop.inference.model_files import Fault, Standing, folder_of, remove, standing, verify
from heimdex_desktop.inference.model_import import import_model
from heimdex_desktop.inference.model_list import ModelEntry, ModelList, known_models
from heimdex_desktop.inference.model_manifest import Proof, expected_files, read_manifest
from heimdex_desktop.inference.model_source import forbidden_by
from heimdex_desktop.library.places import Places
from heimdex_desktop.settings import Preset, Settings

_FACES = {Role.FACE_DETECTOR, Role.FACE}


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model of the list on this computer. `proofs` counts its files by what vouches for them."""

    entry: ModelEntry
    standing: Standing
    is_chosen: bool
    presets: tuple[str, ...]
    proofs: Mapping[Proof, int]

    @property
    def left_bytes(self) -> int:
        """About what is still to come; what is damaged counts as here, for most of it will be good."""
        if self.standing.state is ModelState.READY:
            return 0
        return max(0, self.entry.size_bytes - self.standing.here_bytes)

    @property
    def can_be_got(self) -> bool:
        """Whether downloading it would lead to a model that can be used."""
        is_done = self.standing.state in {ModelState.READY, ModelState.NOT_LICENSED}
        return bool(self.entry.files) and not is_done


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role: what its setting says ("" = by preset), what the preset gives it, and what comes of that."""

    role: Role
    wanted: str
    by_preset: str
    choice: Choice
    models: tuple[ModelFacts, ...]

    @property
    def setting(self) -> str:
        return setting_of(self.role)


@dataclass(frozen=True, slots=True)
class PresetFacts:
    """The models that would be used with a preset, given the roles that are chosen one by one."""

    preset: Preset
    models: tuple[ModelFacts, ...]

    @property
    def missing(self) -> tuple[ModelFacts, ...]:
        """What of it is not here and can be downloaded."""
        return tuple(facts for facts in self.models if facts.can_be_got)

    @property
    def memory_mb(self) -> int:
        """About what its models take together when loaded on a CPU."""
        return sum(facts.entry.memory_mb for facts in self.models)

    @property
    def left_bytes(self) -> int:
        return sum(facts.left_bytes for facts in self.missing)


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Everything about models at one moment.

    `free_bytes` is None where nobody can say. `offline_by` names the variable that forbids downloads.
    """

    settings: Settings
    folder: Path
    free_bytes: int | None
    offline_by: str
    roles: tuple[RoleFacts, ...]
    presets: tuple[PresetFacts, ...]

    @property
    def waiting(self) -> tuple[RoleFacts, ...]:
        """The roles that wait for their model; those of faces only where the person has agreed to them."""
        return tuple(
            each
            for each in self.roles
            if each.choice.waits_for and (self.settings.faces or not each.choice.is_of_faces)
        )

    def model(self, name: str) -> ModelFacts:
        """Return the facts about a model of the list."""
        return next(each for role in self.roles for each in role.models if each.entry.name == name)

    @property
    def missing(self) -> tuple[ModelFacts, ...]:
        """What is chosen now, is not here, and can be downloaded."""
        return next(each.missing for each in self.presets if each.preset is self.settings.preset)


@dataclass(frozen=True, slots=True)
class ModelDesk:
    """Looks at models and does things with their files, as the settings say. All of it is work for a disk."""

    settings: Settings
    known: ModelList = field(default_factory=known_models)

    @property
    def folder(self) -> Path:
        return Places(self.settings.library).models

    @property
    def licensed(self) -> bool:
        return self.settings.faces_licensed

    def facts(self) -> DeskFacts:
        """Look at every model."""
        by_name = {name: self.facts_of(name) for name in self.known.models}
        return DeskFacts(
            settings=self.settings,
            folder=self.folder,
            free_bytes=free_bytes(self.folder),
            offline_by=forbidden_by(),
            roles=tuple(self._role(role, by_name) for role in Role),
            presets=tuple(PresetFacts(preset, self._used(preset, by_name)) for preset in Preset),
        )

    def facts_of(self, name: str) -> ModelFacts:
        """Look at one model of the list."""
        entry = self.known.models[name]
        presets = self.known.presets
        return ModelFacts(
            entry=entry,
            standing=standing(entry, self.folder, licensed=self.licensed),
            is_chosen=self._chosen_name(entry.role, self.settings.preset) == name,
            presets=tuple(each for each in presets if self.known.preset_name(each, entry.role) == name),
            proofs=self._proofs(entry),
        )

    def download(self, name: str) -> Generator[DownloadProgress, None, None]:
        """Get a model; may be closed at any yield and is gone on with. Raises as `model_download` says."""
        return download(self.known.models[name], self.folder, licensed=self.licensed)

    def ensure_downloadable(self, name: str) -> None:
        """Raise MachineError for a model that has no files to download, or whose licence is in the way."""
        ensure_downloadable(self.known.models[name], licensed=self.licensed)

    def bring_in(self, path: Path, name: str = "") -> Generator[DownloadProgress, None, str]:
        """Copy a model, recognised by its files where no name is given, out of a folder or an archive.

        Returns its name. Raises as `model_import` says.
        """
        return import_model(path, self.folder, self.known, name=name)

    def verify(self, name: str) -> Generator[DownloadProgress, None, tuple[Fault, ...]]:
        """Read every byte of a model and return what is wrong. Raises as `model_files.verify` says."""
        entry = self.known.models[name]
        total = max(1, standing(entry, self.folder, licensed=self.licensed).here_bytes)
        steps = verify(entry, self.folder)
        with closing(steps):
            while True:
                try:
                    share = next(steps)
                except StopIteration as end:
                    return end.value
                yield DownloadProgress(round(share * total), total, "", is_checking=True)

    def remove(self, name: str) -> int:
        """Delete what is here of a model and return how many bytes that freed. Raises MachineError."""
        return remove(self.known.models[name], self.folder)

    @property
    def names_here(self) -> tuple[str, ...]:
        """The models that have a folder with all or some of their files in place."""
        return tuple(name for name in self.known.models if folder_of(self.folder, name).is_dir())

    def _role(self, role: Role, by_name: Mapping[str, ModelFacts]) -> RoleFacts:
        return RoleFacts(
            role=role,
            wanted=self._wanted(role),
            by_preset=self._choosing.name_for(role, "", self.settings.preset),
            choice=self._choosing.choose(role, self._wanted(role), self.settings.preset),
            models=tuple(by_name[entry.name] for entry in self.known.of(role)),
        )

    def _used(self, preset: Preset, by_name: Mapping[str, ModelFacts]) -> tuple[ModelFacts, ...]:
        roles = [role for role in Role if self.settings.faces or role not in _FACES]
        names = (self._chosen_name(role, preset) for role in roles)
        return tuple(by_name[name] for name in names if name in by_name)

    def _chosen_name(self, role: Role, preset: Preset) -> str:
        return self._choosing.name_for(role, self._wanted(role), preset)

    def _wanted(self, role: Role) -> str:
        if role is Role.TEXT and not self.settings.semantic_search:
            return NONE
        return str(getattr(self.settings, setting_of(role)))

    @property
    def _choosing(self) -> Choosing:
        return Choosing(self.known, self.folder, licensed=self.licensed)

    def _proofs(self, entry: ModelEntry) -> dict[Proof, int]:
        manifest = read_manifest(folder_of(self.folder, entry.name))
        counts: dict[Proof, int] = {}
        for record in expected_files(entry, manifest):
            proof = record.proof if record.sha256 else Proof.LISTED
            counts[proof] = counts.get(proof, 0) + 1
        return counts
