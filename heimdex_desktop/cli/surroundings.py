"""Looks at system, libraries and folders without changing them and without loading anything heavy."""

import os
import platform
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path

from heimdex_desktop.domain.errors import FileGone, MachineError, NoAccess
from heimdex_desktop.library.disk import told_plainly
from heimdex_desktop.library.places import Places

PROGRAM = "heimdex-desktop"
_MODULES = {
    **{name: name for name in ("av", "ctranslate2", "lancedb", "numpy", "onnxruntime", "pyarrow", "PySide6")},
    **{name: name for name in ("rapidocr", "scenedetect", "torch", "torchvision")},
    "facenet-pytorch": "facenet_pytorch",
    "faster-whisper": "faster_whisper",
    "huggingface-hub": "huggingface_hub",
    "open-clip-torch": "open_clip",
    "opencv-python": "cv2",
    "sentence-transformers": "sentence_transformers",
}
"""The heavy libraries, each by the name of its package and by that of its module."""

_BUILT_FOR_GLIBC = re.compile(r"manylinux_(\d+)_(\d+)_")
_DATABASE_BEGINS = b"SQLite format 3\x00"
_CHOOSE_ANOTHER = "Choose another folder with --library or HEIMDEX_LIBRARY."
_DAMAGED = MachineError(
    "The library's list of videos is damaged.",
    "Run “heimdex index” with the folders of your videos: it begins a new list, and nothing is lost, "
    "because the results lie in the sidecars.",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it is: `trouble` says why it cannot be worked with."""

    path: Path
    exists: bool
    free_bytes: int | None
    trouble: MachineError | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Facts about this computer. `libraries` has None for a library that is missing.

    `glibc` and `needs_glibc` are (major, minor), None where the system has another C library.
    """

    system: str
    python: str
    libraries: Mapping[str, str | None]
    glibc: tuple[int, int] | None
    needs_glibc: tuple[int, int] | None
    library: Folder
    models: Folder


def look_around(library: Path, models: Path) -> Surroundings:
    """Return the facts; whatever is broken is a fact too. Makes no folder and leaves no file."""
    name, _, number = platform.libc_ver()[1].partition(".")
    is_glibc = platform.libc_ver()[0] == "glibc"
    return Surroundings(
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        python=platform.python_version(),
        libraries={package: _version(package, module) for package, module in _MODULES.items()},
        glibc=(int(name), int(number)) if is_glibc and name.isdecimal() and number.isdecimal() else None,
        needs_glibc=max((needs for package in _MODULES if (needs := _needs_glibc(package))), default=None),
        library=_look_into_library(library),
        models=_look_at(models),
    )


def _version(package: str, module: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        # A frozen program carries libraries without their descriptions.
        return "of unknown version" if find_spec(module) else None


def _needs_glibc(package: str) -> tuple[int, int] | None:
    """Return the oldest glibc that an installed package was built for, by the tags of its wheel."""
    try:
        tags = distribution(package).read_text("WHEEL") or ""
    except PackageNotFoundError:
        return None
    return min(((int(major), int(minor)) for major, minor in _BUILT_FOR_GLIBC.findall(tags)), default=None)


def _look_at(folder: Path) -> Folder:
    try:
        nearest = _nearest(folder)
        with told_plainly(folder):
            free_bytes = shutil.disk_usage(nearest).free
            if nearest == folder:
                # Only writing tells whether one may write: of rights alone, network drives tell nothing.
                tempfile.TemporaryFile(dir=folder).close()
        if not os.access(nearest, os.W_OK):
            raise NoAccess(f"{folder} cannot be made: {nearest} may not be changed.", _CHOOSE_ANOTHER)
        return Folder(folder, nearest == folder, free_bytes)
    except MachineError as error:
        return Folder(folder, exists=False, free_bytes=None, trouble=error)


def _nearest(folder: Path) -> Path:
    """Return the folder, or the closest one above it that is there. Raises NoAccess where that is a file."""
    for place in (folder, *folder.parents):
        with told_plainly(place):
            try:
                mode = place.stat().st_mode
            except FileNotFoundError:
                continue
            except NotADirectoryError:
                continue
        if not stat.S_ISDIR(mode):
            raise NoAccess(f"{place} is a file where a folder is needed.", _CHOOSE_ANOTHER)
        return place
    raise FileGone(f"The drive of {folder} is not there.", "Connect it, or choose another folder.")


def _look_into_library(folder: Path) -> Folder:
    seen = _look_at(folder)
    catalogue = Places(folder).catalogue_file
    try:
        with told_plainly(catalogue):
            is_damaged = catalogue.is_file() and not _is_database(catalogue)
    except MachineError as error:
        return replace(seen, trouble=seen.trouble or error)
    return replace(seen, trouble=_DAMAGED) if is_damaged and not seen.trouble else seen


def _is_database(file: Path) -> bool:
    with file.open("rb") as content:
        begins = content.read(len(_DATABASE_BEGINS))
    # An empty file is a database without tables.
    return begins in (b"", _DATABASE_BEGINS)
