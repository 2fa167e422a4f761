"""`heimdex search QUERY --why VIDEO`: where a scene that was expected stands, or why it cannot be found."""

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from heimdex_desktop.cli.console import Printer
from heimdex_desktop.cli.output import OK, SOME_FAILED, clock, print_json, print_notices
from heimdex_desktop.domain.search import WhyNot
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.pipeline.board import VideoRow
from heimdex_desktop.services import Services


def explain(services: Services, asked: argparse.Namespace, told: Console) -> int:
    """Print where the scene stands and return the exit code. Raises as a search does."""
    row = _row_of(services, asked.why)
    if row is None or row.video_id is None:
        told_why = f"{asked.why} is not in the library. Add it: heimdex index {asked.why}"
        print_notices([told_why if row is None else _trouble(row)], told)
        return SOME_FAILED
    searcher = services.searcher(services.query_encoders(in_child=False))
    expected = VideoId(row.video_id), asked.at
    found = searcher.why_not(" ".join(asked.query), expected, limit=asked.limit)
    if asked.json:
        print_json(_as_json(found, row))
    elif found:
        Printer().print(sentence(found), markup=False, highlight=False, soft_wrap=True)
    else:
        print_notices(
            [f"No scene of {row.location} at {clock(asked.at)} can be found yet. {_trouble(row)}"], told
        )
    return OK if found else SOME_FAILED


def sentence(found: WhyNot) -> str:
    """Say in words where a scene stands and by what."""
    place = f"The scene at {clock(found.scene.span.start_ms)}-{clock(found.scene.span.end_ms)}"
    if not found.meets_conditions:
        return f"{place} does not meet the conditions of the query.{_about_people(found)}"
    parts = [f"{channel.value} {score:.2f}" for channel, score in found.channels.items() if score is not None]
    by = ", ".join(parts) or "no channel speaks to it"
    scores = f"score {found.score:.2f} ({by}), the best has {found.best:.2f}"
    shown = f", shown with hit {found.shown_at}" if found.shown_at else ", not shown"
    return f"{place} is number {found.rank} of {found.judged} that were looked at{shown}: {scores}."


def _about_people(found: WhyNot) -> str:
    """Say what of a query about people is not met, and who is there instead."""
    if not found.unmet:
        return ""
    if found.scene.people_count is None:
        there = "nobody looked for faces in it yet"
    else:
        names = ", ".join(one.name for one in found.scene.people) or "nobody who is known"
        there = f"seen there: {names}; faces at once: {found.scene.people_count}"
    return f" It does not meet: {', '.join(found.unmet)} ({there})."


def _row_of(services: Services, path: Path) -> VideoRow | None:
    wanted = path.expanduser().absolute()
    rows = services.census()
    return next((row for row in rows if wanted in (row.location, Path(row.key))), None)


def _trouble(row: VideoRow) -> str:
    if row.failure:
        return f"{row.failure.sentence} {row.failure.advice}".strip()
    return row.note or f"Its state is “{row.state.value}”."


def _as_json(found: WhyNot | None, row: VideoRow) -> dict[str, Any]:
    if found is None:
        return {"indexed": False, "state": row.state.value, "reason": _trouble(row)}
    return {
        "indexed": True,
        "scene_id": found.scene.id,
        "start_s": found.scene.span.start_ms / 1000,
        "end_s": found.scene.span.end_ms / 1000,
        "meets_conditions": found.meets_conditions,
        "rank": found.rank,
        "judged": found.judged,
        "score": round(found.score, 4),
        "best": round(found.best, 4),
        "channels": {
            channel.value: None if score is None else round(score, 4)
            for channel, score in found.channels.items()
        },
        "shown_at": found.shown_at,
        "unmet": list(found.unmet),
    }
