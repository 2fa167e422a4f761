"""What a scene has to meet, as a tree that is written for the database (`sql`) or looked up in memory.

What comes from outside is written as an SQL literal (`quoted`) or as a number. A scene of which something is
not known (no date, no count of people) does not meet a clause about it, and meets its opposite.
"""

from dataclasses import dataclass
from enum import StrEnum

from heimdex_desktop.domain.filters import Comparison, Content
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.index.database import is_video, quoted

_HAS = {Content.SPEECH: "words != ''", Content.TEXT: "screen != ''", Content.FACES: "people_count > 0"}


class Number(StrEnum):
    """What is counted or measured of a scene, as the database reads it."""

    MADE_MS = "made_ms"
    LENGTH_MS = "end_ms - start_ms"
    SHORT_SIDE_PX = "short_side_px"
    PEOPLE = "people_count"


@dataclass(frozen=True, slots=True)
class Holds:
    """The scene says or shows a text, which is spelt for searching."""

    text: str

    @property
    def sql(self) -> str:
        return f"(contains(words, {quoted(self.text)}) OR contains(screen, {quoted(self.text)}))"


@dataclass(frozen=True, slots=True)
class Tagged:
    """The scene has one of these tags."""

    tags: tuple[str, ...]

    @property
    def sql(self) -> str:
        return f"({' OR '.join(f'array_has(tag_names, {quoted(tag)})' for tag in self.tags)})"


@dataclass(frozen=True, slots=True)
class Shows:
    """One of these people, by their ids, is seen in the scene."""

    people: tuple[str, ...]

    @property
    def sql(self) -> str:
        return f"({' OR '.join(f'array_has(people, {quoted(person)})' for person in self.people)})"


@dataclass(frozen=True, slots=True)
class LiesIn:
    """A place of the video holds this, spelt as the column `folders` is."""

    text: str

    @property
    def sql(self) -> str:
        return f"contains(folders, {quoted(self.text)})"


@dataclass(frozen=True, slots=True)
class Speaks:
    """The language is this one, or a kind of it; in lower case."""

    language: str

    @property
    def sql(self) -> str:
        is_it = f"lower(language) = {quoted(self.language)}"
        return f"({is_it} OR starts_with(lower(language), {quoted(f'{self.language}-')}))"


@dataclass(frozen=True, slots=True)
class HasContent:
    """The scene holds something at all."""

    content: Content

    @property
    def sql(self) -> str:
        return f"({_HAS[self.content]})"


@dataclass(frozen=True, slots=True)
class Compared:
    """A number stands to another as the comparison says."""

    number: Number
    comparison: Comparison
    value: int

    @property
    def sql(self) -> str:
        return f"({self.number.value} {self.comparison.value} {self.value:d})"


@dataclass(frozen=True, slots=True)
class InVideo:
    """The scene is of this video. Writing it raises ValueError where the id is not a UUID."""

    video_id: VideoId

    @property
    def sql(self) -> str:
        return f"({is_video(self.video_id)})"


@dataclass(frozen=True, slots=True)
class Touches:
    """The scene is of this video and lies between two moments, or next to them."""

    video_id: VideoId
    start_ms: int
    end_ms: int

    @property
    def sql(self) -> str:
        touching = f"start_ms <= {self.end_ms:d} AND end_ms >= {self.start_ms:d}"
        return f"({is_video(self.video_id)} AND {touching})"


@dataclass(frozen=True, slots=True)
class Inverse:
    """The clause is not met."""

    clause: "Clause"

    @property
    def sql(self) -> str:
        return f"(NOT coalesce({self.clause.sql}, false))"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All clauses are met; of none, every scene meets it."""

    clauses: tuple["Clause", ...] = ()

    @property
    def sql(self) -> str:
        return _joined(self.clauses, "AND", "true")

    def __bool__(self) -> bool:
        """Say whether anything is asked."""
        return bool(self.clauses)

    def and_also(self, *clauses: "Clause") -> "AllOf":
        return AllOf((*self.clauses, *clauses))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the clauses is met; of none, no scene meets it."""

    clauses: tuple["Clause", ...] = ()

    @property
    def sql(self) -> str:
        return _joined(self.clauses, "OR", "false")


Clause = (
    Holds
    | Tagged
    | Shows
    | LiesIn
    | Speaks
    | HasContent
    | Compared
    | InVideo
    | Touches
    | Inverse
    | AllOf
    | AnyOf
)
ANYTHING = AllOf()
NOTHING = AnyOf()


def condition_of(clauses: AllOf) -> str:
    """Write clauses as one condition that the database checks, "" for none."""
    return clauses.sql if clauses else ""


def _joined(clauses: tuple[Clause, ...], word: str, of_none: str) -> str:
    return f"({f' {word} '.join(clause.sql for clause in clauses) or of_none})"
