"""Answers a query: parses it, gathers candidates, scores them, and says why each one matched."""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.query_completion import Offers
from heimdex_desktop.domain.search import (
    Answer,
    Beside,
    Channel,
    Hit,
    Query,
    QuerySequence,
    Verdict,
    WhyNot,
)
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.alike import PictureEncoders, no_pictures
from heimdex_desktop.index.asking import Asking, this_day
from heimdex_desktop.index.candidates import Reader, Snapshot
from heimdex_desktop.index.explaining import explained, unmet_people
from heimdex_desktop.index.fusion import AS_IT_IS, GOOD_FROM, Faders, Fusion, calibrated, verdict
from heimdex_desktop.index.grouping import grouped
from heimdex_desktop.index.judging import Judged, wanted
from heimdex_desktop.index.known_people import KnownPeople, People, ReadNames, nobody
from heimdex_desktop.index.likeness import Encoders
from heimdex_desktop.index.moments import is_by_meaning, moment_by_meaning
from heimdex_desktop.index.ranking import Asked, by_rank, hit_of, ranked, rows_of
from heimdex_desktop.index.sequence_search import find_sequences
from heimdex_desktop.index.tag_words import TagWords

_END_OF_TIME_MS = 2**62
_NOT_IN_ORDER = "What scenes should be like cannot be asked together with scenes in order."
_ONE_OF_BOTH = "Take >> out of the search, or what was put beside it."


