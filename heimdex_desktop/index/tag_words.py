"""Which words people use for which tag, and how much of a query they cover."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.search import Query
from heimdex_desktop.index.exact_words import Term
from heimdex_desktop.index.folding import folded_words
from heimdex_desktop.index.stop_words import FILLER_WORDS, STOP_WORDS

_LONGEST_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class TagNeed:
    """What a part of a query asks for: any of these tags, said in `words` words of the query."""

    tags: tuple[str, ...]
    words: int


@dataclass(frozen=True, slots=True)
class TagQuery:
    """The looks a query asks for; `explained` (0..1) is the share of its telling words that they cover."""

    needs: tuple[TagNeed, ...] = ()
    explained: float = 0.0

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag for need in self.needs for tag in need.tags))

    def score(self, scene_tags: Mapping[str, float]) -> float:
        """Return how well a scene's tags (0..1 each) meet the needs, in 0..1: the mean over their words."""
        whole = sum(need.words for need in self.needs)
        met = sum(need.words * max(scene_tags.get(tag, 0.0) for tag in need.tags) for need in self.needs)
        return min(1.0, max(0.0, met / whole)) if whole else 0.0


class TagWords:
    """The words for tags in every language at hand, folded for comparing."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._tags: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._words = words
        for tag, names in words.items():
            for name in names:
                self._note(_name(folded_words(name)), tag)

    @classmethod
    def load(cls, *paths: Path, own: Sequence[str] = ()) -> "TagWords":
        """Read TOML files of `[tags.night]` tables with `words = ["night", "밤"]`; `own` tags are words too.

        Raises MachineError where one is missing or has another form: it is a part of the program.
        """
        words: dict[str, tuple[str, ...]] = {tag: (tag,) for tag in own}
        for path in paths:
            for tag, names in _read(path).items():
                words[tag] = (*words.get(tag, ()), *names)
        return cls(words)

    def named(self, name: str) -> tuple[str, ...]:
        """Return the tags that go by a name, in any language at hand; none where it is no tag's."""
        return self._tags.get(_name(folded_words(name)), ())

    def names_of(self, tag: str) -> Sequence[str]:
        """Return the names that a tag goes by, as they are written."""
        return self._words.get(tag, ())

    def ask(self, query: Query) -> TagQuery:
        """Find the looks that a query names; quoted phrases name none, since they are spoken words."""
        folded = [word for typed in query.words for word in folded_words(typed)]
        needs: list[TagNeed] = []
        telling, place = 0, 0
        while place < len(folded):
            need = self._need_at(folded, place)
            if need is not None:
                needs.append(need)
                telling += need.words
                place += need.words
            else:
                telling += folded[place] not in STOP_WORDS | FILLER_WORDS
                place += 1
        telling += sum(len(folded_words(phrase)) for phrase in query.phrases)
        return TagQuery(tuple(needs), sum(need.words for need in needs) / telling if needs else 0.0)

    def _note(self, name: tuple[str, ...], tag: str) -> None:
        if name:
            self._tags[name] = tuple(dict.fromkeys((*self._tags.get(name, ()), tag)))

    def _need_at(self, folded: Sequence[str], place: int) -> TagNeed | None:
        """Return the longest name of a tag that starts here."""
        for length in range(min(_LONGEST_NAME_WORDS, len(folded) - place), 0, -1):
            tags = self._tags.get(_name(folded[place : place + length]))
            if tags:
                return TagNeed(tags, length)
        return None


def _name(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(Term.of(word).noun for word in words)


def _read(path: Path) -> Mapping[str, tuple[str, ...]]:
    try:
        tables: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["tags"]
        return {tag: tuple(str(word) for word in table["words"]) for tag, table in tables.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sentence = f"The list of words for tags, {path.name}, cannot be read."
        raise MachineError(sentence, "Install Heimdex again.") from error
