"""Which stages can run now: one pure question that also answers resume, retry and "model changed"."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from heimdex_desktop.domain.work import Failure, Records, StageRecord
from heimdex_desktop.pipeline.stage import Facts, StageSpec, digest

MAX_ATTEMPTS = 3
"""A stage that was running this often when the app died is parked, so one file cannot crash-loop it."""


class Standing(StrEnum):
    """Where a stage stands for a video."""

    SETTLED = "settled"
    DUE = "due"
    BLOCKED = "blocked"
    FAILED = "failed"
    PARKED = "parked"
    WAITING = "waiting"


TO_COME = (Standing.DUE, Standing.WAITING)
"""Where a stage stands whose result may still come by itself."""


def fingerprints(specs: Sequence[StageSpec], facts: Facts) -> dict[str, str]:
    """Return what each stage's record should say, were it up to date.

    A fingerprint covers the fingerprints of what the stage rests on. Without that chain a crash
    between two stages leaves results that look current and are stale.
    """
    made: dict[str, str] = {}
    for spec in specs:
        watched = [facts.observed.get(name, "") for name in spec.watches]
        rests_on = [*(made[name] for name in spec.needs), *_followed(spec, facts.records)]
        if spec.gathers:
            rests_on += _results(specs, facts.records)
        made[spec.name] = digest(spec.name, spec.version, dict(spec.parameters), watched, rests_on)
    return made


def fingerprint_from(spec: StageSpec, records: Records) -> str:
    """Return the fingerprint that a run of this stage would have if it rested on just these records.

    For stages that watch nothing outside; empty where a record is missing.
    """
    if not records.keys() >= set(spec.needs):
        return ""
    rests_on = [*(records[name].fingerprint for name in spec.needs), *_followed(spec, records)]
    return digest(spec.name, spec.version, dict(spec.parameters), [], rests_on)


def standings(specs: Sequence[StageSpec], facts: Facts) -> dict[str, Standing]:
    """Return where every stage stands; `specs` must list a stage after those it needs."""
    wanted = fingerprints(specs, facts)
    found: dict[str, Standing] = {}
    for spec in specs:
        found[spec.name] = _standing(spec, facts, wanted[spec.name], found)
    return found


def due(specs: Sequence[StageSpec], facts: Facts) -> tuple[StageSpec, ...]:
    """Return the stages that can run now, those that gather first: searchable early and often."""
    found = standings(specs, facts)
    ready = [spec for spec in specs if found[spec.name] is Standing.DUE]
    return tuple(sorted(ready, key=lambda spec: not spec.gathers))


def _standing(spec: StageSpec, facts: Facts, wanted: str, found: Mapping[str, Standing]) -> Standing:
    record = facts.records.get(spec.name)
    if record is not None and record.fingerprint == wanted:
        return Standing.FAILED if record.failure else _if_rested(spec, found, Standing.SETTLED)
    if spec.waits_for:
        return Standing.WAITING
    if facts.attempts.get(spec.name, 0) >= MAX_ATTEMPTS:
        return Standing.PARKED
    return _if_rested(spec, found, Standing.DUE)


def _if_rested(spec: StageSpec, found: Mapping[str, Standing], standing: Standing) -> Standing:
    return standing if all(found[name] is Standing.SETTLED for name in spec.needs) else Standing.BLOCKED


def _followed(spec: StageSpec, records: Records) -> list[str]:
    done = (records.get(name) for name in spec.follows)
    return [record.fingerprint if record and not record.failure else "" for record in done]


def _results(specs: Sequence[StageSpec], records: Mapping[str, StageRecord]) -> list[str]:
    named = {spec.name for spec in specs if not spec.gathers}
    return sorted(
        f"{name}={record.fingerprint}"
        for name, record in records.items()
        if name in named and record.failure is None
    )


def failures(specs: Sequence[StageSpec], facts: Facts, found: Mapping[str, Standing]) -> dict[str, Failure]:
    """Return the reason of every stage that failed or was parked."""
    reasons: dict[str, Failure] = {}
    for spec in specs:
        record = facts.records.get(spec.name)
        if found[spec.name] is Standing.PARKED:
            reasons[spec.name] = _parked(spec)
        elif found[spec.name] is Standing.FAILED and record and record.failure:
            reasons[spec.name] = record.failure
    return reasons


def remaining(specs: Sequence[StageSpec], found: Mapping[str, Standing]) -> tuple[str, ...]:
    """Return the stages that will still run: the due ones and those that only wait for these."""
    coming: list[str] = []
    for spec in specs:
        blocked = found[spec.name] is Standing.BLOCKED
        rests = all(name in coming or found[name] is Standing.SETTLED for name in spec.needs)
        if found[spec.name] is Standing.DUE or (blocked and rests):
            coming.append(spec.name)
    return tuple(coming)


def _parked(spec: StageSpec) -> Failure:
    return Failure(
        kind="Parked",
        sentence=f"Heimdex stopped unexpectedly several times while it was {spec.title.lower()}.",
        advice="The rest of the video stays searchable. Retry, or check that the file plays elsewhere.",
    )
