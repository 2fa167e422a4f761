"""The command `heimdex models`: which models there are, and everything that is done with their files."""

import argparse
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from heimdex_desktop.cli.console import Printer
from heimdex_desktop.cli.output import INTERRUPTED, OK, SOME_FAILED, WRONG_USE, print_json, print_notices
from heimdex_desktop.domain.models import ModelState, Role
from heimdex_desktop.inference.choosing import Choosing, setting_of
from heimdex_desktop.inference.model_disk import as_size
from heimdex_desktop.inference.model_download import DownloadProgress, download, ensure_downloadable
from heimdex_desktop.inference.model_files import Standing, folder_of, remove, standing, verify
from heimdex_desktop.inference.model_import import import_model
from heimdex_desktop.inference.model_list import ModelEntry, ModelList, known_models
from heimdex_desktop.inference.model_manifest import Proof, expected_files, read_manifest
from heimdex_desktop.library.places import Places
from heimdex_desktop.settings import Settings

_PROOF_IN_WORDS = {
    Proof.SHIPPED: "checked against a fingerprint that comes with Heimdex",
    Proof.LISTED: "checked against the source's listing",
    Proof.IMPORTED: "as it was imported",
}
T = TypeVar("T")


def run_models(settings: Settings, asked: argparse.Namespace, told: Console) -> int:
    """Carry out an action on models and return the exit code; no library is opened. Raises HeimdexError."""
    desk = Desk(settings, known_models(), asked.json, told)
    name = getattr(asked, "name", "")
    if name and name not in desk.known.models:
        names = ", ".join(desk.known.models)
        print_notices([f"There is no model “{name}”. The list has: {names}."], told)
        return WRONG_USE
    try:
        return _ACTIONS[asked.action](desk, asked)
    except KeyboardInterrupt:
        told.print("Stopped. Run the same command again to go on.", markup=False)
        return INTERRUPTED


@dataclass(frozen=True, slots=True)
class Desk:
    """What every action needs: the settings, the list, and whom to tell."""

    settings: Settings
    known: ModelList
    as_json: bool
    told: Console

    @property
    def choosing(self) -> Choosing:
        return Choosing(self.known, Places(self.settings.library).models, licensed=self.licensed)

    @property
    def licensed(self) -> bool:
        return bool(getattr(self.settings, "faces_licensed", False))

    def standing(self, entry: ModelEntry) -> Standing:
        return standing(entry, self.choosing.models_folder, licensed=self.licensed)

    def is_chosen(self, entry: ModelEntry) -> bool:
        wanted = str(getattr(self.settings, setting_of(entry.role), ""))
        return self.choosing.name_for(entry.role, wanted, self.settings.preset) == entry.name

    def answer(self, facts: dict[str, Any], sentence: str) -> None:
        """Give the outcome of an action, as JSON or as a sentence."""
        if self.as_json:
            print_json(facts)
        else:
            Printer().print(sentence, markup=False, highlight=False, soft_wrap=True)


def _list(desk: Desk, _: argparse.Namespace) -> int:
    rows = [_facts(desk, entry) for entry in desk.known.models.values()]
    if desk.as_json:
        folder = str(desk.choosing.models_folder)
        print_json({"folder": folder, "preset": desk.settings.preset.value, "models": rows})
        return OK
    printer = Printer()
    for role in Role:
        printer.print(_table([row for row in rows if row["role"] == role.value], role))
    broken = [f"{row['name']}: {'; '.join(row['faults'])}" for row in rows if row["faults"]]
    print_notices(broken, desk.told)
    printer.print("* chosen now. Get a model: heimdex models download NAME", highlight=False)
    return OK


