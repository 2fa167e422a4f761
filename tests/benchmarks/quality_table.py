"""Prints what the search was measured to be worth, as text tables."""

from collections.abc import Mapping, Sequence

from heimdex_desktop.domain.search import Verdict
from tests.benchmarks.asking import CALIBRATED, CHANNELS, FUSIONS, RAW, WAYS, Asked
from tests.benchmarks.measures import MEASURES, Estimate, estimates, gain_over, percentiles_ms

_RANKED_BY = MEASURES.index("nDCG")
_AMONG_TEN = MEASURES.index("R@10")


def print_set(name: str, asked: Sequence[Asked]) -> None:
    """Print one set of queries: a row for each way to ask, and what the fusion gains over others."""
    print(f"\n{name} ({len(asked)} queries)")
    print(f"  {'':24}" + "".join(f"{measure:>18}" for measure in MEASURES) + "   p50, p95, p99 ms")
    for way in WAYS:
        found = estimates([one.scores[way] for one in asked])
        print(
            f"  {way:24}"
            + "".join(_with_interval(found[measure]) for measure in MEASURES)
            + _times(way, asked)
        )
    for other in dict.fromkeys((best_channel(asked), RAW)):
        gain = gain_over(*([one.scores[way] for one in asked] for way in (CALIBRATED, other)))
        print(f"  {'+ over ' + other:24}" + "".join(_with_interval(gain[one]) for one in MEASURES))


def best_channel(asked: Sequence[Asked]) -> str:
    """Return the single channel that ranks these queries best."""
    return max(CHANNELS, key=lambda way: sum(one.scores[way][_RANKED_BY] for one in asked))


def print_summary(answerable: Mapping[str, Sequence[Asked]]) -> None:
    """Print for each set how the fusion stands to the best channel and to the other fusions, by nDCG@10."""
    others = [way for way in FUSIONS if way != CALIBRATED]
    print(f"\n{'nDCG@10':64}{CALIBRATED:>12}{'best channel':>16}" + "".join(f"{way:>18}" for way in others))
    for name, asked in answerable.items():
        best = best_channel(asked)
        mean = {way: sum(one.scores[way][_RANKED_BY] for one in asked) / len(asked) for way in WAYS}
        print(
            f"{name:64}{mean[CALIBRATED]:12.3f}{mean[best]:16.3f}"
            + "".join(f"{mean[way]:18.3f}" for way in others)
            + f"   {best}"
        )


def print_verdicts(
    answerable: Mapping[str, Sequence[Asked]], hopeless: Mapping[str, Sequence[Asked]]
) -> None:
    """Print how often the verdict is each of the three, by set and in all.

    "Lost" is how often it is NONE although a right scene is among the first ten.
    """
    for title, sets in (("that something answers", answerable), ("that nothing answers", hopeless)):
        headings = "".join(f"{one:>8}" for one in (*Verdict, "lost"))
        print(f"\n{'verdicts on queries ' + title:64}{'n':>5}{headings}")
        everything = [one for asked in sets.values() for one in asked]
        for name, asked in {**sets, "all": everything}.items():
            shares = [verdict_share(asked, verdict) for verdict in Verdict]
            print(
                f"{name:64}{len(asked):5}"
                + "".join(f"{share:8.1%}" for share in (*shares, lost_share(asked)))
            )


def print_queries(asked: Sequence[Asked]) -> None:
    """Print every query with its verdict, the best score, and its measures by the fusion."""
    for one in asked:
        measures = " ".join(f"{value:.2f}" for value in one.scores.get(CALIBRATED, ()))
        print(f"    {one.verdict:5}{one.best:6.2f}  {one.wanted.text[:60]:62}{measures}")


def verdict_share(asked: Sequence[Asked], verdict: Verdict) -> float:
    """Return the share of queries with a verdict, 0..1."""
    return sum(one.verdict is verdict for one in asked) / len(asked) if asked else 0.0


def lost_share(asked: Sequence[Asked]) -> float:
    """Return the share of queries with the verdict NONE although a right scene is among the first ten."""
    lost = (one.verdict is Verdict.NONE and _is_among_ten(one) for one in asked)
    return sum(lost) / len(asked) if asked else 0.0


def _is_among_ten(asked: Asked) -> bool:
    return bool(asked.scores) and asked.scores[CALIBRATED][_AMONG_TEN] > 0


def _with_interval(found: Estimate) -> str:
    return f"{found.mean:6.2f} ({found.low:.2f},{found.high:.2f})".rjust(18)


def _times(way: str, asked: Sequence[Asked]) -> str:
    took_ms = [one.took_ms[way] for one in asked if way in one.took_ms]
    return "   " + ", ".join(f"{time:.0f}" for time in percentiles_ms(took_ms)) if took_ms else ""
