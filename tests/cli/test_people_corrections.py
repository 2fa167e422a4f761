"""`heimdex people` changes names and photos of who is known, each in a step that can be taken back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from heimdex_desktop.cli import people
from heimdex_desktop.cli.arguments import parse
from heimdex_desktop.cli.output import INTERRUPTED
from heimdex_desktop.cli.people_output import mark_of
from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.seen_people import SeenPeople
from heimdex_desktop.people_desk.erasing import Eraser
from tests.cli.open_library import opened
from tests.people_desk.studio import Studio, photo_of

Run = Callable[..., str]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    yield studio
    studio.close()


@pytest.fixture
def run(studio: Studio, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what carries out a command as it is typed, and returns what it prints."""

    def carry_out(*words: str) -> str:
        assert people.run_people(opened(studio), parse(["people", *words]), Console(quiet=True)) == 0
        return capsys.readouterr().out

    return carry_out


def wrong(run: Run, *words: str) -> str:
    """Return why a command is refused."""
    with pytest.raises(InputError) as raised:
        run(*words)
    return str(raised.value)


def names(studio: Studio) -> list[tuple[str, tuple[str, ...]]]:
    return [(card.name, card.aliases) for card in studio.desk.facts().people]


def test_somebody_gets_another_name_and_keeps_those_beside_it(studio: Studio, run: Run) -> None:
    studio.desk.rename(studio.desk.create("Ann"), "Ann", ["안나"])
    assert run("rename", "ann", "Anna B.") == "“Ann” is called “Anna B.” now.\n"
    assert names(studio) == [("Anna B.", ("안나",))]
    assert run("rename", "안나", "Anna B.") == "“Anna B.” is the name already.\n"
    assert run("undo") == "Taken back: Name “Anna B.”.\n"
    assert names(studio) == [("Ann", ("안나",))]
    assert json.loads(run("rename", "Ann", "Anna", "--json"))["name"] == "Anna"


def test_nobody_gets_a_name_that_another_one_has(studio: Studio, run: Run) -> None:
    for name in ("Ann", "Bob"):
        studio.desk.create(name)
    before = names(studio)
    taken = (
        "Somebody is called “Bob” already. If it is the same person: heimdex people merge NAME OTHER;"
        " if not, tell them apart, as with “Bob 2”."
    )
    assert wrong(run, "rename", "Ann", " BOB ") == taken
    assert wrong(run, "alias", "Ann", "Annie", "bob") == taken
    assert wrong(run, "rename", "An", "Anna") == "Nobody is called “An”. Did you mean “Ann”?"
    assert wrong(run, "alias", "An") == "Nobody is called “An”. Did you mean “Ann”?"
    assert wrong(run, "rename", "Ann", " ").startswith("A name is needed.")
    assert names(studio) == before


def test_other_names_are_added_and_taken_away_in_one_step(studio: Studio, run: Run) -> None:
    studio.desk.create("Ann")
    assert run("alias", "Ann") == "Ann has no other name.\n"
    assert run("alias", "Ann", "Annie", "안나") == "Ann is also called “Annie”, “안나”.\n"
    told = json.loads(run("alias", "annie", "Nan", "--remove", "ANNIE", "안나", "--json"))
    assert (told["name"], told["aliases"]) == ("Ann", ["Nan"])
    run("undo")
    assert names(studio) == [("Ann", ("Annie", "안나"))]
    run("undo")
    assert names(studio) == [("Ann", ())]


def test_a_name_that_is_none_beside_it_cannot_be_taken_away(studio: Studio, run: Run) -> None:
    studio.desk.create("Ann")
    assert wrong(run, "alias", "Ann", "--remove", "Nan") == (
        "“Nan” is no other name of Ann. There is none to take away."
    )
    run("alias", "Ann", "Annie")
    assert wrong(run, "alias", "Ann", "--remove", "Nan").endswith("These are: “Annie”.")
    assert wrong(run, "alias", "Ann", "--remove", "ann") == (
        "“Ann” is the name itself. Give another one: heimdex people rename NAME NEWNAME"
    )
    assert names(studio) == [("Ann", ("Annie",))]


def test_a_photo_is_removed_by_its_number_in_the_list(studio: Studio, run: Run) -> None:
    studio.film("one.mp4", "ann\nann")
    ann = studio.desk.create("Ann")
    kept = [studio.desk.add_photo(ann, photo_of("ann", number=number), 0) for number in range(3)]
    lines = run("photos", "Ann").splitlines()
    assert [(line.split()[0], kept[place] in line) for place, line in enumerate(lines[:3])] == [
        ("1", True),
        ("2", True),
        ("3", True),
    ]
    rows: list[dict[str, Any]] = json.loads(run("photos", "Ann", "--json"))["photos"]
    assert [(row["number"], row["id"]) for row in rows] == list(enumerate(kept, 1))
    assert run("photos", "Ann", "--remove", "2") == (
        "Photo 2 of Ann is removed; 2 photos are left. To take that back: heimdex people undo\n"
    )
    assert [photo.id for photo in studio.desk.page(ann).photos] == [kept[0], kept[2]]
    assert run("undo") == "Taken back: Remove a photo of “Ann”.\n"
    told = json.loads(run("photos", "Ann", "--remove", "1", "--json"))
    assert (told["removed"], [row["id"] for row in told["photos"]]) == (kept[0], kept[1:])


