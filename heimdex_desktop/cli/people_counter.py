"""What every action of `heimdex people` needs: the desk, what was asked, and whom to tell."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from rich.console import Console

from heimdex_desktop.cli.console import Printer
from heimdex_desktop.cli.output import print_json
from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import RemovedPerson
from heimdex_desktop.services import Services

if TYPE_CHECKING:
    from heimdex_desktop.people_desk import PeopleDesk

_MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Counter:
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

    def whom(self, name: str) -> PersonId | None:
        """Return who is called so, if anybody is."""
        found = _called(name, self.desk.names())
        return found[0] if found else None

    def known(self, name: str) -> PersonId | None:
        """Return who is called so, None for somebody new. Raises InputError for who is off the list."""
        found = self.whom(name)
        off = [] if found else [one for one in self.desk.removed() if one.can_return]
        if gone := find_removed(name, off):
            advice = f"To have {gone.name} back: heimdex people restore NAME"
            raise InputError(f"“{gone.name}” is off the list.", advice)
        return found

    def find(self, name: str) -> PersonId:
        """Return who is called so. Raises InputError where nobody is."""
        if found := self.known(name):
            return found
        raise InputError(f"Nobody is called “{name}”.", _whom_else(name, list(self.desk.names())))

    def ensure_free(self, names: Sequence[str], *, but: PersonId) -> None:
        """Raise InputError where somebody else than `but` is called so, with what can be typed then."""
        for name in names:
            found = _called(name, self.desk.names())
            if found and found[0] != but:
                raise InputError(
                    f"Somebody is called “{found[1]}” already.",
                    "If it is the same person: heimdex people merge NAME OTHER; if not, tell them apart,"
                    f" as with “{found[1]} 2”.",
                )

    def find_to_forget(self, name: str) -> tuple[PersonId, str]:
        """Return who is called so, with the name, also of who is off the list.

        Raises InputError, also for the name of somebody who was merged: that would take the other one along.
        """
        self._ensure_not_merged(name)
        if found := _called(name, self.desk.names()):
            return found[0], self.desk.page(found[0]).card.name
        gone = find_removed(name, self.desk.removed())
        return (gone.id, gone.name) if gone else (self.find(name), name)

    def _ensure_not_merged(self, name: str) -> None:
        wanted = folded_name(name)
        one = next((one for one in self.desk.merged() if wanted in map(folded_name, one.names)), None)
        if one and not any(wanted == folded_name(card.name) for card in self.desk.facts().people):
            raise InputError(
                f"“{name}” was merged into “{one.into}”.",
                f"Forget “{one.into}” instead, who is the same person; or undo the merging first.",
            )


def find_removed(name: str, people: Sequence[RemovedPerson]) -> RemovedPerson | None:
    """Return who of these was called so last, or else ever."""
    wanted = folded_name(name)
    last = (one for one in people if folded_name(one.name) == wanted)
    ever = (one for one in people if wanted in map(folded_name, one.names))
    return next(last, None) or next(ever, None)


def _whom_else(name: str, names: Sequence[str]) -> str:
    """Return advice for a name that nobody has: who has nearly the same, or who there is."""
    folded = {folded_name(one): one for one in names}
    if near := get_close_matches(folded_name(name), folded, n=3):
        return f"Did you mean {' or '.join(f'“{folded[one]}”' for one in near)}?"
    if not names:
        return "Make somebody known: heimdex people add NAME PHOTO"
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return f"Known are: {', '.join(names[:_MOST_NAMES])}{more}."


def _called(name: str, names: Mapping[str, tuple[PersonId, ...]]) -> tuple[PersonId, str] | None:
    """Return the first who is called so in any case, and how the name is written there."""
    wanted = folded_name(name)
    return next(((people[0], known) for known, people in names.items() if folded_name(known) == wanted), None)
