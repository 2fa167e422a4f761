"""Who is known: what all steps of the journal add up to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Event,
    FaceRef,
    Freed,
    Ignored,
    Made,
    Merged,
    PersonId,
    PhotoAdded,
    PhotoId,
    PhotoRemoved,
    Pictured,
    Rejected,
    Renamed,
    Restored,
    Shown,
    Step,
)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody by name; `picture` is the photo that stands for them, by default their first."""

    id: PersonId
    name: str
    aliases: tuple[str, ...] = ()
    photos: tuple[PhotoId, ...] = ()
    is_hidden: bool = False
    chosen_picture: PhotoId | None = None

    @property
    def picture(self) -> PhotoId | None:
        if self.chosen_picture in self.photos:
            return self.chosen_picture
        return self.photos[0] if self.photos else None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of one face; at most one of the first two."""

    is_of: PersonId | None = None
    is_ignored: bool = False
    is_not_of: frozenset[PersonId] = frozenset()

    @property
    def is_nothing(self) -> bool:
        return not (self.is_of or self.is_ignored or self.is_not_of)

    def then(self, later: "Said") -> "Said":
        """Return what holds where this was said of a face first, and that later."""
        is_silent = later.is_of is None and not later.is_ignored and self.is_of not in later.is_not_of
        is_of = self.is_of if is_silent else later.is_of
        is_not_of = (self.is_not_of | later.is_not_of) - ({is_of} if is_of else frozenset())
        return Said(is_of, later.is_ignored or (self.is_ignored and not is_of), is_not_of)


@dataclass(frozen=True, slots=True)
class Gallery:
    """All who are known, in the order in which they were made, and what was said of single faces."""

    people: Mapping[PersonId, Known] = field(default_factory=dict[PersonId, Known])
    faces: Mapping[FaceRef, Said] = field(default_factory=dict[FaceRef, Said])

    def named(self, name: str) -> tuple[Known, ...]:
        """Return those who are called so, however it is spelled, by their name or another one."""
        wanted = folded_name(name)
        return tuple(one for one in self.people.values() if wanted in map(folded_name, one.names))


_Change = Callable[[Said], Said]
_Say = Callable[[Said, PersonId], Said]


class _Draft:
    """A gallery in the making. Steps that speak of nobody known, as after forgetting, change nothing."""

    def __init__(self) -> None:
        self.people: dict[PersonId, Known] = {}
        self.faces: dict[FaceRef, Said] = {}

    def take(self, event: Event) -> None:
        match event:
            case Confirmed() | Rejected() | Ignored() | Freed():
                self._say(event)
            case Made(person, name):
                self.people[person] = Known(person, name)
            case Merged(into, others):
                for other in others:
                    self._merge(into, other)
            case Deleted(person):
                self._leave(person)
            case Restored():
                pass  # `_events` has left out that this person was taken off the list.
            case _:
                self._describe(event)

    def _say(self, event: Confirmed | Rejected | Ignored | Freed) -> None:
        match event:
            case Confirmed(person, faces):
                self._say_of(person, faces, _confirmed)
            case Rejected(person, faces):
                self._say_of(person, faces, _rejected)
            case Ignored(faces):
                self._change(faces, lambda said: Said(None, True, said.is_not_of))  # noqa: FBT003
            case Freed(faces):
                for face in faces:
                    self.faces.pop(face, None)

    def _describe(self, event: Renamed | Shown | Pictured | PhotoAdded | PhotoRemoved) -> None:
        known = self.people.get(event.person)
        if known is None:
            return
        match event:
            case Renamed(_, name, aliases):
                known = replace(known, name=name, aliases=aliases)
            case Shown(_, hidden):
                known = replace(known, is_hidden=hidden)
            case Pictured(_, photo):
                known = replace(known, chosen_picture=photo)
            case PhotoAdded(_, photo):
                known = replace(known, photos=tuple(dict.fromkeys((*known.photos, photo))))
            case PhotoRemoved(_, photo):
                known = replace(known, photos=tuple(one for one in known.photos if one != photo))
        self.people[event.person] = known

    def _say_of(self, person: PersonId, faces: Iterable[FaceRef], say: _Say) -> None:
        if person in self.people:
            self._change(faces, lambda said: say(said, person))

    def _change(self, faces: Iterable[FaceRef], change: _Change) -> None:
        for face in faces:
            said = change(self.faces.pop(face, Said()))
            # Put last: of two that turn out to be one face, the later word counts.
            if not said.is_nothing:
                self.faces[face] = said

    def _merge(self, into: PersonId, other: PersonId) -> None:
        kept, gone = self.people.get(into), self.people.get(other)
        if kept is None or gone is None or into == other:
            return
        aliases = tuple(name for name in dict.fromkeys((*kept.aliases, *gone.names)) if name != kept.name)
        photos = tuple(dict.fromkeys((*kept.photos, *gone.photos)))
        self.people[into] = replace(kept, aliases=aliases, photos=photos)
        del self.people[other]
        for face, said in list(self.faces.items()):
            self.faces[face] = _in_place_of(said, other, into)

    def _leave(self, person: PersonId) -> None:
        self.people.pop(person, None)
        for face, said in list(self.faces.items()):
            left = Said(
                None if said.is_of == person else said.is_of, said.is_ignored, said.is_not_of - {person}
            )
            self._change([face], lambda _, left=left: left)


def gallery_after(steps: Iterable[Step]) -> Gallery:
    """Return what these steps add up to, one after the other."""
    draft = _Draft()
    for event in _events(steps):
        draft.take(event)
    return Gallery(draft.people, draft.faces)


def _events(steps: Iterable[Step]) -> Iterable[Event]:
    """Return all that was done, but for taking those off the list who were put back on it later."""
    events: list[Event] = []
    for event in (event for step in steps for event in step):
        if isinstance(event, Restored):
            events = [one for one in events if one != Deleted(event.person)]
        else:
            events.append(event)
    return events


def _confirmed(said: Said, person: PersonId) -> Said:
    return Said(person, is_not_of=said.is_not_of - {person})


def _rejected(said: Said, person: PersonId) -> Said:
    kept = None if said.is_of == person else said.is_of
    return Said(kept, said.is_ignored, said.is_not_of | {person})


def _in_place_of(said: Said, other: PersonId, into: PersonId) -> Said:
    """Let what was said of one hold for another; being somebody is more than not being them."""
    is_of = into if said.is_of == other else said.is_of
    is_not_of = frozenset(into if one == other else one for one in said.is_not_of)
    return Said(is_of, said.is_ignored, is_not_of - ({is_of} if is_of else frozenset()))