def test_what_the_last_photo_leaves_is_told(studio: Studio, run: Run) -> None:
    studio.film("one.mp4", "ann\nbob")
    ann = studio.desk.create("Ann", studio.faces_of("ann", "one.mp4"))
    studio.desk.add_photo(ann, photo_of("ann"), 0)
    told = run("photos", "Ann", "--remove", "1")
    assert "none is left: by faces that you confirmed alone, Ann is seen in 1 scene." in told
    assert wrong(run, "photos", "Ann", "--remove", "1") == (
        "Ann has 0 photos, and none with the number 1. Look at the numbers: heimdex people photos NAME"
    )
    with pytest.raises(SystemExit):
        run("photos", "Ann", "--remove", "0")


def test_a_group_of_unknown_faces_is_named_as_it_is_shown(studio: Studio, run: Run) -> None:
    studio.film("one.mp4", "dora\ndora")
    studio.film("two.mp4", "dora\ndora")
    studio.film("three.mp4", "emil\nemil")
    larger, smaller, told = run("unknown").splitlines()
    dora, emil = (line.split()[0] for line in (larger, smaller))
    assert told == f"Say who the first one is: heimdex people name {dora} NAME"
    assert [group["group"] for group in json.loads(run("unknown", "--json"))["groups"]] == [dora, emil]
    assert run("name", dora, "Dora") == "Dora is known now, by 4 faces, and seen in 4 scenes.\n"
    assert run("unknown").startswith(f"{emil}  2 faces"), "what it is called stays as the list moves up"
    assert run("name", emil.upper(), "dora") == "Dora was known, has 2 faces more, and is seen in 6 scenes.\n"
    assert run("unknown") == "No unknown face is seen often.\n"
    run("undo")
    assert run("undo") == "Taken back: Add “Dora” with 4 faces.\n"
    assert json.loads(run("name", emil, "Emil", "--json"))["name"] == "Emil"


def test_what_is_no_group_is_not_named(studio: Studio, run: Run) -> None:
    studio.film("one.mp4", "dora\ndora")
    mark = run("unknown").split()[0]
    for other in ("1", "", "zzzzzz", mark[:5]):
        assert wrong(run, "name", other, "Dora") == (
            f"“{other}” is no group of unknown faces. Look how each is called: heimdex people unknown"
        )
    assert wrong(run, "name", mark, " ").startswith("A name is needed.")
    assert names(studio) == []


def test_a_group_is_named_by_any_of_its_faces(studio: Studio, run: Run) -> None:
    studio.film("one.mp4", "dora\ndora")
    (group,) = studio.desk.facts().groups
    assert run("name", mark_of(group.faces[1].face), "Dora").startswith("Dora is known now, by 2 faces")


def test_nobody_is_merged_with_themselves(studio: Studio, run: Run) -> None:
    studio.desk.rename(studio.desk.create("Ann"), "Ann", ["Annie"])
    for other in ("ann", "Annie"):
        assert wrong(run, "merge", "Ann", other) == (
            f"“Ann” and “{other}” are one person already. See who else there is: heimdex people"
        )


@pytest.mark.parametrize(
    ("cut", "told", "is_renamed"),
    [
        ((PeopleJournal, "add"), "Stopped. Nothing was changed.", False),
        ((SeenPeople, "save"), "Stopped. What was done so far is kept.", True),
    ],
)
def test_who_stops_a_command_is_told_what_holds(
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cut: tuple[type, str],
    told: str,
    is_renamed: bool,
) -> None:
    studio.film("one.mp4", "ann\nann")
    studio.desk.create("Ann", studio.faces_of("ann", "one.mp4"))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*cut, stop)
        code = people.run_people(
            opened(studio), parse(["people", "rename", "Ann", "Anna"]), Console(width=300)
        )
    assert code == INTERRUPTED
    assert capsys.readouterr().out.startswith(told)
    (card,) = studio.new_desk().facts().people
    assert card.name == ("Anna" if is_renamed else "Ann")


def test_who_stops_forgetting_is_told_that_it_goes_on(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    studio.film("one.mp4", "ann\nann")
    studio.desk.create("Ann", studio.faces_of("ann", "one.mp4"))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Eraser, "erase_faces", stop)
        asked = parse(["people", "forget", "Ann", "--yes"])
        assert people.run_people(opened(studio), asked, Console(width=300)) == INTERRUPTED
    assert capsys.readouterr().out.startswith("Stopped. If deleting had begun, the next command")
    desk = studio.new_desk()
    assert (desk.facts().people, desk.removed()) == ((), ())


def test_who_is_off_the_list_is_not_made_known_a_second_time(studio: Studio, run: Run) -> None:
    studio.desk.delete(studio.desk.create("Ann"))
    off = "“Ann” is off the list. To have Ann back: heimdex people restore NAME"
    assert wrong(run, "add", "ann") == off
    assert wrong(run, "photos", "ann") == off
    assert studio.desk.facts().people == ()
