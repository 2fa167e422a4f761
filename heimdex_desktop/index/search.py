"""Answers a query: parses it, gathers candidates, scores them, and says why each one matched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.search import Answer, Channel, Hit, Query, Reason, Verdict
from heimdex_desktop.index.background import Script
from heimdex_desktop.index.calibration import Calibration, Scale, has_meaning, main_script_of
from heimdex_desktop.index.candidates import Candidate, Reader, Snapshot
from heimdex_desktop.index.exact_words import (
    Matcher,
    WordQuery,
    exactness,
    marked_words,
    weights,
    word_query,
)
from heimdex_desktop.index.fusion import GOOD_FROM, Evidence, fuse, said, verdict
from heimdex_desktop.index.tag_words import TagQuery, TagWords

EXACT_WORDS = "exact words"
SIMILAR_MEANING = "similar meaning"
TAG = "tag"
_TELLING_MEANING = 0.4
_SHARE_OF_BEST = 0.2
_MOST_OF_NO_MEANING = 0.9 * GOOD_FROM
_SCENES_TO_WARM_FOR = 100


@dataclass(frozen=True, slots=True)
class _Meaning:
    """The query as a unit vector, what cosines with it are worth, and what they are worth at most."""

    vector: NDArray[np.float32]
    scale: Scale
    most: float
    reads: Callable[[Script | None], bool]

    def worth(self, candidate: Candidate) -> float | None:
        """Return 0..1, None where the encoder does not know what the scene means."""
        if candidate.vector is None or not self.reads(main_script_of(candidate.scene.transcript)):
            return None
        return min(self.most, self.scale.worth(float(candidate.vector @ self.vector)))


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
        """Encode now what the first query would wait for: background texts, in Latin and as in the library.

        Does nothing without an encoder, and nothing twice. Raises as `search` does.
        """
        encoder = self._encoder()
        if encoder is None:
            return
        snapshot = self._reader.snapshot()
        found = snapshot.latest(_SCENES_TO_WARM_FOR) if snapshot else ()
        spoken = (main_script_of(one.scene.transcript) for one in found if one.vector is not None)
        self._calibration_of(encoder).prepare(dict.fromkeys((Script.LATIN, *spoken)))

    def _gather(self, query: Query, snapshot: Snapshot) -> tuple[_Question, tuple[Candidate, ...]]:
        words, tags = word_query(query), self._tag_words.ask(query)
        meaning = self._meaning(query, words, snapshot)
        scan = snapshot.scan(words, tags.tags)
        term_weights = weights(words.terms, scan.counts, len(scan.rows))
        question = _Question(Matcher(words.terms), term_weights, tags, meaning)
        rows = [*scan.best_by_words(question.weights), *scan.best_by_tags()]
        if meaning is not None:
            rows += list(snapshot.nearest(meaning.vector, words.phrases))
        return question, snapshot.candidates(rows)

    def _meaning(self, query: Query, words: WordQuery, snapshot: Snapshot) -> _Meaning | None:
        encoder = self._encoder()
        if encoder is None or encoder.space != snapshot.space:
            return None
        calibration = self._calibration_of(encoder)
        scale = calibration.scale(query.text, snapshot.vector_count(), snapshot.sample)
        if scale.is_blind:
            return None
        most = 1.0 if has_meaning(words.terms) else _MOST_OF_NO_MEANING
        return _Meaning(encoder.encode([query.text], Purpose.QUERY)[0], scale, most, calibration.reads)

    def _calibration_of(self, encoder: TextEncoder) -> Calibration:
        if self._calibration is None or self._calibration[0] is not encoder:
            self._calibration = encoder, Calibration(encoder)
        return self._calibration[1]


def _judge(question: _Question, candidate: Candidate) -> _Judged:
    exact = exactness(question.matcher, question.weights, candidate.words)
    meaning = question.meaning.worth(candidate) if question.meaning else None
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
