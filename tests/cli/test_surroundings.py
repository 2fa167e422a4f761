"""Looking at folders changes nothing and turns whatever is broken into a sentence."""

import errno
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest

from heimdex_desktop.cli.surroundings import look_around
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.places import Places


@pytest.fixture
def library(tmp_path: Path) -> Path:
    places = Places(tmp_path / "library")
    places.create()
    Catalogue(places.catalogue_file).close()
    return places.root


def contents(folder: Path) -> list[tuple[Path, int]]:
    return sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))


def test_a_library_in_order_has_no_trouble_and_stays_as_it_was(library: Path) -> None:
    before = contents(library)
    seen = look_around(library, library / "models")
    assert (seen.library.exists, seen.library.trouble) == (True, None)
    assert (seen.models.exists, seen.models.trouble) == (False, None)
    assert (seen.library.free_bytes or 0) > 0
    assert contents(library) == before


def test_a_library_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    seen = look_around(tmp_path / "a" / "library", tmp_path / "a" / "library" / "models")
    assert (seen.library.exists, seen.library.trouble) == (False, None)
    assert contents(tmp_path) == []


@pytest.mark.parametrize("inner", ["", "inner/library"])
def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path, inner: str) -> None:
    (tmp_path / "letter").write_text("Dear reader")
    trouble = look_around(tmp_path / "letter" / inner, tmp_path).library.trouble
    assert trouble is not None
    assert "letter is a file" in trouble.sentence
    assert trouble.advice


def test_a_damaged_catalogue_is_told_and_left_as_it_is(library: Path) -> None:
    catalogue = Places(library).catalogue_file
    catalogue.write_bytes(b"this is no database at all")
    trouble = look_around(library, library).library.trouble
    assert trouble is not None
    assert "heimdex index" in trouble.advice
    assert catalogue.read_bytes() == b"this is no database at all"


def test_a_folder_that_may_not_be_written_is_told(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's refusal is put in, because nothing is refused where tests run as root."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    trouble = look_around(library, library).library.trouble
    assert trouble is not None
    assert "may not be opened or changed" in trouble.sentence


def refuses(*_: object) -> bool:
    return False


def test_a_folder_that_could_not_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", refuses)
    trouble = look_around(tmp_path / "library", tmp_path / "library").library.trouble
    assert trouble is not None
    assert f"{tmp_path} may not be changed" in trouble.sentence


def test_a_drive_that_fails_while_it_is_asked_is_told(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> NamedTuple:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", fail)
    seen = look_around(library, library)
    assert seen.library.trouble is not None
    assert "Input/output error" in seen.library.trouble.sentence


def test_versions_are_those_that_are_installed(tmp_path: Path) -> None:
    seen = look_around(tmp_path, tmp_path)
    assert seen.libraries["torch"] == version("torch")
    assert seen.libraries["opencv-python"]
    assert None not in seen.libraries.values()
    if seen.glibc and seen.needs_glibc:
        assert seen.glibc >= seen.needs_glibc, "these libraries run here"
