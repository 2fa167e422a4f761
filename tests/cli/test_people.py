"""`heimdex people` knows names in every spelling, and publishes what was done before something went wrong."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from heimdex_desktop.cli import people
from heimdex_desktop.domain.errors import DiskFull, InputError
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.places import Places
from heimdex_desktop.services import Services
from tests.cli.open_library import opened
from tests.people_desk.studio import Studio, photo_of

_VIDEO = VideoId("a" * 64)


class _FullDisk:
    """Services of which the disk is full after the first change."""

    def __init__(self, library: Path) -> None:
        self.places = Places(library)

    def begin_work(self) -> None: ...

    def people_desk(self, on_changed: Callable[[Sequence[VideoId]], None]) -> "_FullDisk":
        self._on_changed = on_changed
        return self

    def undo(self) -> str:
        self._on_changed([_VIDEO])
        sentence = "The disk is full."
        raise DiskFull(sentence, "Free some space.")


def test_a_name_is_known_in_another_spelling(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studio = Studio(tmp_path)
    for name in ("Zoë O'Brien", "zoe\u0308  O’BRIEN"):
        asked = argparse.Namespace(action="add", name=name, photos=[], json=False)
        assert people.run_people(opened(studio), asked, Console(quiet=True)) == 0
    assert [card.name for card in studio.desk.facts().people] == ["Zoë O'Brien"]
    assert "Zoë O'Brien was known" in capsys.readouterr().out
    studio.close()


def test_who_was_removed_is_listed_and_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studio = Studio(tmp_path)

    def run(action: str, name: str = "") -> str:
        asked = argparse.Namespace(action=action, name=name, photos=[], json=False)
        assert people.run_people(opened(studio), asked, Console(quiet=True)) == 0
        return capsys.readouterr().out

    run("add", "Anna")
    assert "restore" in run("remove", "anna")
    assert "Off the list: Anna." in run("list")
    assert "Anna is on the list again." in run("restore", "ANNA")
    assert "Off the list" not in run("list")
    with pytest.raises(InputError, match="Nobody called “Anna” was taken off"):
        run("restore", "Anna")
    studio.close()


def test_a_name_that_nobody_has_is_told_with_whom_is_meant(tmp_path: Path) -> None:
    studio = Studio(tmp_path)

    def wrong(name: str) -> str:
        asked = argparse.Namespace(action="photos", name=name, remove=None, json=False)
        with pytest.raises(InputError) as raised:
            people.run_people(opened(studio), asked, Console(quiet=True))
        return str(raised.value)

    assert wrong("Tony") == "Nobody is called “Tony”. Make somebody known: heimdex people add NAME PHOTO"
    made = [studio.desk.create(name) for name in ("Tony", *(f"Person {number}" for number in range(20)))]
    assert wrong("tny") == "Nobody is called “tny”. Did you mean “Tony”?"
    assert wrong("Xaver").endswith("Person 10 and 9 more.")
    studio.desk.delete(made[0])
    assert wrong("TONY") == "“Tony” is off the list. To have Tony back: heimdex people restore NAME"
    studio.close()


def test_who_was_merged_is_not_forgotten_by_the_old_name(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    ann, bea, cem = (studio.desk.create(name) for name in ("Ann", "Bea", "Cem"))
    studio.desk.merge(bea, [cem])
    studio.desk.merge(ann, [bea])
    studio.desk.rename(ann, "Anna", ["Bea"])

    def forget(name: str) -> None:
        asked = argparse.Namespace(action="forget", name=name, yes=True, json=False)
        people.run_people(opened(studio), asked, Console(quiet=True))

    for name in ("bea", "Cem"):
        with pytest.raises(InputError, match=f"“{name}” was merged into “Anna”.*Forget “Anna” instead"):
            forget(name)
    studio.desk.create("Cem")
    forget("Cem")
    assert [card.id for card in studio.desk.facts().people] == [ann], "another one of that name"
    forget("Anna")
    assert studio.desk.facts().people == ()
    studio.close()


def test_what_was_lost_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studio = Studio(tmp_path)
    ann = studio.desk.create("Ann")
    photo = studio.desk.add_photo(ann, photo_of("ann"), 0)
    (studio.places.photos / f"{photo}.jpg").unlink()
    told = Console(width=200)
    for is_json in (False, True):
        asked = argparse.Namespace(action="list", json=is_json)
        assert people.run_people(opened(studio), asked, told) == 0
        assert "One photo of somebody is gone" in capsys.readouterr().out
    studio.close()


def test_what_was_done_before_a_failure_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[VideoId] = []

    def name_again(_: Services, video_ids: Sequence[VideoId], __: Console) -> Any:
        published.extend(video_ids)
        return SimpleNamespace(troubles=[], interrupted=False)

    monkeypatch.setattr(people, "name_again", name_again)
    asked = argparse.Namespace(action="undo", json=False)
    with pytest.raises(DiskFull):
        people.run_people(cast("Services", _FullDisk(tmp_path)), asked, Console(quiet=True))
    assert published == [_VIDEO]
