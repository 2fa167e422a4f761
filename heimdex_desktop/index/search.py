"""Answers a query: parses it, gathers candidates, scores them, and says why each one matched."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Answer, Channel, Hit, Query, Reason, Verdict
from heimdex_desktop.index.candidates import Candidate, Reader, Snapshot
from heimdex_desktop.index.exact_words import (
    Matcher,
    exactness,
    marked_words,
    weights,
    word_query,
)
from heimdex_desktop.index.fusion import Evidence, fuse, said, verdict
from heimdex_desktop.index.likeness import Encoders, Likeness, Likenesses
from heimdex_desktop.index.screen_match import ScreenQuery
from heimdex_desktop.index.spelling import ScreenMatcher
from heimdex_desktop.index.tag_words import TagQuery, TagWords

EXACT_WORDS = "exact words"
SIMILAR_MEANING = "similar meaning"
PICTURE = "picture"
SIMILAR_SPELLING = "similar spelling"
TAG = "tag"
_TELLING_LIKENESS = 0.4
_SHARE_OF_BEST = 0.2


@dataclass(frozen=True, slots=True)
class _Question:
    """A query made ready for every channel; `weights` belong to the matcher's terms."""

    matcher: Matcher
    weights: tuple[float, ...]
    tags: TagQuery
    meaning: Likeness | None
    sight: Likeness | None
    screen: ScreenQuery


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: Candidate
    exact: float
    meaning: float | None
    channels: Mapping[Channel, Evidence]
    score: float


class Searcher:
    """Searches the index that another thread writes. Use it from one thread.

    Without encoders, or while the index holds vectors of other models only, words and tags decide alone.
    """

    def __init__(self, folder: Path, encoders: Encoders, tag_words: TagWords) -> None:
        self._reader = Reader(folder)
        self._likenesses = Likenesses(encoders)
        self._tag_words = tag_words

    def search(self, text: str, *, limit: int = 50) -> Answer:
        """Return at most `limit` scenes, best first; equal scores by video, then by time.

        Where nothing convinces, the closest scenes come with the verdict NONE. An empty query has no hits.
        Raises MachineError where the index is damaged, and what the encoder raises.
        """
        began = perf_counter()
        query = parse(text)
        snapshot = None if query.is_empty else self._reader.snapshot()
        judged: Sequence[_Judged] = ()
        question = None
        if snapshot is not None:
            question, candidates = self._gather(query, snapshot)
            judged = _ranked(_judge(question, candidate) for candidate in candidates)[:limit]
        hits = tuple(_hit(place, one, question) for place, one in enumerate(judged, 1) if question)
        took_ms = round((perf_counter() - began) * 1000)
        return Answer(query, took_ms, verdict(hits[0].score if hits else 0.0), hits)

    def browse(self, *, limit: int = 50) -> Answer:
        """Return at most `limit` scenes in no answer to anything: the video found last first, each in time.

        Their score is 0 and they have no reasons. Raises MachineError where the index is damaged.
        """
        began = perf_counter()
        snapshot = self._reader.snapshot()
        found = snapshot.latest(limit) if snapshot else ()
        hits = tuple(Hit(place, 0.0, one.scene, dict.fromkeys(Channel)) for place, one in enumerate(found, 1))
        return Answer(parse(""), round((perf_counter() - began) * 1000), Verdict.GOOD, hits)

    def warm(self) -> None:
        """Encode now what the first query would wait for; does nothing twice. Raises as `search` does."""
        self._likenesses.warm(self._reader.snapshot())

    def load(self) -> Generator[int]:
        """Read into memory what every search looks at, in steps that yield how many scenes each read.

        For a thread of its own, beside the one that searches. Does nothing twice; raises as `search` does.
        """
        return self._reader.load()

    def _gather(self, query: Query, snapshot: Snapshot) -> tuple[_Question, tuple[Candidate, ...]]:
        words, tags = word_query(query), self._tag_words.ask(query)
        meaning, sight = self._likenesses.of(query, words, snapshot)
        scan = snapshot.scan(words, tags.tags)
        matcher = ScreenMatcher(words.terms)
        screens = snapshot.on_screens(matcher, scan, words.phrases)
        screen = ScreenQuery(matcher, weights(words.terms, screens.counts, len(scan.rows)))
        term_weights = weights(words.terms, scan.counts, len(scan.rows))
        question = _Question(Matcher(words.terms), term_weights, tags, meaning, sight, screen)
        rows = [*scan.best_by_words(question.weights), *scan.best_by_tags(), *screens.best(screen.weights)]
        rays = [likeness.ray for likeness in (meaning, sight) if likeness]
        for ray in rays:
            rows += list(snapshot.nearest(ray, words.phrases))
        return question, snapshot.candidates(rows, [ray.column for ray in rays])


