"""What can be typed after `heimdex people`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Commands(Protocol):
    """What argparse returns for sub-commands; its own class for that is private."""

    def add_parser(self, name: str, *, help: str, description: str) -> argparse.ArgumentParser: ...  # noqa: A002


Adding = Callable[..., argparse.ArgumentParser]


def add_people(people: argparse.ArgumentParser, action: Adding) -> None:
    """Add all that can be done about people; `action` makes one of these from its name and what it does."""
    actions = people.add_subparsers(dest="action", metavar="ACTION")
    people.set_defaults(action="list")
    action(actions, "list", "show who is known, and where they are seen (also without an action)")
    _add_photos(actions, action)
    _add_names(actions, action)
    _add_leaving(actions, action)
    export = action(actions, "export", "write down when somebody is seen")
    _add_name(export)
    export.add_argument(
        "--as", dest="form", choices=["srt", "vtt", "csv"], default="csv", help="in which form"
    )
    export.add_argument("video", nargs="?", type=Path, metavar="VIDEO", help="a file: in this video only")
    action(actions, "refresh", "look at the photos again, after another face model was chosen")
    action(actions, "undo", "take the last step back")
    action(actions, "redo", "do again what was taken back last")


def _add_photos(actions: Commands, action: Adding) -> None:
    add = action(actions, "add", "make somebody known by photos of their face")
    add.add_argument("name", metavar="NAME", help="what this person is called; who is known gets more photos")
    add.add_argument(
        "photos",
        nargs="*",
        type=Path,
        metavar="PHOTO",
        help="a picture with one face, or a folder of such; of more faces, --face says which",
    )
    add.add_argument("--face", type=_number, default=0, metavar="N", help="which face, from 1 = the largest")
    add.add_argument(
        "--anyway", action="store_true", help="also photos that serve badly, such as blurred ones"
    )
    photos = action(actions, "photos", "show the photos of somebody, and how well they fit each other")
    _add_name(photos)
    photos.add_argument(
        "--remove", type=_number, metavar="N", help="remove this one, by its number in what is shown"
    )


def _add_names(actions: Commands, action: Adding) -> None:
    action(actions, "unknown", "show the faces that are seen often and have no name")
    name = action(actions, "name", "say who a group of unknown faces is, somebody known or somebody new")
    name.add_argument("group", metavar="GROUP", help="what a line of “heimdex people unknown” begins with")
    name.add_argument("name", metavar="NAME", help="who it is: somebody known, or else somebody new")
    rename = action(actions, "rename", "give somebody another name")
    _add_name(rename)
    rename.add_argument("new_name", metavar="NEWNAME", help="what this person is called from now on")
    alias = action(actions, "alias", "show the other names of somebody, who is found by them too; add some")
    _add_name(alias)
    alias.add_argument("aliases", nargs="*", metavar="ALIAS", help="another name, such as in another script")
    alias.add_argument(
        "--remove", nargs="+", action="extend", default=[], metavar="ALIAS", help="take these away"
    )
    merge = action(actions, "merge", "say that two are one person, who keeps the first name")
    merge.add_argument("name", metavar="NAME", help="who stays")
    merge.add_argument("other", metavar="OTHER", help="who turned out to be the same")


def _add_leaving(actions: Commands, action: Adding) -> None:
    _add_name(action(actions, "remove", "take somebody off the list (this can be undone)"))
    _add_name(action(actions, "restore", "put somebody back who was taken off the list"))
    forget = action(actions, "forget", "delete all that is known of somebody, and search for what is left")
    _add_name(forget)
    forget.add_argument("--yes", action="store_true", help="do not ask; there is no way back")


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a name or another name, in quotes where it has blanks")


def _number(word: str) -> int:
    if word.isdecimal() and int(word) > 0:
        return int(word)
    message = f"“{word}” is no number from 1 on"
    raise argparse.ArgumentTypeError(message)
