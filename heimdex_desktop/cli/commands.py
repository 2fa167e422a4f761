"""What each command does."""

import argparse
import json
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from rich.console import Console

from heimdex_desktop.cli.arguments import parse
from heimdex_desktop.cli.indexing_run import RunResult, run_indexing
from heimdex_desktop.cli.output import (
    answer_as_json,
    bytes_under,
    failed,
    print_answer,
    print_failures,
    print_notices,
    print_rows,
    row_as_json,
)
from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.services import Services
from heimdex_desktop.settings import Settings, load

OK, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def main(words: Sequence[str]) -> int:
    """Run the command that the words name and return its exit code."""
    asked = parse(words)
    told = Console(stderr=True)
    settings, warnings = settings_of(asked)
    print_notices(warnings, told)
    try:
        with closing(Services(settings)) as services:
            code = _COMMANDS[asked.command](services, asked, told)
            print_notices(services.take_notices(), told)
            return code
    except HeimdexError as error:
        print_notices([str(error)], told)
        return SOME_FAILED


def settings_of(asked: argparse.Namespace) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings with what was typed on top."""
    return load(library=getattr(asked, "library", None), preset=getattr(asked, "preset", None))


def _index(services: Services, asked: argparse.Namespace, told: Console) -> int:
    started = time.monotonic()
    result = run_indexing(services, asked.paths, told)
    return _report(result, asked, told, seconds=time.monotonic() - started)


def _rebuild(services: Services, asked: argparse.Namespace, told: Console) -> int:
    if not asked.paths and not services.catalogue.videos():
        told.print("This library knows no videos. Name the folders: heimdex rebuild PATH…", markup=False)
        return WRONG_USE
    started = time.monotonic()
    services.empty_index()
    result = run_indexing(services, asked.paths or None, told, from_sidecars_only=True)
    return _report(result, asked, told, seconds=time.monotonic() - started)


def _search(services: Services, asked: argparse.Namespace, told: Console) -> int:
    text = " ".join(asked.query)
    encoder = services.query_encoder(in_child=False)
    if services.text.waits_for:
        print_notices([services.text.waits_for], told)
    answer = services.searcher(lambda: encoder).search(text, limit=asked.limit)
    if asked.json:
        _print_json(answer_as_json(answer, services))
    else:
        print_answer(answer, Console())
    return OK


def _status(services: Services, asked: argparse.Namespace, told: Console) -> int:
    rows = services.census()
    facts: dict[str, Any] = {
        "library": str(services.places.root),
        "preset": services.settings.preset.value,
        "text_model": services.text.name or None,
        "waits_for": services.text.waits_for or None,
        "videos": len(rows),
        "scenes": sum(row.scene_count for row in rows),
        "searchable": len(services.publisher.video_ids()),
        "failed": len(failed(rows)),
        "size_bytes": bytes_under(services.places.root),
        "list": [row_as_json(row) for row in rows],
    }
    if asked.json:
        _print_json(facts)
        return OK
    shown = Console()
    shown.print(f"{facts['videos']} videos, {facts['scenes']} scenes in {facts['library']}", markup=False)
    print_rows(rows, shown)
    print_failures(failed(rows), told)
    return OK


def _report(result: RunResult, asked: argparse.Namespace, told: Console, *, seconds: float) -> int:
    broken = failed(result.rows)
    print_failures(broken, told)
    waiting = [row for row in result.rows if row.state in (RowState.WAITING_FOR_MODEL, RowState.NOT_INDEXED)]
    print_notices(sorted({row.note for row in waiting}), told)
    if asked.json:
        _print_json(_run_as_json(result.rows, seconds))
    elif not result.interrupted:
        done = sum(row.state in (RowState.DONE, RowState.WAITING_FOR_MODEL) for row in result.rows)
        told.print(f"{done} videos ready in {seconds:.1f} s, {len(broken)} failed.", markup=False)
    if result.interrupted:
        told.print("Stopped. Run the same command again to go on.", markup=False)
        return INTERRUPTED
    return SOME_FAILED if broken else OK


def _run_as_json(rows: Sequence[VideoRow], seconds: float) -> dict[str, Any]:
    return {
        "seconds": round(seconds, 3),
        "videos": len(rows),
        "scenes": sum(row.scene_count for row in rows),
        "failed": [row_as_json(row) for row in failed(rows)],
        "list": [row_as_json(row) for row in rows],
    }


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


_COMMANDS = {"index": _index, "search": _search, "status": _status, "rebuild": _rebuild}
