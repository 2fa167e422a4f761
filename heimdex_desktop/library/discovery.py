"""Finds the videos under files and folders that a person names, one by one, however big the tree."""

import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.work import Failure
from heimdex_desktop.library.disk import plain, settled
from heimdex_desktop.library.file_kinds import looks_like_video
from heimdex_desktop.library.skipping import SkipRules


@dataclass(frozen=True, slots=True)
class Found:
    """A file to try as a video, or a path that could not be looked at, and why."""

    path: Path
    failure: Failure | None = None


def walk(paths: Iterable[Path], *, skip_globs: Iterable[str] = ()) -> Iterator[Found]:
    """Yield the videos under the paths, sorted within each folder: its files first, then its folders.

    A named file is yielded whatever its extension, to be tried; a named folder is entered even if its
    name would be skipped. In folders a file is taken by its extension, and by its first bytes where the
    extension is missing or ambiguous. Links to folders are followed last, and no folder is entered twice.
    A path that is gone or closed is yielded with its failure, and the walk goes on.
    """
    walker = _Walker(SkipRules.of(skip_globs))
    for path in paths:
        yield from walker.under(settled(path))


class _Walker:
    def __init__(self, skips: SkipRules) -> None:
        self._skips = skips
        self._entered: set[tuple[int, int] | Path] = set()

    def under(self, path: Path) -> Iterator[Found]:
        try:
            facts = path.stat()
        except OSError as error:
            yield _refusal(path, plain(error, path))
            return
        if stat.S_ISDIR(facts.st_mode):
            yield from self._tree(path)
        else:
            yield Found(path)

    def _tree(self, root: Path) -> Iterator[Found]:
        # Links wait until the real tree is done, so that a video is found at its real place.
        folders, links = [root], deque[Path]()
        while folders or links:
            folder = folders.pop() if folders else links.popleft()
            try:
                entries = self._entries(folder)
            except OSError as error:
                yield _refusal(folder, plain(error, folder))
                continue
            for entry in entries:
                path = Path(entry.path)
                if self._skips.skips(path, root) or not _is_wanted(entry, path):
                    continue
                yield Found(path)
            folders.extend(reversed(self._inner_folders(entries, root, links=links)))

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """Return what a folder holds, in order; nothing for a folder that was entered before."""
        facts = folder.stat()
        # Some network drives number all their files 0.
        key = (facts.st_dev, facts.st_ino) if facts.st_ino else folder.resolve()
        if key in self._entered:
            return []
        self._entered.add(key)
        with os.scandir(folder) as entries:
            return sorted(
                (e for e in entries if not _is_hidden(e)), key=lambda e: (e.name.casefold(), e.name)
            )

    def _inner_folders(
        self, entries: Iterable[os.DirEntry[str]], root: Path, *, links: deque[Path]
    ) -> list[Path]:
        inner: list[Path] = []
        for entry in entries:
            path = Path(entry.path)
            if not _is_folder(entry) or self._skips.skips_folder(path, root):
                continue
            if _is_link(entry):
                links.append(path)
            else:
                inner.append(path)
        return inner


def _refusal(path: Path, error: HeimdexError) -> Found:
    return Found(path, Failure.of(error))


def _is_wanted(entry: os.DirEntry[str], path: Path) -> bool:
    try:
        return entry.is_file() and looks_like_video(path)
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_link(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink()
    except OSError:
        return True


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    if os.name != "nt":
        return False
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)
