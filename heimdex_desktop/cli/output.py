"""How answers and rows look: as JSON with fixed names, and as lines for a person."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from heimdex_desktop.cli.console import has_all_letters, while_read
from heimdex_desktop.cli.pointing import beside_as_json
from heimdex_desktop.domain.scene import SeenPerson
from heimdex_desktop.domain.search import Answer, Channel, FoundScene, Hit, Verdict
from heimdex_desktop.pipeline.board import RowState, VideoRow
from heimdex_desktop.services import Services

OK, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""The exit codes."""

_VERDICTS = {
    Verdict.WEAK: "No strong match. These come closest:",
    Verdict.NONE: "Nothing convincing. These come closest:",
}


def answer_as_json(answer: Answer, services: Services, *, typed: str) -> dict[str, object]:
    """Return the one object of `search --json`; `typed` is the query before it was taken apart."""
    return {
        "query": typed,
        "beside": beside_as_json(answer.beside),
        "took_ms": answer.took_ms,
        "verdict": answer.verdict.value,
        "notes": [note.sentence for note in answer.query.notes],
        "hits": [_hit_as_json(hit, services) for hit in answer.hits],
    }


def row_as_json(row: VideoRow) -> dict[str, object]:
    return {
        "id": row.video_id,
        "path": str(row.location),
        "state": row.state.value,
        "scenes": row.scene_count,
        "note": row.note or None,
        "failure": _failure_as_json(row),
    }


def print_answer(answer: Answer, console: Console, *, nothing: str) -> None:
    """Print the hits, best first, with the reason each matched, or the sentence for no hits."""
    print_notices((note.sentence for note in answer.query.notes), console)
    if not answer.hits:
        console.print(nothing)
        return
    if answer.verdict in _VERDICTS:
        console.print(_VERDICTS[answer.verdict])
    for hit in answer.hits:
        scene = hit.scene
        place = f"{clock(scene.span.start_ms)}-{clock(scene.span.end_ms)}{_line_as_text(hit)}"
        console.print(f"[bold]{hit.rank:3}. {place}[/]  {escape(str(scene.locations[0]))}", soft_wrap=True)
        why = ", ".join(_reason_as_text(hit))
        console.print(f"     [dim]{hit.score:.2f}  {escape(why)}[/]", soft_wrap=True)
        for later in hit.then:
            console.print(
                f"     then {clock(later.span.start_ms)}-{clock(later.span.end_ms)}", soft_wrap=True
            )
        if scene.transcript:
            console.print(f"     {escape(scene.transcript)}", soft_wrap=True)
        if any(reason.channel is Channel.TEXT for reason in hit.because):
            console.print(
                f"     on screen: {escape(' · '.join(scene.screen_text.splitlines()))}", soft_wrap=True
            )


def print_json(value: object) -> None:
    """Print one JSON object to standard output, in letters that it can take."""
    with while_read(sys.stdout):
        sys.stdout.write(json.dumps(value, ensure_ascii=not has_all_letters(sys.stdout), indent=2) + "\n")


def print_rows(rows: Sequence[VideoRow], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("state", "scenes", "video"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(row.state.value, str(row.scene_count), escape(str(row.location)))
    console.print(table)


def print_failures(rows: Iterable[VideoRow], console: Console) -> None:
    """Name every failed file with its reason and what to do."""
    for row in rows:
        if row.failure:
            told = f"{row.location}: {row.failure.sentence} {row.failure.advice}"
            console.print(told.strip(), style="red", markup=False, highlight=False, soft_wrap=True)


def print_notices(notices: Iterable[str], console: Console) -> None:
    for notice in notices:
        console.print(notice, style="yellow", markup=False, highlight=False, soft_wrap=True)


def failed(rows: Iterable[VideoRow]) -> list[VideoRow]:
    return [row for row in rows if row.state is RowState.FAILED]


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def clock(at_ms: int) -> str:
    """Write a moment as h:mm:ss, or m:ss below an hour."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _hit_as_json(hit: Hit, services: Services) -> dict[str, object]:
    scene = hit.scene
    still = services.pictures_of(hit).still
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "video": {"id": scene.video_id, "path": str(scene.locations[0])},
        "scene_id": scene.id,
        "start_s": scene.span.start_ms / 1000,
        "end_s": scene.span.end_ms / 1000,
        "at_s": hit.at_ms / 1000,
        "because": [
            {"channel": reason.channel.value, "how": reason.how, "words": list(reason.words)}
            for reason in hit.because
        ],
        "channels": {channel.value: _rounded(hit.channels.get(channel)) for channel in Channel},
        "transcript": scene.transcript,
        "screen_text": scene.screen_text,
        "tags": {tag: round(score, 4) for tag, score in scene.tags.items()},
        "people": [_person_as_json(person) for person in scene.people],
        "near": [_scene_as_json(one) for one in hit.near],
        "copies": [_scene_as_json(one) for one in hit.copies],
        "then": [_scene_as_json(one) for one in hit.then],
        "thumbnail": str(still) if still else None,
    }


def _person_as_json(person: SeenPerson) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "confidence": round(person.confidence, 4),
        "frame_count": person.frame_count,
    }


def _scene_as_json(scene: FoundScene) -> dict[str, object]:
    return {
        "video": {"id": scene.video_id, "path": str(scene.locations[0])},
        "scene_id": scene.id,
        "start_s": scene.span.start_ms / 1000,
        "end_s": scene.span.end_ms / 1000,
        "transcript": scene.transcript,
    }


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def _line_as_text(hit: Hit) -> str:
    """Say when the line begins that answers, where that is not when the scene does."""
    return f", at {clock(hit.at_ms)}" if hit.at_ms >= hit.scene.span.start_ms + 1000 else ""


def _reason_as_text(hit: Hit) -> Iterable[str]:
    for reason in hit.because:
        if reason.confidence is not None:
            yield f"{reason.channel.value}: {', '.join(reason.words)} ({reason.confidence:.2f})"
            continue
        words = f": {', '.join(reason.words)}" if reason.words else ""
        yield f"{reason.channel.value} ({reason.how}{words})"


def _failure_as_json(row: VideoRow) -> dict[str, object] | None:
    if row.failure is None:
        return None
    return {"kind": row.failure.kind, "reason": row.failure.sentence, "advice": row.failure.advice}


def bytes_under(folder: Path) -> int:
    """Return the size of all files under a folder; one that vanishes meanwhile counts nothing."""
    return sum(_size_bytes(Path(inner, name)) for inner, _, names in os.walk(folder) for name in names)


def _size_bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
