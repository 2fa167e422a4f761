"""What is left of a journal when somebody is forgotten: as if they had never been spoken of."""

from collections.abc import Collection
from dataclasses import replace

from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Entry,
    Event,
    FaceRef,
    Freed,
    Ignored,
    Merged,
    PersonId,
    Rejected,
    Standing,
    Step,
    Undo,
)
from heimdex_desktop.people.gallery import Gallery, gallery_after


def without(standing: Standing, person: PersonId, erased: Collection[FaceRef] = ()) -> Standing:
    """Return the steps without anybody who is, or was merged into, this person; empty steps are dropped.

    A merge that was taken back does not count: the other one is somebody else again. Of their faces nothing
    is said any more either, or what was corrected by naming them would hold again: that is of those that
    were confirmed last for them, and of the `erased` ones.
    """
    gone = one_and_the_same(standing.done, person)
    said = as_if_there(standing, gone).faces
    faces = {*erased, *(face for face, word in said.items() if word.is_of in gone)}
    return Standing(
        tuple(left for step in standing.done if (left := _left_of(step, gone, faces))),
        tuple(left for step in standing.undone if (left := _left_of(step, gone, faces))),
    )


def as_if_there(standing: Standing, people: frozenset[PersonId], *, apart: bool = False) -> Gallery:
    """Return who would be known had nobody taken these people off the list, be it by undoing.

    With `apart` they would not have been merged into each other either.
    """
    found = _never_off(standing.done, people, apart=apart)
    if people & found.people.keys():
        return found
    return _never_off((*standing.done, *standing.undone), people, apart=apart)


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


def _never_off(steps: tuple[Step, ...], people: Collection[PersonId], *, apart: bool) -> Gallery:
    def is_left_out(event: Event) -> bool:
        if isinstance(event, Merged):
            return apart and event.into in people
        return isinstance(event, Deleted) and event.person in people

    return gallery_after(tuple(event for event in step if not is_left_out(event)) for step in steps)


def _left_of(step: Step, gone: frozenset[PersonId], faces: Collection[FaceRef]) -> Step:
    return tuple(left for event in step if (left := _left_of_event(event, gone, faces)))


def _left_of_event(event: Event, gone: frozenset[PersonId], faces: Collection[FaceRef]) -> Event | None:
    match event:
        case Confirmed(person) | Rejected(person) if person in gone:
            return None
        case Confirmed() | Rejected() | Ignored() | Freed():
            left = tuple(face for face in event.faces if face not in faces)
            return replace(event, faces=left) if left else None
        case Merged(into, others):
            if into in gone:
                return None
            others_left = tuple(other for other in others if other not in gone)
            return replace(event, others=others_left) if others_left else None
        case _:
            return None if event.person in gone else event
