"""The command `heimdex models`: which models there are, and everything that is done with their files."""

import argparse
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from heimdex_desktop.cli.console import Printer, progress_bar
from heimdex_desktop.cli.output import INTERRUPTED, OK, SOME_FAILED, WRONG_USE, print_json, print_notices
from heimdex_desktop.domain.models import ModelState, Role
from heimdex_desktop.domain.sizes import as_size
from heimdex_desktop.inference.model_download import DownloadProgress
from heimdex_desktop.inference.model_manifest import Proof
from heimdex_desktop.model_desk import ModelDesk, ModelFacts
from heimdex_desktop.settings import Settings

_PROOF_IN_WORDS = {
    Proof.SHIPPED: "checked against a fingerprint that comes with Heimdex",
    Proof.LISTED: "checked against the source's listing",
    Proof.IMPORTED: "as it was imported",
}
T = TypeVar("T")


def run_models(settings: Settings, asked: argparse.Namespace, told: Console) -> int:
    """Carry out an action on models and return the exit code; no library is opened. Raises HeimdexError."""
    counter = _Counter(ModelDesk(settings), asked.json, told)
    name = getattr(asked, "name", "")
    if name and name not in counter.desk.known.models:
        names = ", ".join(counter.desk.known.models)
        print_notices([f"There is no model “{name}”. The list has: {names}."], told)
        return WRONG_USE
    try:
        return _ACTIONS[asked.action](counter, asked)
    except KeyboardInterrupt:
        told.print("Stopped. Run the same command again to go on.", markup=False)
        return INTERRUPTED


@dataclass(frozen=True, slots=True)
class _Counter:
    """What every action needs: the desk, and whom to tell in which form."""

    desk: ModelDesk
    as_json: bool
    told: Console

    def answer(self, facts: dict[str, Any], sentence: str) -> None:
        """Give the outcome of an action, as JSON or as a sentence."""
        if self.as_json:
            print_json(facts)
        else:
            Printer().print(sentence, markup=False, highlight=False, soft_wrap=True)


def _list(counter: _Counter, _: argparse.Namespace) -> int:
    desk = counter.desk
    rows = [_as_json(desk.facts_of(name)) for name in desk.known.models]
    if counter.as_json:
        print_json({"folder": str(desk.folder), "preset": desk.settings.preset.value, "models": rows})
        return OK
    printer = Printer()
    for role in Role:
        printer.print(_table([row for row in rows if row["role"] == role.value], role))
    broken = [f"{row['name']}: {'; '.join(row['faults'])}" for row in rows if row["faults"]]
    print_notices(broken, counter.told)
    printer.print("* chosen now. Get a model: heimdex models download NAME", highlight=False)
    return OK


