"""The command `heimdex people`: who is known, and everything that can be said about them."""

import argparse
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from heimdex_desktop.cli.console import Printer
from heimdex_desktop.cli.indexing_run import name_again
from heimdex_desktop.cli.output import OK, SOME_FAILED, WRONG_USE, clock, counted, print_json, print_notices
from heimdex_desktop.cli.people_as_json import card_as_json, group_as_json
from heimdex_desktop.domain.errors import HeimdexError, InputError
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.services import Services

if TYPE_CHECKING:
    from heimdex_desktop.people_desk import PeopleDesk
    from heimdex_desktop.pipeline.enrolling import FaceLook, PhotoLook

_MOST_GROUPS = 20
_NOBODY = "Nobody is known yet. Add somebody: heimdex people add NAME PHOTO"


def run_people(services: Services, asked: argparse.Namespace, told: Console) -> int:
    """Carry out an action on people and return the exit code. Raises HeimdexError."""
    services.begin_work()
    changed: dict[VideoId, None] = {}
    desk = services.people_desk(lambda video_ids: changed.update(dict.fromkeys(video_ids)))
    code = _ACTIONS[asked.action](_Counter(services, desk, asked, told))
    if changed:
        result = name_again(services, tuple(changed), told)
        print_notices(result.troubles, told)
    return code


@dataclass(frozen=True, slots=True)
class _Counter:
    """What every action needs."""

    services: Services
    desk: "PeopleDesk"
    asked: argparse.Namespace
    told: Console
    printer: Printer = field(default_factory=Printer)

    def answer(self, facts: dict[str, Any], sentence: str) -> None:
        """Give the outcome of an action, as JSON or as a sentence."""
        if self.asked.json:
            print_json(facts)
        else:
            self.printer.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def find(self, name: str) -> PersonId:
        """Return who is called so. Raises InputError where nobody is."""
        if found := _called(name, self.desk.names()):
            return found[0]
        names = ", ".join(card.name for card in self.desk.facts().people)
        advice = f"Known are: {names}." if names else "Make somebody known: heimdex people add NAME PHOTO"
        raise InputError(f"Nobody is called “{name}”.", advice)

    def find_to_forget(self, name: str) -> tuple[PersonId, str]:
        """Return who is called so, with the name, also of who is off the list. Raises InputError."""
        if found := _called(name, self.desk.names()):
            return found[0], self.desk.page(found[0]).card.name
        return _called(name, self.desk.removed()) or (self.find(name), name)


def _called(name: str, names: Mapping[str, tuple[PersonId, ...]]) -> tuple[PersonId, str] | None:
    """Return the first who is called so in any case, and how the name is written there."""
    wanted = " ".join(name.split()).casefold()
    return next(((people[0], known) for known, people in names.items() if known.casefold() == wanted), None)


def _list(counter: _Counter) -> int:
    facts = counter.desk.facts()
    if counter.asked.json:
        people = [card_as_json(card) for card in facts.people]
        print_json({"people": people, "undo": facts.undo, "redo": facts.redo, "trouble": facts.trouble})
        return OK
    print_notices([facts.trouble] if facts.trouble else [], counter.told)
    if not facts.people:
        counter.printer.print(
            "Nobody is known yet. Add somebody: heimdex people add NAME PHOTO", markup=False
        )
        return OK
    table = Table(box=None, pad_edge=False)
    for title in ("name", "other names", "photos", "scenes", "seen for"):
        table.add_column(title, overflow="fold")
    for card in facts.people:
        hidden = " (hidden)" if card.is_hidden else ""
        counts = (str(card.photo_count), str(card.scene_count), clock(card.screen_ms))
        table.add_row(escape(card.name) + hidden, escape(", ".join(card.aliases)), *counts)
    counter.printer.print(table)
    return OK


def _add(counter: _Counter) -> int:
    """Add somebody, or photos to somebody who is known; a photo that cannot be used is told, others count."""
    taken, troubles = _looked_at(counter)
    print_notices(troubles, counter.told)
    if troubles and not taken:
        return SOME_FAILED
    try:
        person, is_new = counter.find(counter.asked.name), False
    except InputError:
        person, is_new = counter.desk.create(counter.asked.name), True
    for look, number in taken:
        counter.desk.add_photo(person, look, number)
    card = counter.desk.page(person).card
    came = f"{card.name} is known now" if is_new else f"{card.name} was known"
    sentence = (
        f"{came}, by {counted(card.photo_count, 'photo')}, and seen in {counted(card.scene_count, 'scene')}."
    )
    counter.answer({**card_as_json(card), "troubles": troubles}, sentence)
    return SOME_FAILED if troubles else OK


def _looked_at(counter: _Counter) -> "tuple[list[tuple[PhotoLook, int]], list[str]]":
    taken: list[tuple[PhotoLook, int]] = []
    troubles: list[str] = []
    if not counter.asked.photos:
        return taken, troubles
    with closing(counter.services.photo_desk()) as photos:
        for path in counter.asked.photos:
            try:
                look = photos.look(path, threading.Event())
                taken.append((look, _choose(look.faces, counter.asked, path)))
            except HeimdexError as error:
                troubles.append(f"{path}: {error}")
    return taken, troubles


