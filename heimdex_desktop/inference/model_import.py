"""Takes a model from a folder or an archive: for computers without a network."""

import hashlib
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.inference.model_bundle import Bundle, open_bundle
from heimdex_desktop.inference.model_disk import (
    ensure_room,
    only_one_program,
    remove_folder,
    told_plainly,
)
from heimdex_desktop.inference.model_download import DownloadProgress
from heimdex_desktop.inference.model_files import folder_of, partial_of, publish, staging_of
from heimdex_desktop.inference.model_list import ModelEntry, ModelList
from heimdex_desktop.inference.model_manifest import FileRecord, Manifest, Proof

_NAME_IT = "Say which it is: Import beside its name in the window, or heimdex models import PATH --name NAME."


@dataclass(frozen=True, slots=True)
class _Match:
    """A model and where its files lie in the bundle."""

    entry: ModelEntry
    base: PurePosixPath

    def place(self, name: str) -> str:
        return str(self.base / name)


def import_model(
    path: Path, models_folder: Path, known: ModelList, *, name: str = ""
) -> Generator[DownloadProgress, None, str]:
    """Copy a model out of a folder, a file or an archive (.zip, .tar, .tar.gz …); return its name.

    Which model it is, is recognised by the names and sizes of its files, unless `name` says so. Each file
    is checked against the fingerprint that comes with Heimdex, where there is one. Whatever happens, also
    when closed at a yield: the model is there whole, or as it was before.
    Raises MachineError, DiskFull and NoAccess.
    """
    with open_bundle(path) as bundle:
        match = _recognise(bundle, known, name, path)
        model = match.entry.name
        with only_one_program(models_folder, model):
            staging = staging_of(models_folder, model)
            remove_folder(staging)
            try:
                yield from _copy(bundle, match, staging)
                publish(staging, folder_of(models_folder, model))
                remove_folder(partial_of(models_folder, model))
            finally:
                remove_folder(staging)
    return model


def _recognise(bundle: Bundle, known: ModelList, name: str, path: Path) -> _Match:
    entries = [_named(known, name)] if name else [entry for entry in known.models.values() if entry.files]
    matches = [match for entry in entries for match in _matches(bundle.sizes, entry)]
    if len({match.entry.name for match in matches}) > 1:
        matches = [match for match in matches if _is_named_so(match, path)] or matches
    if len({match.entry.name for match in matches}) == 1:
        return matches[0]
    if matches:
        names = ", ".join(sorted({match.entry.name for match in matches}))
        raise MachineError(f"{path} may be any of these models: {names}.", _NAME_IT)
    raise _unknown(bundle.sizes, entries[0] if name else None, path)


def _named(known: ModelList, name: str) -> ModelEntry:
    entry = known.models.get(name)
    if entry is None or not entry.files:
        names = ", ".join(each.name for each in known.models.values() if each.files)
        raise MachineError(f"“{name}” is no model that can be imported.", f"Choose one of {names}.")
    return entry


def _matches(sizes: Mapping[str, int], entry: ModelEntry) -> Iterator[_Match]:
    """Yield every folder of the bundle that holds all files of a model, each of the right size."""
    key = PurePosixPath(entry.files[0].name)
    for place in map(PurePosixPath, sizes):
        if place.parts[-len(key.parts) :] != key.parts:
            continue
        match = _Match(entry, PurePosixPath(*place.parts[: -len(key.parts)]))
        if not _complaints(sizes, match):
            yield match


def _complaints(sizes: Mapping[str, int], match: _Match) -> list[str]:
    found: list[str] = []
    for file in match.entry.files:
        size_bytes = sizes.get(match.place(file.name))
        if size_bytes is None:
            found.append(f"“{file.name}” is missing")
        elif file.size_bytes is not None and size_bytes != file.size_bytes:
            found.append(f"“{file.name}” has {size_bytes} bytes instead of {file.size_bytes}")
    return found


def _is_named_so(match: _Match, path: Path) -> bool:
    """Tell whether the folder or the archive bears the name of the model or of its repository."""
    names = {match.entry.name.lower(), match.entry.repository.rpartition("/")[2].lower()}
    shown = {match.base.name.lower(), path.name.lower().partition(".")[0]}
    return bool((names - {""}) & shown)


def _unknown(sizes: Mapping[str, int], entry: ModelEntry | None, path: Path) -> MachineError:
    if entry is None:
        return MachineError(f"{path} holds no model that Heimdex knows, or not all of its files.", _NAME_IT)
    complaints = _complaints(sizes, _Match(entry, _likeliest_base(sizes, entry)))
    return MachineError(
        f"{path} is not {entry.name}: {complaints[0]}.", f"Its files are those of {entry.page}."
    )


def _likeliest_base(sizes: Mapping[str, int], entry: ModelEntry) -> PurePosixPath:
    """Return the folder that lacks the least, for the complaint about it."""
    bases = {PurePosixPath(place).parent for place in sizes} | {PurePosixPath()}
    return min(sorted(bases), key=lambda base: len(_complaints(sizes, _Match(entry, base))))


def _copy(bundle: Bundle, match: _Match, staging: Path) -> Generator[DownloadProgress, None, None]:
    entry = match.entry
    total = sum(bundle.sizes[match.place(file.name)] for file in entry.files)
    with told_plainly(staging):
        staging.mkdir(parents=True)
    ensure_room(staging, total, entry.name)
    done = 0
    records: list[FileRecord] = []
    for file in entry.files:
        digest = hashlib.sha256()
        target = staging / file.name
        size_bytes = bundle.sizes[match.place(file.name)]
        with told_plainly(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as written, closing(bundle.pieces(match.place(file.name))) as pieces:
                for piece in pieces:
                    written.write(piece)
                    digest.update(piece)
                    done += len(piece)
                    yield DownloadProgress(done, total, file.name)
                written.flush()
                os.fsync(written.fileno())
        records.append(_checked(file.name, size_bytes, digest.hexdigest(), entry))
    Manifest(entry.name, entry.source, entry.revision, entry.revision, tuple(records)).write(staging)


def _checked(name: str, size_bytes: int, sha256: str, entry: ModelEntry) -> FileRecord:
    published = next(file.sha256 for file in entry.files if file.name == name)
    if published and sha256 != published:
        raise MachineError(
            f"“{name}” is not the file of {entry.name} that was published: some of its bytes differ.",
            "Copy it again from where it came from.",
        )
    return FileRecord(name, size_bytes, sha256, proof=Proof.SHIPPED if published else Proof.IMPORTED)
