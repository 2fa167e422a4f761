"""What becomes of a catalogue that cannot be read: it is kept aside, and an empty one is begun."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.video import Video
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.places import Places


@pytest.fixture
def film(films: Path, make_video: Callable[..., Video]) -> Video:
    return make_video(films / "film.mp4")


def _reopened(places: Places) -> Catalogue:
    return Catalogue(places.catalogue_file)


@pytest.mark.parametrize(
    "damage", [b"no database at all, but long enough to be one" * 50, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_damaged_file_is_kept_aside_and_begun_anew(places: Places, film: Video, damage: bytes) -> None:
    places.catalogue_file.write_bytes(damage)
    catalogue = _reopened(places)
    [notice] = catalogue.notices
    assert "catalogue.sqlite3.broken-1" in notice
    assert catalogue.identify(film.home) == film
    catalogue.close()
    assert places.catalogue_file.with_name("catalogue.sqlite3.broken-1").read_bytes() == damage


def test_a_file_damaged_inside_is_found_when_it_is_opened(places: Places, film: Video) -> None:
    first = _reopened(places)
    first.identify(film.home)
    first.close()
    whole = bytearray(places.catalogue_file.read_bytes())
    whole[4096:] = b"\x55" * (len(whole) - 4096)
    places.catalogue_file.write_bytes(whole)
    second = _reopened(places)
    assert len(second.notices) == 1
    assert second.videos() == ()
    second.close()


def test_a_file_of_a_later_version_is_kept_aside(places: Places) -> None:
    _reopened(places).close()
    connection = sqlite3.connect(places.catalogue_file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    catalogue = _reopened(places)
    assert len(catalogue.notices) == 1
    catalogue.close()


def test_a_folder_in_the_files_place_is_no_access(places: Places) -> None:
    places.catalogue_file.mkdir()
    with pytest.raises(NoAccess, match=r"catalogue\.sqlite3"):
        Catalogue(places.catalogue_file)
