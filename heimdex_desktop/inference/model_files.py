"""Where the files of a model lie and how they stand: all there, some, damaged, or not allowed."""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from heimdex_desktop.domain.errors import MachineError, ModelMissing
from heimdex_desktop.domain.models import ModelState
from heimdex_desktop.inference.model_disk import (
    bytes_in,
    only_one_program,
    pieces_of,
    remove_folder,
    size_of,
    told_plainly,
)
from heimdex_desktop.inference.model_list import ModelEntry
from heimdex_desktop.inference.model_manifest import (
    MANIFEST,
    FileRecord,
    Manifest,
    Proof,
    expected_files,
    read_manifest,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not what it must be, and a piece of a sentence about it."""

    file: str
    why: str

    def __str__(self) -> str:
        return f"“{self.file}” {self.why}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stands: its folder where it is whole, else what is wrong, and what it takes on disk."""

    state: ModelState
    folder: Path | None = None
    faults: tuple[Fault, ...] = ()
    here_bytes: int = 0


def folder_of(models_folder: Path, name: str) -> Path:
    """Return where the files of a model lie once all are there."""
    return models_folder / name


def partial_of(models_folder: Path, name: str) -> Path:
    """Return where the files of a model gather until all are there."""
    return models_folder / f"{name}.partial"


def staging_of(models_folder: Path, name: str) -> Path:
    """Return where an import gathers; what lies there was left by a program that was killed."""
    return models_folder / f"{name}.importing"


def standing(entry: ModelEntry, models_folder: Path, *, licensed: bool) -> Standing:
    """Return how a model stands, by names and sizes; nothing is read but its manifest."""
    folder = folder_of(models_folder, entry.name)
    partial = partial_of(models_folder, entry.name)
    begun_bytes = bytes_in(partial) - size_of(partial / MANIFEST)
    here_bytes = bytes_in(folder) + begun_bytes
    if not (entry.free_use or licensed):
        return Standing(ModelState.NOT_LICENSED, here_bytes=here_bytes)
    if entry.package:
        return Standing(ModelState.READY if has_package(entry) else ModelState.MISSING)
    if not folder.is_dir():
        state = ModelState.DOWNLOADING if begun_bytes else ModelState.MISSING
        return Standing(state, here_bytes=here_bytes)
    faults = tuple(quick_faults(entry, folder))
    if faults:
        return Standing(ModelState.BROKEN, faults=faults, here_bytes=here_bytes)
    return Standing(ModelState.READY, folder, here_bytes=here_bytes)


def has_package(entry: ModelEntry) -> bool:
    """Tell whether the package that a model comes inside of is installed; it is not imported."""
    return find_spec(entry.package) is not None


def quick_faults(entry: ModelEntry, folder: Path) -> Iterator[Fault]:
    """Yield what names, sizes and the last full check say against the files of a folder."""
    manifest = read_manifest(folder)
    broken = manifest.broken if manifest else {}
    for record in expected_files(entry, manifest):
        why = _wrong_size(folder / record.name, record) or broken.get(record.name, "")
        if why:
            yield Fault(record.name, why)


def verify(entry: ModelEntry, models_folder: Path) -> Generator[float, None, tuple[Fault, ...]]:
    """Read every byte of a model, yielding the share done, and return the files that are not as they must be.

    The outcome is kept beside the files: a damaged one makes the model BROKEN until it is downloaded
    again, and files that were put there by hand get a manifest. Raises ModelMissing where the model is
    not here, NoAccess, and MachineError while another program changes it.
    """
    folder = folder_of(models_folder, entry.name)
    if entry.package:
        return ()
    if not folder.is_dir():
        raise ModelMissing(f"{entry.name} is not on this computer.", how_to_get(entry))
    with only_one_program(models_folder, entry.name):
        manifest = read_manifest(folder)
        records = expected_files(entry, manifest)
        found = yield from _read_all(folder, records)
        faults = tuple(found_fault for _, found_fault in found if found_fault)
        base = manifest or Manifest(entry.name, entry.source, entry.revision, entry.revision, ())
        broken = {fault.file: fault.why for fault in faults}
        replace(base, files=tuple(record for record, _ in found), broken=broken).write(folder)
    return faults


def remove(entry: ModelEntry, models_folder: Path) -> int:
    """Delete all files of a model and return how many bytes that freed.

    Raises MachineError for a model inside a package and while another program uses it, NoAccess.
    """
    if entry.package:
        raise MachineError(
            f"{entry.name} comes inside the package {entry.package}.", "Uninstall that package to remove it."
        )
    if not models_folder.is_dir():
        return 0
    places = (folder_of, partial_of, staging_of)
    with only_one_program(models_folder, entry.name):
        freed = 0
        for place in (where(models_folder, entry.name) for where in places):
            freed += bytes_in(place)
            remove_folder(place)
    return freed


def publish(staged: Path, folder: Path) -> None:
    """Let a folder of checked files take its place, whatever is there. Raises NoAccess."""
    remove_folder(folder)
    with told_plainly(folder):
        staged.rename(folder)


def how_to_get(entry: ModelEntry) -> str:
    """Return what a person can do to have the model, as an advice."""
    if entry.package:
        return f"Install the Python package {entry.package.replace('_', '-')}."
    return f"Run “heimdex models download {entry.name}”, or get it in the window."


def _wrong_size(file: Path, record: FileRecord) -> str:
    try:
        if not file.is_file():
            return "is missing"
    except OSError:
        return "cannot be read"
    size_bytes = size_of(file)
    if record.size_bytes is not None and size_bytes != record.size_bytes:
        return f"has {size_bytes} bytes instead of {record.size_bytes}"
    return ""


def _read_all(
    folder: Path, records: tuple[FileRecord, ...]
) -> Generator[float, None, list[tuple[FileRecord, Fault | None]]]:
    """Yield the share that is read; return what each file is, or what is wrong with it."""
    total = sum(size_of(folder / record.name) for record in records) or 1
    done = 0
    found: list[tuple[FileRecord, Fault | None]] = []
    for record in records:
        why = _wrong_size(folder / record.name, record)
        if why:
            found.append((record, Fault(record.name, why)))
            continue
        digest = hashlib.sha256()
        for piece in pieces_of(folder / record.name):
            digest.update(piece)
            done += len(piece)
            yield done / total
        found.append(_judge(folder, record, digest.hexdigest()))
    return found


def _judge(folder: Path, record: FileRecord, digest: str) -> tuple[FileRecord, Fault | None]:
    if record.sha256 and digest != record.sha256:
        return record, Fault(record.name, "is not the file that was published: some of its bytes differ")
    if record.sha256:
        return record, None
    size_bytes = size_of(folder / record.name)
    return replace(record, size_bytes=size_bytes, sha256=digest, proof=Proof.IMPORTED), None
