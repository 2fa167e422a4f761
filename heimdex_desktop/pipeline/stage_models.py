"""From chosen models to stages: what each stage runs on, what it waits for, and who makes which vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heimdex_desktop.domain.models import Choice, Role
from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace
from heimdex_desktop.pipeline.publish import VectorKind
from heimdex_desktop.pipeline.stage import StageSpec
from heimdex_desktop.pipeline.stages import (
    FACES,
    HEARING,
    MEANING,
    PEOPLE,
    SCREEN_TEXT,
    SEEING,
    TAGGING,
    VECTOR_STAGES,
    Parameters,
    StageModel,
    space_parameters,
)

ROLES_OF_VECTORS = {TEXT: Role.TEXT, VISION: Role.VISION}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything a person chose that decides what stages do.

    `spaces` are those of the models that make vectors, by the role of the vectors, where they are ready.
    `vocabulary` differs when scenes would get other tags.
    """

    choices: Mapping[Role, Choice]
    spaces: Mapping[str, EmbeddingSpace]
    speech_language: str = ""
    spoken_words: Sequence[str] = ()
    vocabulary: str = ""
    faces: bool = False


def stage_models(chosen: Chosen) -> dict[str, StageModel]:
    """Return what each stage that needs a model runs on; a role that was left empty has no stage."""
    hearing = {"language": chosen.speech_language, "words": ",".join(chosen.spoken_words)}
    found = {
        SEEING: _of_vectors(chosen, VISION),
        TAGGING: _of_role(chosen, Role.VISION, {"vocabulary": chosen.vocabulary}),
        HEARING: _of_role(chosen, Role.SPEECH, {**_identity(chosen, Role.SPEECH), **hearing}),
        MEANING: _of_vectors(chosen, TEXT),
        SCREEN_TEXT: _of_role(chosen, Role.TEXT_READER, _identity(chosen, Role.TEXT_READER)),
        FACES: _of_faces(chosen) if chosen.faces else None,
        PEOPLE: _of_people(chosen) if chosen.faces else None,
    }
    return {name: model for name, model in found.items() if model}


def vector_kinds(specs: Sequence[StageSpec], spaces: Mapping[str, EmbeddingSpace]) -> tuple[VectorKind, ...]:
    """Return the vectors that the index is to hold."""
    by_name = {spec.name: spec for spec in specs}
    return tuple(VectorKind(role, space, by_name[VECTOR_STAGES[role]]) for role, space in spaces.items())


def _of_vectors(chosen: Chosen, role: str) -> StageModel | None:
    space = chosen.spaces.get(role)
    return _of_role(chosen, ROLES_OF_VECTORS[role], space_parameters(space) if space else {})


def _of_faces(chosen: Chosen) -> StageModel | None:
    detector, face = _identity(chosen, Role.FACE_DETECTOR), _identity(chosen, Role.FACE)
    both = {f"detector {key}": value for key, value in detector.items()}
    return _of_role(
        chosen, Role.FACE_DETECTOR, {**both, **{f"face {key}": value for key, value in face.items()}}
    )


def _of_people(chosen: Chosen) -> StageModel | None:
    """Naming runs on what was found; it is waited for only together with the faces."""
    faces = _of_faces(chosen)
    return StageModel() if faces else None


def _of_role(chosen: Chosen, role: Role, parameters: Parameters) -> StageModel | None:
    choice = chosen.choices.get(role, Choice(role))
    if choice.is_none:
        return None
    return StageModel(waits_for=choice.waits_for) if choice.waits_for else StageModel(parameters)


def _identity(chosen: Chosen, role: Role) -> dict[str, str]:
    choice = chosen.choices.get(role, Choice(role))
    return {"model": choice.name, "revision": choice.revision}
