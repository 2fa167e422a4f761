"""Looks into a folder or an archive that a person has, and trusts nothing that it says about itself."""

import os
import tarfile
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import IO, Protocol

from heimdex_desktop.domain.errors import FileGone, MachineError
from heimdex_desktop.inference.model_disk import pieces_of, told_plainly
from heimdex_desktop.inference.model_list import is_inside

_PIECE_BYTES = 1 << 20
_MAX_MEMBERS = 20_000
# By name: weights of torch are zip files too, and no bundles.
_TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
# RuntimeError is what zipfile says where it would need a password.
_READ_ERRORS = (zipfile.BadZipFile, tarfile.TarError, zlib.error, LZMAError, EOFError, RuntimeError)
_OTHER_ARCHIVE = "Nothing was taken from it. Use an archive with nothing but the files of the model."


class Bundle(Protocol):
    """Files by their path with slashes, each with its size in bytes, and a way to read them."""

    @property
    def sizes(self) -> Mapping[str, int]: ...

    def pieces(self, name: str) -> Generator[bytes]: ...


@contextmanager
def open_bundle(path: Path) -> Generator[Bundle]:
    """Open a folder, an archive, or a single file as a bundle.

    Raises FileGone, NoAccess, and MachineError for an archive that is damaged or holds a member that would
    land outside its folder, a link, or a device. Reading a damaged member raises MachineError too.
    """
    with ExitStack() as stack:
        yield _open(path, stack)


def _open(path: Path, stack: ExitStack) -> Bundle:
    if path.is_dir():
        return _Folder(path)
    if not path.exists():
        raise FileGone(f"{path} is not there.", "Check the path, and connect its drive.")
    with _told_as_damaged(path):
        if path.name.lower().endswith(".zip"):
            return _Zip(stack.enter_context(zipfile.ZipFile(path)), path)
        if path.name.lower().endswith(_TAR_ENDINGS):
            return _Tar(stack.enter_context(tarfile.open(path)), path)
    return _Folder(path.parent, only=path)


class _Folder:
    def __init__(self, folder: Path, only: Path | None = None) -> None:
        self._folder = folder
        files = [only] if only else list(_files_under(folder))
        with told_plainly(folder):
            self.sizes: Mapping[str, int] = {
                file.relative_to(folder).as_posix(): file.stat().st_size for file in files
            }

    def pieces(self, name: str) -> Generator[bytes]:
        yield from pieces_of(self._folder / name)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        members = archive.infolist()
        _ensure_harmless(path, ((each.filename, _is_zip_link(each)) for each in members))
        self.sizes: Mapping[str, int] = {
            each.filename: each.file_size for each in members if not each.is_dir()
        }

    def pieces(self, name: str) -> Generator[bytes]:
        with _told_as_damaged(self._path), self._archive.open(name) as content:
            yield from _at_most(content, self.sizes[name])


class _Tar:
    def __init__(self, archive: tarfile.TarFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        members = archive.getmembers()
        _ensure_harmless(path, ((each.name, not (each.isfile() or each.isdir())) for each in members))
        self._members = {_plain(each.name): each for each in members if each.isfile()}
        self.sizes: Mapping[str, int] = {name: each.size for name, each in self._members.items()}

    def pieces(self, name: str) -> Generator[bytes]:
        with _told_as_damaged(self._path), ExitStack() as stack:
            content = self._archive.extractfile(self._members[name])
            if content is not None:
                yield from _at_most(stack.enter_context(content), self.sizes[name])


def _files_under(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder; links to files count, for the cache of the hub is made of them."""
    for inner, _, names in os.walk(folder):
        for name in names:
            file = Path(inner, name)
            if file.is_file():
                yield file


def _ensure_harmless(path: Path, members: Iterator[tuple[str, bool]]) -> None:
    """Refuse an archive as a whole: one with such a member was made to do harm, or is no model."""
    for count, (name, is_special) in enumerate(members, 1):
        if is_special:
            raise MachineError(f"{path} holds “{name}”, which is a link or no file.", _OTHER_ARCHIVE)
        if _plain(name) and not is_inside(_plain(name)):
            raise MachineError(f"{path} holds “{name}”, which would land outside its folder.", _OTHER_ARCHIVE)
        if count > _MAX_MEMBERS:
            raise MachineError(f"{path} holds more than {_MAX_MEMBERS} files.", _OTHER_ARCHIVE)


def _plain(name: str) -> str:
    """Return a member's name without the “./” that tar likes to put before it."""
    return name.removeprefix("./").rstrip("/") if name not in {".", "./"} else ""


def _is_zip_link(member: zipfile.ZipInfo) -> bool:
    kind = member.external_attr >> 28
    return kind not in {0, 0o10, 0o04}


def _at_most(content: IO[bytes], size_bytes: int) -> Generator[bytes]:
    """Read a member to its end; one that is longer or shorter than it says is no honest archive."""
    while piece := content.read(_PIECE_BYTES):
        size_bytes -= len(piece)
        if size_bytes < 0:
            raise zipfile.BadZipFile("longer than it says")
        yield piece
    if size_bytes:
        raise zipfile.BadZipFile("shorter than it says")


@contextmanager
def _told_as_damaged(path: Path) -> Generator[None]:
    try:
        with told_plainly(path):
            yield
    except _READ_ERRORS as error:
        raise MachineError(f"The archive {path} is damaged or locked ({error}).", "Copy it again.") from error
