"""The small file in a model's folder that says what lies there and what it was checked against."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from heimdex_desktop.inference.model_disk import write_to_disk
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile, is_inside

MANIFEST = "heimdex-model.json"
_FORMAT = 1
_REVISION_CHARACTERS = 16


class Proof(StrEnum):
    """What vouches for a file: a fingerprint that comes with Heimdex, the listing of its source at the time
    of the download, or nothing but its own state when it was imported."""

    SHIPPED = "shipped"
    LISTED = "listed"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file must be. `git_sha1` stands in for `sha256` until a small file has been read."""

    name: str
    size_bytes: int | None
    sha256: str = ""
    git_sha1: str = ""
    proof: Proof = Proof.SHIPPED


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lies in a model's folder.

    `asked` is the revision that the list of models names, `revision` the commit that it stood for.
    `broken` gives the reason for each file that a full check found to be damaged.
    """

    model: str
    source: str
    asked: str
    revision: str
    files: tuple[FileRecord, ...]
    broken: Mapping[str, str] = field(default_factory=dict[str, str])

    def write(self, folder: Path) -> None:
        """Replace the manifest in a folder. Raises DiskFull and NoAccess."""
        content = json.dumps({"format": _FORMAT, **asdict(self)}, indent=1).encode()
        write_to_disk(folder / MANIFEST, content)

    @property
    def fingerprint(self) -> str:
        """Return some digits that differ whenever a file does."""
        lines = sorted(f"{record.sha256} {record.name}" for record in self.files)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_REVISION_CHARACTERS]

    def sha256_of(self, name: str) -> str:
        """Return the SHA-256 of a file, "" where it is not known."""
        return next((record.sha256 for record in self.files if record.name == name), "")


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest in a folder, or None where there is none that can be used."""
    try:
        table = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return _read(table) if table["format"] == _FORMAT else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def expected_files(entry: ModelEntry, manifest: Manifest | None) -> tuple[FileRecord, ...]:
    """Return what the files of a model must be: as the manifest says, and above it our own list.

    What the list says about another revision says nothing about the files that are here.
    """
    if manifest is None or (manifest.source, manifest.asked) != (entry.source, entry.revision):
        return manifest.files if manifest else tuple(_shipped(file) for file in entry.files)
    known = {record.name: record for record in manifest.files}
    return tuple(_strictest(file, known.get(file.name)) for file in entry.files)


def _strictest(file: ModelFile, known: FileRecord | None) -> FileRecord:
    if known is None or file.is_pinned:
        return _shipped(file)
    return replace(
        known, sha256=file.sha256 or known.sha256, proof=Proof.SHIPPED if file.sha256 else known.proof
    )


def _shipped(file: ModelFile) -> FileRecord:
    return FileRecord(file.name, file.size_bytes, file.sha256)


def _read(table: Mapping[str, Any]) -> Manifest:
    files = tuple(
        FileRecord(
            str(each["name"]),
            each["size_bytes"],
            str(each["sha256"]),
            str(each["git_sha1"]),
            Proof(each["proof"]),
        )
        for each in table["files"]
    )
    if not all(is_inside(record.name) for record in files):
        raise ValueError("a file outside the folder")
    facts = {key: str(table[key]) for key in ("model", "source", "asked", "revision")}
    return Manifest(**facts, files=files, broken=dict(table["broken"]))
