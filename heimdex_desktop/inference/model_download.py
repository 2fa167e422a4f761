"""Downloads a model: in pieces that can be stopped anywhere, resumed, and are checked before they count."""

import hashlib
import os
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.models import ModelState
from heimdex_desktop.inference.model_disk import (
    ensure_room,
    git_sha1,
    only_one_program,
    pieces_of,
    remove_folder,
    size_of,
    told_plainly,
)
from heimdex_desktop.inference.model_files import (
    folder_of,
    how_to_get,
    partial_of,
    publish,
    standing,
)
from heimdex_desktop.inference.model_list import ModelEntry
from heimdex_desktop.inference.model_manifest import (
    MANIFEST,
    FileRecord,
    Manifest,
    expected_files,
    read_manifest,
)
from heimdex_desktop.inference.model_source import (
    Body,
    RangeRefused,
    SourceBroke,
    SourceRefused,
    address,
    opened,
    plan,
)

_AGAIN = "Try again: it goes on where it stopped."


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is. `file` is at work; `is_checking` = its bytes are being compared."""

    done_bytes: int
    total_bytes: int
    file: str
    is_checking: bool = False

    @property
    def fraction(self) -> float:
        return self.done_bytes / self.total_bytes if self.total_bytes else 1.0


Steps = Generator[DownloadProgress, None, None]


def download(entry: ModelEntry, models_folder: Path, *, licensed: bool) -> Steps:
    """Get the files of a model, yielding progress after every piece; a model that is READY is left alone.

    May be closed at any yield: what has come stays and is gone on with the next time. The folder of the
    model appears once every file has been checked. Files of a damaged model that are good are kept.
    Raises MachineError, with the sentence for a person: no network, DiskFull, NoAccess, a file that is
    not the published one, a licence that nobody agreed to, another program at the same model.
    """
    ensure_downloadable(entry, licensed=licensed)
    with only_one_program(models_folder, entry.name):
        now = standing(entry, models_folder, licensed=licensed)
        if now.state is ModelState.READY:
            return
        partial = partial_of(models_folder, entry.name)
        if now.state is ModelState.BROKEN:
            _take_apart(entry, models_folder)
        yield from _gather(entry, partial)
        publish(partial, folder_of(models_folder, entry.name))


def ensure_downloadable(entry: ModelEntry, *, licensed: bool) -> None:
    """Raise MachineError for a model that has no files to download, or that nobody may use without asking."""
    if entry.package:
        raise MachineError(
            f"{entry.name} comes inside a package: there is nothing to download.", how_to_get(entry)
        )
    if not (entry.free_use or licensed):
        raise MachineError(
            f"The licence of {entry.name} ({entry.licence}) does not allow every use.",
            "Set HEIMDEX_FACES_LICENSED=1 if you may use it.",
        )


def _take_apart(entry: ModelEntry, models_folder: Path) -> None:
    """Make the folder of a damaged model an unfinished download; each file is checked when its turn comes."""
    partial = partial_of(models_folder, entry.name)
    remove_folder(partial)
    with told_plainly(partial):
        folder_of(models_folder, entry.name).rename(partial)


def _gather(entry: ModelEntry, partial: Path) -> Steps:
    """Bring all files of a model together in the folder `partial`, each checked in this very run."""
    manifest = _plan(entry, partial)
    with told_plainly(partial):
        partial.mkdir(parents=True, exist_ok=True)
    manifest.write(partial)
    _clear_strangers(partial, manifest)
    here = sum(min(_bytes_here(partial, record), record.size_bytes or 0) for record in manifest.files)
    total = sum(record.size_bytes or 0 for record in manifest.files)
    ensure_room(partial, total - here, entry.name)
    done = 0
    checked: list[FileRecord] = []
    for record in manifest.files:
        task = _FileTask(address(entry, manifest.revision, record.name), record, partial, done, total)
        checked.append((yield from task.steps()))
        done += record.size_bytes or 0
    replace(manifest, files=tuple(checked), broken={}).write(partial)


def _plan(entry: ModelEntry, partial: Path) -> Manifest:
    """Return what is to be there: as it was planned when the download began, so that commits never mix."""
    begun = read_manifest(partial)
    if begun is None or (begun.source, begun.asked) != (entry.source, entry.revision):
        return plan(entry)
    files = expected_files(entry, begun)
    is_whole = all(record.size_bytes is not None and (record.sha256 or record.git_sha1) for record in files)
    return replace(begun, files=files) if is_whole else plan(entry)


def _clear_strangers(partial: Path, manifest: Manifest) -> None:
    """Remove what an earlier revision or a person left, so that it does not end up in the model."""
    wanted = {partial / record.name for record in manifest.files}
    wanted |= {_unfinished(file) for file in wanted} | {partial / MANIFEST}
    with told_plainly(partial):
        for file in list(partial.rglob("*")):
            if file not in wanted and (file.is_symlink() or not file.is_dir()):
                file.unlink()


def _bytes_here(partial: Path, record: FileRecord) -> int:
    return size_of(partial / record.name) or size_of(_unfinished(partial / record.name))


def _unfinished(file: Path) -> Path:
    return file.with_name(f"{file.name}.part")


@dataclass(frozen=True, slots=True)
class _FileTask:
    """One file of a download; `before` bytes of all `total` belong to the files before it."""

    url: str
    record: FileRecord
    folder: Path
    before: int
    total: int

    @property
    def _target(self) -> Path:
        return self.folder / self.record.name

    @property
    def _size(self) -> int:
        return self.record.size_bytes or 0

    def steps(self) -> Generator[DownloadProgress, None, FileRecord]:
        """Get the file and check it; return its record with its SHA-256."""
        if self._target.is_file():
            found = yield from self._fingerprint(self._target)
            if self._is_right(self._target, found):
                return replace(self.record, sha256=found, git_sha1="")
            _discard(self._target)
        part = _unfinished(self._target)
        yield from self._fetch(part)
        found = yield from self._fingerprint(part)
        if not self._is_right(part, found):
            _discard(part)
            raise MachineError(
                f"“{self.record.name}” from {self.url} is not the published file, and is thrown away.",
                "Try again. If it happens again, something on the way changes the file.",
            )
        with told_plainly(self._target):
            part.replace(self._target)
        return replace(self.record, sha256=found, git_sha1="")

    def _fetch(self, part: Path) -> Steps:
        """Append to the unfinished file until it is whole; go on by itself as long as that brings bytes."""
        with told_plainly(part):
            part.parent.mkdir(parents=True, exist_ok=True)
            if size_of(part) > self._size:
                part.unlink()
            part.touch()
        is_of_earlier = size_of(part) > 0
        while (here := size_of(part)) < self._size:
            try:
                yield from self._append(part, here)
                trouble = SourceBroke(
                    f"{self.url} ended after {size_of(part)} of {self._size} bytes.", _AGAIN
                )
            except RangeRefused:
                # What came in an earlier run may be of another file; what came just now is not.
                if not is_of_earlier:
                    raise
                is_of_earlier = False
                os.truncate(part, 0)
                continue
            except SourceBroke as broke:
                trouble = broke
            if size_of(part) <= here:
                raise trouble

    def _append(self, part: Path, here: int) -> Steps:
        with opened(self.url, here) as body, told_plainly(part), part.open("r+b") as file:
            self._ensure_same_size(body)
            file.truncate(body.start)
            file.seek(body.start)
            done = body.start
            yield self._progress(done)
            for piece in body.pieces:
                done += len(piece)
                self._ensure_no_longer(done)
                file.write(piece)
                yield self._progress(done)
            _settle(file)

    def _ensure_same_size(self, body: Body) -> None:
        if body.total_bytes is not None and body.total_bytes > self._size:
            self._ensure_no_longer(body.total_bytes)

    def _ensure_no_longer(self, size_bytes: int) -> None:
        if size_bytes > self._size:
            raise SourceRefused(
                f"“{self.record.name}” from {self.url} has {size_bytes} bytes instead of {self._size}.",
                "It is not the published file: check HF_ENDPOINT and the proxy.",
            )

    def _fingerprint(self, file: Path) -> Generator[DownloadProgress, None, str]:
        digest = hashlib.sha256()
        for piece in pieces_of(file):
            digest.update(piece)
            yield replace(self._progress(self._size), is_checking=True)
        return digest.hexdigest()

    def _is_right(self, file: Path, sha256: str) -> bool:
        if size_of(file) != self._size:
            return False
        if self.record.sha256:
            return sha256 == self.record.sha256
        with told_plainly(file):
            # Only small files have no SHA-256 in a listing.
            return git_sha1(file.read_bytes()) == self.record.git_sha1

    def _progress(self, done_bytes: int) -> DownloadProgress:
        return DownloadProgress(self.before + done_bytes, self.total, self.record.name)


def _settle(file: BinaryIO) -> None:
    """Have the bytes on the disk itself before anything is built on them."""
    file.flush()
    os.fsync(file.fileno())


def _discard(file: Path) -> None:
    with told_plainly(file):
        file.unlink(missing_ok=True)
