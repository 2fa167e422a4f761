"""The models that the settings choose: which are at hand, which are waited for, and their spaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.models import NONE, Choice, Role
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference.choosing import Choosing, setting_of
from heimdex_desktop.inference.model_list import known_models
from heimdex_desktop.inference.vocabulary import Vocabulary
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.remembered_models import recall, remember
from heimdex_desktop.pipeline.engines import EngineSettings, folder_of
from heimdex_desktop.pipeline.stage_models import ROLES_OF_VECTORS, Chosen
from heimdex_desktop.settings import Settings


@dataclass(frozen=True, slots=True)
class ChosenModels:
    """The choices for a library. `former` are models whose vectors its search may still need."""

    settings: Settings
    places: Places
    chosen: Chosen
    former: Mapping[str, Choice]
    vocabulary_file: Path

    @classmethod
    def of(cls, settings: Settings, places: Places, vocabulary_file: Path) -> "ChosenModels":
        """Look at the models that the settings name; what is missing is waited for. Raises MachineError."""
        choices = choose_all(settings)
        spaces: dict[str, EmbeddingSpace] = {}
        for role, model_role in ROLES_OF_VECTORS.items():
            choices[model_role], space = _with_space(choices[model_role])
            spaces |= {role: space} if space else {}
        chosen = Chosen(
            choices=choices,
            spaces=spaces,
            speech_language=settings.speech_language,
            spoken_words=settings.spoken_words,
            vocabulary=Vocabulary.load(vocabulary_file, settings.tags).fingerprint,
            faces=settings.faces,
        )
        before = recall(places)
        former = {
            role: before[role]
            for role, model_role in ROLES_OF_VECTORS.items()
            if role in before and before[role] != choices[model_role]
        }
        return cls(settings, places, chosen, former, vocabulary_file)

    @property
    def engines(self) -> EngineSettings:
        return EngineSettings(
            choices=dict(self.chosen.choices),
            former=tuple(self.former.values()),
            device=self.settings.device,
            spoken_words=self.settings.spoken_words,
            tags=self.settings.tags,
            vocabulary=self.vocabulary_file,
        )

    @property
    def offered(self) -> Mapping[str, Sequence[EmbeddingSpace]]:
        """The spaces in which queries can be encoded, by role, that of the chosen model first."""
        offered = {role: [space] for role, space in self.chosen.spaces.items()}
        for role, choice in self.former.items():
            _, space = _with_space(choice)
            if space:
                offered.setdefault(role, []).append(space)
        return offered

    @property
    def waits_for(self) -> tuple[str, ...]:
        """What the chosen models that are not here would be for, and how to get them."""
        asked = (choice for choice in self.chosen.choices.values() if choice.waits_for)
        return tuple(choice.waits_for for choice in asked if self.settings.faces or not choice.is_of_faces)

    def way_back(self, role: str) -> Mapping[str, str]:
        """Return the setting that chooses the model again whose vectors of a role the search still needs.

        Empty where none is known. Raises MachineError.
        """
        former = self.former.get(role)
        return {setting_of(former.role): _setting_value(self.settings, former)} if former else {}

    def remember(self, switching: frozenset[str]) -> None:
        """Write down the models whose vectors the index holds, but for the roles that are being switched."""
        now = {role: self.chosen.choices[model_role] for role, model_role in ROLES_OF_VECTORS.items()}
        ready = {role: choice for role, choice in now.items() if choice.is_ready and role not in switching}
        remember(self.places, {**recall(self.places), **ready})


def choose_all(settings: Settings) -> dict[Role, Choice]:
    """Return the model for every role, or what it waits for. Raises MachineError for a broken list only."""
    choosing = _choosing(settings)
    wanted = {role: str(getattr(settings, setting_of(role))) for role in Role}
    if not settings.semantic_search:
        wanted[Role.TEXT] = NONE
    return {role: choosing.choose(role, wanted[role], settings.preset) for role in Role}


def _choosing(settings: Settings) -> Choosing:
    return Choosing(known_models(), Places(settings.library).models, licensed=settings.faces_licensed)


def _setting_value(settings: Settings, choice: Choice) -> str:
    """Return the value of a setting that leads to this choice: its name in the list, else its folder."""
    choosing = _choosing(settings)
    names = (entry.name for entry in choosing.known.of(choice.role))
    same = (name for name in names if choosing.choose(choice.role, name, settings.preset) == choice)
    return next(same, str(choice.folder or choice.name))


def _with_space(choice: Choice) -> tuple[Choice, EmbeddingSpace | None]:
    """Return the space of a model that makes vectors; a model that cannot be used is waited for."""
    if not choice.is_ready:
        return choice, None
    try:
        return choice, _space_of(choice)
    except HeimdexError as error:
        return replace(Choice(choice.role), waits_for=str(error)), None


def _space_of(choice: Choice) -> EmbeddingSpace:
    from heimdex_desktop.inference.encoders import SentenceEncoder
    from heimdex_desktop.inference.pictures import OpenClipModel

    if choice.role is Role.TEXT:
        return SentenceEncoder(folder_of(choice), name=choice.name, options=choice.options).space
    return OpenClipModel(folder_of(choice), name=choice.name).space
