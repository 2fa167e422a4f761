"""`heimdex people`: real faces are enrolled from photos, found in a film, exported, undone and forgotten."""

import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

from heimdex_desktop.cli import indexing_run
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.working import WorkLock
from tests.end_to_end.conftest import Run, heimdex
from tests.end_to_end.people_samples import (
    BLAIR,
    BUSH,
    choose_another,
    photo,
    settings_with_faces,
    write_film,
)
from tests.people_desk.studio import wait_for_a_drive


@pytest.fixture(scope="module")
def chosen(real_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return settings_with_faces(real_models, tmp_path_factory.mktemp("models"))


def library_of(folder: Path, chosen: Mapping[str, str], film: Path) -> Path:
    """Return a library of one film."""
    library = folder / "library"
    assert heimdex("index", film, library=library, environment=chosen).code == 0
    return library


def empty_library(folder: Path, chosen: Mapping[str, str]) -> Path:
    """Return a library in which no film could be read."""
    film = folder / "none.mp4"
    film.write_bytes(b"no film")
    library = folder / "library"
    heimdex("index", film, library=library, environment=chosen)
    return library


def people(*words: str | Path, library: Path, chosen: Mapping[str, str]) -> Run:
    return heimdex("people", *words, library=library, environment=chosen)


def test_real_people_are_named_and_forgotten(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    film = write_film(
        tmp_path / "films" / "talk.mp4", photo(real_media, BUSH, 5), photo(real_media, BLAIR, 5)
    )
    assert heimdex("index", film, library=library, environment=chosen).code == 0

    shown = [photo(real_media, BUSH, number) for number in (1, 2, 3)]
    added = people("add", "George W.", *shown, "--json", library=library, chosen=chosen)
    assert added.code == 0, added.err
    assert (added.json["photos"], added.json["scenes"]) == (3, 1)
    undone = people("undo", "--json", library=library, chosen=chosen).json
    assert undone["undone"] == "Add “George W.” with 3 photos"
    assert people("redo", library=library, chosen=chosen).code == 0
    sidecar = film.with_name("talk.mp4.heimdex.json")
    assert "George W." in sidecar.read_text("utf-8")

    listed = people(library=library, chosen=chosen)
    assert "George W." in listed.out
    photos = people("photos", "george w.", "--json", library=library, chosen=chosen).json["photos"]
    assert len(photos) == 3
    assert all(0 <= one["agreement"] <= 1 for one in photos)

    doubted = people("add", "George W.", photo(real_media, BLAIR, 2), library=library, chosen=chosen)
    assert doubted.code == 0
    assert "Photo 4 of George W.: This photo fits the others badly" in doubted.err
    assert people("undo", library=library, chosen=chosen).code == 0

    spoken = people("export", "George W.", film, "--as", "srt", library=library, chosen=chosen)
    assert spoken.out.startswith("1\n00:00:00,000 --> 00:00:0")
    assert spoken.out.endswith("\nGeorge W.\n")

    removed = people("remove", "George W.", library=library, chosen=chosen)
    assert "restore" in removed.out
    assert "George W." not in sidecar.read_text("utf-8")
    assert people("restore", "George W.", library=library, chosen=chosen).code == 0
    assert "George W." in sidecar.read_text("utf-8")

    monkeypatch.setattr("sys.stdin", io.StringIO("somebody else\n"))
    assert people("forget", "George W.", library=library, chosen=chosen).code == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("George W.\n"))
    forgotten = people("forget", "George W.", library=library, chosen=chosen)
    assert forgotten.code == 0, forgotten.err
    assert "nothing is left" in forgotten.out
    left = [file for file in tmp_path.rglob("*") if file.is_file() and b"George W." in file.read_bytes()]
    assert left == []
    assert "Nobody is called" in people("photos", "George W.", library=library, chosen=chosen).err


def test_wrong_use_is_told_in_sentences(chosen: Mapping[str, str], tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert "heimdex index" in people(library=library, chosen=chosen).err
    assert not library.exists()
    Places(library).create()
    (tmp_path / "films").mkdir()
    film = tmp_path / "films" / "none.mp4"
    film.write_bytes(b"no film")
    heimdex("index", film, library=library, environment=chosen)
    assert "Nobody is known yet" in people(library=library, chosen=chosen).out
    assert people("list", "--json", library=library, chosen=chosen).json["people"] == []
    assert "nothing to take back" in people("undo", library=library, chosen=chosen).out
    assert people("add", "Dora", library=library, chosen=chosen).code == 0
    assert people("remove", "Dora", library=library, chosen=chosen).code == 0
    gone = people("forget", "dora", "--yes", library=library, chosen=chosen)
    assert "Dora is forgotten" in gone.out, "also who is off the list already"
    assert "Nobody is called" in people("forget", "dora", "--yes", library=library, chosen=chosen).err
    refused = people("add", "Ann", tmp_path / "gone.jpg", library=library, chosen=chosen)
    assert refused.code == 1
    assert "gone.jpg" in refused.err
    assert "A name is needed" in people("add", " ", library=library, chosen=chosen).err
    assert people("add", "Ann", library=library, chosen=chosen).code == 0
    nowhere = people("export", "Ann", tmp_path / "x.mp4", library=library, chosen=chosen)
    assert "not in the library" in nowhere.err
    lock = WorkLock(Places(library))
    try:
        busy = people("remove", "Ann", library=library, chosen=chosen)
    finally:
        lock.release()
    assert busy.code == 1
    assert "Another Heimdex window" in busy.err


def test_without_consent_it_is_said_so(chosen: Mapping[str, str], tmp_path: Path) -> None:
    library = tmp_path / "library"
    film = tmp_path / "none.mp4"
    film.write_bytes(b"no film")
    off = {**chosen, "HEIMDEX_FACES": "0"}
    heimdex("index", film, library=library, environment=off)
    told = (
        "Faces are not looked for until you agree. Switch them on on the page about models, or with"
        " HEIMDEX_FACES=1."
    )
    for words in ([], ["unknown"], ["refresh"], ["name", "d3a9f1", "Ann"], ["add", "Ann", film]):
        lines = people(*words, library=library, chosen=off).err.splitlines()
        assert [line.removeprefix(f"{film}: ") for line in lines][:1] == [told]
    assert people("list", "--json", library=library, chosen=off).json["people"] == []


def test_photos_are_looked_at_again_by_another_model(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path
) -> None:
    film = write_film(tmp_path / "talk.mp4", photo(real_media, BUSH, 5), photo(real_media, BLAIR, 5))
    library = library_of(tmp_path, chosen, film)
    nothing = people("refresh", library=library, chosen=chosen)
    assert (nothing.code, nothing.out) == (0, "No photo has to be looked at again.\n")
    shown = [photo(real_media, BUSH, number) for number in (1, 2)]
    assert people("add", "George", *shown, "--json", library=library, chosen=chosen).json["scenes"] == 1
    other = choose_another(chosen, tmp_path / "other")
    assert people("add", "George", photo(real_media, BUSH, 3), library=library, chosen=other).code == 0
    early = people("refresh", library=library, chosen=other)
    assert early.code == 1
    assert "once the videos have been looked at" in early.err

    assert heimdex("index", film, library=library, environment=other).code == 0
    listed = people("list", "--json", library=library, chosen=other).json
    assert listed["trouble"].startswith("2 photos were looked at by another face model")
    assert "heimdex people refresh" in people(library=library, chosen=other).err
    refreshed = people("refresh", "--json", library=library, chosen=other)
    assert (refreshed.code, len(refreshed.json["seen"]), refreshed.json["lost"]) == (0, 2, [])
    (george,) = (after := people("list", "--json", library=library, chosen=other).json)["people"]
    assert (george["photos"], george["scenes"], after["trouble"]) == (3, 1, "")
    assert "George" in film.with_name("talk.mp4.heimdex.json").read_text("utf-8")


def test_a_photo_that_cannot_serve_is_told_in_a_sentence(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path
) -> None:
    library = empty_library(tmp_path, chosen)
    letter, dot, drawing = (tmp_path / name for name in ("letter.jpg", "dot.png", "drawing.png"))
    letter.write_text("Dear reader, this is no picture.", "utf-8")
    cv2.imwrite(str(dot), np.full((1, 1, 3), 200, np.uint8))
    house = np.full((600, 600, 3), 255, np.uint8)
    cv2.rectangle(house, (150, 300), (450, 550), (60, 60, 200), -1)
    cv2.line(house, (150, 300), (300, 150), (0, 0, 0), 6)
    cv2.line(house, (300, 150), (450, 300), (0, 0, 0), 6)
    cv2.imwrite(str(drawing), house)
    run = people("add", "Ann", letter, dot, drawing, library=library, chosen=chosen)
    assert (run.code, run.out) == (1, "")
    lines = run.err.splitlines()
    assert [next(name.name for name in (letter, dot, drawing) if name.name in line) for line in lines] == [
        "letter.jpg",
        "dot.png",
        "drawing.png",
    ]
    assert "No face can be seen" in lines[2]
    assert people("list", "--json", library=library, chosen=chosen).json["people"] == []
    mixed = people("add", "Ann", letter, photo(real_media, BUSH, 1), "--json", library=library, chosen=chosen)
    assert (mixed.code, mixed.json["photos"], len(mixed.json["troubles"])) == (1, 1, 1)


def test_a_folder_of_photos_is_taken_as_a_whole(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path
) -> None:
    library = empty_library(tmp_path, chosen)
    folder, bare = tmp_path / "Ann", tmp_path / "bare"
    (folder / "inner").mkdir(parents=True)
    bare.mkdir()
    for number in (1, 2):
        shutil.copy(photo(real_media, BUSH, number), folder)
    run = people("add", "Ann", folder, bare, library=library, chosen=chosen)
    assert run.code == 1
    assert run.out.startswith("Ann is known now, by 2 photos,")
    assert "No picture lies right in the folder “bare”." in run.err


def test_who_stops_before_all_videos_show_it_finds_it_after_the_next_indexing(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "talk.mp4", photo(real_media, BUSH, 5), photo(real_media, BLAIR, 5))
    library = library_of(tmp_path, chosen, film)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(indexing_run, "_follow", stop)
        stopped = people("add", "Ann", photo(real_media, BUSH, 1), library=library, chosen=chosen)
    assert stopped.code == 130
    assert "What was done so far is kept. Where a video does not show it yet: heimdex index" in stopped.err
    assert [card["name"] for card in people("--json", library=library, chosen=chosen).json["people"]] == [
        "Ann"
    ]
    assert heimdex("index", film, library=library, environment=chosen).code == 0
    assert '"Ann"' in film.with_name("talk.mp4.heimdex.json").read_text("utf-8")
    assert "talk.mp4" in heimdex("search", "@Ann", library=library, environment=chosen).out


def test_of_a_group_one_face_has_to_be_chosen(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path
) -> None:
    library = empty_library(tmp_path, chosen)
    for group in sorted((real_media / "faces_group").glob("*.jpg")):
        run = people("add", "Ann", group, library=library, chosen=chosen)
        assert (run.code, run.out) == (1, ""), group.name
        assert f"faces are in “{group.name}”. Say which one: --face 1 is the largest." in run.err
    assert people("list", "--json", library=library, chosen=chosen).json["people"] == []
    couple = real_media / "faces_group" / "couple.jpg"
    for number, name in enumerate(("Ann", "Ben"), start=1):
        added = people("add", name, couple, "--face", str(number), "--anyway", library=library, chosen=chosen)
        assert added.code == 0, added.err
    third = people("add", "Cem", couple, "--face", "3", library=library, chosen=chosen)
    assert "“couple.jpg” has 2 faces. Choose another number." in third.err
    taken = people("add", "Cem", couple, "--face", "1", "--anyway", library=library, chosen=chosen)
    assert taken.code == 1
    assert "This photo of “Ann” is there already." in taken.err


def test_a_photo_is_taken_once_and_goes_with_its_person(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path
) -> None:
    library = empty_library(tmp_path, chosen)
    one = photo(real_media, BUSH, 1)
    twice = people("add", "Ann", one, one, library=library, chosen=chosen)
    assert twice.code == 1
    assert "given twice" in twice.err
    assert "Ann is known now, by 1 photo," in twice.out
    again = people("add", "Ann", one, library=library, chosen=chosen)
    assert (again.code, again.out) == (1, "")
    assert "This photo of “Ann” is there already." in again.err
    known = people("add", " aNN ", photo(real_media, BUSH, 2), library=library, chosen=chosen)
    assert known.out.startswith("Ann was known, by 2 photos,")
    assert people("remove", "Ann", library=library, chosen=chosen).code == 0
    assert "“Ann” is off the list" in people("photos", "Ann", library=library, chosen=chosen).err
    assert people("add", "Ben", one, library=library, chosen=chosen).code == 0
    assert people("undo", library=library, chosen=chosen).code == 0


def test_names_are_plain_text(chosen: Mapping[str, str], tmp_path: Path) -> None:
    library = empty_library(tmp_path, chosen)
    names = ["Zoë 👩\u200d🚀", "<b>&</b>", "[bold]Ann[/bold]", ":cat:"]
    for name in names:
        added = people("add", name, library=library, chosen=chosen)
        assert added.out.startswith(f"{name} is known now, by 0 photos"), added.err
        assert name in people("photos", name, "--json", library=library, chosen=chosen).json["name"]
    listed = people(library=library, chosen=chosen).out
    assert all(name in listed for name in names)
    as_json = people("list", "--json", library=library, chosen=chosen).json["people"]
    assert sorted(card["name"] for card in as_json) == sorted(names)
    for name in names:
        assert name in people("remove", name, library=library, chosen=chosen).out
    assert "<b>" in people("add", "<b></b>", library=library, chosen=chosen).out


@pytest.mark.parametrize("command", ["index", "rebuild"])
def test_forgetting_goes_on_when_a_drive_is_back_without_faces(command: str, tmp_path: Path) -> None:
    sidecar = wait_for_a_drive(tmp_path)
    film = tmp_path / "none.mp4"
    film.write_bytes(b"no film")
    heimdex(command, film, library=tmp_path / "library")
    assert b"Quorra" not in sidecar.read_bytes()
    assert not list((tmp_path / "library" / "people").glob("forgetting*"))