def _judge(question: _Question, candidate: Candidate) -> _Judged:
    exact = exactness(question.matcher, question.weights, candidate.words)
    meaning = question.meaning.worth(candidate) if question.meaning else None
    channels: dict[Channel, Evidence] = {}
    if candidate.words:
        channels[Channel.SAID] = Evidence(said(exact, meaning))
    seen = question.sight.worth(candidate) if question.sight else None
    if seen is not None:
        channels[Channel.SEEN] = Evidence(seen)
    if candidate.screen:
        channels[Channel.TEXT] = question.screen.evidence(candidate.screen)
    if candidate.scene.tags and question.tags.needs:
        tags = question.tags
        channels[Channel.TAGS] = Evidence(tags.score(candidate.scene.tags), tags.explained)
    return _Judged(candidate, exact, meaning, channels, fuse(channels))


def _ranked(judged: Iterable[_Judged]) -> list[_Judged]:
    """Sort best first, and leave out what is far behind the best."""
    ranked = sorted(judged, key=_order)
    floor = ranked[0].score * _SHARE_OF_BEST if ranked else 0.0
    return [one for one in ranked if one.score > 0 and one.score >= floor]


def _order(judged: _Judged) -> tuple[float, str, int]:
    scene = judged.candidate.scene
    return -judged.score, scene.video_id, scene.span.start_ms


def _hit(rank: int, judged: _Judged, question: _Question) -> Hit:
    scores = {channel: judged.channels.get(channel) for channel in Channel}
    return Hit(
        rank=rank,
        score=judged.score,
        scene=judged.candidate.scene,
        channels={channel: found.score if found else None for channel, found in scores.items()},
        because=tuple(_reasons(judged, question)),
    )


def _reasons(judged: _Judged, question: _Question) -> Iterable[Reason]:
    words = marked_words(question.matcher, judged.candidate.scene.transcript)
    tags = judged.candidate.scene.tags
    shown = tuple(tag for tag in question.tags.tags if tags.get(tag, 0.0) > 0)
    written = tuple(_reasons_on_screen(judged, question))
    if words:
        yield Reason(Channel.SAID, EXACT_WORDS, words)
    yield from written
    meaning = judged.meaning or 0.0
    seen = judged.channels.get(Channel.SEEN, Evidence(0.0)).score
    is_alone = not (words or shown or written)
    if meaning >= _TELLING_LIKENESS or (meaning and is_alone and meaning >= seen):
        yield Reason(Channel.SAID, SIMILAR_MEANING)
    if seen >= _TELLING_LIKENESS or (is_alone and seen > meaning):
        yield Reason(Channel.SEEN, PICTURE)
    if shown:
        yield Reason(Channel.TAGS, TAG, shown)


def _reasons_on_screen(judged: _Judged, question: _Question) -> Iterable[Reason]:
    same, similar = question.screen.telling_words(judged.candidate.scene.screen_text, question.matcher)
    if same:
        yield Reason(Channel.TEXT, EXACT_WORDS, same)
    if similar:
        yield Reason(Channel.TEXT, SIMILAR_SPELLING, similar)
