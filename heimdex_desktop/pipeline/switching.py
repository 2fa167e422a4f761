"""How far the search is on its way from one model to another, by where the stages of all videos stand."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from heimdex_desktop.pipeline.board import Switch
from heimdex_desktop.pipeline.plan import TO_COME, Standing
from heimdex_desktop.pipeline.stage import StageSpec
from heimdex_desktop.pipeline.stages import VECTOR_STAGES

Standings = Mapping[str, Standing]

_GIVEN_UP = (Standing.FAILED, Standing.PARKED)


def complete_roles(videos: Iterable[Standings]) -> frozenset[str]:
    """Return the roles of vectors of which none is to come for these videos."""
    to_come = {name for stands in videos for name, standing in stands.items() if standing in TO_COME}
    return frozenset(role for role, stage in VECTOR_STAGES.items() if stage not in to_come)


def switches(
    specs: Sequence[StageSpec], roles: frozenset[str], videos: Collection[Standings]
) -> tuple[Switch, ...]:
    """Return how far each of the roles that are being switched is."""
    makers = {spec.name: spec for spec in specs}
    staged = ((role, makers.get(VECTOR_STAGES[role])) for role in sorted(roles))
    return tuple(_switch(role, spec, videos) for role, spec in staged if spec)


def _switch(role: str, spec: StageSpec, videos: Collection[Standings]) -> Switch:
    stands = [standings.get(spec.name) for standings in videos]
    done = sum(standing is Standing.SETTLED for standing in stands)
    total = sum(standing not in _GIVEN_UP for standing in stands)
    return Switch(role, str(spec.parameters.get("model", "")), done, total)
