"""What a query asks of a scene beside words, as clauses that it must meet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath

from heimdex_desktop.domain.filters import (
    Before,
    Comparison,
    During,
    Filter,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    Not,
    OfVideo,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
    is_whole,
)
from heimdex_desktop.domain.search import Query
from heimdex_desktop.index.clauses import (
    AllOf,
    AnyOf,
    Clause,
    Compared,
    HasContent,
    Holds,
    Inverse,
    InVideo,
    LiesIn,
    Number,
    Speaks,
    Tagged,
)
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import folded_words, searchable
from heimdex_desktop.index.who import IdsOf, clause_of

FOLDER_MARK = "\n"
"""Stands before each folder of a video in the column `folders`: no path holds it on a list of paths."""

Numbered = Since | Before | During | LongerThan | ShorterThan | Resolution | PersonCount

TagNames = Callable[[str], Sequence[str]]
"""Returns the tags that a word stands for, in whatever language it is typed."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Makes clauses of queries for one library; `home` is the folder that `~` stands for."""

    tag_names: TagNames
    home: PurePath
    ids_of: IdsOf = lambda name: ()  # noqa: ARG005

    def of(self, query: Query, phrases: Sequence[str]) -> AllOf:
        """Return what each scene of an answer must meet; `phrases` are in searchable form."""
        each = [
            *(Holds(phrase) for phrase in phrases),
            *(self._clause(condition) for condition in query.filters),
            *(self._without(unwanted) for unwanted in query.without),
            *([clause_of(query.people, self.ids_of)] if query.people else []),
        ]
        return AllOf(tuple(each))

    def _clause(self, condition: Filter) -> Clause:
        match condition:
            case Not(inner):
                return Inverse(self._clause(inner))
            case InFolder():
                asked = condition.asked(self.home)
                return LiesIn(FOLDER_MARK + asked if is_whole(asked) else asked)
            case HasTag(tag):
                return Tagged(tuple(self.tag_names(tag)) or (tag.casefold(),))
            case SpokenIn() | OfVideo() | Has():
                return _by_name(condition)
            case _:
                return _by_number(condition)

    def _without(self, unwanted: str) -> Clause:
        """Leave out scenes that say, show or are tagged with something, word by word as it is typed."""
        spelt, tags = _spelt(unwanted), tuple(self.tag_names(unwanted))
        held = [*([Holds(spelt)] if spelt else []), *([Tagged(tags)] if tags else [])]
        return Inverse(AnyOf(tuple(held)))


def _by_name(condition: SpokenIn | OfVideo | Has) -> Clause:
    match condition:
        case SpokenIn(language):
            return Speaks(language)
        case OfVideo(video_id):
            return InVideo(video_id)
        case Has(content):
            return HasContent(content)


def _by_number(condition: Numbered) -> Clause:
    match condition:
        case Since(day):
            return _made(Comparison.AT_LEAST, day)
        case Before(day):
            return _made(Comparison.LESS, day)
        case During(period):
            return AllOf((_made(Comparison.AT_LEAST, period.first), _made(Comparison.LESS, period.end)))
        case _:
            return _by_size(condition)


def _by_size(condition: LongerThan | ShorterThan | Resolution | PersonCount) -> Clause:
    match condition:
        case LongerThan(length_ms):
            return Compared(Number.LENGTH_MS, Comparison.MORE, length_ms)
        case ShorterThan(length_ms):
            return Compared(Number.LENGTH_MS, Comparison.LESS, length_ms)
        case Resolution(comparison, value):
            return Compared(Number.SHORT_SIDE_PX, comparison, value)
        case PersonCount(comparison, value):
            return Compared(Number.PEOPLE, comparison, value)


def _made(comparison: Comparison, day: date) -> Clause:
    return Compared(Number.MADE_MS, comparison, _start_ms(day))


def _spelt(phrase: str) -> str:
    """Spell a word so that it is found whole, and where endings are glued on, with any of them."""
    words = folded_words(phrase)
    glued = Term.of(words[0]) if len(words) == 1 else None
    return glued.core if glued and glued.is_glued else searchable(phrase)


def _start_ms(day: date) -> int:
    """Return when a day begins where this computer is, in ms since 1970; far away in time by UTC."""
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the person's own time is meant
    try:
        return round(start.timestamp() * 1000)
    except (OSError, OverflowError, ValueError):
        return round(start.replace(tzinfo=UTC).timestamp() * 1000)
