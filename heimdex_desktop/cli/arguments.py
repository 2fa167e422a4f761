"""What can be typed after `heimdex`."""

import argparse
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from heimdex_desktop.cli.people_arguments import Commands, add_people
from heimdex_desktop.domain import query
from heimdex_desktop.settings import Preset

_DEFAULT_LIMIT = 20
_UNWANTED = re.compile(r"-[^-\s].")
_COMMANDS = ("index", "search", "status", "rebuild", "models", "people", "doctor")


def wants_window(words: Sequence[str]) -> bool:
    """Tell whether the words name no command: then the window opens."""
    return not any(word in (*_COMMANDS, "-h", "--help", "--version") for word in words)


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return the parsed words; exits with 2 and a sentence where they make no sense."""
    parser = _parser()
    options, unwanted = _without_unwanted(words)
    asked = parser.parse_args(options)
    if asked.command == "search":
        asked.query += unwanted
        if not _asks_for_something(asked):
            parser.error("there is nothing to search for: type at least one word")
        if asked.at and not asked.why:
            parser.error("--at belongs to --why VIDEO")
    return asked


def _without_unwanted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take the words with a minus out of a search, such as -beach: they are no options."""
    if "search" not in words:
        return list(words), []
    unwanted = [word for word in words if _UNWANTED.match(word)]
    return [word for word in words if not _UNWANTED.match(word)], unwanted


def _asks_for_something(asked: argparse.Namespace) -> bool:
    is_pointing = any(one is not None for one in (asked.like, asked.like_scene, asked.video))
    return is_pointing or not query.parse(" ".join(asked.query)).is_blank


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="heimdex",
        description="Find any moment in your own videos. Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"heimdex {version('heimdex-desktop')}")
    _add_library(parser)
    parser.add_argument("--sample", action="store_true", help="open the window on the sample video")
    parser.set_defaults(command=None, json=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    index = _command(commands, "index", "make videos searchable")
    index.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a video or a folder of videos")
    index.add_argument(
        "--preset",
        choices=[preset.value for preset in Preset],
        metavar="|".join(Preset),
        help="which models to use",
    )
    search = _command(commands, "search", "find scenes")
    _add_search(search)
    _command(commands, "status", "show what the library holds")
    rebuild = _command(commands, "rebuild", "make the search index again from the sidecars, without a model")
    rebuild.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="where the videos lie")
    _command(commands, "doctor", "examine this computer: devices, models, space, and what to do")
    add_people(_command(commands, "people", "name the people in your videos, and forget them"), action)
    _add_models(_command(commands, "models", "show, download, import, check and remove models"))
    return parser


def _add_search(search: argparse.ArgumentParser) -> None:
    search.add_argument(
        "query", nargs="*", metavar="QUERY", help='words, "exact words" in quotes, -unwanted, tag:night …'
    )
    search.add_argument(
        "--why", type=Path, metavar="VIDEO", help="say why a scene of this video is not found"
    )
    search.add_argument("--at", type=_moment_ms, default=0, metavar="M:SS", help="… and which: the one then")
    search.add_argument("--limit", type=_count, default=_DEFAULT_LIMIT, metavar="N", help="at most N scenes")
    beside = search.add_mutually_exclusive_group()
    beside.add_argument("--like", type=Path, metavar="PICTURE", help="scenes that look like this picture")
    beside.add_argument("--like-scene", metavar="ID", help="scenes like this one (scene_id of --json)")
    beside.add_argument("--video", type=Path, metavar="PATH", help="scenes of this video only")


def _add_models(models: argparse.ArgumentParser) -> None:
    actions = models.add_subparsers(dest="action", metavar="ACTION")
    models.set_defaults(action="list")
    action(actions, "list", "show all models and how they stand (also without an action)")
    download = action(actions, "download", "get a model from where it is published, or go on with that")
    download.add_argument("name", metavar="NAME", help="the name of a model, as the list shows it")
    take = action(actions, "import", "take a model from a folder or an archive, without a network")
    take.add_argument("path", type=Path, metavar="PATH", help="a folder, .zip, .tar or .tar.gz")
    take.add_argument("--name", default="", metavar="NAME", help="which model it is, where that is not clear")
    verify = action(actions, "verify", "read every byte of the models that are here")
    verify.add_argument("name", nargs="?", default="", metavar="NAME", help="only this one")
    remove = action(actions, "remove", "delete the files of a model")
    remove.add_argument("name", metavar="NAME", help="the name of a model, as the list shows it")


def action(actions: Commands, name: str, told: str) -> argparse.ArgumentParser:
    """Add what can be done by a command."""
    parser = actions.add_parser(name, help=told, description=f"{told.capitalize()}.")
    _add_library(parser)
    # As with the library: a default would wipe what was said before the action's name.
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object"
    )
    return parser


def _command(commands: Commands, name: str, told: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=told, description=f"{told.capitalize()}.")
    _add_library(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _add_library(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--library",
        type=Path,
        # Not None: a default here would wipe what was said before the command's name.
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="the folder with index, thumbnails and the list of places (or set HEIMDEX_LIBRARY)",
    )


def _moment_ms(word: str) -> int:
    parts = word.split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        message = f"“{word}” is no time such as 1:23"
        raise argparse.ArgumentTypeError(message)
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds * 1000


def _count(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        message = f"“{word}” is no number from 1 on"
        raise argparse.ArgumentTypeError(message)
    return int(word)
