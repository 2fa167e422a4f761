"""What each command does."""

import argparse
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from heimdex_desktop.cli.arguments import parse
from heimdex_desktop.cli.console import Printer, finish_writing, take_any_letter
from heimdex_desktop.cli.doctor import choices_of, examine, print_report, report_as_json
from heimdex_desktop.cli.indexing_run import RunResult, run_indexing
from heimdex_desktop.cli.models import run_models
from heimdex_desktop.cli.output import (
    INTERRUPTED,
    OK,
    SOME_FAILED,
    WRONG_USE,
    answer_as_json,
    bytes_under,
    counted,
    failed,
    print_answer,
    print_failures,
    print_json,
    print_notices,
    print_rows,
    row_as_json,
)
from heimdex_desktop.cli.people import finish_forgetting, run_people
from heimdex_desktop.cli.pointing import beside_of
from heimdex_desktop.cli.why import explain
from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.library.places import Places
from heimdex_desktop.pipeline.board import RowState
from heimdex_desktop.services import Services
from heimdex_desktop.settings import Settings, load

_HOW_TO_BEGIN = "Add videos: heimdex index PATH"
_NEEDS_LIBRARY = {
    "search": _HOW_TO_BEGIN,
    "status": _HOW_TO_BEGIN,
    "people": _HOW_TO_BEGIN,
    "rebuild": "Name the folders with your videos: heimdex rebuild PATH",
}
_NOTHING_YET = f"Nothing is searchable yet. {_HOW_TO_BEGIN}"


def main(words: Sequence[str]) -> int:
    """Run the command that the words name and return its exit code."""
    take_any_letter()
    told = Printer(stderr=True)
    try:
        return _carry_out(parse(words), told)
    except HeimdexError as error:
        print_notices([str(error)], told)
        return SOME_FAILED
    finally:
        finish_writing()


