"""What a person says of people and faces, step by step; every step can be undone and done again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

from heimdex_desktop.domain.scene import Box
from heimdex_desktop.domain.video import VideoId

PersonId = NewType("PersonId", str)
PhotoId = NewType("PhotoId", str)


@dataclass(frozen=True, slots=True)
class FaceRef:
    """A face by the place and the moment where it is seen: that stays when a video is indexed anew."""

    video_id: VideoId
    at_ms: int
    box: Box


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody is known from now on."""

    person: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody has another name, and these others beside it, such as the same in another script."""

    person: PersonId
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody is hidden from the lists, or shown in them again."""

    person: PersonId
    hidden: bool


@dataclass(frozen=True, slots=True)
class Pictured:
    """This photo stands for somebody in the lists."""

    person: PersonId
    photo: PhotoId


@dataclass(frozen=True, slots=True)
class PhotoAdded:
    """A photo shows somebody."""

    person: PersonId
    photo: PhotoId


@dataclass(frozen=True, slots=True)
class PhotoRemoved:
    """A photo does not stand for somebody any more."""

    person: PersonId
    photo: PhotoId


@dataclass(frozen=True, slots=True)
class Confirmed:
    """These faces are somebody's, whoever they were taken for before."""

    person: PersonId
    faces: tuple[FaceRef, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """These faces are not somebody's."""

    person: PersonId
    faces: tuple[FaceRef, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nobody needs to know whose faces these are."""

    faces: tuple[FaceRef, ...]


@dataclass(frozen=True, slots=True)
class Freed:
    """Whatever was said of these faces is taken back."""

    faces: tuple[FaceRef, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Several were one person all along."""

    into: PersonId
    others: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Deleted:
    """Somebody is taken off the list; this can be undone, other than forgetting."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Restored:
    """Somebody who was taken off the list is on it again, as if that had never been done."""

    person: PersonId


Event = (
    Made
    | Renamed
    | Shown
    | Pictured
    | PhotoAdded
    | PhotoRemoved
    | Confirmed
    | Rejected
    | Ignored
    | Freed
    | Merged
    | Deleted
    | Restored
)


@dataclass(frozen=True, slots=True)
class Undo:
    """The last step that stands is taken back."""


@dataclass(frozen=True, slots=True)
class Redo:
    """The step that was taken back last is done again; there is none after a new step."""


Step = tuple[Event, ...]
"""What is done at once, and undone at once."""
Entry = Step | Undo | Redo
"""A line of the journal: lines are only ever added."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which steps of a journal stand, in order, and which were taken back: the first one is redone first."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    def after(self, entry: Entry) -> "Standing":
        """Return how things stand one line later; an undo or redo of nothing changes nothing."""
        match entry:
            case Undo():
                if not self.done:
                    return self
                return Standing(self.done[:-1], (self.done[-1], *self.undone))
            case Redo():
                if not self.undone:
                    return self
                return Standing((*self.done, self.undone[0]), self.undone[1:])
            case _:
                return Standing((*self.done, entry))


def standing_of(entries: Iterable[Entry]) -> Standing:
    """Replay a journal."""
    done: list[Step] = []
    undone: list[Step] = []
    for entry in entries:
        match entry:
            case Undo():
                if done:
                    undone.append(done.pop())
            case Redo():
                if undone:
                    done.append(undone.pop())
            case _:
                done.append(entry)
                undone.clear()
    return Standing(tuple(done), tuple(reversed(undone)))
