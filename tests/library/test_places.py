"""The library folder: everything in one place, closed to others."""

import os
import stat
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.models import Choice, Role
from heimdex_desktop.domain.search import SavedSearch
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.catalogue import Catalogue
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.remembered_models import remember
from heimdex_desktop.library.saved_searches import keep
from heimdex_desktop.library.working import WorkLock


def test_everything_lies_under_the_root(tmp_path: Path) -> None:
    places = Places(tmp_path / "library")
    all_of_them = [
        places.lancedb,
        places.stills,
        places.stills_of(VideoId("v")),
        places.sidecars,
        places.vectors,
        places.drafts,
        places.models,
        places.faces,
        places.faces_of(VideoId("v")),
        places.crops,
        places.crops_of(VideoId("v")),
        places.catalogue_file,
        places.logs,
    ]
    assert len(set(all_of_them)) == len(all_of_them)
    assert all(place.is_relative_to(places.root) for place in all_of_them)


def test_creating_twice_keeps_what_is_there(tmp_path: Path) -> None:
    places = Places(tmp_path / "deep" / "library")
    places.create()
    (places.sidecars / "kept").touch()
    places.create()
    assert (places.sidecars / "kept").exists()


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_only_the_owner_may_look(tmp_path: Path) -> None:
    places = Places(tmp_path / "library")
    places.create()
    inner = (places.lancedb, places.stills, places.sidecars, places.vectors, places.drafts, places.logs)
    inner = (places.lancedb, places.stills, places.sidecars, places.vectors, places.faces, places.logs)
    inner = (*inner, places.crops)
    for folder in (places.root, *inner):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_in_a_folder_that_is_open_to_others_only_the_owner_may_look_at_what_is_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    places = Places(tmp_path)
    places.create()
    lock, catalogue = WorkLock(places), Catalogue(places.catalogue_file)
    keep(places, [SavedSearch("Anna", "@anna")])
    remember(places, {"text": Choice(Role.TEXT)})
    made = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in tmp_path.iterdir()}
    assert {"catalogue.sqlite3", "searches.json", "models.json", "work.lock", "people"} <= set(made)
    assert set(made.values()) == {0}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755, "who made the folder open wanted that"
    catalogue.close()
    lock.release()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "library").touch()
    with pytest.raises(MachineError, match="library"):
        Places(tmp_path / "library").create()
