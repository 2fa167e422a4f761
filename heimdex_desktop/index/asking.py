"""Makes a query ready for every channel, and gathers the scenes that are worth a closer look."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from heimdex_desktop.domain.filters import Content, Has, Not, OfVideo, PersonCount
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Beside, Like, LikePicture, Note, Query
from heimdex_desktop.index.alike import (
    Clues,
    PictureEncoders,
    PictureQuestions,
    between,
    clues_of,
    elsewhere,
    no_pictures,
    scene_of,
)
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.candidates import Snapshot
from heimdex_desktop.index.clauses import ANYTHING, AllOf
from heimdex_desktop.index.conditions import Conditions
from heimdex_desktop.index.exact_words import Matcher, WordQuery, weights, word_query
from heimdex_desktop.index.judging import Question
from heimdex_desktop.index.known_people import People, nobody, unknown_people
from heimdex_desktop.index.likeness import Encoders, Likenesses
from heimdex_desktop.index.scan import PER_CHANNEL
from heimdex_desktop.index.screen_match import ScreenQuery
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.tag_words import TagQuery, TagWords

_MOST_BY_NAME = 1_000
"""So many scenes are judged where nothing but people is asked for."""
_NO_FACES = (
    "No face was looked for in these videos yet, so it is not known who is there, nor how many. "
    "Switch on faces on the page about models."
)
_NO_CLUES = Clues((), TagQuery(), None, None)


def this_day() -> date:
    """Return the day it is where this computer is."""
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True)
class Gathered:
    """A question, the scenes to be judged by it, and the clauses that all of them meet."""

    question: Question
    candidates: tuple[Candidate, ...]
    only: AllOf


class Asking:
    """Knows the encoders and the words for tags; may raise what the encoders raise. For one thread."""

    def __init__(
        self,
        encoders: Encoders,
        tag_words: TagWords,
        today: Callable[[], date],
        *,
        pictures: PictureEncoders = no_pictures,
        people: People | None = None,
    ) -> None:
        self._pictures = PictureQuestions(pictures)
        self.likenesses = Likenesses(encoders)
        self._people = people or People(nobody)
        self.conditions = Conditions(tag_words.named, Path.home(), self._people.ids_of)
        self._tag_words = tag_words
        self._today = today

    def read(self, typed: str, beside: Beside | None = None) -> Query:
        """Take a typed text apart; a video that is pointed at becomes a condition.

        A note says so where somebody is asked for whom nobody knows.
        """
        query = parse(typed, self._today())
        if any(part.people for part in _parts(query)):
            query = replace(query, notes=(*query.notes, *unknown_people(typed, self._people.known)))
        return _within(query, beside) if isinstance(beside, OfVideo) else query

    def told_of_faces(self, query: Query, snapshot: Snapshot) -> Query:
        """Note on a query that is about people where no scene can meet it: nobody ever looked for faces."""
        asks = any(_asks_for_people(part) for part in _parts(query))
        if not asks or snapshot.has_counted_people:
            return query
        return replace(query, notes=(*query.notes, Note(0, len(query.typed), _NO_FACES)))

    def gather(self, query: Query, snapshot: Snapshot, like: Like | None = None) -> Gathered:
        """Return the best scenes of each channel for a query that ranks, or for what they are like.

        Raises InputError where the scene they should be like is not there any more, ModelMissing for a
        picture that no model here can look at.
        """
        phrases = word_query(query).phrases
        unwanted = self.likenesses.seen_of(query.without, snapshot)
        only = self.conditions.of(query, phrases)
        who = self._people.known.ask(query, is_alone=query.is_empty and like is None)
        if like is None:
            question, rows = _looked_up(self._clues(query, snapshot), snapshot, only)
        else:
            clues, elsewhere_only = self._clues_like(like, snapshot)
            only = only.and_also(*elsewhere_only.clauses)
            question, rows = _looked_up(clues, snapshot, only)
            if not query.is_empty:
                question, rows = self._joined(query, snapshot, only, (question, rows))
        if who.ranks:
            count = _MOST_BY_NAME if who.is_alone else PER_CHANNEL
            rows = [*rows, *snapshot.surest(who, only, count)]
        question = replace(question, who=who, unwanted=unwanted)
        return Gathered(question, snapshot.candidates(rows, question.columns), only)

    def _clues(self, query: Query, snapshot: Snapshot) -> Clues:
        if query.is_empty:
            return _NO_CLUES
        words = word_query(query)
        meaning, sight = self.likenesses.of(query, words, snapshot)
        return Clues(words.terms, self._tag_words.ask(query), meaning, sight)

    def _clues_like(self, like: Like, snapshot: Snapshot) -> tuple[Clues, AllOf]:
        """Return what there is to compare with, and the clause that leaves a scene itself out."""
        if isinstance(like, LikePicture):
            return self._pictures.clues_of(like, snapshot), ANYTHING
        example = scene_of(like, snapshot)
        return clues_of(example, snapshot), elsewhere(example)

    def _joined(self, query: Query, snapshot: Snapshot, only: AllOf, alike: "_LookedUp") -> "_LookedUp":
        """Ask for the words too: also near to both, where neither alone is among the nearest."""
        worded, rows = _looked_up(self._clues(query, snapshot), snapshot, only)
        ray = between(worded.sight, alike[0].sight)
        near_both = snapshot.nearest(ray, only) if ray else ()
        return replace(worded, alike=alike[0]), [*rows, *alike[1], *near_both]


_LookedUp = tuple[Question, Sequence[int]]


def _looked_up(clues: Clues, snapshot: Snapshot, only: AllOf) -> _LookedUp:
    """Make a question of clues, and find the rows of the best scenes of each channel."""
    rays = [likeness.ray for likeness in (clues.meaning, clues.sight) if likeness]
    snapshot.get_ready(only)
    # The database looks for what lies near on threads of its own: words are looked for meanwhile.
    with ThreadPoolExecutor(max_workers=2) as beside:
        near = [beside.submit(snapshot.nearest, ray, only) for ray in rays]
        question, rows = _by_words(clues, snapshot, only)
        return question, [*rows, *(row for found in near for row in found.result())]


def _by_words(clues: Clues, snapshot: Snapshot, only: AllOf) -> _LookedUp:
    """Make the question, and find the best scenes by words, tags and screens."""
    terms, tags = clues.terms, clues.tags
    scan = snapshot.scan(WordQuery(terms, ()), tags.tags, only)
    matcher = ScreenMatcher(terms)
    everywhere = snapshot.on_screens(matcher)
    matcher.know_all()
    screens = everywhere.among(snapshot.meeting(everywhere.rows, only)) if only else everywhere
    question = Question(
        matcher=Matcher(terms),
        weights=weights(terms, scan.counts, len(scan.rows)),
        tags=tags,
        meaning=clues.meaning,
        sight=clues.sight,
        screen=ScreenQuery(
            matcher, weights(terms, screens.counts, len(scan.rows)), frozenset(everywhere.rows.tolist())
        ),
    )
    rows = [
        *scan.best_by_words(question.weights),
        *scan.best_by_tags(),
        *screens.best(question.screen.weights),
    ]
    return question, rows


def _within(query: Query, video: OfVideo) -> Query:
    """Ask for scenes of one video only, in each part of a sequence too."""
    sequence = query.sequence
    if sequence:
        sequence = replace(sequence, parts=tuple(_within(part, video) for part in sequence.parts))
    return replace(query, filters=(*query.filters, video), sequence=sequence)


def _parts(query: Query) -> tuple[Query, ...]:
    return query.sequence.parts if query.sequence else (query,)


def _asks_for_people(query: Query) -> bool:
    conditions = [one.condition if isinstance(one, Not) else one for one in query.filters]
    about_faces = Has(Content.FACES)
    return bool(query.people) or any(isinstance(one, PersonCount) or one == about_faces for one in conditions)
