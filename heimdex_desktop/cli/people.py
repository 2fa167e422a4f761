"""The command `heimdex people`: who is known, and everything that can be said about them."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from heimdex_desktop.cli.indexing_run import name_again
from heimdex_desktop.cli.output import (
    INTERRUPTED,
    OK,
    SOME_FAILED,
    WRONG_USE,
    counted,
    print_json,
    print_notices,
)
from heimdex_desktop.cli.people_counter import Counter, find_removed
from heimdex_desktop.cli.people_names import alias, name_group, rename
from heimdex_desktop.cli.people_output import (
    card_as_json,
    group_as_json,
    line_of_group,
    mark_of,
    receipt_as_json,
    table_of,
    troubles_of,
)
from heimdex_desktop.cli.people_photos import add, refresh, show_photos
from heimdex_desktop.domain.errors import HeimdexError, InputError
from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import PeopleFacts
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.disk import read_whole
from heimdex_desktop.services import Services

if TYPE_CHECKING:
    from collections.abc import Generator

    from heimdex_desktop.people_desk import PeopleDesk

_MOST_GROUPS = 20
_STOPPED = "Stopped. Nothing was changed."
_STOPPED_LATE = (
    "Stopped. What was done so far is kept. Where a video does not show it yet: heimdex index PATH, or open"
    " the window."
)
_STOPPED_FORGETTING = (
    "Stopped. If deleting had begun, the next command about people goes on with it: heimdex people shows who"
    " is left."
)
_NOBODY = "Nobody is known yet. Add somebody: heimdex people add NAME PHOTO"


def run_people(services: Services, asked: argparse.Namespace, told: Console) -> int:
    """Carry out an action on people and return the exit code. Raises HeimdexError."""
    services.begin_work()
    changed: dict[VideoId, None] = {}
    before = _journal(services)
    try:
        with _open_desk(services, told, changed) as desk:
            return _ACTIONS[asked.action](Counter(services, desk, asked, told))
    except KeyboardInterrupt:
        is_kept = changed or _journal(services) != before
        told.print(_STOPPED_LATE if is_kept else _STOPPED, markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


def finish_forgetting(services: Services, told: Console) -> None:
    """Go on with what waits since people were forgotten, after `begin_work`; trouble with that is told."""
    try:
        with _open_desk(services, told, {}) as desk:
            desk.finish_forgetting()
    except HeimdexError as error:
        print_notices([str(error)], told)


@contextmanager
def _open_desk(services: Services, told: Console, changed: dict[VideoId, None]) -> "Generator[PeopleDesk]":
    """Collect in which videos somebody else is seen, and have them say so at the end.

    Raises KeyboardInterrupt where a person did not wait for that.
    """
    try:
        yield services.people_desk(lambda video_ids: changed.update(dict.fromkeys(video_ids)))
    except Exception:
        # What was done before an action failed stands, and is to be found.
        _name_again(services, told, changed)
        raise
    _name_again(services, told, changed)


def _name_again(services: Services, told: Console, changed: dict[VideoId, None]) -> None:
    if not changed:
        return
    result = name_again(services, tuple(changed), told)
    print_notices(result.troubles, told)
    if result.interrupted:
        raise KeyboardInterrupt


def _journal(services: Services) -> bytes:
    """Return what was said of people so far, to see whether anything came to it."""
    return read_whole(services.places.people_journal) or b""


def _list(counter: Counter) -> int:
    facts = counter.desk.facts()
    if counter.asked.json:
        people = [card_as_json(card) for card in facts.people]
        removed = [{"person_id": one.id, "name": one.name} for one in facts.removed if one.can_return]
        steps = {"undo": facts.undo, "redo": facts.redo}
        print_json({"people": people, "removed": removed, **steps, **_troubles(facts)})
        return OK
    print_notices(troubles_of(facts), counter.told)
    if facts.people:
        counter.printer.print(table_of(facts.people))
    else:
        counter.printer.print(_NOBODY, markup=False)
    if gone := ", ".join(one.name for one in facts.removed if one.can_return):
        sentence = f"Off the list: {gone}. Put somebody back: heimdex people restore NAME"
        counter.printer.print(sentence, markup=False, highlight=False, soft_wrap=True)
    return OK


def _troubles(facts: PeopleFacts) -> dict[str, str]:
    return {"trouble": facts.trouble, "damage": facts.damage}


def _remove(counter: Counter) -> int:
    person = counter.find(counter.asked.name)
    name = counter.desk.page(person).card.name
    counter.desk.delete(person)
    sentence = f"{name} is off the list. To take that back: heimdex people restore NAME"
    counter.answer({"removed": name}, sentence)
    return OK


def _restore(counter: Counter) -> int:
    off = [one for one in counter.desk.removed() if one.can_return]
    gone = find_removed(counter.asked.name, off)
    if gone is None:
        names = ", ".join(one.name for one in off)
        raise InputError(
            f"Nobody called “{counter.asked.name}” was taken off the list.",
            f"Off the list are: {names}." if names else "Look who is on it: heimdex people",
        )
    counter.desk.restore(gone.id)
    card = counter.desk.page(gone.id).card
    counter.answer(card_as_json(card), f"{card.name} is on the list again.")
    return OK


def _merge(counter: Counter) -> int:
    name, other = counter.asked.name, counter.asked.other
    into, gone = counter.find(name), counter.find(other)
    if into == gone:
        raise InputError(
            f"“{name}” and “{other}” are one person already.", "See who else there is: heimdex people"
        )
    counter.desk.merge(into, [gone])
    card = counter.desk.page(into).card
    counter.answer(
        card_as_json(card), f"{card.name} is one person now, seen in {counted(card.scene_count, 'scene')}."
    )
    return OK


def _forget(counter: Counter) -> int:
    person, name = counter.find_to_forget(counter.asked.name)
    if not counter.asked.yes and not _is_sure(name, _what_goes(counter, person), counter.told):
        counter.told.print("Nothing was deleted.", markup=False)
        return WRONG_USE
    try:
        receipt = counter.desk.forget(person)
    except KeyboardInterrupt:
        counter.told.print(_STOPPED_FORGETTING, markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED
    counter.answer(receipt_as_json(receipt), str(receipt))
    return SOME_FAILED if receipt.left else OK


def _what_goes(counter: Counter, person: PersonId) -> str:
    cards = {card.id: card for card in counter.desk.facts().people}
    if person not in cards:
        return "photos, faces, and the name in all videos"
    card = cards[person]
    photos, scenes = counted(card.photo_count, "photo"), counted(card.scene_count, "scene")
    names = {folded_name(name) for name in (card.name, *card.aliases)}
    off = sum(folded_name(one.name) in names for one in counter.desk.removed())
    more = f"; and all of {counted(off, 'other')} off the list by that name" if off else ""
    return f"{photos}, and the faces and the name in {scenes}{more}"


def _is_sure(name: str, what: str, told: Console) -> bool:
    told.print(
        f"All that is known of {name} is deleted: {what}. There is no way"
        f" back. To do it, type the name ({name}):",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return " ".join(sys.stdin.readline().split()) == name


def _unknown(counter: Counter) -> int:
    facts = counter.desk.facts()
    if counter.asked.json:
        print_json({"groups": [group_as_json(group) for group in facts.groups], **_troubles(facts)})
        return OK
    print_notices(troubles_of(facts), counter.told)
    if not facts.groups:
        counter.printer.print("No unknown face is seen often.", markup=False)
    for group in facts.groups[:_MOST_GROUPS]:
        counter.printer.print(line_of_group(group), markup=False, highlight=False, soft_wrap=True)
    if len(facts.groups) > _MOST_GROUPS:
        counter.printer.print("There are more: --json shows all.", markup=False)
    if facts.groups:
        mark = mark_of(facts.groups[0].faces[0].face)
        sentence = f"Say who the first one is: heimdex people name {mark} NAME"
        counter.printer.print(sentence, markup=False, highlight=False, soft_wrap=True)
    return OK


def _export(counter: Counter) -> int:
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


def _undo(counter: Counter) -> int:
    done = counter.desk.undo()
    counter.answer({"undone": done}, f"Taken back: {done}." if done else "There is nothing to take back.")
    return OK


def _redo(counter: Counter) -> int:
    done = counter.desk.redo()
    counter.answer({"redone": done}, f"Done again: {done}." if done else "There is nothing to do again.")
    return OK


_ACTIONS: dict[str, Callable[[Counter], int]] = {
    "list": _list,
    "add": add,
    "photos": show_photos,
    "rename": rename,
    "alias": alias,
    "name": name_group,
    "remove": _remove,
    "restore": _restore,
    "merge": _merge,
    "forget": _forget,
    "unknown": _unknown,
    "export": _export,
    "refresh": refresh,
    "undo": _undo,
    "redo": _redo,
}
