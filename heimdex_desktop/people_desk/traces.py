"""Searches the bytes of files for what is left of somebody: ids, names and vectors, however written."""

import json
import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.library.photos import Photo
from heimdex_desktop.people_desk.vector_marks import NUMBERS, VectorMarks

_LEAST_LETTERS = 3
"""A shorter name stands in any file by chance."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What must not be found any more.

    In a record of somebody their `marks`, as a word their `names`, and the `vectors` of their faces.
    `named_in` are files that name them in another way.
    """

    marks: tuple[bytes, ...]
    names: tuple[bytes, ...]
    vectors: VectorMarks = field(default_factory=lambda: VectorMarks(()))
    named_in: tuple[Path, ...] = ()


def traces_of(
    people: Iterable[str],
    names: Iterable[str],
    photos: Iterable[Photo],
    faces: Iterable[NDArray[np.float32]] = (),
) -> Traces:
    """Return what somebody would be known by: ids, names in records, vectors of their photos and `faces`."""
    spelled = sorted({spelling for name in names for spelling in _spellings(name)})
    vectors = [photo.face.vector for photo in photos if photo.face.vector is not None]
    return Traces(
        marks=(
            *(person.encode() for person in sorted(people)),
            *(b'"name": "' + name + b'"' for name in spelled),
            *(json.dumps(vector[:NUMBERS].tolist())[1:-1].encode() for vector in vectors),
        ),
        names=tuple(name for name in spelled if len(name) >= _LEAST_LETTERS),
        vectors=VectorMarks((*vectors, *faces)),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """How many files were searched, in which a mark was found, and in which nothing but a name."""

    searched: int
    left: tuple[Path, ...]
    mentioned: tuple[Path, ...]


def search(files: Iterable[Path], traces: Traces) -> Found:
    """Search files byte by byte; one that is gone by then holds nothing, one that refuses counts as left."""
    searched, left, mentioned = 0, list[Path](), list[Path]()
    for file in files:
        try:
            with _bytes_of(file) as content:
                searched += 1
                if _holds(content, traces):
                    left.append(file)
                elif any(_stands_in(name, content) for name in traces.names):
                    mentioned.append(file)
        except FileNotFoundError:
            continue
        except OSError:
            left.append(file)
    return Found(searched, tuple(left), tuple(mentioned))


def _holds(content: "mmap.mmap | _Nothing", traces: Traces) -> bool:
    if isinstance(content, _Nothing):
        return False
    if any(content.find(mark) >= 0 for mark in traces.marks):
        return True
    with memoryview(content) as view:
        return traces.vectors.stand_in(view)


class _Nothing:
    """The bytes of an empty file, which cannot be mapped."""

    def find(self, _: bytes, __: int = 0) -> int:
        return -1

    def __getitem__(self, _: int) -> int:
        raise IndexError

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *_: object) -> None:
        return


def _bytes_of(file: Path) -> mmap.mmap | _Nothing:
    with file.open("rb") as opened:
        if not file.stat().st_size:
            return _Nothing()
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def _spellings(name: str) -> Iterator[bytes]:
    """Yield a name as UTF-8 and as JSON in ASCII letters would have it."""
    yield name.encode("utf-8", "backslashreplace")
    yield json.dumps(name, ensure_ascii=False)[1:-1].encode("utf-8", "backslashreplace")
    yield json.dumps(name)[1:-1].encode()


def _stands_in(name: bytes, content: mmap.mmap | _Nothing) -> bool:
    """Tell whether a name stands there as a word; if not in ASCII, whether it stands there at all."""
    at = content.find(name)
    while at >= 0:
        end = at + len(name)
        around = (content[place] for place in (at - 1, end) if 0 <= place < len(content))
        if not name.isascii() or not any(chr(byte).isalnum() or byte > 127 for byte in around):
            return True
        at = content.find(name, at + 1)
    return False
