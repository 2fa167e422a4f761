"""Makes a query ready for every channel, and gathers the scenes that are worth a closer look."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Beside, Query
from heimdex_desktop.index.candidates import Candidate, Snapshot
from heimdex_desktop.index.conditions import Conditions
from heimdex_desktop.index.exact_words import Matcher, weights, word_query
from heimdex_desktop.index.judging import Question
from heimdex_desktop.index.likeness import Encoders, Likenesses
from heimdex_desktop.index.screen_match import ScreenQuery
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.tag_words import TagWords


def this_day() -> date:
    """Return the day it is where this computer is."""
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True)
class Gathered:
    """A question, the scenes to be judged by it, and the condition that all of them meet."""

    question: Question
    candidates: tuple[Candidate, ...]
    only: str


class Asking:
    """Knows the encoders and the words for tags; may raise what the encoders raise. For one thread."""

    def __init__(self, encoders: Encoders, tag_words: TagWords, today: Callable[[], date]) -> None:
        self.likenesses = Likenesses(encoders)
        self.conditions = Conditions(tag_words.named, Path.home())
        self._tag_words = tag_words
        self._today = today

    def read(self, typed: str, beside: Beside | None = None) -> Query:
        """Take a typed text apart; a video that is pointed at becomes a condition."""
        query = parse(typed, self._today())
        return _within(query, beside) if isinstance(beside, OfVideo) else query

    def gather(self, query: Query, snapshot: Snapshot) -> Gathered:
        """Return the best scenes of each channel for a query that is not empty."""
        words, tags = word_query(query), self._tag_words.ask(query)
        only = self.conditions.of(query, words.phrases)
        meaning, sight = self.likenesses.of(query, words, snapshot)
        scan = snapshot.scan(words, tags.tags, only)
        matcher = ScreenMatcher(words.terms)
        screens = snapshot.on_screens(matcher, scan, only)
        screen = ScreenQuery(matcher, weights(words.terms, screens.counts, len(scan.rows)))
        question = Question(
            matcher=Matcher(words.terms),
            weights=weights(words.terms, scan.counts, len(scan.rows)),
            tags=tags,
            meaning=meaning,
            sight=sight,
            screen=screen,
            unwanted=self.likenesses.seen_of(query.without, snapshot),
        )
        rows = [*scan.best_by_words(question.weights), *scan.best_by_tags(), *screens.best(screen.weights)]
        for likeness in (meaning, sight):
            rows += list(snapshot.nearest(likeness.ray, only)) if likeness else []
        return Gathered(question, snapshot.candidates(rows, question.columns), only)


def _within(query: Query, video: OfVideo) -> Query:
    """Ask for scenes of one video only, in each part of a sequence too."""
    sequence = query.sequence
    if sequence:
        sequence = replace(sequence, parts=tuple(_within(part, video) for part in sequence.parts))
    return replace(query, filters=(*query.filters, video), sequence=sequence)