def _download(desk: Desk, asked: argparse.Namespace) -> int:
    entry = desk.known.models[asked.name]
    ensure_downloadable(entry, licensed=desk.licensed)
    if desk.standing(entry).state is not ModelState.READY:
        size = as_size(entry.size_bytes) if entry.has_sizes else f"about {as_size(entry.size_bytes)}"
        desk.told.print(
            f"{entry.name}: {size} from {entry.page}, licence {entry.licence}.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        steps = download(entry, desk.choosing.models_folder, licensed=desk.licensed)
        _follow(steps, desk.told, entry.name)
    desk.answer(_facts(desk, entry), f"{entry.name} is ready, {_proof_in_words(desk, entry)}.")
    return OK


def _import(desk: Desk, asked: argparse.Namespace) -> int:
    steps = import_model(asked.path, desk.choosing.models_folder, desk.known, name=asked.name)
    name = _follow(steps, desk.told, str(asked.path.name))
    entry = desk.known.models[name]
    desk.answer(_facts(desk, entry), f"{name} is here, {_proof_in_words(desk, entry)}.")
    return OK


def _verify(desk: Desk, asked: argparse.Namespace) -> int:
    if asked.name:
        entries = [desk.known.models[asked.name]]
    else:
        places = [
            (entry, folder_of(desk.choosing.models_folder, entry.name))
            for entry in desk.known.models.values()
        ]
        entries = [entry for entry, folder in places if folder.is_dir()]
    found = {entry.name: _follow(_shares(desk, entry), desk.told, entry.name) for entry in entries}
    broken = {name: [str(fault) for fault in faults] for name, faults in found.items() if faults}
    lines = [f"{name}: {'; '.join(broken[name])}" if name in broken else f"{name}: whole" for name in found]
    facts = [{"name": name, "whole": name not in broken, "faults": broken.get(name, [])} for name in found]
    desk.answer({"models": facts}, "\n".join(lines) or "No model is here.")
    again = [f"Get it again: heimdex models download {name}" for name in broken]
    print_notices(again, desk.told)
    return SOME_FAILED if broken else OK


def _shares(desk: Desk, entry: ModelEntry) -> Generator[DownloadProgress, None, tuple[object, ...]]:
    """Turn the shares of a check into progress."""
    total = max(1, desk.standing(entry).here_bytes)
    steps = verify(entry, desk.choosing.models_folder)
    with closing(steps):
        while True:
            try:
                share = next(steps)
            except StopIteration as end:
                return end.value
            yield DownloadProgress(round(share * total), total, "", is_checking=True)


def _remove(desk: Desk, asked: argparse.Namespace) -> int:
    freed = remove(desk.known.models[asked.name], desk.choosing.models_folder)
    sentence = f"{as_size(freed)} are free again." if freed else f"{asked.name} was not here."
    desk.answer({"name": asked.name, "freed_bytes": freed}, sentence)
    return OK


def _follow(steps: Generator[DownloadProgress, None, T], told: Console, name: str) -> T:
    """Run an action to its end with a progress bar on a terminal, and return what it returns.

    Ctrl+C closes it, which leaves things as they can be gone on with.
    """
    with closing(steps), _bar(told) as bar:
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


def _bar(told: Console) -> Progress:
    return Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.description}", markup=False),
        console=told,
        transient=True,
        disable=not told.is_terminal,
    )


def _facts(desk: Desk, entry: ModelEntry) -> dict[str, Any]:
    now = desk.standing(entry)
    return {
        "name": entry.name,
        "role": entry.role.value,
        "engine": entry.engine.value,
        "state": now.state.value,
        "faults": [str(fault) for fault in now.faults],
        "chosen": desk.is_chosen(entry),
        "presets": [
            name for name in desk.known.presets if desk.known.preset_name(name, entry.role) == entry.name
        ],
        "size_bytes": entry.size_bytes,
        "size_is_exact": entry.has_sizes,
        "here_bytes": now.here_bytes,
        "checked_against": _proofs(desk, entry),
        "licence": entry.licence,
        "free_use": entry.free_use,
        "languages": entry.languages,
        "memory_mb": entry.memory_mb,
        "speed": entry.speed,
        "dimensions": entry.dimensions or None,
        "source": entry.page or f"the package {entry.package}",
    }


def _proofs(desk: Desk, entry: ModelEntry) -> dict[str, int]:
    """Count the files by what vouches, or will vouch, for them."""
    manifest = read_manifest(folder_of(desk.choosing.models_folder, entry.name))
    counts: dict[str, int] = {}
    for record in expected_files(entry, manifest):
        proof = record.proof if record.sha256 else Proof.LISTED
        counts[proof.value] = counts.get(proof.value, 0) + 1
    return counts


def _proof_in_words(desk: Desk, entry: ModelEntry) -> str:
    counts = _proofs(desk, entry)
    if len(counts) == 1:
        return _PROOF_IN_WORDS[Proof(next(iter(counts)))]
    return ", ".join(
        f"{count} of its files {_PROOF_IN_WORDS[Proof(proof)]}" for proof, count in counts.items()
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


def _told_by(proofs: dict[str, int]) -> str:
    """Say in few words what vouches for the files of a model."""
    short = {Proof.SHIPPED: "Heimdex", Proof.LISTED: "its source", Proof.IMPORTED: "its import"}
    return ", ".join(short[Proof(proof)] for proof in proofs)


_ACTIONS = {"list": _list, "download": _download, "import": _import, "verify": _verify, "remove": _remove}
