"""What `heimdex people` does with photos: somebody is known by them, or known again."""

import argparse
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heimdex_desktop.cli.console import progress_bar
from heimdex_desktop.cli.output import INTERRUPTED, OK, SOME_FAILED, counted, print_notices
from heimdex_desktop.cli.people_counter import Counter
from heimdex_desktop.cli.people_output import card_as_json, line_of_photo, photo_as_json
from heimdex_desktop.domain.errors import HeimdexError, InputError
from heimdex_desktop.domain.people_facts import PersonPage
from heimdex_desktop.library.disk import is_folder
from heimdex_desktop.library.photo_folders import pictures_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from heimdex_desktop.domain.people_events import PersonId, PhotoId
    from heimdex_desktop.pipeline.enrolling import FaceLook, PhotoLook, Refreshed


def add(counter: Counter) -> int:
    """Add somebody, or photos to somebody who is known, in one step.

    A photo that cannot be used is told, others count.
    """
    taken, troubles = _looked_at(counter)
    print_notices(troubles, counter.told)
    if troubles and not taken:
        return SOME_FAILED
    known = counter.known(counter.asked.name)
    before = counter.desk.page(known).photos if known else ()
    if known and taken:
        counter.desk.add_photos(known, taken)
    page = counter.desk.page(known or counter.desk.create(counter.asked.name, photos=taken))
    card, doubts = page.card, _doubts(page, {photo.id for photo in before})
    print_notices(doubts, counter.told)
    came = f"{card.name} was known" if known else f"{card.name} is known now"
    sentence = (
        f"{came}, by {counted(card.photo_count, 'photo')}, and seen in {counted(card.scene_count, 'scene')}."
    )
    counter.answer({**card_as_json(card), "troubles": troubles, "doubts": doubts}, sentence)
    return SOME_FAILED if troubles else OK


def _doubts(page: PersonPage, old: "Collection[PhotoId]") -> list[str]:
    """Say which photos but the old ones may show somebody else, while it is easily taken back."""
    told = [
        f"Photo {number} of {page.card.name}: {photo.complaint}"
        for number, photo in enumerate(page.photos, 1)
        if photo.id not in old and photo.complaint
    ]
    return [*told, *page.advice] if told else []


def _looked_at(counter: Counter) -> "tuple[list[tuple[PhotoLook, int]], list[str]]":
    taken: list[tuple[PhotoLook, int]] = []
    troubles: list[str] = []
    if not counter.asked.photos:
        return taken, troubles
    with closing(counter.services.photo_desk()) as photos:
        for path in _files(counter.asked.photos, troubles):
            try:
                look = photos.look(path, threading.Event())
                number = _choose(look.faces, counter.asked, path)
                counter.desk.ensure_new(look, number, taken)
                taken.append((look, number))
            except HeimdexError as error:
                troubles.append(f"{path}: {error}")
    return taken, troubles


def _files(given: "Sequence[Path]", troubles: list[str]) -> "Iterator[Path]":
    """Yield the photos given, and those in the folders given; of a folder that has none, tell."""
    for path in given:
        try:
            yield from pictures_in(path) if is_folder(path) else (path,)
        except HeimdexError as error:
            troubles.append(f"{path}: {error}")


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


def show_photos(counter: Counter) -> int:
    """Show the photos of somebody, each with a number, and how well they fit each other; or remove one."""
    person = counter.find(counter.asked.name)
    if counter.asked.remove:
        return _remove_photo(counter, person, counter.asked.remove)
    page = counter.desk.page(person)
    facts = {**_photos_as_json(page), "advice": list(page.advice)}
    lines = [line_of_photo(number, photo) for number, photo in enumerate(page.photos, 1)]
    counter.answer(facts, "\n".join([*lines, *page.advice]))
    return OK


def _remove_photo(counter: Counter, person: "PersonId", number: int) -> int:
    page = counter.desk.page(person)
    name, photos = page.card.name, page.photos
    if number > len(photos):
        raise InputError(
            f"{name} has {counted(len(photos), 'photo')}, and none with the number {number}.",
            "Look at the numbers: heimdex people photos NAME",
        )
    counter.desk.remove_photo(person, photos[number - 1].id)
    left = counter.desk.page(person)
    counter.answer(
        {"removed": photos[number - 1].id, **_photos_as_json(left)},
        f"Photo {number} of {name} is removed; {_what_is_left(left)}. To take that back: heimdex people undo",
    )
    return OK


def _what_is_left(page: PersonPage) -> str:
    if page.card.photo_count:
        count = page.card.photo_count
        return f"{counted(count, 'photo')} {'is' if count == 1 else 'are'} left"
    scenes = counted(page.card.scene_count, "scene")
    return f"none is left: by faces that you confirmed alone, {page.card.name} is seen in {scenes}"


def _photos_as_json(page: PersonPage) -> dict[str, Any]:
    rows = [photo_as_json(number, photo) for number, photo in enumerate(page.photos, 1)]
    return {"name": page.card.name, "photos": rows}


def refresh(counter: Counter) -> int:
    """Look at the photos again that another face model looked at than the videos."""
    facts = counter.desk.facts()
    if facts.trouble and not facts.photos_waiting:
        print_notices([facts.trouble], counter.told)
        return SOME_FAILED
    try:
        refreshed = _looked_at_again(counter, facts.photos_waiting)
    except KeyboardInterrupt:
        counter.told.print("Stopped. Run the same command again to go on.", markup=False)
        return INTERRUPTED
    finally:
        counter.desk.refresh_photos()
    print_notices([str(refreshed)] if refreshed.lost else [], counter.told)
    seen = len(refreshed.seen)
    told = f"{counted(seen, 'photo')} {'was' if seen == 1 else 'were'} looked at again."
    found = {"seen": list(refreshed.seen), "lost": list(refreshed.lost)}
    counter.answer(found, told if seen or refreshed.lost else "No photo has to be looked at again.")
    return SOME_FAILED if refreshed.lost else OK


def _looked_at_again(counter: Counter, count: int) -> "Refreshed":
    with closing(counter.services.photo_desk(to_enrol=False)) as photos, progress_bar(counter.told) as bar:
        task = bar.add_task(f"looking at {counted(count, 'photo')} again", total=1.0)
        return photos.refresh_photos(threading.Event(), lambda part: bar.update(task, completed=part))
