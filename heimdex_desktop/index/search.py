"""Answers a query: parses it, gathers candidates, scores them, and says why each one matched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Answer, Channel, Hit, Query, Reason
from heimdex_desktop.index.calibration import Calibration, Scale
from heimdex_desktop.index.candidates import Candidate, Reader, Snapshot
from heimdex_desktop.index.exact_words import Matcher, exactness, marked_words, weights, word_query
from heimdex_desktop.index.fusion import Evidence, fuse, said, verdict
from heimdex_desktop.index.tag_words import TagQuery, TagWords

EXACT_WORDS = "exact words"
SIMILAR_MEANING = "similar meaning"
TAG = "tag"
_TELLING_MEANING = 0.4
_SHARE_OF_BEST = 0.2


@dataclass(frozen=True, slots=True)
class _Meaning:
    """The query as a unit vector, and what cosines with it are worth."""

    vector: NDArray[np.float32]
    scale: Scale


@dataclass(frozen=True, slots=True)
class _Question:
    """A query made ready for every channel; `weights` belong to the matcher's terms."""

    matcher: Matcher
    weights: tuple[float, ...]
    tags: TagQuery
    meaning: _Meaning | None


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: Candidate
    exact: float
    meaning: float | None
    channels: Mapping[Channel, Evidence]

    @property
    def score(self) -> float:
        return fuse(self.channels)


class Searcher:
    """Searches the index that another thread writes. Use it from one thread.

    `encoder` is asked at every search, so it may come later; without one, or while the index holds vectors
    of another model, the words alone decide.
    """

    def __init__(self, folder: Path, encoder: Callable[[], TextEncoder | None], tag_words: TagWords) -> None:
        self._reader = Reader(folder)
        self._encoder = encoder
        self._tag_words = tag_words
        self._calibration: tuple[TextEncoder, Calibration] | None = None

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

    def _gather(self, query: Query, snapshot: Snapshot) -> tuple[_Question, tuple[Candidate, ...]]:
        words, tags, meaning = word_query(query), self._tag_words.ask(query), self._meaning(query, snapshot)
        scan = snapshot.scan(words, tags.tags)
        term_weights = weights(words.terms, scan.counts, len(scan.rows))
        question = _Question(Matcher(words.terms), term_weights, tags, meaning)
        rows = [*scan.best_by_words(question.weights), *scan.best_by_tags()]
        if meaning is not None:
            rows += list(snapshot.nearest(meaning.vector, words.phrases))
        return question, snapshot.candidates(rows)

    def _meaning(self, query: Query, snapshot: Snapshot) -> _Meaning | None:
        encoder = self._encoder()
        if encoder is None or encoder.space != snapshot.space:
            return None
        if self._calibration is None or self._calibration[0] is not encoder:
            self._calibration = encoder, Calibration(encoder)
        scale = self._calibration[1].scale(query.text, snapshot.count(), snapshot.sample)
        return _Meaning(encoder.encode([query.text], Purpose.QUERY)[0], scale)


def _judge(question: _Question, candidate: Candidate) -> _Judged:
    exact = exactness(question.matcher, question.weights, candidate.words)
    meaning = None
    if question.meaning is not None and candidate.vector is not None:
        cosine = float(candidate.vector @ question.meaning.vector)
        meaning = question.meaning.scale.worth(cosine)
    channels: dict[Channel, Evidence] = {}
    if candidate.words:
        channels[Channel.SAID] = Evidence(said(exact, meaning))
    if candidate.scene.tags and question.tags.needs:
        tags = question.tags
        channels[Channel.TAGS] = Evidence(tags.score(candidate.scene.tags), tags.explained)
    return _Judged(candidate, exact, meaning, channels)


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
    if words:
        yield Reason(Channel.SAID, EXACT_WORDS, words)
    meaning = judged.meaning or 0.0
    if meaning >= _TELLING_MEANING or (meaning and not words and not shown):
        yield Reason(Channel.SAID, SIMILAR_MEANING)
    if shown:
        yield Reason(Channel.TAGS, TAG, shown)
