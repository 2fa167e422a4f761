"""How well the text on a scene's screen answers a query, and which of its words say so."""

from dataclasses import dataclass

from heimdex_desktop.domain.search import Evidence
from heimdex_desktop.index.exact_words import Matcher, exactness_and_coverage, marked_words
from heimdex_desktop.index.spelling import ScreenMatcher


@dataclass(frozen=True, slots=True)
class ScreenQuery:
    """A query made ready for text on screen; `weights` belong to the matcher's terms.

    `rows` are all scenes that show a word of the query, and the matcher knows all such words: nothing else
    has to be compared.
    """

    matcher: ScreenMatcher
    weights: tuple[float, ...]
    rows: frozenset[int]

    def evidence(self, row: int, text: str) -> Evidence:
        """Score what a screen shows, spelt for searching, as a transcript; misspelt words count less."""
        if row not in self.rows:
            return Evidence(0.0, 0.0)
        return Evidence(*exactness_and_coverage(self.matcher, self.weights, text))

    def telling_words(self, text: str, exact: Matcher) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words of a screen that match exactly, and those that pass by their spelling."""
        same = marked_words(exact, text)
        similar = marked_words(self.matcher, text)
        return same, tuple(word for word in similar if word not in same)
