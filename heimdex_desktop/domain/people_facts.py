"""What is known of people at one moment, as a window or a command shows it. No vector is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.video import TimeSpan, VideoId


@dataclass(frozen=True, slots=True)
class FaceCard:
    """A face in a video: `crop` is its picture, if one is kept; `confidence` (0..1) is how sure the name is.

    `frame_count` is the number of pictures in which it is followed through its scene.
    """

    face: FaceRef
    crop: Path | None
    video_name: str
    quality: float
    confidence: float
    frame_count: int


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody in the list of people; `picture` is the one that stands for them, if there is any."""

    id: PersonId
    name: str
    aliases: tuple[str, ...]
    picture: Path | None
    photo_count: int
    scene_count: int
    screen_ms: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """Faces that are probably of one person nobody has named yet, the clearest first."""

    faces: tuple[FaceCard, ...]
    frame_count: int


@dataclass(frozen=True, slots=True)
class RemovedPerson:
    """Somebody off the list who is not forgotten: `names` is all they were ever called, sorted.

    `can_return` tells whether they were taken off, and can be put back; who was never really there, as their
    making was undone, can only be forgotten.
    """

    id: PersonId
    name: str
    names: tuple[str, ...]
    can_return: bool


@dataclass(frozen=True, slots=True)
class MergedPerson:
    """Somebody who turned out to be another one, called `into` now: `names` is all they were ever called."""

    names: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class PeopleFacts:
    """Everybody, and who is still unknown; `undo` and `redo` say what would be, "" for nothing.

    `trouble` says why faces are not told apart at present, and what to do; "" where they are. So many as
    `photos_waiting` are of another model than the videos, or lost their face, and can be looked at again now.
    `damage` says what was lost on disk, and what to do; "" where nothing was. `face_count` is how many faces
    are kept that were found in videos.
    """

    people: tuple[PersonCard, ...] = ()
    groups: tuple[UnknownGroup, ...] = ()
    undo: str = ""
    redo: str = ""
    trouble: str = ""
    photos_waiting: int = 0
    removed: tuple[RemovedPerson, ...] = ()
    damage: str = ""
    face_count: int = 0


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """A photo of somebody: `agreement` is how well it fits their other photos (0..1), None without others.

    `complaint` is a sentence where the photo does harm, "" otherwise.
    """

    id: PhotoId
    picture: Path
    agreement: float | None
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where somebody is seen in a video: spans in order, and how long they are together."""

    video_id: VideoId
    video_name: str
    spans: tuple[TimeSpan, ...]

    @property
    def screen_ms(self) -> int:
        return sum(span.length_ms for span in self.spans)


@dataclass(frozen=True, slots=True)
class PersonSpans:
    """When somebody is seen in one video: spans in order, none of which touch."""

    id: PersonId
    name: str
    spans: tuple[TimeSpan, ...]


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who is seen in the same scenes as another."""

    id: PersonId
    name: str
    scene_count: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All about one person.

    `advice` are sentences on how to be recognised better; `proposals` clear faces that are recognised with
    doubt, and would help as photos; `suggestions` faces to be confirmed or rejected, the surest first;
    `faces` those that are taken for this person.
    """

    card: PersonCard
    photos: tuple[PhotoCard, ...] = ()
    advice: tuple[str, ...] = ()
    proposals: tuple[FaceCard, ...] = ()
    suggestions: tuple[FaceCard, ...] = ()
    faces: tuple[FaceCard, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What was to be deleted: of somebody by this name, or with "" of everybody.

    `videos` is beside how many of those at hand the name stood.
    """

    name: str = field(default="", repr=False)
    photos: int = 0
    faces: int = 0
    videos: int = 0

    def __str__(self) -> str:
        """Return sentences that say so; counts of nothing are left out."""
        counts = (
            _counted(self.photos, "photo"),
            _counted(self.faces, "face"),
            f"the name beside {_counted(self.videos, 'video')}" if self.videos else "",
        )
        told = ", ".join(count for count in counts if count)
        whose = f"{self.name} is forgotten." if self.name else "All face data is deleted."
        return f"{whose} Deleted were: {told}." if told else whose


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was found of somebody after forgetting them: `searched` files, and those that still hold them.

    `away` are videos that could not be reached: their files are searched when they are back. `mentioned` are
    files in which the name stands as a word, such as one that is said in a video. `waiting` are files of the
    search index that speak of videos that are away. `unclaimed` are photos that are kept though the journal
    was lost that said of whom they are. `erased` is what was to be deleted.
    """

    searched: int
    left: tuple[Path, ...] = ()
    away: tuple[Path, ...] = ()
    mentioned: tuple[Path, ...] = ()
    waiting: tuple[Path, ...] = ()
    unclaimed: tuple[Path, ...] = ()
    erased: Erased = Erased()

    def __str__(self) -> str:
        found = f"{self.searched:,} files were searched: "
        if self.left:
            advice = "Close what uses these files and see that they may be changed."
            of_whom = f" of {self.erased.name}" if self.erased.name else ""
            sentences = [f"{found}something{of_whom} is left in {_listed(self.left)}. {advice}"]
        else:
            sentences = [f"{self.erased} {found}nothing is left."]
        if self.away:
            index = ", and what the search index says of it," if self.waiting else ""
            sentences.append(
                f"Not connected: {_listed(self.away)}. What lies beside{index} is cleaned once it is back."
            )
        if self.mentioned:
            sentences.append(
                "As a word, such as one that is said in a video or that you keep in a search, the name still"
                f" stands in {_listed(self.mentioned)}."
            )
        if self.unclaimed:
            sentences.append(
                "Nobody knows of whom these photos are: look at them, and delete those of this person:"
                f" {_listed(self.unclaimed)}."
            )
        return " ".join(sentences)


_MOST_LISTED = 5


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def _listed(files: Sequence[Path]) -> str:
    more = len(files) - _MOST_LISTED
    named = ", ".join(str(file) for file in files[:_MOST_LISTED])
    return f"{named} and {more:,} more" if more > 0 else named