def _download(counter: _Counter, asked: argparse.Namespace) -> int:
    desk = counter.desk
    desk.ensure_downloadable(asked.name)
    found = desk.facts_of(asked.name)
    if found.standing.state is not ModelState.READY:
        entry = found.entry
        size = as_size(entry.size_bytes) if entry.has_sizes else f"about {as_size(entry.size_bytes)}"
        counter.told.print(
            f"{entry.name}: {size} from {entry.page}, licence {entry.licence}.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        _follow(desk.download(asked.name), counter.told, entry.name)
    facts = desk.facts_of(asked.name)
    counter.answer(_as_json(facts), f"{asked.name} is ready, {_proof_in_words(facts)}.")
    return OK


def _import(counter: _Counter, asked: argparse.Namespace) -> int:
    name = _follow(counter.desk.bring_in(asked.path, asked.name), counter.told, str(asked.path.name))
    facts = counter.desk.facts_of(name)
    counter.answer(_as_json(facts), f"{name} is here, {_proof_in_words(facts)}.")
    return OK


def _verify(counter: _Counter, asked: argparse.Namespace) -> int:
    desk = counter.desk
    names = [asked.name] if asked.name else desk.names_here
    found = {name: _follow(desk.verify(name), counter.told, name) for name in names}
    broken = {name: [str(fault) for fault in faults] for name, faults in found.items() if faults}
    lines = [f"{name}: {'; '.join(broken[name])}" if name in broken else f"{name}: whole" for name in found]
    facts = [{"name": name, "whole": name not in broken, "faults": broken.get(name, [])} for name in found]
    counter.answer({"models": facts}, "\n".join(lines) or "No model is here.")
    again = [f"Get it again: heimdex models download {name}" for name in broken]
    print_notices(again, counter.told)
    return SOME_FAILED if broken else OK


def _remove(counter: _Counter, asked: argparse.Namespace) -> int:
    freed = counter.desk.remove(asked.name)
    sentence = f"{as_size(freed)} are free again." if freed else f"{asked.name} was not here."
    counter.answer({"name": asked.name, "freed_bytes": freed}, sentence)
    return OK


def _follow(steps: Generator[DownloadProgress, None, T], told: Console, name: str) -> T:
    """Run an action to its end with a progress bar on a terminal, and return what it returns.

    Ctrl+C closes it, which leaves things as they can be gone on with.
    """
    with closing(steps), progress_bar(told) as bar:
        task = bar.add_task(name, total=None)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                return end.value
            line = f"{as_size(step.done_bytes)} of {as_size(step.total_bytes)} · {_doing(step)}"
            bar.update(task, total=step.total_bytes, completed=step.done_bytes, description=line)


def _doing(step: DownloadProgress) -> str:
    return f"checking {step.file}" if step.is_checking else step.file


def _as_json(facts: ModelFacts) -> dict[str, Any]:
    entry, now = facts.entry, facts.standing
    return {
        "name": entry.name,
        "role": entry.role.value,
        "engine": entry.engine.value,
        "state": now.state.value,
        "faults": [str(fault) for fault in now.faults],
        "chosen": facts.is_chosen,
        "presets": list(facts.presets),
        "size_bytes": entry.size_bytes,
        "size_is_exact": entry.has_sizes,
        "here_bytes": now.here_bytes,
        "checked_against": {proof.value: count for proof, count in facts.proofs.items()},
        "licence": entry.licence,
        "free_use": entry.free_use,
        "languages": entry.languages,
        "memory_mb": entry.memory_mb,
        "speed": entry.speed,
        "dimensions": entry.dimensions or None,
        "source": entry.page or f"the package {entry.package}",
    }


def _proof_in_words(facts: ModelFacts) -> str:
    if len(facts.proofs) == 1:
        return _PROOF_IN_WORDS[next(iter(facts.proofs))]
    return ", ".join(
        f"{count} of its files {_PROOF_IN_WORDS[proof]}" for proof, count in facts.proofs.items()
    )


def _table(rows: list[dict[str, Any]], role: Role) -> Table:
    table = Table(box=None, pad_edge=False, title=role.value.replace("_", " "), title_justify="left")
    for title in ("", "name", "state", "size", "licence", "checked against", "in presets"):
        table.add_column(title, overflow="fold", no_wrap=title == "name")
    for row in rows:
        about = "" if row["size_is_exact"] else "about "
        size = f"{about}{as_size(row['size_bytes'])}" if row["size_bytes"] else "in its package"
        cells = (
            row["name"],
            row["state"],
            size,
            row["licence"],
            _told_by(row["checked_against"]),
            " ".join(row["presets"]),
        )
        table.add_row("*" if row["chosen"] else "", *map(escape, cells))
    return table


def _told_by(proofs: Mapping[str, int]) -> str:
    """Say in few words what vouches for the files of a model."""
    short = {Proof.SHIPPED: "Heimdex", Proof.LISTED: "its source", Proof.IMPORTED: "its import"}
    return ", ".join(short[Proof(proof)] for proof in proofs)


_ACTIONS = {"list": _list, "download": _download, "import": _import, "verify": _verify, "remove": _remove}
