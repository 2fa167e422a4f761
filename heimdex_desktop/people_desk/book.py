"""The journal of people as it stands: who is known, what can be undone, and what can be done again."""

from collections.abc import Collection, Iterable

from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Entry,
    Event,
    FaceRef,
    Freed,
    Ignored,
    Made,
    Merged,
    PersonId,
    PhotoAdded,
    PhotoId,
    Redo,
    Rejected,
    Renamed,
    Standing,
    Step,
    Undo,
    standing_of,
)
from heimdex_desktop.domain.people_facts import MergedPerson, RemovedPerson
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.people.forgetting import as_if_there, journal_of, one_and_the_same, without
from heimdex_desktop.people.gallery import Gallery, gallery_after
from heimdex_desktop.people_desk.wording import names_after, told


class Book:
    """What is said is on disk before it counts. Raises NoAccess and DiskFull: then nothing has changed."""

    def __init__(self, journal: PeopleJournal) -> None:
        self._journal = journal
        self._entries = journal.read()
        self.is_there = journal.is_there
        """Whether there was a journal when this was made."""
        self._stand(standing_of(self._entries))

    @property
    def lost(self) -> int:
        """How many steps the journal holds that cannot be read."""
        return self._journal.lost

    @property
    def is_cut_off(self) -> bool:
        """Whether the last step was cut off when it was written, and none was taken since."""
        return self._journal.is_cut_off

    def write(self, step: Step) -> None:
        """Take a new step; what was undone before cannot be done again after it."""
        self._add(step)

    def undo(self) -> str:
        """Take the last step back and return what it did; "" where there is none."""
        step = self.undoable
        if step:
            self._add(Undo())
        return step

    def redo(self) -> str:
        """Do the step again that was taken back last and return what it does; "" where there is none."""
        step = self.redoable
        if step:
            self._add(Redo())
        return step

    def forget(self, person: PersonId, erased: Collection[FaceRef] = ()) -> None:
        """Write the journal anew as if this person and these faces had never been spoken of."""
        left = without(self._standing, person, erased)
        self._journal.replace(journal_of(left))
        self._entries = list(journal_of(left))
        self._stand(left)

    def forget_all(self) -> None:
        self._journal.replace(())
        self._entries = []
        self._stand(Standing())

    @property
    def undoable(self) -> str:
        done = self._standing.done
        return told(done[-1], self._names) if done else ""

    @property
    def redoable(self) -> str:
        undone = self._standing.undone
        return told(undone[0], self._names) if undone else ""

    @property
    def photos(self) -> frozenset[PhotoId]:
        """The photos of all steps, also of those that were taken back: these may be wanted again."""
        return _photos(event for step in self._steps for event in step)

    @property
    def photos_ever(self) -> frozenset[PhotoId]:
        """The photos of which the journal says anything, also in steps that cannot be done again."""
        return _photos(self._spoken)

    @property
    def faces(self) -> frozenset[FaceRef]:
        """All faces of which anything is said in a step that stands or can be done again."""
        said = (Confirmed, Rejected, Ignored, Freed)
        events = (event for step in self._steps for event in step)
        return frozenset(face for event in events if isinstance(event, said) for face in event.faces)

    def as_if_there(self, people: frozenset[PersonId], *, apart: bool = False) -> Gallery:
        """Return who would be known had nobody taken these people off the list or, `apart`, merged them."""
        return as_if_there(self._standing, people, apart=apart)

    def removed(self) -> tuple[RemovedPerson, ...]:
        """Return who is off the list and still spoken of in the journal, by name."""
        done = [event for step in self._standing.done for event in step]
        merged = {other for event in done if isinstance(event, Merged) for other in event.others}
        made = {event.person for event in done if isinstance(event, Made)}
        deleted = {event.person for event in done if isinstance(event, Deleted)}
        called = names_after((tuple(self._spoken),))
        found = [
            RemovedPerson(
                person, name, tuple(sorted(self.names_of(self.one_person(person)))), person in deleted & made
            )
            for person, name in called.items()
            if person not in self.gallery.people and person not in merged
        ]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))

    def merged(self) -> tuple[MergedPerson, ...]:
        """Return who became somebody else on the list, by name."""
        found = [
            MergedPerson(tuple(sorted(self.names_of(frozenset({other})))), known.name)
            for known in self.gallery.people.values()
            for other in self.one_person(known.id) - {known.id}
        ]
        return tuple(sorted(found, key=lambda one: (one.names, one.into)))

    def one_person(self, person: PersonId) -> frozenset[PersonId]:
        """Return everybody who turned out to be this person."""
        return one_and_the_same(self._standing.done, person)

    def meant_by(self, person: PersonId) -> frozenset[PersonId]:
        """Return all who go when somebody is forgotten: who turned out to be them, and namesakes.

        These are off the list, where no two have one name. Who asks for a name to be forgotten means that it
        is found nowhere any more.
        """
        known = self.gallery.people.get(person)
        names = {folded_name(name) for name in (known.names if known else (self.name_of(person),))}
        namesakes = (one.id for one in self.removed() if folded_name(one.name) in names)
        return frozenset().union(*(self.one_person(one) for one in (person, *namesakes)))

    def name_of(self, person: PersonId) -> str:
        """Return what somebody is called, or was called last; "" for nobody."""
        known = self.gallery.people.get(person)
        return known.name if known else names_after((tuple(self._spoken),)).get(person, "")

    def names_of(self, people: frozenset[PersonId]) -> frozenset[str]:
        """Return all that these people were ever called, also in steps that cannot be done again."""
        return _names(event for event in self._spoken if _named_by(event) in people)

    def names_beside(self, people: frozenset[PersonId]) -> frozenset[str]:
        """Return what all others are called in steps that stand or can be done again."""
        events = (event for step in self._steps for event in step)
        return _names(event for event in events if _named_by(event) not in people)

    def photos_of(self, people: frozenset[PersonId]) -> frozenset[PhotoId]:
        """Return all photos that were ever of these people."""
        return _photos(
            event for event in self._spoken if isinstance(event, PhotoAdded) and event.person in people
        )

    def everybody(self) -> frozenset[PersonId]:
        """Return all who were ever spoken of, also those who are gone since."""
        return frozenset(person for event in self._spoken for person in _people_of(event))

    @property
    def _spoken(self) -> Iterable[Event]:
        return (event for entry in self._entries if isinstance(entry, tuple) for event in entry)

    @property
    def _steps(self) -> tuple[Step, ...]:
        return (*self._standing.done, *self._standing.undone)

    def _add(self, entry: Entry) -> None:
        self._journal.add(entry)
        self._entries.append(entry)
        self._stand(self._standing.after(entry))

    def _stand(self, standing: Standing) -> None:
        self._standing = standing
        self.gallery: Gallery = gallery_after(standing.done)
        self._names = names_after(self._steps)


def _photos(events: Iterable[Event]) -> frozenset[PhotoId]:
    return frozenset(event.photo for event in events if isinstance(event, PhotoAdded))


def _names(events: Iterable[Event]) -> frozenset[str]:
    named = [event for event in events if isinstance(event, Made | Renamed)]
    aliases = (alias for event in named if isinstance(event, Renamed) for alias in event.aliases)
    return frozenset((*(event.name for event in named), *aliases))


def _people_of(event: Event) -> tuple[PersonId, ...]:
    match event:
        case Merged(into, others):
            return (into, *others)
        case Ignored() | Freed():
            return ()
        case _:
            return (event.person,)


def _named_by(event: Event) -> PersonId | None:
    """Return of whom a step that gives a name speaks."""
    return event.person if isinstance(event, Made | Renamed) else None
