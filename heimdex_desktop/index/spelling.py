"""Which words pass for a word of the query although they are spelt otherwise: misread, or mistyped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from heimdex_desktop.index.exact_words import Matcher, Term

_CONFUSED = (("rn", "m"), ("0", "o"), ("1", "l"), ("i", "l"))
"""What a reader takes for one another, folded, in the order in which it is put right."""
_SHORTEST_WORD = 4
_LONG_WORD = 8
_CONFUSED_CREDIT = 0.9
_INSIDE_CREDIT = 0.5
_SHORTEST_INSIDE = 5
_COST_OF_EDIT = 1.5
_SHORTEST_PART = 2
_LONGEST_PART = 12


@lru_cache(maxsize=20_000)
def shape(word: str) -> str:
    """Spell a folded word so that words which a reader confuses are spelt alike."""
    for read, meant in _CONFUSED:
        word = word.replace(read, meant)
    return word


def edits(wanted: str, word: str, most: int, *, inside: bool = False) -> int | None:
    """Return how many letters are changed, added or left out (Levenshtein, 1966); None for more than `most`.

    With `inside`, what stands before and after counts nothing (Sellers, The theory and computation of
    evolutionary distances, 1980).
    """
    fewest = _fewest_inside(wanted, word) if inside else Levenshtein.distance(wanted, word, score_cutoff=most)
    return fewest if fewest <= most else None


def _fewest_inside(wanted: str, word: str) -> int:
    above = [0] * (len(word) + 1)
    for row, letter in enumerate(wanted, 1):
        current = [row]
        for column, other in enumerate(word, 1):
            change = above[column - 1] + (letter != other)
            current.append(min(change, above[column] + 1, current[-1] + 1))
        above = current
    return min(above)


@dataclass(frozen=True)
class Spelling:
    """A word of the query as it may be spelt on a screen.

    Words of 4 letters may differ in one letter, words of 8 in two; words with digits in none, because
    another year is another year. In scripts that run words together, a word may stand inside a longer run
    or be one that holds a shorter one of two signs or more.
    """

    term: Term

    @property
    def plain(self) -> str:
        return self.term.core if self.term.is_glued else self.term.folded

    @property
    def is_loose(self) -> bool:
        """Whether a word that is spelt otherwise passes for it."""
        return len(self.plain) >= _SHORTEST_WORD and not self.term.is_stop

    @cached_property
    def wanted(self) -> str:
        return shape(self.plain)

    @cached_property
    def most(self) -> int:
        """The number of letters that may differ."""
        if len(self.wanted) < _SHORTEST_WORD or any(letter.isdigit() for letter in self.plain):
            return 0
        return 1 + (len(self.wanted) >= _LONG_WORD)

    @property
    def may_stand_inside(self) -> bool:
        """Whether it passes where the spaces around it were not read; a short word stands in many others."""
        return self.is_loose and len(self.plain) >= _SHORTEST_INSIDE

    @cached_property
    def parts(self) -> frozenset[str]:
        """The shorter words that are held by a word in a script without spaces."""
        whole = self.term.folded if self.term.is_glued else ""
        lengths = range(_SHORTEST_PART, min(len(whole), _LONGEST_PART + 1))
        return frozenset(
            whole[start : start + length] for length in lengths for start in range(len(whole) - length + 1)
        )

    @cached_property
    def pieces(self) -> tuple[tuple[int, str], ...]:
        """Cut the word into one piece more than letters may differ, each with its place.

        One of them stands unchanged in every word that passes, since each difference touches only one.
        """
        count, length = self.most + 1, len(self.wanted)
        ends = [number * length // count for number in range(count + 1)]
        return tuple((start, self.wanted[start:end]) for start, end in pairwise(ends))

    def credit(self, word: str) -> float:
        """Say how well a folded word of a screen passes for this one, in 0..1."""
        if word in self.parts:
            return len(word) / len(self.term.folded)
        if not self.is_loose:
            return 0.0
        found = self._edits(shape(word))
        if found is not None:
            return 1.0 - _COST_OF_EDIT * found / len(self.wanted) if found else _CONFUSED_CREDIT
        return _INSIDE_CREDIT if self.may_stand_inside and self.plain in word else 0.0

    def _edits(self, word: str) -> int | None:
        # Letter by letter, hundreds of words of all the candidates would take longer than the whole search.
        if not any(piece in word for _, piece in self.pieces):
            return None
        return edits(self.wanted, word, self.most, inside=self.term.is_glued)


class ScreenMatcher(Matcher):
    """Compares the words of a query with words on screens: exactly, and else by their spelling."""

    def __init__(self, terms: Sequence[Term]) -> None:
        super().__init__(terms)
        self.spellings = tuple(Spelling(term) for term in terms)
        self._compared_with: tuple[dict[str, float], ...] = tuple({} for _ in terms)
        self._learnt: dict[str, dict[int, float]] = {}
        self._knows_all = False

    def learn(self, number: int, word: str) -> float:
        """Return how well a word passes for one of the terms, and remember it where it does."""
        compared = self._compared_with[number]
        credit = compared.get(word)
        if credit is None:
            exact = super().match(word).get(number)
            credit = compared[word] = self.spellings[number].credit(word) if exact is None else exact
            if credit:
                self._learnt.setdefault(word, {})[number] = credit
        return credit

    def know_all(self) -> None:
        """Take words that were not learnt for others: all that match or pass were."""
        self._knows_all = True

    def places(self, text: str) -> list[dict[int, float]]:
        """Return for each term where in a text, spelt for searching, it matches, with the credit."""
        places: list[dict[int, float]] = [{} for _ in self.terms]
        for place, word in enumerate(text.split()):
            for number, credit in self.match(word).items():
                places[number][place] = credit
        return places

    def match(self, word: str) -> Mapping[int, float]:
        """Return the terms that a folded word matches or passes for, by number, each with its credit."""
        if self._knows_all:
            return self._learnt.get(word, {})
        exact = super().match(word)
        similar = {
            number: spelling.credit(word)
            for number, spelling in enumerate(self.spellings)
            if number not in exact
        }
        return {number: credit for number, credit in similar.items() if credit} | dict(exact)
