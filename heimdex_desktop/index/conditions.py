"""What a query asks of a scene beside words, written as one condition that the database checks.

What comes from outside is written as an SQL literal (`quoted`) or as a number. A scene of which something is
not known (no date, no count of people) does not meet a condition about it, and meets its opposite.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath

from heimdex_desktop.domain.filters import (
    Before,
    Content,
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
from heimdex_desktop.index.database import is_video, quoted
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import folded_words, searchable

FOLDER_MARK = "\n"
"""Stands before each folder of a video in the column `folders`: no path holds it on a list of paths."""

_HAS = {Content.SPEECH: "words != ''", Content.TEXT: "screen != ''", Content.FACES: "people_count > 0"}
_NOBODY = "false"
Numbered = Since | Before | During | LongerThan | ShorterThan | Resolution | PersonCount

TagNames = Callable[[str], Sequence[str]]
"""Returns the tags that a word stands for, in whatever language it is typed."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Writes conditions for one library; `home` is the folder that `~` stands for."""

    tag_names: TagNames
    home: PurePath

    def of(self, query: Query, phrases: Sequence[str]) -> str:
        """Return what each scene of an answer must meet, "" for nothing; `phrases` are in searchable form."""
        each = [
            *(_says_or_shows(phrase) for phrase in phrases),
            *(self._sql(condition) for condition in query.filters),
            *(self._without(unwanted) for unwanted in query.without),
            # Nobody can be known by name yet, so nobody is in any scene.
            *([_NOBODY] if query.people else []),
        ]
        return " AND ".join(f"({one})" for one in each)

    def _sql(self, condition: Filter) -> str:
        match condition:
            case Not(inner):
                return f"NOT coalesce({self._sql(inner)}, false)"
            case InFolder():
                asked = condition.asked(self.home)
                return f"contains(folders, {quoted(FOLDER_MARK + asked if is_whole(asked) else asked)})"
            case HasTag(tag):
                return _has_any(self.tag_names(tag) or (tag.casefold(),))
            case SpokenIn(language):
                spoken = f"lower(language) = {quoted(language)}"
                return f"({spoken} OR starts_with(lower(language), {quoted(f'{language}-')}))"
            case OfVideo() | Has():
                is_one = isinstance(condition, OfVideo)
                return is_video(condition.video_id) if is_one else _HAS[condition.content]
            case _:
                return _by_number(condition)

    def _without(self, unwanted: str) -> str:
        """Leave out scenes that say, show or are tagged with something, word by word as it is typed."""
        spelt, tags = _spelt(unwanted), self.tag_names(unwanted)
        held = [*([_says_or_shows(spelt)] if spelt else []), *([_has_any(tags)] if tags else [])]
        return f"NOT ({' OR '.join(held)})" if held else "true"


def _by_number(condition: Numbered) -> str:
    match condition:
        case Since(day):
            return f"made_ms >= {_start_ms(day)}"
        case Before(day):
            return f"made_ms < {_start_ms(day)}"
        case During(period):
            return f"(made_ms >= {_start_ms(period.first)} AND made_ms < {_start_ms(period.end)})"
        case LongerThan(length_ms) | ShorterThan(length_ms):
            sign = ">" if isinstance(condition, LongerThan) else "<"
            return f"end_ms - start_ms {sign} {length_ms:d}"
        case Resolution(comparison, number) | PersonCount(comparison, number):
            column = "short_side_px" if isinstance(condition, Resolution) else "people_count"
            return f"{column} {comparison.value} {number:d}"


def _says_or_shows(spelt: str) -> str:
    return f"(contains(words, {quoted(spelt)}) OR contains(screen, {quoted(spelt)}))"


def _has_any(tags: Sequence[str]) -> str:
    return "(" + " OR ".join(f"array_has(tag_names, {quoted(tag)})" for tag in tags) + ")"


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