def settings_of(asked: argparse.Namespace) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings with what was typed on top."""
    return load(library=getattr(asked, "library", None), preset=getattr(asked, "preset", None))


def _carry_out(asked: argparse.Namespace, told: Console) -> int:
    settings, warnings = settings_of(asked)
    if asked.command == "doctor":
        return _doctor(settings, warnings, asked, told)
    print_notices(warnings, told)
    if asked.command == "models":
        return run_models(settings, asked, told)
    advice = _NEEDS_LIBRARY.get(asked.command)
    if advice and not getattr(asked, "paths", None) and not _has_library(settings):
        print_notices([f"There is no library in {settings.library} yet. {advice}"], told)
        return WRONG_USE
    if asked.command == "index" and not any(_may_be_there(path) for path in asked.paths):
        # Before a library is made for nothing.
        print_notices(
            [f"{path} is not there. Check its name, or connect its drive." for path in asked.paths], told
        )
        return SOME_FAILED
    with closing(Services(settings)) as services:
        code = _COMMANDS[asked.command](services, asked, told)
        print_notices(services.take_notices(), told)
        return code


def _has_library(settings: Settings) -> bool:
    return _may_be_there(Places(settings.library).catalogue_file)


def _may_be_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # Opening it will tell what is wrong.
        return True
    return True


def _index(services: Services, asked: argparse.Namespace, told: Console) -> int:
    started = time.monotonic()
    services.begin_work()
    finish_forgetting(services, told)
    result = run_indexing(services, asked.paths, told)
    return _report(result, asked, told, seconds=time.monotonic() - started)


def _rebuild(services: Services, asked: argparse.Namespace, told: Console) -> int:
    if not asked.paths and not services.catalogue.videos():
        told.print("This library knows no videos. Name the folders: heimdex rebuild PATH…", markup=False)
        return WRONG_USE
    started = time.monotonic()
    services.begin_work()
    finish_forgetting(services, told)
    # What is at hand is published anew; what is not stays as it was.
    services.publisher.distrust()
    result = run_indexing(services, asked.paths or None, told, from_sidecars_only=True)
    return _report(result, asked, told, seconds=time.monotonic() - started)


def _search(services: Services, asked: argparse.Namespace, told: Console) -> int:
    if asked.why:
        return explain(services, asked, told)
    text = " ".join(asked.query)
    encoders = services.query_encoders(in_child=False)
    beside = beside_of(asked, services.catalogue.videos())
    searcher = services.searcher(encoders, encoders.pictures if encoders else None)
    answer = searcher.search(text, beside, limit=asked.limit)
    answer = replace(answer, hits=tuple(searcher.placed(hit) for hit in answer.hits))
    too_early = not answer.hits and not services.publisher.video_ids()
    if asked.json:
        print_json(answer_as_json(answer, services, typed=text))
        print_notices([_NOTHING_YET] if too_early else [], told)
    else:
        print_answer(answer, Printer(), nothing=_NOTHING_YET if too_early else "Nothing found.")
    return OK


def _status(services: Services, asked: argparse.Namespace, told: Console) -> int:
    rows = services.census()
    facts: dict[str, Any] = {
        "library": str(services.places.root),
        "preset": services.settings.preset.value,
        "models": {
            role.value: choice.name or None for role, choice in services.models.chosen.choices.items()
        },
        "waits_for": list(services.models.waits_for),
        "videos": len(rows),
        "scenes": sum(row.scene_count for row in rows),
        "searchable": len(services.publisher.video_ids()),
        "failed": len(failed(rows)),
        "size_bytes": bytes_under(services.places.root),
        "list": [row_as_json(row) for row in rows],
    }
    if asked.json:
        print_json(facts)
        return OK
    shown = Printer()
    held = f"{counted(len(rows), 'video')}, {counted(facts['scenes'], 'scene')}"
    shown.print(f"{held} in {facts['library']}", markup=False)
    print_rows(rows, shown)
    print_failures(failed(rows), told)
    return OK


def _doctor(settings: Settings, warnings: Sequence[str], asked: argparse.Namespace, told: Console) -> int:
    if told.is_terminal:
        told.print("Examining this computer, which takes some seconds…")
    found = examine(settings, choices_of(settings), warnings, device=settings.device)
    if asked.json:
        print_json(report_as_json(found))
    else:
        print_report(found, Printer())
    return OK if found.is_usable else SOME_FAILED


def _report(result: RunResult, asked: argparse.Namespace, told: Console, *, seconds: float) -> int:
    broken = failed(result.rows)
    print_failures(broken, told)
    if any(row.failure.retry_helps for row in broken if row.failure):
        told.print("To try one of these again, name its file: heimdex index FILE", markup=False)
    waiting = [row for row in result.rows if row.state is RowState.WAITING_FOR_MODEL]
    unknown = [row for row in result.rows if row.state in (RowState.NOT_INDEXED, RowState.OFFLINE)]
    print_notices(sorted({row.note for row in waiting}), told)
    print_notices([*(f"{row.location}: {row.note}" for row in unknown), *result.troubles], told)
    if asked.json:
        print_json(_run_as_json(result, seconds))
    elif not result.interrupted:
        done = sum(row.state in (RowState.DONE, RowState.WAITING_FOR_MODEL) for row in result.rows)
        left = f", {len(unknown)} not indexed" if unknown else ""
        told.print(
            f"{counted(done, 'video')} ready in {seconds:.1f} s, {len(broken)} failed{left}.", markup=False
        )
    if result.interrupted:
        told.print("Stopped. Run the same command again to go on.", markup=False)
        return INTERRUPTED
    return SOME_FAILED if broken or unknown or result.troubles else OK


def _run_as_json(result: RunResult, seconds: float) -> dict[str, Any]:
    rows = result.rows
    return {
        "interrupted": result.interrupted,
        "seconds": round(seconds, 3),
        "videos": len(rows),
        "scenes": sum(row.scene_count for row in rows),
        "failed": [row_as_json(row) for row in failed(rows)],
        "list": [row_as_json(row) for row in rows],
    }


_COMMANDS = {
    "index": _index,
    "search": _search,
    "status": _status,
    "rebuild": _rebuild,
    "people": run_people,
}
