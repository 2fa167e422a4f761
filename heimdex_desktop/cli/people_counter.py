"""What every action of `heimdex people` needs: the desk, what was asked, and whom to tell."""

import argparse
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console

from heimdex_desktop.cli.console import Printer
from heimdex_desktop.cli.output import print_json
from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.services import Services

if TYPE_CHECKING:
    from heimdex_desktop.people_desk import PeopleDesk


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

    def find(self, name: str) -> PersonId:
        """Return who is called so. Raises InputError where nobody is."""
        wanted = " ".join(name.split()).casefold()
        for known, people in self.desk.names().items():
            if known.casefold() == wanted:
                return people[0]
        names = ", ".join(card.name for card in self.desk.facts().people)
        advice = f"Known are: {names}." if names else "Make somebody known: heimdex people add NAME PHOTO"
        raise InputError(f"Nobody is called “{name}”.", advice)
