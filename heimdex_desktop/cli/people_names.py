"""What `heimdex people` does with names: another one, others beside it, and one for unknown faces."""

from collections.abc import Sequence

from heimdex_desktop.cli.output import OK, counted, print_notices
from heimdex_desktop.cli.people_counter import Counter
from heimdex_desktop.cli.people_output import card_as_json, mark_of, troubles_of
from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import PersonCard, UnknownGroup


def rename(counter: Counter) -> int:
    """Give somebody another name in place of the one they have; other names beside it stay."""
    person = counter.find(counter.asked.name)
    before = counter.desk.page(person).card
    counter.ensure_free([counter.asked.new_name], but=person)
    counter.desk.rename(person, counter.asked.new_name, before.aliases)
    card = counter.desk.page(person).card
    is_new = card.name != before.name
    sentence = (
        f"“{before.name}” is called “{card.name}” now." if is_new else f"“{card.name}” is the name already."
    )
    counter.answer(card_as_json(card), sentence)
    return OK


def alias(counter: Counter) -> int:
    """Add other names of somebody and take others away, all in one step; without any, only tell them."""
    person = counter.find(counter.asked.name)
    card = counter.desk.page(person).card
    kept = _without(card, counter.asked.remove)
    counter.ensure_free(counter.asked.aliases, but=person)
    counter.desk.rename(person, card.name, [*kept, *counter.asked.aliases])
    card = counter.desk.page(person).card
    others = ", ".join(f"“{one}”" for one in card.aliases)
    counter.answer(
        card_as_json(card),
        f"{card.name} is also called {others}." if others else f"{card.name} has no other name.",
    )
    return OK


def name_group(counter: Counter) -> int:
    """Say whose the faces of a group are: somebody's who is known, or else somebody's who is new."""
    facts = counter.desk.facts()
    print_notices(troubles_of(facts), counter.told)
    faces = _faces_of(counter.asked.group, facts.groups)
    known = counter.known(counter.asked.name)
    if known:
        counter.desk.confirm(known, faces)
    card = counter.desk.page(known or counter.desk.create(counter.asked.name, faces)).card
    count, seen = counted(len(faces), "face"), f"seen in {counted(card.scene_count, 'scene')}"
    new, more = f"is known now, by {count}, and {seen}", f"was known, has {count} more, and is {seen}"
    counter.answer(card_as_json(card), f"{card.name} {more if known else new}.")
    return OK


def _faces_of(mark: str, groups: Sequence[UnknownGroup]) -> list[FaceRef]:
    """Return the faces of a group by the mark of any of them. Raises InputError where it is of no one group.

    Which face is the clearest may change as other groups are named; whose face it is does not.
    """
    meant = [group for group in groups if mark.casefold() in (mark_of(card.face) for card in group.faces)]
    if len(meant) != 1:
        raise InputError(
            f"“{mark}” is no group of unknown faces.", "Look how each is called: heimdex people unknown"
        )
    return [card.face for card in meant[0].faces]


def _without(card: PersonCard, gone: Sequence[str]) -> list[str]:
    """Return the other names of somebody but these. Raises InputError where one of them is none."""
    there = {folded_name(one): one for one in card.aliases}
    for name in gone:
        if folded_name(name) == folded_name(card.name):
            raise InputError(
                f"“{card.name}” is the name itself.", "Give another one: heimdex people rename NAME NEWNAME"
            )
        if folded_name(name) not in there:
            others = ", ".join(f"“{one}”" for one in card.aliases)
            raise InputError(
                f"“{name}” is no other name of {card.name}.",
                f"These are: {others}." if others else "There is none to take away.",
            )
        del there[folded_name(name)]
    return list(there.values())
