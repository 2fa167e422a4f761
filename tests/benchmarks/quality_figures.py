"""The figures that were measured last, kept beside the benchmark, and what has become worse since."""

import os
import platform
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tomlkit

from heimdex_desktop.domain.search import Verdict
from tests.benchmarks.asking import CALIBRATED, Asked
from tests.benchmarks.measures import MEASURES, Estimate, estimates, interval_of_share, percentiles_ms

FILE = Path(__file__).with_suffix(".toml")
ANYWHERE = "anywhere"
"""The part that any checkout can measure."""

WITH_MEDIA = "with media"
"""The part that needs real clips and a model of objects, which are not in the repository."""

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Figures:
    """A set of queries: the measures of the fusion, and the share of the verdict "none"."""

    count: int
    found: Mapping[str, Estimate]
    none: Estimate
    took_ms: tuple[float, float, float]

    @classmethod
    def of(cls, asked: Sequence[Asked]) -> "Figures":
        answered = [one.scores[CALIBRATED] for one in asked if one.scores]
        return cls(
            len(asked),
            estimates(answered) if answered else {},
            interval_of_share([one.verdict is Verdict.NONE for one in asked]),
            percentiles_ms([one.took_ms[CALIBRATED] for one in asked]),
        )


def save(part: str, sets: Mapping[str, Figures]) -> None:
    """Write the figures of a part, with date and machine; the other part stays."""
    known = tomlkit.parse(FILE.read_text("utf-8")) if FILE.exists() else tomlkit.document()
    measured = {"date": datetime.now(UTC).date(), "machine": _machine()}
    known[part] = {**measured, "sets": {name: _written(figures) for name, figures in sets.items()}}
    FILE.write_text(tomlkit.dumps(known), "utf-8")


def regressions(part: str, sets: Mapping[str, Figures]) -> list[str]:
    """Return a sentence for each figure that is worse than the kept one by more than noise.

    That is: beyond the end of the kept interval by more than one query, since the interval of a perfect score
    has no width. Sets without kept figures are told too: nothing else would notice that they were never kept.
    """
    kept = tomllib.loads(FILE.read_text("utf-8")).get(part, {}).get("sets", {}) if FILE.exists() else {}
    return [told for name, figures in sets.items() for told in _worse(name, figures, kept.get(name))]


def _worse(name: str, now: Figures, kept: Mapping[str, Sequence[float]] | None) -> Iterable[str]:
    if kept is None:
        yield f"{name}: no figures are kept. Measure with --write."
        return
    one_query = 1 / now.count
    for measure, found in now.found.items():
        mean, low, _ = kept[measure]
        if found.mean < low - one_query:
            yield f"{name}: {measure} was {mean:.3f} and is {found.mean:.3f}."
    mean, low, high = kept[_NONE]
    # Where something answers, a "none" is wrong; where nothing does, everything else is.
    if now.none.mean > high + one_query if now.found else now.none.mean < low - one_query:
        yield f'{name}: the verdict "none" was given to {mean:.1%} and is to {now.none.mean:.1%}.'


def _written(figures: Figures) -> Mapping[str, object]:
    named = {**{one: figures.found[one] for one in MEASURES if figures.found}, _NONE: figures.none}
    shares = {one: [round(share, 4) for share in (its.mean, its.low, its.high)] for one, its in named.items()}
    return {"queries": figures.count, "took_ms": [round(time) for time in figures.took_ms], **shares}


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