class Searcher:
    """Searches the index that another thread writes. Use it from one thread.

    `pictures` look at a picture that is the question, `people` knows who is called how. Without encoders, or
    while the index holds vectors of other models only, words and tags decide alone.
    """

    def __init__(  # noqa: PLR0913 - each is another part of a search
        self,
        folder: Path,
        encoders: Encoders,
        tag_words: TagWords,
        *,
        pictures: PictureEncoders = no_pictures,
        fusion: Fusion = calibrated,
        people: ReadNames = nobody,
        today: Callable[[], date] = this_day,
    ) -> None:
        self._reader = Reader(folder)
        self._read_names = people
        self._people = People(people)
        self._asking = Asking(encoders, tag_words, today, pictures=pictures, people=self._people)
        self._tag_words = tag_words
        self._fusion = fusion
        self._last: Asked | None = None

    def search(
        self, text: str, beside: Beside | None = None, *, limit: int = 50, faders: Faders = AS_IT_IS
    ) -> Answer:
        """Return at most `limit` scenes, best first; equal scores by all that speaks for them, then by video.

        What is pointed at `beside` the words has to fit as well; it may be all that is asked.

        Where nothing convinces, the closest scenes come with the verdict NONE. A query of conditions alone is
        answered as `browse` does; a blank one has no hits. Raises MachineError where the index is damaged,
        and what the encoder raises.
        """
        began = perf_counter()
        self._last = None
        answer = self._answered(text, beside, limit, faders)
        named = self._people.known.named(answer)
        return replace(named, took_ms=_since_ms(began), beside=beside)

    def count_convincing(self, text: str, *, limit: int, faders: Faders = AS_IT_IS) -> int:
        """Return how many of the first `limit` hits convince; of conditions alone, all do that meet them.

        What was searched last can still be ranked anew. Raises as `search` does.
        """
        last = self._last
        try:
            answer = self.search(text, limit=limit, faders=faders)
        finally:
            self._last = last
        has_no_scores = not (answer.query.ranks or answer.query.sequence)
        return sum(has_no_scores or hit.score >= GOOD_FROM for hit in answer.hits)

    def remix(
        self, text: str, beside: Beside | None = None, *, faders: Faders, limit: int = 50
    ) -> Answer | None:
        """Rank the scenes of the last search anew; None if another question was last, or they are gone.

        Only scenes are read that were not shown yet.
        """
        last, snapshot = self._last, self._reader.snapshot()
        if last is None or snapshot is None or last.birth != snapshot.birth:
            return None
        if (last.typed, last.beside) != (text, beside):
            return None
        answer = self._answer(last, snapshot, perf_counter(), limit, faders)
        return replace(self._people.known.named(answer), beside=beside)

    def placed(self, hit: Hit) -> Hit:
        """Return a hit of the last answer with the moment at which the line begins that answers best.

        What was found by exact words or by a face knows it already. Where meaning had a part, the lines of
        the scene are encoded, which takes some hundredths of a second. Raises what the encoder raises.
        """
        question = self._last.question if self._last else None
        if question is None or question.meaning is None or not is_by_meaning(hit.because):
            return hit
        encoder = self._asking.likenesses.encoder_of(question.meaning.ray.column)
        if encoder is None:
            return hit
        at_ms = moment_by_meaning(question, hit.scene, lambda texts: encoder.encode(texts, Purpose.PASSAGE))
        return hit if at_ms is None else replace(hit, found_at_ms=at_ms)

    def browse(self, *, limit: int = 50) -> Answer:
        """Return at most `limit` scenes in no answer to anything: the video found last first, each in time.

        Their score is 0 and they have no reasons. Raises MachineError where the index is damaged.
        """
        began = perf_counter()
        self._last = None
        query, snapshot = parse(""), self._reader.snapshot()
        if snapshot is None:
            return Answer(query, _since_ms(began), Verdict.GOOD)
        return self._people.known.named(self._browsed(query, snapshot, began, limit))

    def why_not(
        self,
        text: str,
        expected: tuple[VideoId, int | None],
        beside: Beside | None = None,
        *,
        limit: int = 50,
        faders: Faders = AS_IT_IS,
    ) -> WhyNot | None:
        """Say where the scene at a moment of a video stands in the answer to a query, and by what.

        Without a moment (in ms), it is the scene of the video that answers best. None where no such scene is
        in the index, or the query is one of conditions or of a sequence. Raises as `search` does.
        """
        answer = self.search(text, beside, limit=limit, faders=faders)
        asked, snapshot = self._last, self._reader.snapshot()
        if asked is None or snapshot is None:
            return None
        video_id, at_ms = expected
        span = TimeSpan(0, _END_OF_TIME_MS) if at_ms is None else TimeSpan(at_ms, at_ms + 1)
        meeting = snapshot.rows_around([(video_id, span)], asked.only)
        rows = meeting if len(meeting) else snapshot.rows_around([(video_id, span)])
        judged = asked.question.judge(snapshot.candidates(rows, asked.question.columns))
        if not judged:
            return None
        scored = zip(self._scores(judged, faders), judged, strict=True)
        _, missed = min(scored, key=by_rank)
        row = missed.candidate.row
        others = [one for one in asked.judged if one.candidate.row != row]
        scores = self._scores([missed, *others], faders)
        scene = self._people.known.scene(snapshot.scenes([row])[row])
        unmet = None if len(meeting) else unmet_people(asked.query, scene, self._people.ids_of)
        return explained(missed, scene, scores, answer, unmet=unmet)

    def warm(self) -> None:
        """Encode now what the first query would wait for; does nothing twice. Raises as `search` does."""
        self._asking.likenesses.warm(self._reader.snapshot())

    def load(self) -> Generator[int]:
        """Read into memory what every search looks at, in steps that yield how many scenes each read.

        For a thread of its own, beside the one that searches. Does nothing twice; raises as `search` does.
        """
        return self._reader.load()

    def offers(self) -> Offers:
        """Return the people, tags, languages and folders of the library, for completing what is typed.

        For another thread than the one that searches: it reads three columns of all scenes. Raises
        MachineError where the index is damaged.
        """
        return self._reader.offers(self._tag_words.names_of, KnownPeople(self._read_names()).offers)

    def _answered(self, text: str, beside: Beside | None, limit: int, faders: Faders) -> Answer:
        began = perf_counter()
        query = self._asking.read(text, beside)
        like = None if isinstance(beside, OfVideo) else beside
        snapshot = None if query.is_blank and like is None else self._reader.snapshot()
        if snapshot is None:
            return Answer(query, _since_ms(began), Verdict.NONE)
        query = self._asking.told_of_faces(query, snapshot)
        if query.sequence:
            if like:
                raise InputError(_NOT_IN_ORDER, _ONE_OF_BOTH)
            return self._in_order(query, query.sequence, snapshot, began, limit)
        if not query.ranks and like is None:
            return self._browsed(query, snapshot, began, limit)
        gathered = self._asking.gather(query, snapshot, like)
        question = gathered.question
        judged = question.judge(gathered.candidates)
        self._last = Asked(text, beside, query, question, gathered.only, judged, snapshot.birth)
        return self._answer(self._last, snapshot, began, limit, faders)

    def _answer(self, asked: Asked, snapshot: Snapshot, began: float, limit: int, faders: Faders) -> Answer:
        scores = self._scores(asked.judged, faders)
        groups = grouped(ranked(asked.judged, scores), limit)
        asked.scenes.update(snapshot.scenes(rows_of(groups) - asked.scenes.keys()))
        there = (group for group in groups if group.best.candidate.row in asked.scenes)
        hits = tuple(hit_of(asked, place, group) for place, group in enumerate(there, 1))
        return Answer(asked.query, _since_ms(began), verdict(hits[0].score if hits else 0.0), hits)

    def _scores(self, judged: Sequence[Judged], faders: Faders) -> list[float]:
        fused = self._fused(judged, faders)
        return [score * one.wanted for score, one in zip(fused, judged, strict=True)]

    def _fused(self, judged: Sequence[Judged], faders: Faders) -> list[float]:
        fused = self._fusion([one.channels for one in judged], faders)
        alike = [one.alike for one in judged if one.alike]
        if not alike:
            return fused
        # Both have to fit: the words, and what was pointed at.
        return [math.sqrt(one * two) for one, two in zip(fused, self._fused(alike, faders), strict=True)]

    def _in_order(
        self, query: Query, sequence: QuerySequence, snapshot: Snapshot, began: float, limit: int
    ) -> Answer:
        hits = tuple(find_sequences(self._asking, sequence, snapshot, self._fusion, limit))
        return Answer(query, _since_ms(began), verdict(hits[0].score if hits else 0.0), hits)

    def _browsed(self, query: Query, snapshot: Snapshot, began: float, limit: int) -> Answer:
        unwanted = self._asking.likenesses.seen_of(query.without, snapshot)
        found = snapshot.latest(
            limit, [one.ray.column for one in unwanted], self._asking.conditions.of(query, ())
        )
        kept = [one.row for one, share in zip(found, wanted(unwanted, found), strict=True) if share > 0]
        scenes = snapshot.scenes(kept)
        hits = tuple(
            Hit(place, 0.0, scenes[row], dict.fromkeys(Channel)) for place, row in enumerate(kept, 1)
        )
        return Answer(query, _since_ms(began), Verdict.GOOD if hits or query.is_blank else Verdict.NONE, hits)


def _since_ms(began: float) -> int:
    return round((perf_counter() - began) * 1000)
