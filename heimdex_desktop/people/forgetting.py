"""What is left of a journal when somebody is forgotten: as if they had never been spoken of."""

from dataclasses import replace

from heimdex_desktop.domain.people_events import (
    Entry,
    Event,
    Freed,
    Ignored,
    Merged,
    PersonId,
    Standing,
    Step,
    Undo,
)


def without(standing: Standing, person: PersonId) -> Standing:
    """Return the steps without anybody who is, or was merged into, this person; empty steps are dropped.

    A merge that was taken back does not count: the other one is somebody else again.
    """
    gone = one_and_the_same(standing.done, person)
    return Standing(
        tuple(left for step in standing.done if (left := _left_of(step, gone))),
        tuple(left for step in standing.undone if (left := _left_of(step, gone))),
    )


def journal_of(standing: Standing) -> tuple[Entry, ...]:
    """Return the shortest journal that stands so."""
    return (*standing.done, *standing.undone, *(Undo() for _ in standing.undone))


def one_and_the_same(steps: tuple[Step, ...], person: PersonId) -> frozenset[PersonId]:
    """Return all who became this person, also by way of others."""
    found = {person}
    # The latest merge first: who was merged into somebody who then was merged is found after them.
    for event in reversed([event for step in steps for event in step]):
        if isinstance(event, Merged) and event.into in found:
            found.update(event.others)
    return frozenset(found)


def _left_of(step: Step, gone: frozenset[PersonId]) -> Step:
    return tuple(left for event in step if (left := _left_of_event(event, gone)))


def _left_of_event(event: Event, gone: frozenset[PersonId]) -> Event | None:
    match event:
        case Merged(into, others):
            if into in gone:
                return None
            left = tuple(other for other in others if other not in gone)
            return replace(event, others=left) if left else None
        case Ignored() | Freed():
            return event
        case _:
            return None if event.person in gone else event
