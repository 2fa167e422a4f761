"""The stages of this version, in order, as planning sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.stage import Kept, StageSpec

PROBE = "probe"
SCENES = "scenes"
STILLS = "stills"
WORDS = "words"
SEEING = "seeing"
TAGGING = "tagging"
HEARING = "hearing"
MEANING = "meaning"
SCREEN_TEXT = "screen text"
FACES = "faces"
PEOPLE = "people"
PUBLISH = "publish"

LOCAL_STAGES = (STILLS, PUBLISH)
"""What a library makes for itself from a sidecar, without a model."""

NAMING_STAGES = (PEOPLE, PUBLISH)
"""What is due where somebody else is recognised, without a model."""

VECTOR_STAGES = {TEXT: MEANING, VISION: SEEING}
"""Which stage makes the vectors of a role."""

Parameters = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class StageModel:
    """What a stage runs on: what its result depends on beside its input, or what it waits for."""

    parameters: Parameters = field(default_factory=dict[str, str | int | float])
    waits_for: str = ""


def space_parameters(space: EmbeddingSpace) -> Parameters:
    """Return what the result of a stage that makes vectors depends on."""
    return {"model": space.model, "revision": space.revision}


def stage_specs(models: Mapping[str, StageModel]) -> tuple[StageSpec, ...]:
    """Return the stages, each after those it needs; one that runs a model only if it is in `models`."""
    plain = (
        StageSpec(PROBE, "Reading the file", Lane.MEDIA, weight=1),
        StageSpec(SCENES, "Finding scenes", Lane.MEDIA, needs=(PROBE,), weight=30),
        StageSpec(STILLS, "Making thumbnails", Lane.MEDIA, needs=(SCENES,), kept=Kept.LIBRARY, weight=4),
        StageSpec(WORDS, "Reading subtitles", Lane.MEDIA, needs=(SCENES,), watches=("subtitles",), weight=2),
    )
    # In the order of what helps a search soonest: the picture is looked at faster than the sound is heard.
    modelled = (
        StageSpec(SEEING, "Looking at the pictures", Lane.MODEL, needs=(SCENES,), weight=30),
        StageSpec(TAGGING, "Naming what is seen", Lane.MODEL, needs=(SEEING,), weight=1),
        StageSpec(HEARING, "Writing down what is said", Lane.MODEL, needs=(WORDS,), weight=150),
        StageSpec(
            MEANING, "Understanding what is said", Lane.MODEL, needs=(WORDS,), follows=(HEARING,), weight=8
        ),
        StageSpec(SCREEN_TEXT, "Reading the screen", Lane.MODEL, needs=(SCENES,), weight=25),
        StageSpec(
            FACES, "Finding faces", Lane.MODEL, version=2, needs=(SCENES,), kept=Kept.LIBRARY, weight=60
        ),
        StageSpec(PEOPLE, "Naming people", Lane.MEDIA, needs=(FACES,), watches=("people",), weight=1),
    )
    publish = StageSpec(
        PUBLISH,
        "Adding to the search",
        Lane.INDEX,
        needs=(SCENES,),
        watches=("places",),
        kept=Kept.INDEX,
        gathers=True,
    )
    chosen = (_with_model(spec, models[spec.name]) for spec in modelled if spec.name in models)
    return (*plain, *chosen, publish)


def _with_model(spec: StageSpec, model: StageModel) -> StageSpec:
    return replace(spec, parameters=model.parameters, waits_for=model.waits_for)
