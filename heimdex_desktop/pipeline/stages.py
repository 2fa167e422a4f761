"""The stages of this version, in order, as planning sees them."""

from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.stage import Kept, StageSpec

PROBE = "probe"
SCENES = "scenes"
STILLS = "stills"
WORDS = "words"
MEANING = "meaning"
PUBLISH = "publish"

LOCAL_STAGES = (STILLS, PUBLISH)
"""What a library makes for itself from a sidecar, without a model."""


def stage_specs(text_space: EmbeddingSpace | None, *, text_waits_for: str = "") -> tuple[StageSpec, ...]:
    """Return the stages, each after those it needs.

    `text_space` is the space of the chosen text encoder, None where search is by words alone;
    `text_waits_for` says which chosen model is not on this computer.
    """
    specs = (
        StageSpec(PROBE, "Reading the file", Lane.MEDIA, weight=1),
        StageSpec(SCENES, "Finding scenes", Lane.MEDIA, needs=(PROBE,), weight=30),
        StageSpec(STILLS, "Making thumbnails", Lane.MEDIA, needs=(SCENES,), kept=Kept.LIBRARY, weight=4),
        StageSpec(WORDS, "Reading subtitles", Lane.MEDIA, needs=(SCENES,), watches=("subtitles",), weight=2),
    )
    if text_space or text_waits_for:
        specs += (_meaning(text_space, text_waits_for),)
    publish = StageSpec(
        PUBLISH,
        "Adding to the search",
        Lane.INDEX,
        needs=(SCENES,),
        watches=("places",),
        kept=Kept.INDEX,
        gathers=True,
    )
    return (*specs, publish)


def _meaning(space: EmbeddingSpace | None, waits_for: str) -> StageSpec:
    return StageSpec(
        MEANING,
        "Understanding what is said",
        Lane.MODEL,
        needs=(WORDS,),
        parameters={"model": space.model, "revision": space.revision} if space else {},
        waits_for=waits_for,
        weight=8,
    )