def _choose(faces: "Sequence[FaceLook]", asked: argparse.Namespace, path: Path) -> int:
    """Return which face of a photo is meant. Raises InputError where none is, or it serves badly."""
    if not asked.face and len(faces) > 1:
        found = f"{len(faces)} faces are in “{path.name}”."
        raise InputError(found, "Say which one: --face 1 is the largest.")
    number = max(1, asked.face)
    if number > len(faces):
        raise InputError(f"“{path.name}” has {counted(len(faces), 'face')}.", "Choose another number.")
    complaint = faces[number - 1].complaint
    if complaint and not asked.anyway:
        raise InputError(complaint, "To use it all the same: --anyway")
    return number - 1


def _photos(counter: _Counter) -> int:
    page = counter.desk.page(counter.find(counter.asked.name))
    rows = [
        {
            "id": photo.id,
            "path": str(photo.picture),
            "agreement": None if photo.agreement is None else round(photo.agreement, 3),
            "complaint": photo.complaint,
        }
        for photo in page.photos
    ]
    lines = [
        f"{photo.picture}{'' if photo.agreement is None else f'  fits the others: {photo.agreement:.2f}'}"
        f"{f'  {photo.complaint}' if photo.complaint else ''}"
        for photo in page.photos
    ]
    facts = {"name": page.card.name, "photos": rows, "advice": list(page.advice)}
    counter.answer(facts, "\n".join([*lines, *page.advice]))
    return OK


def _remove(counter: _Counter) -> int:
    counter.desk.delete(counter.find(counter.asked.name))
    sentence = f"{counter.asked.name} is off the list. To take that back: heimdex people undo"
    counter.answer({"removed": counter.asked.name}, sentence)
    return OK


def _merge(counter: _Counter) -> int:
    into = counter.find(counter.asked.name)
    counter.desk.merge(into, [counter.find(counter.asked.other)])
    card = counter.desk.page(into).card
    counter.answer(
        card_as_json(card), f"{card.name} is one person now, seen in {counted(card.scene_count, 'scene')}."
    )
    return OK


def _forget(counter: _Counter) -> int:
    person, name = counter.find_to_forget(counter.asked.name)
    if not counter.asked.yes and not _is_sure(name, counter.told):
        counter.told.print("Nothing was deleted.", markup=False)
        return WRONG_USE
    receipt = counter.desk.forget(person)
    facts = {
        "searched": receipt.searched,
        "left": [str(file) for file in receipt.left],
        "away": [str(file) for file in receipt.away],
        "mentioned": [str(file) for file in receipt.mentioned],
        "waiting": [str(file) for file in receipt.waiting],
    }
    counter.answer(facts, f"{name} is forgotten. {receipt}")
    return SOME_FAILED if receipt.left else OK


def _is_sure(name: str, told: Console) -> bool:
    told.print(
        f"All that is known of {name} is deleted: photos, faces, and the name in all videos. There is no way"
        f" back. To do it, type the name ({name}):",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return " ".join(sys.stdin.readline().split()) == name


def _unknown(counter: _Counter) -> int:
    facts = counter.desk.facts()
    if counter.asked.json:
        print_json({"groups": [group_as_json(group) for group in facts.groups], "trouble": facts.trouble})
        return OK
    print_notices([facts.trouble] if facts.trouble else [], counter.told)
    if not facts.groups:
        counter.printer.print("No unknown face is seen often.", markup=False)
    for group in facts.groups[:_MOST_GROUPS]:
        first = group.faces[0]
        place = f"{first.video_name} at {clock(first.face.at_ms)}"
        line = f"{counted(len(group.faces), 'face')}, clearest in {place}  {first.crop or ''}"
        counter.printer.print(line, markup=False, highlight=False, soft_wrap=True)
    if len(facts.groups) > _MOST_GROUPS:
        counter.printer.print("There are more: --json shows all.", markup=False)
    return OK


def _export(counter: _Counter) -> int:
    person = counter.find(counter.asked.name)
    video = _video_at(counter.asked.video, counter.services.catalogue.videos())
    text = counter.desk.export(person, [video.id] if video else [], counter.asked.form)
    if counter.asked.json:
        print_json({"name": counter.asked.name, "as": counter.asked.form, "content": text})
    else:
        counter.printer.out(text, end="", highlight=False)
    return OK


def _video_at(path: Path | None, videos: Sequence[Video]) -> Video | None:
    """Return the video in a file. Raises InputError where the library does not hold it."""
    if path is None:
        return None
    found = next((video for video in videos if path.absolute() in video.locations), None)
    if found is None:
        raise InputError(f"{path} is not in the library.", f"Add it first: heimdex index “{path}”")
    return found


def _undo(counter: _Counter) -> int:
    done = counter.desk.undo()
    counter.answer({"undone": done}, f"Taken back: {done}." if done else "There is nothing to take back.")
    return OK


def _redo(counter: _Counter) -> int:
    done = counter.desk.redo()
    counter.answer({"redone": done}, f"Done again: {done}." if done else "There is nothing to do again.")
    return OK


_ACTIONS: dict[str, Callable[[_Counter], int]] = {
    "list": _list,
    "add": _add,
    "photos": _photos,
    "remove": _remove,
    "merge": _merge,
    "forget": _forget,
    "unknown": _unknown,
    "export": _export,
    "undo": _undo,
    "redo": _redo,
}
